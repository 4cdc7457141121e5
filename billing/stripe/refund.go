package stripe

import (
	"context"
	"fmt"
	"time"

	api "github.com/stripe/stripe-go/v76"

	"rowhouse/billing/gateway"
)

// Refund gives money back. What Stripe will not give back, because it was given back already or is disputed, is Refused.
// Our reason is kept as a note: Stripe's own reasons feed its fraud lists.
func (g *Stripe) Refund(ctx context.Context, r gateway.Refund) (gateway.Reversal, error) {
	n, err := units(r.Amount)
	if err != nil {
		return gateway.Reversal{}, err
	}
	p := &api.RefundParams{
		Params:   once(ctx, r.Key),
		Amount:   api.Int64(n),
		Metadata: map[string]string{"install": g.install, "attempt": r.Attempt, "refund": r.Key, "reason": gateway.Clip(r.Reason, 400)},
	}
	p.PaymentIntent, p.Charge = payment(r.Payment)
	made, err := g.api.Refunds.New(p)
	if _, ok := refusal(err); ok {
		return gateway.Reversal{Kind: gateway.Refunded, Payment: r.Payment, Amount: r.Amount, State: gateway.Refused, At: g.now()}, nil
	}
	if err != nil {
		return gateway.Reversal{}, failed("giving money back", err)
	}
	return refunded(made), nil
}

// Look asks how the refund or dispute of an event stands.
func (g *Stripe) Look(ctx context.Context, e gateway.Event) (gateway.Reversal, error) {
	switch {
	case e.Topic == gateway.Disputed && e.Ref != "":
		d, err := g.api.Disputes.Get(e.Ref, &api.DisputeParams{Params: asking(ctx)})
		if err != nil {
			return gateway.Reversal{}, failed("fetching the dispute", err)
		}
		return disputed(d), nil
	case e.Topic == gateway.Refunded && e.Ref != "":
		r, err := g.api.Refunds.Get(e.Ref, &api.RefundParams{Params: asking(ctx)})
		if err != nil {
			return gateway.Reversal{}, failed("fetching the refund", err)
		}
		return refunded(r), nil
	case e.Topic == gateway.Refunded && e.Payment != "":
		return g.newest(ctx, e)
	}
	return gateway.Reversal{}, fmt.Errorf("stripe: looking at %s: it is about no refund and no dispute", e.Type)
}

// newest is the last refund that was made before the event: the message that a charge was refunded does not say by which.
func (g *Stripe) newest(ctx context.Context, e gateway.Event) (gateway.Reversal, error) {
	p := &api.RefundListParams{ListParams: listing(ctx)}
	p.PaymentIntent, p.Charge = payment(e.Payment)
	it := g.api.Refunds.List(p)
	for n := 0; it.Next() && n < widest; n++ {
		if r := it.Refund(); e.At.IsZero() || r.Created <= e.At.Unix() {
			return refunded(r), nil
		}
	}
	if err := it.Err(); err != nil {
		return gateway.Reversal{}, failed("fetching the refunds", err)
	}
	return gateway.Reversal{}, fmt.Errorf("stripe: fetching the refunds: %s has none", e.Payment)
}

func refunded(r *api.Refund) gateway.Reversal {
	v := gateway.Reversal{Kind: gateway.Refunded, ID: r.ID, Amount: amount(r.Amount, r.Currency), At: time.Unix(r.Created, 0).UTC()}
	v.Payment = whose(r.PaymentIntent, r.Charge)
	switch r.Status {
	case api.RefundStatusSucceeded:
		v.State = gateway.Done
	case api.RefundStatusFailed, api.RefundStatusCanceled:
		v.State = gateway.Refused
	default:
		v.State = gateway.Pending
	}
	return v
}

func disputed(d *api.Dispute) gateway.Reversal {
	v := gateway.Reversal{Kind: gateway.Disputed, ID: d.ID, Amount: amount(d.Amount, d.Currency), At: time.Unix(d.Created, 0).UTC()}
	v.Payment = whose(d.PaymentIntent, d.Charge)
	switch d.Status {
	case api.DisputeStatusLost:
		v.State = gateway.Done
	case api.DisputeStatusWon, api.DisputeStatusWarningClosed:
		v.State = gateway.Refused
	default:
		v.State = gateway.Pending
	}
	return v
}

// payment is a payment's number as the parameter that it belongs in.
func payment(ref string) (intent, charge *string) {
	if number(ref, "pi_") {
		return api.String(ref), nil
	}
	return nil, api.String(ref)
}

func whose(pi *api.PaymentIntent, c *api.Charge) string {
	switch {
	case pi != nil && pi.ID != "":
		return pi.ID
	case c != nil:
		return c.ID
	}
	return ""
}
