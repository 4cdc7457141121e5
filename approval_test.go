package main

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"rowhouse/tenant"
)

func TestAPaidPlanIsPaidOnlyAfterItsApproval(t *testing.T) {
	a := newApp(t)
	olga := a.operator(t)
	if w := olga.post("/admin/registration", "mode", "approval"); w.Code != http.StatusSeeOther {
		t.Fatal(w.Code, text(w))
	}
	if err := a.demoBilling(t.Context()); err != nil {
		t.Fatal(err)
	}
	v := a.visit(t, "example.com")
	stamp := stampIn.FindStringSubmatch(body(v.get("/register?plan=pro")))[1]
	a.clockAdd(t, 5)
	v.follow(v.post("/register", "plan", "pro", "interval", "month", "stamp", stamp, "homepage", "", "company", "Acme Ltd", "name", "acme", "person", "Ada Acme", "email", "ada@acme.example",
		"password", testPassword, "again", testPassword, "terms", "yes", "country", "DE"))
	page := v.path
	v.follow(v.post(page + "/confirmation"))
	code := sixDigits.FindString(strings.ReplaceAll(a.letter(t, "ada@acme.example"), "\n", " "))
	if w := v.follow(v.post(page+"/code", "code", code)); !strings.Contains(text(w), "We look at it and write to you") {
		t.Fatal(text(w))
	}
	if n := askHost[int](t, a, `select (select count(*) from subscription) + (select count(*) from invoice)`); n != 0 {
		t.Fatalf("%d orders before the approval", n)
	}
	if got := text(olga.get("/admin/signups")); !strings.Contains(got, "Acme Ltd") || !strings.Contains(got, "Approve") {
		t.Fatal(got)
	}
	olga.post("/admin/signups/1/approval")
	letter := a.letter(t, "ada@acme.example")
	at := strings.Index(letter, "https://example.com/register/")
	if at < 0 {
		t.Fatal(letter)
	}
	v.follow(v.get(strings.TrimPrefix(strings.Fields(letter[at:])[0], "https://example.com")))
	if got := text(v.get(v.path)); !strings.Contains(got, "Pay €34.51") {
		t.Fatal(got)
	}
	v.follow(v.follow(v.payAs("pay", "works")))
	if err := a.tenants.Resume(context.Background()); err != nil {
		t.Fatal(err)
	}
	a.signIn(t, "acme", "ada@acme.example")
	if x, err := a.tenants.ByName(t.Context(), "acme"); err != nil || x.State != tenant.Active || x.Limits.Plan != "Pro" {
		t.Fatalf("%+v %v", x, err)
	}
}

func TestStaffReadAnAnnouncementAndHideItForThemselves(t *testing.T) {
	a := newApp(t)
	a.found(t, "acme", 0)
	a.found(t, "widgets", 0)
	olga := a.operator(t)
	w := olga.post("/admin/announcements", "kind", "bad", "text_en", "Work on **Sunday**, [read more](https://status.example.org) <script>", "dismissible", "1", "link", "/admin/billing", "button_en", "Your plan")
	olga.post(w.Header().Get("Location") + "/start")
	ada, wanda := a.signIn(t, "acme", "ada@acme.example"), a.signIn(t, "widgets", "ada@widgets.example")
	page := body(ada.get("/admin/leads"))
	for _, want := range []string{`class="banner bad"`, "<b>Sunday</b>", `<a href="https://status.example.org">read more</a>`, "&lt;script&gt;", `<a href="/admin/billing">Your plan</a>`, `action="/admin/notices/announcement-1/dismissal"`} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	if w := ada.post("/admin/notices/announcement-1/dismissal", "back", "//evil.example"); w.Header().Get("Location") != "/admin" {
		t.Error("hiding it leads to", w.Header().Get("Location"))
	}
	if strings.Contains(body(ada.get("/admin/leads")), "Sunday") {
		t.Error("it is still there")
	}
	if !strings.Contains(body(wanda.get("/admin/leads")), "Sunday") {
		t.Error("one person's hiding hid it from another company")
	}
	for range 3 {
		ada.post("/admin/notices/made-up/dismissal", "back", "/admin")
	}
	if n := ask[int](t, a, "acme", `select count(*) from dismissed`); n != 1 {
		t.Errorf("%d rows", n)
	}
	if err := a.tenants.Hold(t.Context(), "widgets", tenant.Hold{Reason: tenant.Manual, Level: tenant.ReadOnly}, "test"); err != nil {
		t.Fatal(err)
	}
	if w := wanda.post("/admin/notices/announcement-1/dismissal", "back", "/admin/leads"); w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/admin/leads" {
		t.Error("it cannot be hidden where a CRM can only be read:", w.Code)
	}
}
