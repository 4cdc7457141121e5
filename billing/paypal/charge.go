package paypal

import (
	"context"

	"rowhouse/billing/gateway"
)

// Charge takes money from a saved wallet. PayPal may take it with the order at once, or wait for the capture; both are done here.
// If only the capture's answer is lost, the result beside the error has the order's number.
func (g *PayPal) Charge(ctx context.Context, o gateway.Order, m gateway.Method) (gateway.Result, error) {
	sent, err := g.sheet(o, object{"vault_id": m.Ref,
		"stored_credential": object{"payment_initiator": "MERCHANT", "usage": "SUBSEQUENT", "usage_pattern": "RECURRING_PREPAID"}})
	if err != nil {
		return gateway.Result{}, err
	}
	var made order
	err = g.post(ctx, "/v2/checkout/orders", o.Attempt, sent, &made)
	if r, ok := refusal(err); ok {
		return declined(r), nil
	}
	if err != nil {
		return gateway.Result{}, failed("charging", err)
	}
	switch made.Status {
	case "APPROVED", "CREATED", "SAVED":
		return g.capture(ctx, &made, o.Attempt)
	case "PAYER_ACTION_REQUIRED":
		return gateway.Result{State: gateway.NeedsYou, Ref: made.ID, Code: made.Status}, nil
	}
	return stand(&made)
}
