package stripe

import (
	"context"
	"net/http"

	api "github.com/stripe/stripe-go/v76"
	"github.com/stripe/stripe-go/v76/client"

	"rowhouse/billing/gateway"
)

// connect makes a client that belongs to one gateway. It tries each call once, reports nothing home and logs nothing:
// the vendor's logger would write whole answers.
func connect(key string, o gateway.Options) *client.API {
	config := api.BackendConfig{
		HTTPClient:        bounded(o.Client),
		LeveledLogger:     &api.LeveledLogger{Level: api.LevelNull},
		MaxNetworkRetries: api.Int64(0),
		EnableTelemetry:   api.Bool(false),
	}
	if o.Base != "" {
		config.URL = api.String(o.Base)
	}
	only := api.GetBackendWithConfig(api.APIBackend, &config)
	c := &client.API{}
	c.Init(key, &api.Backends{API: only, Connect: only, Uploads: only})
	return c
}

// bounded is the client with a deadline, a limit on answers, and without redirects: the key stays with whom it was meant for.
func bounded(c *http.Client) *http.Client {
	b := gateway.Bounded(c)
	if b.Transport == nil {
		b.Transport = http.DefaultTransport
	}
	b.Transport = limited{b.Transport}
	return b
}

// limited is a transport whose answers end with an error when they are too long.
type limited struct{ http.RoundTripper }

// RoundTrip sends one request.
func (l limited) RoundTrip(r *http.Request) (*http.Response, error) {
	answer, err := l.RoundTripper.RoundTrip(r)
	if err == nil {
		answer.Body = http.MaxBytesReader(nil, answer.Body, gateway.Longest)
	}
	return answer, err
}

// asking is what every call that reads carries.
func asking(ctx context.Context) api.Params { return api.Params{Context: ctx} }

// once is what every call that makes something carries: Stripe gives the same answer to the same key for a day.
func once(ctx context.Context, key string) api.Params {
	return api.Params{Context: ctx, IdempotencyKey: api.String(key)}
}
