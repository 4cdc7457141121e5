package stripe

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"rowhouse/billing/gateway"
	"rowhouse/data/money"
)

const (
	testKey    = "sk_test_4eC39HqLyjWDarjtT1zdp7dc"
	testSecret = "whsec_7f3a9c21b4d84e6f"
	oldSecret  = "whsec_0d1e2f3a4b5c6d7e"
)

var noon = time.Date(2026, 5, 11, 12, 0, 0, 0, time.UTC)

// object is one of Stripe's, as it stands in an answer.
type object = map[string]any

// answer is what was said under a key, to be said again.
type answer struct {
	asked  string
	status int
	body   []byte
}

// asked is one call that was heard.
type asked struct {
	method, path string
	form         url.Values
	header       http.Header
}

// fake is a small Stripe: it keeps objects, holds to idempotency keys, and can hang up after it has taken a call.
type fake struct {
	*httptest.Server
	mu     sync.Mutex
	keys   map[string]answer
	kept   map[string][]object // by sort, the newest first
	calls  []asked
	hangUp bool           // once, after the next write
	refuse map[string]int // status by path
	long   bool           // answers are endless
	made   int
}

func serve(t *testing.T) (*fake, *Stripe) {
	t.Helper()
	f := &fake{keys: map[string]answer{}, kept: map[string][]object{}, refuse: map[string]int{}}
	f.Server = httptest.NewServer(f)
	t.Cleanup(f.Close)
	g, err := New(gateway.Keys{"secret_key": testKey, "webhook_secret": testSecret, "old_webhook_secret": oldSecret},
		gateway.Options{Install: "inst1", Base: f.URL, Now: func() time.Time { return noon }})
	if err != nil {
		t.Fatal(err)
	}
	return f, g
}

func (f *fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := r.ParseForm(); err != nil {
		http.Error(w, err.Error(), 400)
		return
	}
	f.calls = append(f.calls, asked{r.Method, r.URL.Path, r.Form, r.Header.Clone()})
	if f.long {
		_, _ = w.Write([]byte(`{"id":"` + strings.Repeat("x", 3*gateway.Longest) + `"}`))
		return
	}
	a := f.answer(r)
	if f.hangUp && r.Method == http.MethodPost {
		f.hangUp = false
		panic(http.ErrAbortHandler) // the connection is cut: it was done, but nobody hears of it
	}
	w.Header().Set("Request-Id", "req_"+strconv.Itoa(len(f.calls)))
	w.WriteHeader(a.status)
	_, _ = w.Write(a.body)
}

// answer does what is asked, or says what it said to the same key before.
func (f *fake) answer(r *http.Request) answer {
	key, words := r.Header.Get("Idempotency-Key"), r.URL.Path+" "+r.Form.Encode()
	if before, ok := f.keys[key]; ok && key != "" {
		if before.asked != words {
			return say(words, 400, object{"error": object{"type": "idempotency_error", "message": "Keys for idempotent requests can only be used with the same parameters."}})
		}
		return before
	}
	status, body := f.do(r)
	a := say(words, status, body)
	if key != "" && r.Method == http.MethodPost {
		f.keys[key] = a
	}
	return a
}

func say(words string, status int, body object) answer {
	text, err := json.Marshal(body)
	if err != nil {
		panic(err)
	}
	return answer{words, status, text}
}

func (f *fake) do(r *http.Request) (int, object) {
	sort, id, act := split(r.URL.Path)
	switch {
	case f.refuse[r.URL.Path] != 0:
		return f.refuse[r.URL.Path], object{"error": object{"type": "invalid_request_error", "code": "parameter_invalid", "message": "no"}}
	case r.Header.Get("Authorization") != "Bearer "+testKey:
		return 401, object{"error": object{"type": "invalid_request_error", "message": "Invalid API Key provided: sk_test_****zzzz"}}
	case r.Method == http.MethodPost && id == "":
		return f.create(sort, r.Form)
	case r.Method == http.MethodPost:
		return f.end(sort, id, act)
	case id == "":
		return 200, f.list(sort, r.Form)
	}
	if o := f.find(id); o != nil {
		return 200, o
	}
	return 404, object{"error": object{"type": "invalid_request_error", "code": "resource_missing", "message": "No such object"}}
}

// split takes /v1/checkout/sessions/cs_1/expire apart.
func split(path string) (sort, id, act string) {
	p := strings.Split(strings.TrimPrefix(strings.Replace(path, "checkout/", "", 1), "/v1/"), "/")
	p = append(p, "", "")
	return p[0], p[1], p[2]
}

func (f *fake) find(id string) object {
	for _, sort := range f.kept {
		for _, o := range sort {
			if o["id"] == id {
				return o
			}
		}
	}
	return nil
}

// list gives one page, from what comes after the last one that was seen.
func (f *fake) list(sort string, q url.Values) object {
	all, limit := f.kept[sort], 100
	if n, err := strconv.Atoi(q.Get("limit")); err == nil {
		limit = n
	}
	if last := q.Get("starting_after"); last != "" {
		all = all[1+slices.IndexFunc(all, func(o object) bool { return o["id"] == last }):]
	}
	page := []object{}
	for _, o := range all {
		if c := q.Get("customer"); c == "" || o["customer"] == c {
			page = append(page, o)
		}
	}
	return object{"object": "list", "has_more": len(page) > limit, "data": page[:min(limit, len(page))]}
}

func (f *fake) keep(sort string, o object) object {
	f.kept[sort] = append([]object{o}, f.kept[sort]...)
	return o
}

// next is a number that was not given yet.
func (f *fake) next(sort string) string {
	f.made++
	return fmt.Sprintf("%s_%04d", sort, f.made)
}

// marks are what was sent as metadata, under a name.
func marks(q url.Values, under string) object {
	m := object{}
	for k, v := range q {
		if name, ok := strings.CutPrefix(k, under+"["); ok {
			m[strings.TrimSuffix(name, "]")] = v[0]
		}
	}
	return m
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

func order() gateway.Order {
	return gateway.Order{Attempt: "att_77", Invoice: "2026-0042", Text: "Pro, monthly", Amount: money.Amount{Minor: 2900, Currency: "EUR"},
		Customer: gateway.Customer{ID: 7, Name: "Ada", Email: "ada@example.com", Country: "DE"}, Language: "de-AT",
		ReturnURL: "https://host.example/pay/back?x=1", CancelURL: "https://host.example/pay", Expires: noon.Add(2 * time.Hour), Remember: true}
}
