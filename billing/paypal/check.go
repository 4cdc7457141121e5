package paypal

import (
	"context"
	"net/http"

	"rowhouse/data/fault"
)

// Check signs in and asks for the webhook. Keys that PayPal does not take are a fault.Invalid.
func (g *PayPal) Check(ctx context.Context) error {
	err := g.get(ctx, "/v1/notifications/webhooks/"+g.webhook, nil)
	switch status(err) {
	case http.StatusUnauthorized:
		return fault.Because(failed("checking the keys", err), fault.Invalid, "PayPal does not know this client ID and secret in this mode.")
	case http.StatusNotFound, http.StatusBadRequest:
		return fault.Because(failed("checking the keys", err), fault.Invalid, "PayPal does not know this webhook ID. It belongs to the same app as the client ID.")
	}
	if err != nil {
		return failed("checking the keys", err)
	}
	return nil
}
