package gateway

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"
)

// Longest is the largest answer of a gateway that is read, in bytes.
const Longest = 1 << 20

// patience is how long one call may take.
const patience = 20 * time.Second

// Bounded is a client with a deadline and without redirects: a key stays with whom it was meant for. nil is an ordinary client.
func Bounded(c *http.Client) *http.Client {
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

// Whole reads and closes an answer. One of more than Longest bytes is an error, and so is one that breaks off.
func Whole(body io.ReadCloser) ([]byte, error) {
	defer func() { _ = body.Close() }()
	text, err := io.ReadAll(io.LimitReader(body, Longest+1))
	if err != nil {
		return nil, fmt.Errorf("the answer broke off: %w", err)
	}
	if len(text) > Longest {
		return nil, errors.New("the answer is too long")
	}
	return text, nil
}

// Unheard is the error of a call without an answer. The address, which may hold a secret, is taken out.
func Unheard(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		err = u.Err
	}
	return fmt.Errorf("no answer: %w", err)
}

// Clip is the beginning of a text, at most so many letters long: gateways refuse what is longer than they take.
func Clip(s string, most int) string {
	if letters := []rune(s); len(letters) > most {
		return string(letters[:most])
	}
	return s
}

// Opener makes of a gateway's own New what a Kind asks for: a New that fails must not become a gateway that is a nil pointer.
func Opener[G Gateway](open func(Keys, Options) (G, error)) func(Keys, Options) (Gateway, error) {
	return func(keys Keys, o Options) (Gateway, error) {
		g, err := open(keys, o)
		if err != nil {
			return nil, err
		}
		return g, nil
	}
}
