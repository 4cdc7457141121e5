// Package stripe takes money by Stripe: on its Checkout pages, and from saved methods while the customer is away.
// Each gateway has a client and keys of its own; nothing of the vendor's package-wide settings is used.
package stripe

import (
	"time"

	"github.com/stripe/stripe-go/v76/client"

	"rowhouse/billing/gateway"
)

// version is the form of Stripe's messages that this package reads.
const version = "2023-10-16"

// Stripe is one account at Stripe, in live or in test mode. It may be used from many goroutines at once.
type Stripe struct {
	api     *client.API
	live    bool
	secrets []string // of the webhook: the one in use, then the old one
	install string
	now     func() time.Time
}

// Kind is Stripe as a host can turn it on.
func Kind() gateway.Kind {
	return gateway.Kind{
		Name:   "stripe",
		Label:  "Stripe",
		Text:   "Cards, wallets and bank debits in most countries; cards can be saved for renewals.",
		Fields: fields(),
		Events: events(),
		New:    gateway.Opener(New),
	}
}

// New makes a gateway of the keys. It asks Stripe nothing; a key that cannot be right is a fault.Invalid.
func New(keys gateway.Keys, o gateway.Options) (*Stripe, error) {
	k, err := read(keys)
	if err != nil {
		return nil, err
	}
	g := &Stripe{api: connect(k.secret, o), live: k.live, secrets: k.hooks, install: o.Install, now: time.Now}
	if o.Now != nil {
		g.now = o.Now
	}
	return g, nil
}

// Name is stripe.
func (g *Stripe) Name() string { return "stripe" }

// Can tells that Stripe does everything, in every currency, from its published smallest amounts on.
func (g *Stripe) Can() gateway.Can {
	return gateway.Can{Hosted: true, Save: true, Charge: true, Refund: true, Least: least(), Settles: 14 * 24 * time.Hour, Repeats: 23 * time.Hour}
}
