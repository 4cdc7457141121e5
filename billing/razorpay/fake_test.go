package razorpay

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"rowhouse/billing/gateway"
	"rowhouse/data/money"
)

const (
	keyID     = "rzp_test_1DP5mmOlF5G5ag"
	keySecret = "EnLs21M47BllR3X8PSFtjtbd" // of the samples in Razorpay's own documents
	hook      = "123456"
	oldHook   = "an-old-secret"
)

var noon = time.Date(2026, 5, 11, 12, 0, 0, 0, time.UTC)

// asked is one call that was heard.
type asked struct {
	method, path, query string
	sent                object
	header              http.Header
}

// fake is a small Razorpay: it keeps objects by their path, and can hang up after it has taken a call.
type fake struct {
	*httptest.Server
	mu     sync.Mutex
	kept   map[string]object   // by path
	lists  map[string][]object // by path
	keys   map[string]object   // of refunds
	calls  []asked
	hangUp string // once, after the next call to this path
	refuse map[string]*refused
	debit  string // how the next debit ends
	made   int
}

func serve(t testing.TB) (*fake, *Razorpay) {
	t.Helper()
	f := &fake{kept: map[string]object{}, lists: map[string][]object{}, keys: map[string]object{}, refuse: map[string]*refused{}, debit: "created"}
	f.Server = httptest.NewServer(f)
	t.Cleanup(f.Close)
	g, err := New(keys(), gateway.Options{Install: "inst1", Base: f.URL, Now: func() time.Time { return noon }})
	if err != nil {
		t.Fatal(err)
	}
	return f, g
}

func keys() gateway.Keys {
	return gateway.Keys{"key_id": keyID, "key_secret": keySecret, "webhook_secret": hook, "old_webhook_secret": oldHook}
}

func (f *fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	text, _ := io.ReadAll(r.Body)
	var sent object
	_ = json.Unmarshal(text, &sent)
	f.calls = append(f.calls, asked{r.Method, r.URL.Path, r.URL.RawQuery, sent, r.Header.Clone()})
	status, answer := f.answer(r, sent)
	if f.hangUp == r.URL.Path && r.Method == http.MethodPost {
		f.hangUp = ""
		panic(http.ErrAbortHandler) // the connection is cut: it was done, but nobody hears of it
	}
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(answer)
}

func (f *fake) answer(r *http.Request, sent object) (int, object) {
	id, secret, _ := r.BasicAuth()
	p := r.URL.Path
	switch {
	case id != keyID || secret != keySecret:
		return no(&refused{status: 401, code: "BAD_REQUEST_ERROR"})
	case f.refuse[p] != nil:
		return no(f.refuse[p])
	case r.Method == http.MethodPost:
		return f.post(r, sent)
	case f.lists[p] != nil || p == "/v1/orders" || p == "/v1/payment_links" || p == "/v1/invoices" || strings.HasSuffix(p, "/payments"):
		return f.list(r)
	case f.kept[p] != nil:
		return 200, f.kept[p]
	}
	return no(&refused{status: 400, code: "BAD_REQUEST_ERROR", reason: "input_validation_failed"})
}

func no(r *refused) (int, object) {
	return r.status, object{"error": object{"code": r.code, "reason": r.reason, "field": r.field, "description": "No."}}
}

// list gives what has the reference that is asked for.
func (f *fake) list(r *http.Request) (int, object) {
	found := []object{}
	for _, o := range f.lists[r.URL.Path] {
		if want := r.URL.Query().Get("receipt"); want != "" && o["receipt"] != want {
			continue
		}
		if want := r.URL.Query().Get("reference_id"); want != "" && o["reference_id"] != want {
			continue
		}
		found = append(found, o)
	}
	return 200, object{"entity": "collection", "count": len(found), "items": found, "payment_links": found}
}

func (f *fake) post(r *http.Request, sent object) (int, object) {
	switch p := r.URL.Path; {
	case p == "/v1/payment_links":
		for _, l := range f.lists[p] {
			if l["reference_id"] == sent["reference_id"] {
				return no(&refused{status: 400, code: "BAD_REQUEST_ERROR", field: "reference_id"})
			}
		}
		return f.keep(p, "plink", object{"status": "created", "short_url": "https://rzp.io/i/x", "reference_id": sent["reference_id"],
			"notes": sent["notes"], "expire_by": sent["expire_by"], "payments": nil})
	case p == "/v1/orders":
		return f.keep(p, "order", object{"status": "created", "receipt": sent["receipt"], "notes": sent["notes"], "created_at": noon.Unix(), "amount": sent["amount"]})
	case p == "/v1/payments/create/recurring":
		return f.recur(sent)
	case p == "/v1/subscription_registration/auth_links":
		return f.keep("/v1/invoices", "inv", object{"status": "issued", "short_url": "https://rzp.io/i/y", "receipt": sent["receipt"],
			"notes": sent["notes"], "expire_by": sent["expire_by"], "customer_id": "cust_1", "payment_id": nil})
	case strings.HasSuffix(p, "/cancel"):
		o := f.kept[strings.TrimSuffix(p, "/cancel")]
		if o["status"] != "created" && o["status"] != "issued" {
			return no(&refused{status: 400, code: "BAD_REQUEST_ERROR"})
		}
		o["status"] = "cancelled"
		return 200, o
	case strings.HasSuffix(p, "/capture"):
		o := f.kept[strings.TrimSuffix(p, "/capture")]
		o["status"] = "captured"
		return 200, o
	case strings.HasSuffix(p, "/refund"):
		return f.back(r, sent)
	}
	return no(&refused{status: 404, code: "NOT_FOUND"})
}

func (f *fake) keep(list, sort string, o object) (int, object) {
	f.made++
	o["id"] = fmt.Sprintf("%s_%014d", sort, f.made)
	f.kept[list+"/"+o["id"].(string)] = o
	f.lists[list] = append(f.lists[list], o)
	return 200, o
}

func (f *fake) recur(sent object) (int, object) {
	if f.debit == "token_cancelled" {
		return no(&refused{status: 400, code: "BAD_REQUEST_ERROR", reason: "token_cancelled"})
	}
	id := sent["order_id"].(string)
	_, p := f.keep("/v1/payments", "pay", f.paid(f.debit, sent["amount"]))
	p["order_id"] = id
	f.lists["/v1/orders/"+id+"/payments"] = append(f.lists["/v1/orders/"+id+"/payments"], p)
	return 200, object{"razorpay_payment_id": p["id"], "razorpay_order_id": id, "razorpay_signature": "00"}
}

func (f *fake) paid(status string, amount any) object {
	return object{"status": status, "amount": amount, "currency": "INR", "fee": 236, "tax": 36, "created_at": noon.Unix() + 5, "notes": []string{},
		"error_code": nil, "error_reason": nil, "token_id": nil}
}

func (f *fake) back(r *http.Request, sent object) (int, object) {
	key := r.Header.Get("X-Refund-Idempotency")
	if before := f.keys[key]; before != nil {
		return 200, before
	}
	_, o := f.keep("/v1/refunds", "rfnd", object{"status": "processed", "amount": sent["amount"], "currency": "INR", "created_at": noon.Unix(),
		"payment_id": strings.Split(r.URL.Path, "/")[3], "notes": sent["notes"]})
	f.keys[key] = o
	return 200, o
}

// finish is what the customer does on the page of a payment link.
func (f *fake) finish(ref, status string) string {
	f.mu.Lock()
	defer f.mu.Unlock()
	_, p := f.keep("/v1/payments", "pay", f.paid(status, 290000))
	l := f.kept["/v1/payment_links/"+ref]
	l["status"], l["payments"] = "paid", []object{{"payment_id": p["id"], "status": status, "amount": 290000}}
	return p["id"].(string)
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
	return gateway.Order{Attempt: "att_77", Invoice: "2026-0042", Text: "Pro, monthly", Amount: money.Amount{Minor: 290000, Currency: "INR"},
		Customer: gateway.Customer{ID: 7, Name: "Ada", Email: "ada@example.com", Phone: "+919999999999"}, ReturnURL: "https://host.example/back",
		Expires: noon.Add(2 * time.Hour)}
}

func try(ref string, mode gateway.Mode) gateway.Attempt {
	return gateway.Attempt{Key: "att_77", Ref: ref, Mode: mode, Amount: sale().Amount, Began: noon.Add(-time.Minute), Wanted: true}
}
