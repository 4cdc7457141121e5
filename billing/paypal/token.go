package paypal

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// token is the pass that PayPal wants with each call. It is kept until a minute before its end.
type token struct {
	id, secret string
	turn       chan struct{} // holds one while nobody fetches: unlike a mutex it can be waited for with a deadline
	pass       string
	until      time.Time
}

func newToken(id, secret string) *token {
	t := &token{id: id, secret: secret, turn: make(chan struct{}, 1)}
	t.turn <- struct{}{}
	return t
}

// get returns the pass. Of many that want one at once, one fetches and the others wait.
func (t *token) get(ctx context.Context, g *PayPal) (string, error) {
	select {
	case <-t.turn:
	case <-ctx.Done():
		return "", ctx.Err()
	}
	defer func() { t.turn <- struct{}{} }()
	if t.pass != "" && g.now().Before(t.until) {
		return t.pass, nil
	}
	pass, lasts, err := t.fetch(ctx, g)
	if err != nil {
		return "", fmt.Errorf("signing in: %w", err)
	}
	t.pass, t.until = pass, g.now().Add(lasts-time.Minute)
	return pass, nil
}

// forget drops a pass that PayPal does not take any more, unless there is a newer one already.
func (t *token) forget(pass string) {
	<-t.turn
	if t.pass == pass {
		t.pass = ""
	}
	t.turn <- struct{}{}
}

func (t *token) fetch(ctx context.Context, g *PayPal) (pass string, lasts time.Duration, err error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, g.base+"/v1/oauth2/token", strings.NewReader("grant_type=client_credentials"))
	if err != nil {
		return "", 0, err
	}
	r.SetBasicAuth(t.id, t.secret)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	var got struct {
		AccessToken string `json:"access_token"`
		ExpiresIn   int64  `json:"expires_in"` // seconds
	}
	if err := g.send(r, &got); err != nil {
		return "", 0, err
	}
	if got.AccessToken == "" {
		return "", 0, errors.New("the answer has no token")
	}
	return got.AccessToken, time.Duration(min(got.ExpiresIn, 86400)) * time.Second, nil
}
