package ui

import (
	"compress/gzip"
	"errors"
	"html/template"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"rowhouse/data/fault"
)

func TestNothingATextHoldsBecomesMarkup(t *testing.T) {
	for _, s := range []string{`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `' onmouseover='x`, "a&b", "nul\x00", `</textarea>`} {
		var h HTML
		got := string(h.Text(s).String())
		if strings.ContainsAny(got, `<>"'`) || strings.Contains(got, "\x00") {
			t.Errorf("%q became %q", s, got)
		}
		if want := template.HTMLEscapeString(strings.ReplaceAll(s, "\x00", "\uFFFD")); got != want {
			t.Errorf("%q became %q, the library says %q", s, got, want)
		}
	}
	for _, bad := range []string{"javascript:alert(1)", "JAVASCRIPT:alert(1)", "data:text/html,x", "vbscript:x", "\x01javascript:x", "java\nscript:x"} {
		if Safe(bad) {
			t.Errorf("%q is taken for a safe address", bad)
		}
	}
}

func TestAFormTakesOnlyWhatItKnows(t *testing.T) {
	ask := func(body, kind string) error {
		r := httptest.NewRequest("POST", "/", strings.NewReader(body))
		r.Header.Set("Content-Type", kind)
		_, err := Form(httptest.NewRecorder(), r, "name", "tag[]")
		return err
	}
	const form = "application/x-www-form-urlencoded"
	if err := ask("name=a&tag[]=1&tag[]=2", form); err != nil {
		t.Error(err)
	}
	for body, kind := range map[string]string{"name=a&owner=1": form, "name=a&name=b": form, "name[]=a": form, `{"name":"a"}`: "application/json", "name=%ff": form, "name=a%00b": form, "name=%zz": form} {
		if err := ask(body, kind); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", body, err)
		}
	}
	big := httptest.NewRecorder()
	r := httptest.NewRequest("POST", "/", strings.NewReader("name="+strings.Repeat("a", MaxBody)))
	r.Header.Set("Content-Type", form)
	Handler(func(w http.ResponseWriter, r *http.Request) error { _, err := Form(w, r, "name"); return err }).ServeHTTP(big, r)
	if big.Code != http.StatusRequestEntityTooLarge {
		t.Error("a form of more than a megabyte answers", big.Code)
	}
	many := url.Values{}
	for range 1001 {
		many.Add("tag[]", "x")
	}
	if err := ask(many.Encode(), form); !fault.Is(err, fault.TooLarge) {
		t.Error("1,001 values:", err)
	}
}

func TestOneBrokenHandlerIsOneErrorPage(t *testing.T) {
	h := Guard(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/panic" {
			panic("a secret detail")
		}
		Fail(w, r, errors.New("select secret from table"))
	}), false)
	for _, path := range []string{"/panic", "/error"} {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest("GET", path, nil))
		if w.Code != 500 || strings.Contains(w.Body.String(), "secret") || !strings.Contains(w.Body.String(), "Incident") {
			t.Errorf("%s: %d\n%s", path, w.Code, w.Body)
		}
	}
	w := httptest.NewRecorder()
	r := httptest.NewRequest("GET", "/error", nil)
	r.Header.Set("Accept", "application/json")
	h.ServeHTTP(w, r)
	if !strings.HasPrefix(w.Header().Get("Content-Type"), "application/json") || !strings.Contains(w.Body.String(), `"request"`) {
		t.Error(w.Body)
	}
}

func TestPagesAreCompressedForThoseWhoTakeIt(t *testing.T) {
	long := strings.Repeat("<p>rowhouse</p>", 1000)
	h := Guard(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Content-Length", "15000")
		w.WriteHeader(http.StatusUnprocessableEntity)
		_, _ = io.WriteString(w, long)
	}), false)
	w := httptest.NewRecorder()
	r := httptest.NewRequest("GET", "/", nil)
	r.Header.Set("Accept-Encoding", "gzip")
	h.ServeHTTP(w, r)
	if w.Code != 422 || w.Header().Get("Content-Encoding") != "gzip" || w.Header().Get("Content-Length") != "" || w.Body.Len() > 1000 {
		t.Fatal(w.Code, w.Header(), w.Body.Len())
	}
	z, err := gzip.NewReader(w.Body)
	if err != nil {
		t.Fatal(err)
	}
	if b, err := io.ReadAll(z); err != nil || string(b) != long {
		t.Error("the page is another one unpacked:", err)
	}
}

type sample struct {
	Frame
	Words string
}

func TestSettledTemplatesSayTheSame(t *testing.T) {
	dir := fstest.MapFS{"p.html": {Data: []byte(`{{define "content"}}{{.T "Save & go"}}{{with .Title}}<b title="{{$.T "Say \"x\""}}">{{$.T "Hello %s" .}}</b>{{end}}{{icon "x"}}{{end}}`)}}
	p := Parse[sample](dir, Auth, "p.html")
	for _, words := range []*Words{English, Pseudo} {
		w := httptest.NewRecorder()
		err := p.Part(w, "content", 200, sample{Frame: Frame{Look: &Look{Words: words}, Title: "<Ada>"}})
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{template.HTMLEscapeString(words.T("Save & go")), template.HTMLEscapeString(words.T(`Say "x"`)), template.HTMLEscapeString(words.T("Hello %s", "<Ada>")), "#i-x"} {
			if !strings.Contains(w.Body.String(), want) {
				t.Errorf("%q is missing in %s", want, w.Body)
			}
		}
	}
}

func TestNumbersDaysAndMoneyAreSaidAsTheReaderDoes(t *testing.T) {
	look := &Look{Words: English, Zone: time.UTC, Now: time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)}
	german := &Look{Words: &Words{Tag: "de", local: English.local}, Zone: time.UTC, Now: look.Now}
	for got, want := range map[string]string{look.Money(123450, "EUR"): "€1,234.50", look.Money(-100, "USD"): "−$1", look.Money(1234, "JPY"): "¥1,234", look.Money(1234567, "BHD"): "1,234.567 BHD",
		look.Number(-1234567): "-1,234,567", look.Day("2026-12-01"): "Dec 1", look.Day("2025-12-01"): "Dec 1, 2025", look.Day("rubbish"): "rubbish", look.Size(1536): "1.5 KB",
		german.Money(123450, "EUR"): "1.234,50 €", german.Number(1234): "1.234", look.Ago(look.Now.Add(-35 * time.Minute)): "35m"} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
