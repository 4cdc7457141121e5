package main

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"rowhouse/data/clock"
	"rowhouse/tenant"
	"rowhouse/ui"
	"rowhouse/ui/session"
)

const testPassword = "correct horse battery"

// testHash is the hash of testPassword; hashing is slow on purpose, so it is done once.
var testHash = sync.OnceValue(func() string {
	hash, err := session.HashPassword(context.Background(), testPassword)
	if err != nil {
		panic(err)
	}
	return hash
})

// newApp puts the whole product together in a folder of the test's own.
func newApp(t testing.TB) *app {
	t.Helper()
	a, err := build(t.Context(), config{dir: t.TempDir(), domain: "example.com", https: true, demo: true, clock: clock.At(time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC))})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := a.close(); err != nil {
			t.Error(err)
		}
	})
	return a
}

// found makes a company that is at work.
func (a *app) found(t testing.TB, name string, leads int) {
	t.Helper()
	ctx := context.Background()
	err := a.host.Tx(ctx, func(tx *sql.Tx) error {
		id, err := a.tenants.Reserve(ctx, tx, tenant.Order{Name: name, Company: name + " Ltd", OwnerName: "Ada " + name, OwnerEmail: "ada@" + name + ".example", PasswordHash: testHash(),
			Limits: tenant.Limits{Plan: "Test", Staff: 10, Room: 1 << 20, Modules: []string{"*"}}, Demo: leads, Until: a.clock.Now().Add(time.Hour)})
		if err != nil {
			return err
		}
		return a.tenants.Approve(ctx, tx, id)
	})
	if err == nil {
		err = a.tenants.Provision(ctx, name)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// visitor is a browser at one host.
type visitor struct {
	t       testing.TB
	app     *app
	host    string
	cookies map[string]string
	path    string // where follow has led
	bearer  string // a token that it shows
}

func (a *app) visit(t testing.TB, host string) *visitor {
	return &visitor{t: t, app: a, host: host, cookies: map[string]string{}}
}

// signIn returns somebody signed in at a company.
func (a *app) signIn(t testing.TB, company, email string) *visitor {
	t.Helper()
	v := a.visit(t, company+".example.com")
	if w := v.post("/admin/login", "email", email, "password", testPassword); w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/admin" {
		t.Fatalf("%s cannot sign in: %d %s", email, w.Code, text(w))
	}
	return v
}

func (v *visitor) do(r *http.Request) *httptest.ResponseRecorder {
	r.Host = v.host
	for name, value := range v.cookies {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	if v.bearer != "" {
		r.Header.Set("Authorization", "Bearer "+v.bearer)
	}
	w := httptest.NewRecorder()
	v.app.handler.ServeHTTP(w, r)
	for _, c := range w.Result().Cookies() {
		if c.MaxAge < 0 {
			delete(v.cookies, c.Name)
		} else {
			v.cookies[c.Name] = c.Value
		}
	}
	return w
}

func (v *visitor) get(path string) *httptest.ResponseRecorder {
	return v.do(httptest.NewRequest(http.MethodGet, path, nil))
}

// post sends a form of name and value pairs.
func (v *visitor) post(path string, pairs ...string) *httptest.ResponseRecorder {
	form := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return v.do(r)
}

var (
	tags   = regexp.MustCompile(`(?s)<(style|script|svg|template).*?</(style|script|svg|template)>|<[^>]*>`)
	spaces = regexp.MustCompile(`\s+`)
)

// text is what a reader sees of an answer.
func text(w *httptest.ResponseRecorder) string {
	s := spaces.ReplaceAllString(tags.ReplaceAllString(w.Body.String(), " "), " ")
	return s[:min(len(s), 4000)]
}

// letter returns the text of the newest letter to somebody.
func (a *app) letter(t testing.TB, to string) string {
	t.Helper()
	var body string
	if err := a.host.QueryRow(t.Context(), `select text from outbox where recipient = ? order by id desc limit 1`, to).Scan(&body); err != nil {
		t.Fatalf("no letter to %s: %v", to, err)
	}
	return body
}

// ask reads one number or text of a company's file.
func ask[T any](t testing.TB, a *app, company, query string, args ...any) T {
	t.Helper()
	db, done, err := a.tenants.Files.Use(t.Context(), company)
	if err != nil {
		t.Fatal(err)
	}
	defer done()
	var v T
	if err := db.QueryRow(t.Context(), query, args...).Scan(&v); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return v
}

func body(w *httptest.ResponseRecorder) string {
	b, err := io.ReadAll(w.Result().Body)
	if err != nil {
		return fmt.Sprint(err)
	}
	return string(b)
}

// clockAdd moves the app's clock forward by seconds.
func (a *app) clockAdd(t testing.TB, seconds int) {
	t.Helper()
	a.clock.(*clock.Hand).Add(time.Duration(seconds) * time.Second)
}

// lookForTests is plain English.
func lookForTests() *ui.Look { return &ui.Look{Words: ui.English, Zone: time.UTC} }

// askHost reads one number or text of the host's file.
func askHost[T any](t testing.TB, a *app, query string, args ...any) T {
	t.Helper()
	var v T
	if err := a.host.QueryRow(t.Context(), query, args...).Scan(&v); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return v
}

// reserveAndApprove orders a company whose provisioning is still to come.
func (a *app) reserveAndApprove(t testing.TB, name string) error {
	return a.host.Tx(t.Context(), func(tx *sql.Tx) error {
		id, err := a.tenants.Reserve(t.Context(), tx, tenant.Order{Name: name, Company: name, OwnerName: "Ada " + name, OwnerEmail: "ada@" + name + ".example", PasswordHash: testHash(),
			Limits: tenant.Limits{Staff: 3, Room: 1 << 20}, Until: a.clock.Now().Add(time.Hour)})
		if err != nil {
			return err
		}
		return a.tenants.Approve(t.Context(), tx, id)
	})
}
