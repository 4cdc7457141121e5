package paypal

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"
)

const (
	patience = 20 * time.Second // for one call
	longest  = 1 << 20          // bytes of an answer
)

// object is what is sent. Its fields go in the order of their names, so that the same is always sent as the same bytes.
type object = map[string]any

// bounded is the client with a deadline and without redirects: the key stays with whom it was meant for.
func bounded(c *http.Client) *http.Client {
	b := http.Client{}
	if c != nil {
		b = *c
	}
	if b.Timeout == 0 {
		b.Timeout = patience
	}
	b.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &b
}

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
		return unheard(err)
	}
	text, err := whole(answer.Body)
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

// whole reads and closes an answer. One that is too long is an error, and so is one that breaks off.
func whole(body io.ReadCloser) ([]byte, error) {
	defer func() { _ = body.Close() }()
	text, err := io.ReadAll(io.LimitReader(body, longest+1))
	if err != nil {
		return nil, fmt.Errorf("the answer broke off: %w", err)
	}
	if len(text) > longest {
		return nil, errors.New("the answer is too long")
	}
	return text, nil
}

// unheard is the error of a call without an answer, without the address.
func unheard(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		err = u.Err
	}
	return fmt.Errorf("no answer: %w", err)
}
