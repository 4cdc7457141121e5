// Package razorpay takes money by Razorpay: on its payment links, and by mandates that customers have given for renewals.
// Razorpay knows no idempotency keys but for refunds; here the key of an attempt is the reference under which a thing is made once,
// and under which it is found again.
package razorpay

import (
	"cmp"
	"net/http"
	"time"

	"rowhouse/billing/gateway"
)

// Razorpay is one account at Razorpay, in live or in test mode. It may be used from many goroutines at once.
type Razorpay struct {
	http       *http.Client
	base       string
	id, secret string
	hooks      []string // the webhook's secrets: the one in use, then the old one
	install    string
	now        func() time.Time
}

// Kind is Razorpay as a host can turn it on.
func Kind() gateway.Kind {
	return gateway.Kind{
		Name:   "razorpay",
		Label:  "Razorpay",
		Text:   "Cards, UPI, netbanking and wallets in India; renewals are taken by mandate.",
		Fields: fields(),
		Events: events(),
		New:    gateway.Opener(New),
	}
}

// New makes a gateway of the keys. It asks Razorpay nothing; a key that cannot be right is a fault.Invalid.
func New(keys gateway.Keys, o gateway.Options) (*Razorpay, error) {
	k, err := read(keys)
	if err != nil {
		return nil, err
	}
	g := &Razorpay{http: gateway.Bounded(o.Client), base: cmp.Or(o.Base, "https://api.razorpay.com"), id: k.id, secret: k.secret, hooks: k.hooks,
		install: o.Install, now: time.Now}
	if o.Now != nil {
		g.now = o.Now
	}
	return g, nil
}

// Name is razorpay.
func (g *Razorpay) Name() string { return "razorpay" }

// Can tells that a charge must be started two days ahead, for the customer must be told of it a day before, and that it may take two days.
func (g *Razorpay) Can() gateway.Can {
	return gateway.Can{Hosted: true, Save: true, Charge: true, Refund: true, Currencies: currencies(), Least: map[string]int64{"INR": 100},
		Ahead: 48 * time.Hour, Settles: 48 * time.Hour}
}

// currencies are those of the countries in which Razorpay has accounts, and those that it takes from abroad most.
func currencies() []string {
	return []string{"INR", "MYR", "SGD", "USD", "EUR", "GBP", "AED", "AUD", "CAD"}
}
