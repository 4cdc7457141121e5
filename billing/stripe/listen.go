package stripe

import (
	"context"
	"fmt"
	"net/http"
	"net/url"

	api "github.com/stripe/stripe-go/v76"

	"rowhouse/data/fault"
)

// Listen has Stripe send its messages to an address, and returns the secret under which they will be signed.
// Stripe tells the secret this once. An address that Stripe does not take is a fault.Invalid.
func (g *Stripe) Listen(ctx context.Context, address string) (secret string, err error) {
	if u, err := url.Parse(address); err != nil || u.Host == "" || u.Scheme != "https" && g.live {
		return "", fault.New(fault.Invalid, "Stripe sends messages only to an address that begins with https://.")
	}
	e, err := g.api.WebhookEndpoints.New(&api.WebhookEndpointParams{
		Params:        api.Params{Context: ctx},
		URL:           api.String(address),
		EnabledEvents: api.StringSlice(events()),
		APIVersion:    api.String(version),
		Metadata:      map[string]string{"install": g.install},
	})
	if r, ok := refusal(err); ok && r.HTTPStatusCode == http.StatusBadRequest {
		return "", fault.Because(failed("asking for messages", err), fault.Invalid, "Stripe does not take this address for its messages.")
	}
	if err != nil {
		return "", failed("asking for messages", err)
	}
	if e.Secret == "" {
		return "", fmt.Errorf("stripe: asking for messages: the answer has no secret")
	}
	return e.Secret, nil
}
