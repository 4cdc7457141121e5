package stripe

import (
	"context"

	api "github.com/stripe/stripe-go/v76"

	"rowhouse/billing/gateway"
)

// Cancel closes the page, or gives up a payment that waits for the customer's word. What is over already is no error.
func (g *Stripe) Cancel(ctx context.Context, a gateway.Attempt) error {
	if a.Ref == "" {
		ref, err := g.find(ctx, a)
		if err != nil || ref == "" {
			return err
		}
		a.Ref = ref
	}
	var err error
	switch {
	case number(a.Ref, "cs_"):
		_, err = g.api.CheckoutSessions.Expire(a.Ref, &api.CheckoutSessionExpireParams{Params: asking(ctx)})
	case number(a.Ref, "pi_"):
		_, err = g.api.PaymentIntents.Cancel(a.Ref, &api.PaymentIntentCancelParams{Params: asking(ctx)})
	}
	if _, over := refusal(err); err == nil || over {
		return nil
	}
	return failed("closing the page", err)
}
