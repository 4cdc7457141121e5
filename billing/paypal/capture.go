package paypal

import (
	"context"

	"rowhouse/billing/gateway"
)

// capture takes the money of an order that may be captured. An order can be captured once, whatever the key.
func (g *PayPal) capture(ctx context.Context, o *order, attempt string) (gateway.Result, error) {
	var done order
	err := g.post(ctx, "/v2/checkout/orders/"+o.ID+"/capture", attempt+":cap", object{}, &done)
	if r, ok := refusal(err); ok {
		return g.uncaptured(ctx, o, r)
	}
	if err != nil {
		return gateway.Result{State: gateway.Unknown, Ref: o.ID}, failed("capturing the order", err)
	}
	if len(done.unit().Payments.Captures) == 0 { // a short answer, in spite of what was asked for
		return g.ask(ctx, o.ID)
	}
	return stand(&done)
}

// uncaptured is how an order stands that PayPal did not capture.
func (g *PayPal) uncaptured(ctx context.Context, o *order, r *refused) (gateway.Result, error) {
	switch r.issue {
	case "ORDER_ALREADY_CAPTURED":
		return g.ask(ctx, o.ID)
	case "ORDER_NOT_APPROVED":
		return gateway.Result{State: gateway.Open, Ref: o.ID}, nil
	}
	v := declined(r)
	v.Ref = o.ID
	return v, nil
}

// ask is how an order stands, without doing anything to it.
func (g *PayPal) ask(ctx context.Context, id string) (gateway.Result, error) {
	var o order
	if err := g.get(ctx, "/v2/checkout/orders/"+id, &o); err != nil {
		return gateway.Result{State: gateway.Unknown, Ref: id}, failed("fetching the order", err)
	}
	return stand(&o)
}
