package paypal

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"time"

	"rowhouse/billing/gateway"
)

// kept is how long PayPal knows a key. What is older is only asked about: the same key would do the same once more.
const kept = 6 * time.Hour

var errLost = errors.New("paypal: fetching the attempt: its number is not known, and PayPal cannot be asked by our own")

// Return captures the order if it was approved and is still wanted. The address only helps to find an order whose answer was lost.
func (g *PayPal) Return(ctx context.Context, a gateway.Attempt, query url.Values) (gateway.Result, error) {
	if t := query.Get("token"); a.Ref == "" && a.Mode != gateway.Setup && number(t) {
		a.Ref = t
	}
	return g.Fetch(ctx, a)
}

// Fetch asks how an attempt stands, and captures an order that was approved if the attempt is wanted, its amount is right,
// and it began less than six hours ago; otherwise such an order is Closed, for nobody will take the money.
//
// An attempt without a number is Unknown, with an error. After six hours a page without a number is Closed: nobody was ever sent to it,
// and only we could have captured it. A charge stays Unknown until a message of PayPal tells its number.
func (g *PayPal) Fetch(ctx context.Context, a gateway.Attempt) (gateway.Result, error) {
	switch {
	case a.Ref == "" && a.Mode != gateway.Saved && g.old(a):
		return gateway.Result{State: gateway.Closed}, nil
	case a.Ref == "":
		return gateway.Result{State: gateway.Unknown}, errLost
	case !number(a.Ref):
		return gateway.Result{}, errors.New("paypal: fetching the attempt: this is not a number of PayPal's")
	case a.Mode == gateway.Setup:
		return g.fetchSetup(ctx, a)
	}
	return g.fetchOrder(ctx, a)
}

func (g *PayPal) old(a gateway.Attempt) bool { return g.now().Sub(a.Began) >= kept }

func (g *PayPal) fetchOrder(ctx context.Context, a gateway.Attempt) (gateway.Result, error) {
	var o order
	if err := g.get(ctx, "/v2/checkout/orders/"+a.Ref, &o); err != nil {
		return g.gone(a, "fetching the order", err)
	}
	if _, attempt := marked(o.unit().Custom); attempt != a.Key || o.ID != a.Ref {
		return gateway.Result{}, errors.New("paypal: fetching the order: it belongs to another attempt")
	}
	if o.Status != "APPROVED" {
		return g.waiting(a, &o)
	}
	asked, err := o.unit().Amount.amount()
	if err != nil {
		return gateway.Result{}, failed("fetching the order", err)
	}
	if !a.Wanted || asked != a.Amount || g.old(a) {
		return gateway.Result{State: gateway.Closed, Ref: o.ID}, nil
	}
	return g.capture(ctx, &o, a.Key)
}

// waiting is how an order stands that cannot be captured. A saved wallet whose owner is asked waits for him; a page is simply open.
func (g *PayPal) waiting(a gateway.Attempt, o *order) (gateway.Result, error) {
	if a.Mode == gateway.Saved && o.Status == "PAYER_ACTION_REQUIRED" {
		return gateway.Result{State: gateway.NeedsYou, Ref: o.ID, Code: o.Status}, nil
	}
	return stand(o)
}

// gone is how an attempt stands that PayPal does not know any more: orders that nobody approves vanish.
func (g *PayPal) gone(a gateway.Attempt, doing string, err error) (gateway.Result, error) {
	if r, ok := refusal(err); ok && r.status == http.StatusNotFound && g.now().Sub(a.Began) > approval && a.Mode != gateway.Saved {
		return gateway.Result{State: gateway.Closed, Ref: a.Ref}, nil
	}
	return gateway.Result{}, failed(doing, err)
}
