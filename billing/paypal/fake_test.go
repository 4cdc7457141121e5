package paypal

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"rowhouse/billing/gateway"
	"rowhouse/data/money"
)

const (
	clientID     = "AeA1QIZXiflr1_-7Lk3kG2wClientOfTheHost"
	clientSecret = "EGnHDxD_qRPdaLdZz8iCr8N7_MzF-SecretOfTheHost"
	webhookID    = "0EH40505U7160970P"
)

var noon = time.Date(2026, 5, 11, 12, 0, 0, 0, time.UTC)

// asked is one call that was heard.
type asked struct {
	method, path, body string
	header             http.Header
}

// answer is what was said under a key, to be said again.
type answer struct {
	status int
	body   object
}

// fake is a small PayPal: it keeps orders, holds to request ids, and can hang up after it has taken a call.
type fake struct {
	*httptest.Server
	mu     sync.Mutex
	keys   map[string]answer
	kept   map[string]object // orders, captures' refunds, disputes, wallets, by path
	calls  []asked
	hangUp bool              // once, after the next call that makes something
	refuse map[string]answer // by path
	atOnce bool              // an order from a saved wallet is captured with the order
	source string            // how the wallet pays: a status of a capture
	tokens int
	made   int
}

func serve(t testing.TB) (*fake, *PayPal) {
	t.Helper()
	f := &fake{keys: map[string]answer{}, kept: map[string]object{}, refuse: map[string]answer{}, source: "COMPLETED"}
	f.Server = httptest.NewServer(f)
	t.Cleanup(f.Close)
	g, err := New(keys(), gateway.Options{Install: "inst1", Brand: "Host & Co", Base: f.URL, Now: func() time.Time { return noon }})
	if err != nil {
		t.Fatal(err)
	}
	return f, g
}

func keys() gateway.Keys {
	return gateway.Keys{"client_id": clientID, "client_secret": clientSecret, "webhook_id": webhookID, "mode": "sandbox", "vault": "yes"}
}

func (f *fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	body, _ := io.ReadAll(r.Body)
	f.calls = append(f.calls, asked{r.Method, r.URL.Path, string(body), r.Header.Clone()})
	a := f.answer(r, body)
	if f.hangUp && r.Method == http.MethodPost && !strings.HasSuffix(r.URL.Path, "/token") {
		f.hangUp = false
		panic(http.ErrAbortHandler) // the connection is cut: it was done, but nobody hears of it
	}
	w.WriteHeader(a.status)
	_ = json.NewEncoder(w).Encode(a.body)
}

// answer does what is asked, or says what it said to the same key before.
func (f *fake) answer(r *http.Request, body []byte) answer {
	if r.URL.Path == "/v1/oauth2/token" {
		return f.signIn(r)
	}
	if r.Header.Get("Authorization") != "Bearer pass-"+strconv.Itoa(f.tokens) {
		return answer{401, object{"error": "invalid_token"}}
	}
	if a, ok := f.refuse[r.URL.Path]; ok {
		return a
	}
	key := r.Header.Get("PayPal-Request-Id") + " " + r.URL.Path
	if a, ok := f.keys[key]; ok && r.Method == http.MethodPost {
		return a
	}
	var sent object
	_ = json.Unmarshal(body, &sent)
	a := f.do(r, sent)
	if r.Header.Get("PayPal-Request-Id") != "" {
		f.keys[key] = a
	}
	return a
}

func (f *fake) signIn(r *http.Request) answer {
	if id, secret, _ := r.BasicAuth(); id != clientID || secret != clientSecret {
		return answer{401, object{"error": "invalid_client", "error_description": "Client Authentication failed"}}
	}
	f.tokens++
	return answer{200, object{"access_token": "pass-" + strconv.Itoa(f.tokens), "token_type": "Bearer", "expires_in": 32400}}
}

func (f *fake) do(r *http.Request, sent object) answer {
	p := r.URL.Path
	switch {
	case r.Method == http.MethodGet:
		if o, ok := f.kept[p]; ok {
			return answer{200, o}
		}
		return no(404, "RESOURCE_NOT_FOUND", "INVALID_RESOURCE_ID")
	case p == "/v2/checkout/orders":
		return f.order(sent)
	case strings.HasSuffix(p, "/capture"):
		return f.capture(strings.TrimSuffix(p, "/capture"))
	case strings.HasSuffix(p, "/refund"):
		return f.refund(strings.Split(p, "/")[4], sent)
	case p == "/v3/vault/setup-tokens":
		id := f.next("SETUP")
		return f.keep(p+"/"+id, object{"id": id, "status": "PAYER_ACTION_REQUIRED", "customer": object{"id": "CUST1"},
			"links": []object{{"rel": "approve", "href": "https://www.sandbox.paypal.com/agreements/approve?approval_session_id=" + id}}})
	case p == "/v3/vault/payment-tokens":
		return f.keep(p, object{"id": f.next("TOK"), "customer": object{"id": "CUST1"}, "payment_source": object{"paypal": object{"email_address": "ada@example.com"}}})
	}
	return no(404, "NOT_FOUND", "")
}

func no(status int, name, issue string) answer {
	return answer{status, object{"name": name, "debug_id": "f00dcafe", "message": "No.", "details": []object{{"issue": issue, "field": "/x"}}}}
}

func (f *fake) keep(path string, o object) answer {
	f.kept[path] = o
	return answer{201, o}
}

// next is a number that was not given yet.
func (f *fake) next(sort string) string {
	f.made++
	return fmt.Sprintf("%s%04d", sort, f.made)
}

func (f *fake) order(sent object) answer {
	id := f.next("ORDER")
	unit := sent["purchase_units"].([]any)[0].(object)
	o := object{"id": id, "status": "PAYER_ACTION_REQUIRED", "purchase_units": []any{unit}, "payment_source": object{"paypal": object{}},
		"links": []object{{"rel": "self", "href": "https://api-m.sandbox.paypal.com/v2/checkout/orders/" + id},
			{"rel": "payer-action", "href": "https://www.sandbox.paypal.com/checkoutnow?token=" + id}}}
	wallet := sent["payment_source"].(object)["paypal"].(object)
	a := f.keep("/v2/checkout/orders/"+id, o)
	if wallet["vault_id"] == nil {
		return a
	}
	switch f.source {
	case "PAYER_ACTION_REQUIRED":
		return a
	case "INSTRUMENT_DECLINED", "PAYER_ACCOUNT_RESTRICTED":
		return no(422, "UNPROCESSABLE_ENTITY", f.source)
	}
	o["status"] = "APPROVED"
	if f.atOnce {
		return f.capture("/v2/checkout/orders/" + id)
	}
	return a
}

func (f *fake) capture(path string) answer {
	o := f.kept[path]
	switch {
	case o["status"] == "COMPLETED":
		return no(422, "UNPROCESSABLE_ENTITY", "ORDER_ALREADY_CAPTURED")
	case o["status"] != "APPROVED":
		return no(422, "UNPROCESSABLE_ENTITY", "ORDER_NOT_APPROVED")
	case f.source == "INSTRUMENT_DECLINED":
		return no(422, "UNPROCESSABLE_ENTITY", "INSTRUMENT_DECLINED")
	}
	unit := o["purchase_units"].([]any)[0].(object)
	amount := unit["amount"].(object)
	c := object{"id": f.next("CAP"), "status": f.source, "amount": amount, "custom_id": unit["custom_id"], "create_time": "2026-05-11T12:00:05Z",
		"seller_receivable_breakdown": object{"paypal_fee": object{"currency_code": amount["currency_code"], "value": "1.36"}}}
	if f.source == "PENDING" {
		c["status_details"] = object{"reason": "PENDING_REVIEW"}
	}
	unit["payments"] = object{"captures": []any{c}}
	o["status"] = "COMPLETED"
	o["payment_source"] = object{"paypal": object{"email_address": "ada@example.com",
		"attributes": object{"vault": object{"id": "TOK9", "status": "VAULTED", "customer": object{"id": "CUST1"}}}}}
	return answer{201, o}
}

func (f *fake) refund(payment string, sent object) answer {
	id := f.next("REF")
	return f.keep("/v2/payments/refunds/"+id, object{"id": id, "status": "COMPLETED", "amount": sent["amount"], "create_time": "2026-05-11T12:00:00Z",
		"links": []object{{"rel": "up", "href": "https://api.sandbox.paypal.com/v2/payments/captures/" + payment}}})
}

// approve is what the customer does on the page.
func (f *fake) approve(id string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.kept["/v2/checkout/orders/"+id]["status"] = "APPROVED"
}

// count is how often a path was called.
func (f *fake) count(path string) (n int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, c := range f.calls {
		if c.path == path {
			n++
		}
	}
	return n
}

// last is the latest call to a path.
func (f *fake) last(t *testing.T, path string) asked {
	t.Helper()
	f.mu.Lock()
	defer f.mu.Unlock()
	for i := len(f.calls) - 1; i >= 0; i-- {
		if f.calls[i].path == path {
			return f.calls[i]
		}
	}
	t.Fatalf("nobody asked for %s", path)
	return asked{}
}

func sale() gateway.Order {
	return gateway.Order{Attempt: "att_77", Invoice: "2026-0042", Text: "Pro, monthly", Amount: money.Amount{Minor: 2900, Currency: "EUR"},
		Customer: gateway.Customer{ID: 7}, Language: "de-DE", ReturnURL: "https://host.example/back", CancelURL: "https://host.example/pay", Remember: true}
}

func try(ref string) gateway.Attempt {
	return gateway.Attempt{Key: "att_77", Ref: ref, Mode: gateway.Hosted, Amount: sale().Amount, Began: noon.Add(-time.Minute), Wanted: true}
}
