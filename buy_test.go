package main

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"rowhouse/tenant"
)

var (
	stampIn = regexp.MustCompile(`name="stamp" value="([^"]+)"`)
	outLink = regexp.MustCompile(`href="(https://example\.com/rehearsal/[^"]+)"`)
)

// follow asks for where an answer leads.
func (v *visitor) follow(w *httptest.ResponseRecorder) *httptest.ResponseRecorder {
	v.t.Helper()
	if w.Code != http.StatusSeeOther {
		v.t.Fatalf("%d instead of a way on: %s", w.Code, text(w))
	}
	to, err := url.Parse(w.Header().Get("Location"))
	if err != nil {
		v.t.Fatal(err)
	}
	v.path = to.RequestURI()
	return v.get(v.path)
}

// checkOut registers a company for a plan with a price, up to the page on which it is paid.
func (a *app) checkOut(t testing.TB, name, plan, interval string) *visitor {
	t.Helper()
	if err := a.demoBilling(t.Context()); err != nil {
		t.Fatal(err)
	}
	v := a.visit(t, "example.com")
	stamp := stampIn.FindStringSubmatch(body(v.get("/register?plan=" + plan)))[1]
	a.clockAdd(t, 5)
	email := "ada@" + name + ".example"
	v.follow(v.post("/register", "plan", plan, "interval", interval, "stamp", stamp, "homepage", "", "company", name+" Ltd", "name", name, "person", "Ada "+name, "email", email,
		"password", testPassword, "again", testPassword, "terms", "yes", "country", "DE"))
	page := v.path
	v.follow(v.post(page + "/confirmation"))
	code := sixDigits.FindString(strings.ReplaceAll(a.letter(t, email), "\n", " "))
	w := v.follow(v.post(page+"/code", "code", code))
	v.follow(w)
	return v
}

// payAs chooses the rehearsal on a payment page and plays something there. It leaves the visitor where that leads.
func (v *visitor) payAs(play, card string) *httptest.ResponseRecorder {
	v.t.Helper()
	page := v.path
	defer func() { v.path = page }()
	leave := v.follow(v.post(v.path, "gateway", "rehearsal"))
	found := outLink.FindStringSubmatch(body(leave))
	if found == nil {
		v.t.Fatalf("no way to the payment page: %s", text(leave))
	}
	out := strings.TrimPrefix(found[1], "https://example.com")
	if w := v.get(out); w.Code != http.StatusOK {
		v.t.Fatalf("the payment page answers %d", w.Code)
	}
	return v.post(out, "play", play, "card", card, "times", "1", "delay", "0")
}

func TestProIsBoughtFromThePricesToTheOpenDoor(t *testing.T) {
	a := newApp(t)
	v := a.checkOut(t, "acme", "pro", "month")
	if got := text(v.get(v.path)); !strings.Contains(got, "Pay €34.51") || !strings.Contains(got, "Pro, monthly") || !strings.Contains(got, "VAT 19 %") {
		t.Fatal(got)
	}
	if w := v.payAs("decline", "works"); w.Code != http.StatusUnprocessableEntity || !strings.Contains(text(w), "declined") {
		t.Fatal(w.Code, text(w))
	}
	v.follow(v.follow(v.payAs("pay", "works")))
	if got := text(v.get(v.path)); !strings.Contains(got, "Paid. Your CRM is being set up") {
		t.Fatal(got)
	}
	if err := a.tenants.Resume(context.Background()); err != nil {
		t.Fatal(err)
	}
	if got := text(v.get(v.path)); !strings.Contains(got, "Thank you, it is paid") || !strings.Contains(got, "Open your CRM") {
		t.Fatal(got)
	}
	a.signIn(t, "acme", "ada@acme.example")
	x, err := a.tenants.ByName(t.Context(), "acme")
	if err != nil || x.State != tenant.Active || x.Limits.Plan != "Pro" || x.Limits.Staff != 10 {
		t.Fatalf("%+v %v", x, err)
	}
	if n := askHost[int](t, a, `select count(*) from outbox where key like 'receipt:%' or key like 'welcome/%'`); n != 2 {
		t.Errorf("%d letters", n)
	}
	if got := v.get(strings.TrimPrefix(a.billing.DocumentURL(1), "https://example.com")); got.Code != 200 || !strings.HasPrefix(body(got), "%PDF-") {
		t.Errorf("the invoice cannot be downloaded: %d", got.Code)
	}
	// The gateway says it once more, and the customer reloads the way back: nothing changes.
	if err := a.day(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := askHost[int](t, a, `select count(*) from payment`); n != 1 {
		t.Errorf("%d payments", n)
	}
}
