package stripe

import (
	"context"
	"errors"
	"net/http"

	api "github.com/stripe/stripe-go/v76"

	"rowhouse/data/fault"
)

// Check asks for one page, which needs the right that is most needed. A key that Stripe does not take is a fault.Invalid.
func (g *Stripe) Check(ctx context.Context) error {
	list := api.ListParams{Context: ctx, Limit: api.Int64(1), Single: true}
	err := g.api.CheckoutSessions.List(&api.CheckoutSessionListParams{ListParams: list}).Err()
	if err == nil {
		return nil
	}
	var e *api.Error
	if errors.As(err, &e) && e.HTTPStatusCode == http.StatusUnauthorized {
		return fault.Because(failed("checking the key", err), fault.Invalid, "Stripe does not know this secret key.")
	}
	if errors.As(err, &e) && e.HTTPStatusCode == http.StatusForbidden {
		return fault.Because(failed("checking the key", err), fault.Invalid, "This key may not do what is needed. Please give it write access to Checkout.")
	}
	return failed("checking the key", err)
}
