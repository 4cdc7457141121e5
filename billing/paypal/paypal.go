// Package paypal takes money by PayPal: orders that are approved on PayPal's page and captured by us, and wallets that were saved.
// Nothing is taken by PayPal alone: an order that was approved is captured only while its invoice is still wanted.
package paypal

import (
	"cmp"
	"net/http"
	"time"

	"rowhouse/billing/gateway"
)

// PayPal is one app at PayPal, in live or in sandbox mode. It may be used from many goroutines at once.
type PayPal struct {
	http    *http.Client
	base    string
	token   *token
	certs   *certificates
	webhook string // the number of our webhook, which is part of what is signed
	live    bool
	vault   bool // wallets may be saved
	install string
	brand   string
	now     func() time.Time
}

// Kind is PayPal as a host can turn it on.
func Kind() gateway.Kind {
	return gateway.Kind{
		Name:   "paypal",
		Label:  "PayPal",
		Text:   "PayPal wallets; they can be saved for renewals if PayPal allows it to your account.",
		Fields: fields(),
		Events: events(),
		New:    gateway.Opener(New),
	}
}

// New makes a gateway of the keys. It asks PayPal nothing; a key that cannot be right is a fault.Invalid.
func New(keys gateway.Keys, o gateway.Options) (*PayPal, error) {
	k, err := read(keys)
	if err != nil {
		return nil, err
	}
	base := "https://api-m.sandbox.paypal.com"
	if k.live {
		base = "https://api-m.paypal.com"
	}
	g := &PayPal{http: gateway.Bounded(o.Client), base: cmp.Or(o.Base, base), webhook: k.webhook, live: k.live, vault: k.vault,
		install: o.Install, brand: o.Brand, now: time.Now}
	if o.Now != nil {
		g.now = o.Now
	}
	g.token = newToken(k.id, k.secret)
	g.certs = newCertificates(g.http)
	return g, nil
}

// Name is paypal.
func (g *PayPal) Name() string { return "paypal" }

// Can tells that PayPal has pages and gives money back, and saves wallets if the account may do so.
func (g *PayPal) Can() gateway.Can {
	return gateway.Can{Hosted: true, Save: g.vault, Charge: g.vault, Refund: true, Currencies: currencies(), Settles: 7 * 24 * time.Hour, Repeats: 5 * time.Hour}
}
