package razorpay

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"rowhouse/billing/gateway"
)

// object is what is sent.
type object = map[string]any

// get asks for something.
func (g *Razorpay) get(ctx context.Context, path string, out any) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, g.base+path, nil)
	if err != nil {
		return err
	}
	return g.send(r, out)
}

// post has something made. Only refunds heed the key.
func (g *Razorpay) post(ctx context.Context, path, key string, in, out any) error {
	body, err := json.Marshal(in)
	if err != nil {
		return err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, g.base+path, bytes.NewReader(body))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/json")
	if key != "" {
		r.Header.Set("X-Refund-Idempotency", key)
	}
	return g.send(r, out)
}

// send makes a request, once, and reads the answer. One that says no is a *refused.
func (g *Razorpay) send(r *http.Request, out any) error {
	r.SetBasicAuth(g.id, g.secret)
	answer, err := g.http.Do(r)
	if err != nil {
		return gateway.Unheard(err)
	}
	text, err := gateway.Whole(answer.Body)
	if err != nil {
		return err
	}
	if answer.StatusCode < 200 || answer.StatusCode > 299 {
		return refusedBy(answer.StatusCode, text)
	}
	if json.Unmarshal(text, out) != nil {
		return errors.New("the answer is not understood")
	}
	return nil
}
