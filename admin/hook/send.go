package hook

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"syscall"
	"time"

	"rowhouse/billing/gateway"
)

const (
	deadline  = 10 * time.Second
	mostRead  = 64 << 10 // of an answer, in bytes
	mostKept  = 2 << 10
	userAgent = "Rowhouse-Webhook/1"
)

// client sends to public addresses only: without redirects, and without a proxy of the environment, which would look names up itself.
func (hs *Hooks) client() *http.Client {
	dial := &net.Dialer{Timeout: deadline, Control: func(_, address string, _ syscall.RawConn) error { return hs.checked(address) }}
	return &http.Client{Timeout: deadline, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{DialContext: dial.DialContext, TLSHandshakeTimeout: deadline, MaxResponseHeaderBytes: mostRead, MaxIdleConnsPerHost: most, DisableCompression: true}}
}

// result is how one try went.
type result struct {
	at     time.Time
	took   time.Duration
	status int
	answer string
	err    error
}

// send tries a delivery once.
func (hs *Hooks) send(ctx context.Context, client *http.Client, h Webhook, d Delivery) result {
	r := result{at: hs.Clock.Now()}
	secrets, err := hs.secrets(h, r.at)
	if err != nil {
		r.err = err
		return r
	}
	began := time.Now()
	r.status, r.answer, r.err = post(ctx, client, h, d, Sign(r.at, d.Body(), secrets...))
	r.took = time.Since(began)
	return r
}

func post(ctx context.Context, client *http.Client, h Webhook, d Delivery, signature string) (status int, answer string, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, h.URL, bytes.NewReader(d.Body()))
	if err != nil {
		return 0, "", gateway.Unheard(err)
	}
	for name, value := range map[string]string{"Content-Type": "application/json", "User-Agent": userAgent, "Rowhouse-Signature": signature,
		"Rowhouse-Event": d.Kind, "Rowhouse-Delivery": strconv.FormatInt(d.ID, 10)} {
		req.Header.Set(name, value)
	}
	resp, err := client.Do(req)
	if err != nil {
		return 0, "", gateway.Unheard(err) // without the address, in which a secret may be
	}
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(io.LimitReader(resp.Body, mostRead))
	if resp.StatusCode < 200 || resp.StatusCode > 299 {
		err = fmt.Errorf("the answer was %d", resp.StatusCode)
	} else if err != nil {
		err = errors.New("the answer broke off")
	}
	return resp.StatusCode, clean(text), err
}

// clean is the beginning of an answer as a column of texts can hold it.
func clean(text []byte) string {
	text = text[:min(len(text), mostKept)]
	return strings.ReplaceAll(strings.ToValidUTF8(string(text), ""), "\x00", "")
}
