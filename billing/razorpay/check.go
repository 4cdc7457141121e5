package razorpay

import (
	"context"
	"net/http"

	"rowhouse/data/fault"
)

// Check asks for one payment. Keys that Razorpay does not take are a fault.Invalid.
func (g *Razorpay) Check(ctx context.Context) error {
	err := g.get(ctx, "/v1/payments?count=1", &object{})
	if status(err) == http.StatusUnauthorized {
		return fault.Because(failed("checking the keys", err), fault.Invalid, "Razorpay does not know this key ID and secret.")
	}
	if err != nil {
		return failed("checking the keys", err)
	}
	return nil
}
