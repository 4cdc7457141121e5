package main

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
)

// GET acme.example.com/admin/leads, the whole way: host, tenant, file, rights, SQL, cells, frame.
func TestTheListOfLeadsIsReachedFromTheHostHeader(t *testing.T) {
	a := newApp(t)
	a.found(t, "acme", 0)
	ada := a.signIn(t, "acme", "ada@acme.example")

	w := ada.post("/admin/leads", "name", "<Ada> & co", "company", "Widgets & Co", "website", "widgets.example", "emails[]", "ada@widgets.example", "value[]", "1,250.50")
	if w.Code != http.StatusSeeOther {
		t.Fatal(w.Code, text(w))
	}
	page := body(ada.get("/admin/leads"))
	for _, want := range []string{"<h1><bdi>Leads</bdi></h1>", "&lt;Ada&gt; &amp; co", "Widgets &amp; Co", "€1,250.50", `mailto:ada@widgets.example`, "acme Ltd"} {
		if !strings.Contains(page, want) {
			t.Errorf("the list lacks %q", want)
		}
	}
	if w := ada.get("/admin/leads?sort=name&filter=" + `{"f":"status","op":"in","v":["New"]}`); w.Code != 200 || !strings.Contains(body(w), "Widgets") {
		t.Error("a filter by a status's name finds nothing:", w.Code, text(w))
	}
	if w := a.visit(t, "nobody.example.com").get("/admin/leads"); w.Code != 404 {
		t.Error("an unknown host answers", w.Code)
	}
}

// A visitor registers, proves the address, and their company is at work: the free plan stands in for the payment.
func TestFromRegistrationToTheFirstLead(t *testing.T) {
	a := newApp(t)
	v := a.visit(t, "example.com")
	if w := v.get("/prices"); w.Code != 200 || !strings.Contains(body(w), "Starter") {
		t.Fatal("the prices lack the plan:", w.Code)
	}
	a.register(t, v, "lumen", "Lumen Design", "grace@lumen.example")
	if got := ask[string](t, a, "lumen", `select value from setting where key = 'company.name'`); got != "Lumen Design" {
		t.Errorf("the company is called %q in its file", got)
	}
	welcome := a.letter(t, "grace@lumen.example")
	for _, want := range []string{"https://lumen.example.com/admin", "grace@lumen.example"} {
		if !strings.Contains(welcome, want) {
			t.Errorf("the welcome letter lacks %q:\n%s", want, welcome)
		}
	}
	if strings.Contains(welcome, testPassword) {
		t.Error("the welcome letter holds the password")
	}
	grace := a.signIn(t, "lumen", "grace@lumen.example")
	if w := grace.post("/admin/leads", "name", "First"); w.Code != http.StatusSeeOther {
		t.Error(w.Code, text(w))
	}
	var kept string
	if err := a.host.QueryRow(t.Context(), `select password_hash from tenant where name = 'lumen'`).Scan(&kept); err != nil || kept != "" {
		t.Errorf("the host keeps the owner's password hash: %q, %v", kept, err)
	}
}

var (
	hidden = regexp.MustCompile(`<input type="hidden" name="([a-z_]+)" value="([^"]*)"`)
	code   = regexp.MustCompile(`\b(\d{6})\b`)
)

// register goes through the registration as a browser without scripts does.
func (a *app) register(t *testing.T, v *visitor, name, company, email string) {
	t.Helper()
	page := body(v.get("/register?plan=starter"))
	a.clockAdd(t, 5)
	form := []string{"person", "Grace Hopper", "email", email, "company", company, "name", name, "password", testPassword, "again", testPassword, "terms", "yes"}
	form = append(form, hiddenFields(page)...)
	w := v.post("/register", form...)
	if w.Code != http.StatusSeeOther {
		t.Fatal("the form is refused:", w.Code, text(w))
	}
	at := w.Header().Get("Location")
	if w := v.get(at); w.Code != 200 || !strings.Contains(body(w), company) {
		t.Fatal("the confirmation does not show the company:", w.Code, text(w))
	}
	if w := v.post(at + "/confirmation"); w.Code != http.StatusSeeOther {
		t.Fatal(w.Code, text(w))
	}
	found := code.FindString(a.letter(t, email))
	if w := v.post(at+"/code", "code", found); w.Code != http.StatusSeeOther {
		t.Fatalf("the code %s is refused: %d %s", found, w.Code, text(w))
	}
	if err := a.tenants.Resume(t.Context()); err != nil {
		t.Fatal(err)
	}
	if w := v.get(at); !strings.Contains(body(w), "https://"+name+".example.com/admin") {
		t.Fatal("the last page does not lead to the CRM:", text(w))
	}
}

func hiddenFields(page string) []string {
	var pairs []string
	for _, m := range hidden.FindAllStringSubmatch(page, -1) {
		pairs = append(pairs, m[1], m[2])
	}
	return pairs
}
