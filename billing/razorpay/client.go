package razorpay

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

// object is what is sent.
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
		return unheard(err)
	}
	text, err := whole(answer.Body)
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
