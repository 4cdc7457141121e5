package paypal

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"rowhouse/billing/gateway"
)

// object is what is sent. Its fields go in the order of their names, so that the same is always sent as the same bytes.
type object = map[string]any

// get asks for something.
func (g *PayPal) get(ctx context.Context, path string, out any) error {
	return g.call(ctx, http.MethodGet, path, "", nil, out)
}

// post has something made. PayPal gives the same answer to the same key, for six hours or longer.
func (g *PayPal) post(ctx context.Context, path, key string, in, out any) error {
	body, err := json.Marshal(in)
	if err != nil {
		return err
	}
	return g.call(ctx, http.MethodPost, path, key, body, out)
}

// call makes one call, once. An answer that is not what was asked for is a *refused.
func (g *PayPal) call(ctx context.Context, method, path, key string, body []byte, out any) error {
	pass, err := g.token.get(ctx, g)
	if err != nil {
		return err
	}
	r, err := http.NewRequestWithContext(ctx, method, g.base+path, bytes.NewReader(body))
	if err != nil {
		return err
	}
	r.Header.Set("Authorization", "Bearer "+pass)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Prefer", "return=representation")
	if key != "" {
		r.Header.Set("PayPal-Request-Id", key)
	}
	err = g.send(r, out)
	if status(err) == http.StatusUnauthorized {
		g.token.forget(pass) // it was taken back before its time: the next call gets another
	}
	return err
}

// send makes a request and reads the answer.
func (g *PayPal) send(r *http.Request, out any) error {
	answer, err := g.http.Do(r)
	if err != nil {
		return gateway.Unheard(err)
	}
	text, err := gateway.Whole(answer.Body)
	if err != nil {
		return err
	}
	if answer.StatusCode < 200 || answer.StatusCode > 299 {
		return refusedBy(answer, text)
	}
	if out == nil || len(text) == 0 {
		return nil
	}
	if json.Unmarshal(text, out) != nil {
		return errors.New("the answer is not understood")
	}
	return nil
}
