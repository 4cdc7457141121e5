package stripe

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"rowhouse/billing/gateway"
	"rowhouse/data/money"
)

// TestEveryCallIsWellFormedForStripesOwnMock runs every call against the vendor's mock, which knows the names, sorts and
// choices of all parameters, and nothing else.
func TestEveryCallIsWellFormedForStripesOwnMock(t *testing.T) {
	heard := &listener{}
	g, err := New(gateway.Keys{"secret_key": testKey, "webhook_secret": testSecret},
		gateway.Options{Install: "inst1", Base: mock(t), Client: &http.Client{Transport: heard}})
	if err != nil {
		t.Fatal(err)
	}
	everything(g)
	if len(heard.said) < 16 {
		t.Error("only so many calls were made:", heard.said)
	}
	for _, s := range heard.said {
		if !strings.HasPrefix(s, "200 ") {
			t.Error(s)
		}
	}
}

// everything calls what there is. Results mean nothing: the mock remembers nothing and knows no marks.
func everything(g *Stripe) {
	ctx, o := context.Background(), order()
	o.Expires = time.Now().Add(time.Hour)
	method := gateway.Method{Customer: "cus_1", Ref: "pm_card_visa"}
	_, _ = g.Pay(ctx, o)
	_, _ = g.Save(ctx, o)
	_, _ = g.Charge(ctx, o, method)
	o.ReturnURL = ""
	_, _ = g.Charge(ctx, o, method)
	for _, a := range []gateway.Attempt{{Ref: "cs_test_1"}, {Ref: "pi_1"}, {Mode: gateway.Saved, Customer: "cus_1"}, {Mode: gateway.Hosted, Customer: "cus_1"}} {
		a.Key, a.Began = "att_77", time.Now()
		_, _ = g.Fetch(ctx, a)
		_ = g.Cancel(ctx, a)
	}
	_, _ = g.Refund(ctx, gateway.Refund{Key: "r1", Payment: "pi_1", Attempt: "att_77", Amount: money.Amount{Minor: 100, Currency: "USD"}, Reason: "goodwill"})
	for _, e := range []gateway.Event{{Topic: gateway.Refunded, Ref: "re_1"}, {Topic: gateway.Refunded, Payment: "pi_1"}, {Topic: gateway.Disputed, Ref: "du_1"}} {
		_, _ = g.Look(ctx, e)
	}
	_, _ = g.Missed(ctx, time.Now().Add(-time.Hour))
	_ = g.Check(ctx)
	_, _ = g.Listen(ctx, "https://host.example/hooks/stripe")
}

// listener writes down how each call was answered.
type listener struct {
	mu   sync.Mutex
	said []string
}

func (l *listener) RoundTrip(r *http.Request) (*http.Response, error) {
	answer, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	line := fmt.Sprintf("%d %s %s", answer.StatusCode, r.Method, r.URL)
	if answer.StatusCode != http.StatusOK {
		body, _ := io.ReadAll(answer.Body)
		line += " " + string(body)
		answer.Body = io.NopCloser(strings.NewReader(string(body)))
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.said = append(l.said, line)
	return answer, nil
}

// mock starts the vendor's mock on this machine and returns its address.
func mock(t *testing.T) string {
	t.Helper()
	program := os.Getenv("ROWHOUSE_STRIPE_MOCK")
	if program == "" {
		var err error
		if program, err = exec.LookPath("stripe-mock"); err != nil {
			t.Skip("stripe-mock is not installed: put it in PATH, or its place in ROWHOUSE_STRIPE_MOCK")
		}
	}
	address := free(t)
	child := exec.Command(program, "-http-addr", address, "-https-addr", "127.0.0.1:0")
	if err := child.Start(); err != nil {
		t.Skip("stripe-mock does not start:", err)
	}
	t.Cleanup(func() {
		_ = child.Process.Kill()
		_ = child.Wait()
	})
	for range 200 {
		if c, err := net.Dial("tcp", address); err == nil {
			_ = c.Close()
			return "http://" + address
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Fatal("stripe-mock does not answer")
	return ""
}

// free is an address on this machine at which nobody listens.
func free(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().String()
}
