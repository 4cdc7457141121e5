package main

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"rowhouse/admin"
	"rowhouse/admin/office"
	"rowhouse/data/fault"
	"rowhouse/tenant"
)

func TestHoldsCloseASiteAsFarAsTheySay(t *testing.T) {
	a := newApp(t)
	a.found(t, "acme", 0)
	ada := a.signIn(t, "acme", "ada@acme.example")
	ada.post("/admin/leads", "name", "Before")
	hold := func(level tenant.Level, reason string) {
		t.Helper()
		if err := a.tenants.Hold(t.Context(), "acme", tenant.Hold{Reason: reason, Level: level, Note: "Please call us"}, "test"); err != nil {
			t.Fatal(err)
		}
	}
	check := func(path string, get, post int) {
		t.Helper()
		if w := ada.get(path); w.Code != get {
			t.Errorf("GET %s: %d, want %d", path, w.Code, get)
		}
		before := fingerprint(t, a, "acme")
		if w := ada.post(path, "name", "Held"); w.Code != post {
			t.Errorf("POST %s: %d, want %d: %s", path, w.Code, post, text(w))
		}
		if post >= 400 && fingerprint(t, a, "acme") != before {
			t.Errorf("POST %s was refused and changed the file", path)
		}
	}
	hold(tenant.ReadOnly, "billing_soft")
	check("/admin/leads", 200, http.StatusPaymentRequired)
	if w := ada.post("/admin/leads/export"); w.Code != 200 || !strings.Contains(body(w), "Before") {
		t.Error("reading only, the export is refused:", w.Code)
	}
	if page := body(ada.get("/admin/leads")); !strings.Contains(page, "Please call us") {
		t.Error("the page does not say why it can only be read")
	}
	hold(tenant.BillingOnly, "billing_hard")
	check("/admin/leads", http.StatusSeeOther, http.StatusPaymentRequired)
	if w := ada.get("/admin/leads"); w.Header().Get("Location") != "/admin/billing" {
		t.Error("a closed CRM does not lead to where it can be opened again:", w.Header())
	}
	if w := ada.get("/admin/login"); w.Code != 200 {
		t.Error("with billing only, nobody can sign in:", w.Code)
	}
	hold(tenant.Blocked, "manual")
	check("/admin/leads", http.StatusForbidden, http.StatusForbidden)
	if w := ada.get("/admin/login"); w.Code != http.StatusForbidden || !strings.Contains(text(w), "Please call us") {
		t.Error("a closed site lets people sign in, or does not say why:", w.Code, text(w))
	}
	for _, reason := range []string{"manual", "billing_hard", "billing_soft"} {
		if err := a.tenants.Release(t.Context(), "acme", reason, "test"); err != nil {
			t.Fatal(err)
		}
	}
	check("/admin/leads", 200, http.StatusSeeOther)
}

func TestACopyIsOpenedByNothingOfTheOriginal(t *testing.T) {
	a := newApp(t)
	a.found(t, "acme", 5)
	ada := a.signIn(t, "acme", "ada@acme.example")
	a.visit(t, "acme.example.com").post("/admin/password", "email", "ada@acme.example")
	letter := a.letter(t, "ada@acme.example")
	link := strings.Fields(letter[strings.Index(letter, "/admin/password/"):])[0]
	if err := a.tenants.Copy(t.Context(), "acme", "twin", "test"); err != nil {
		t.Fatal(err)
	}
	if n := ask[int](t, a, "twin", `select count(*) from lead`); n != 5 {
		t.Errorf("the copy has %d leads", n)
	}
	other := a.visit(t, "twin.example.com")
	other.cookies = ada.cookies
	if w := other.get("/admin/leads"); w.Code == 200 {
		t.Error("a session of the original opens the copy")
	}
	if w := a.visit(t, "twin.example.com").get(link); w.Code == 200 {
		t.Error("a reset link of the original opens the copy")
	}
	if w := a.signIn(t, "twin", "ada@acme.example").get("/admin/leads"); w.Code != 200 {
		t.Error("the owner cannot work in the copy:", w.Code)
	}
	if err := a.tenants.Copy(t.Context(), "acme", "twin", "test"); !fault.Is(err, fault.Conflict) {
		t.Error("a copy onto a taken name:", err)
	}
}

func TestAFolderPutInByHandIsServedOnlyWhenAdopted(t *testing.T) {
	a := newApp(t)
	a.found(t, "acme", 3)
	if err := a.tenants.Files.Alone(t.Context(), "acme", func(folder string) error {
		return os.CopyFS(filepath.Join(a.dir, "tenants", "moved"), os.DirFS(folder))
	}); err != nil {
		t.Fatal(err)
	}
	if w := a.visit(t, "moved.example.com").get("/admin/login"); w.Code != http.StatusNotFound {
		t.Error("a folder that nobody adopted is served:", w.Code)
	}
	order := tenant.Order{Name: "moved", Company: "Moved", OwnerName: "Ada", OwnerEmail: "ada@acme.example", Until: a.clock.Now().Add(time.Hour)}
	if err := a.tenants.Adopt(t.Context(), order, "test"); err != nil {
		t.Fatal(err)
	}
	if w := a.signIn(t, "moved", "ada@acme.example").get("/admin/leads"); w.Code != 200 {
		t.Error(w.Code)
	}
	order.Name = "missing"
	if err := a.tenants.Adopt(t.Context(), order, "test"); !fault.Is(err, fault.Missing) {
		t.Error("adopting nothing:", err)
	}
	if err := os.MkdirAll(filepath.Join(a.dir, "tenants", "rubbish"), 0o700); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(a.dir, "tenants", "rubbish", "crm.db")
	if err := os.WriteFile(file, []byte("not a database"), 0o600); err != nil {
		t.Fatal(err)
	}
	order.Name = "rubbish"
	if err := a.tenants.Adopt(t.Context(), order, "test"); err == nil {
		t.Error("rubbish was adopted")
	}
	if b, err := os.ReadFile(file); err != nil || string(b) != "not a database" {
		t.Error("a refused folder is not as it was:", err)
	}
	if _, err := a.tenants.ByName(t.Context(), "rubbish"); !fault.Is(err, fault.Missing) {
		t.Error("a refused folder left a tenant:", err)
	}
}

func TestAFailedProvisioningIsRepairedBothWays(t *testing.T) {
	a := newApp(t)
	broken := errors.New("the login page is broken")
	smoke := a.tenants.CRM.Smoke
	for _, way := range []string{"again", "mark"} {
		a.tenants.CRM.Smoke = func(_ context.Context, _ string) error { return broken }
		if err := a.reserveAndApprove(t, way); err != nil {
			t.Fatal(err)
		}
		for range 6 {
			_ = a.tenants.Provision(t.Context(), way) // fails each time, as it should
			a.clockAdd(t, 3600)
		}
		if s, err := a.tenants.ByName(t.Context(), way); err != nil || s.State != tenant.ProvisionFailed {
			t.Fatalf("after the last try the tenant is %s, %v", s.State, err)
		}
		if w := a.visit(t, way+".example.com").get("/admin/login"); w.Code != http.StatusServiceUnavailable {
			t.Error("a half-made site answers", w.Code)
		}
		if err := a.tenants.MarkActive(t.Context(), way, "test", false); !fault.Is(err, fault.Conflict) {
			t.Error("marked as active although it does not answer:", err)
		}
		a.tenants.CRM.Smoke = smoke
		if way == "again" {
			if err := errors.Join(a.tenants.RunAgain(t.Context(), way, "test"), a.tenants.Resume(t.Context())); err != nil {
				t.Error(err)
			}
		} else if err := a.tenants.MarkActive(t.Context(), way, "test", false); err != nil {
			t.Error(err)
		}
		if w := a.visit(t, way+".example.com").get("/admin/login"); w.Code != 200 {
			t.Error("the repaired site answers", w.Code)
		}
	}
	if n := askHost[int](t, a, `select count(*) from outbox where key like 'welcome/%'`); n != 1 {
		t.Errorf("%d welcome letters for the one that was run again, want 1", n)
	}
}

func TestAModuleOutsideThePlanHasNoRoutesAndNoMenu(t *testing.T) {
	a := newApp(t)
	a.found(t, "acme", 0)
	ada := a.signIn(t, "acme", "ada@acme.example")
	if _, err := a.host.Exec(t.Context(), `update tenant set modules = 'lead' where name = 'acme'`); err != nil {
		t.Fatal(err)
	}
	page := body(ada.get("/admin/leads"))
	if strings.Contains(page, "/admin/customers") || strings.Contains(page, "/admin/contacts") {
		t.Error("the menu names modules outside the plan")
	}
	for _, path := range []string{"/admin/customers", "/admin/customers/new", "/admin/contacts/1"} {
		if w := ada.get(path); w.Code != http.StatusNotFound {
			t.Errorf("%s answers %d", path, w.Code)
		}
	}
	if w := ada.post("/admin/customers", "name", "X"); w.Code != http.StatusNotFound {
		t.Error("a customer can be created outside the plan:", w.Code)
	}
	if w := ada.get("/admin"); w.Code != 200 {
		t.Error("the dashboard fails without customers:", w.Code)
	}
}

// operator makes an operator as the command line does, and goes all the way in: the link, the password, the second factor.
func (a *app) operator(t testing.TB) *visitor {
	t.Helper()
	a.panel.Lenient = false
	desk, err := a.office(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	secret, err := admin.Invite(t.Context(), a.host, desk, a.clock.Now(), office.Account{Name: "Olga", Email: "olga@example.com", Role: office.Owner})
	if err != nil {
		t.Fatal(err)
	}
	olga := a.visit(t, "example.com")
	must := func(want int, w *httptest.ResponseRecorder) *httptest.ResponseRecorder {
		t.Helper()
		if w.Code != want {
			t.Fatal(w.Code, text(w))
		}
		return w
	}
	must(http.StatusSeeOther, olga.get("/admin/tenants")) // strangers are led to the door
	must(http.StatusSeeOther, olga.post("/admin/password/"+secret, "password", testPassword, "again", testPassword))
	must(http.StatusGone, olga.post("/admin/password/"+secret, "password", testPassword, "again", testPassword))
	must(http.StatusSeeOther, olga.post("/admin/login", "email", "olga@example.com", "password", testPassword))
	must(http.StatusSeeOther, olga.get("/admin/tenants")) // the password alone opens nothing
	page := body(must(http.StatusOK, olga.get("/admin/second-factor")))
	key := regexp.MustCompile(`<code class="mono ltr">([A-Z2-7]+)</code>`).FindStringSubmatch(page)[1]
	must(http.StatusUnprocessableEntity, olga.post("/admin/second-factor", "code", "000000"))
	code, err := totp.GenerateCode(key, a.clock.Now())
	if err != nil {
		t.Fatal(err)
	}
	if page := body(must(http.StatusOK, olga.post("/admin/second-factor", "code", code))); !strings.Contains(page, `<ul class="codes">`) {
		t.Error("no recovery codes are shown")
	}
	return olga
}

func TestTheHostSuspendsFromItsPanel(t *testing.T) {
	a := newApp(t)
	a.found(t, "acme", 0)
	olga := a.operator(t)
	if w := olga.get("/admin/tenants"); w.Code != 200 || !strings.Contains(body(w), "acme Ltd") {
		t.Error(w.Code)
	}
	olga.post("/admin/tenants/acme/suspension", "note", "Please call us", "level", "")
	if w := a.visit(t, "acme.example.com").get("/admin/login"); w.Code != http.StatusForbidden {
		t.Error("the suspended site answers", w.Code)
	}
	olga.post("/admin/tenants/acme/resumption")
	if w := a.visit(t, "acme.example.com").get("/admin/login"); w.Code != 200 {
		t.Error("the resumed site answers", w.Code)
	}
	if w := olga.post("/admin/tenants", "name", "fresh", "company", "Fresh", "owner", "Fay Fresh", "email", "fay@fresh.example", "plan", "1", "language", "en", "leads", "0"); w.Code != http.StatusSeeOther {
		t.Fatal(w.Code, text(w))
	}
	if err := a.tenants.Resume(t.Context()); err != nil {
		t.Fatal(err)
	}
	letter := a.letter(t, "fay@fresh.example")
	link := strings.Fields(letter[strings.Index(letter, "/admin/password/"):])[0]
	if w := a.visit(t, "fresh.example.com").post(link, "password", testPassword, "again", testPassword); w.Code != http.StatusSeeOther {
		t.Error("the owner's link to choose a password is refused:", w.Code, text(w))
	}
	a.signIn(t, "fresh", "fay@fresh.example")
	olga.post("/admin/names", "name", "evil*")
	if free, _, _, err := a.tenants.Free(t.Context(), lookForTests(), "evilcorp"); err != nil || free {
		t.Error("a blocked name is free:", free, err)
	}
	olga.post("/admin/site", "brand", "Harbour CRM")
	if !strings.Contains(body(a.visit(t, "example.com").get("/")), "Harbour CRM") {
		t.Error("the host's brand is not on the public site")
	}
	for _, path := range []string{"/admin/letters", "/admin/names", "/admin/site", "/admin/tenants/acme", "/admin/tenants/new", "/admin/tenants?state=active"} {
		if w := olga.get(path); w.Code != 200 {
			t.Errorf("%s answers %d", path, w.Code)
		}
	}
	ada := a.signIn(t, "acme", "ada@acme.example")
	ada.host = "example.com"
	if w := ada.get("/admin/tenants"); w.Code == 200 {
		t.Error("a tenant's staff get into the host's panel")
	}
}

func TestNamesThatCannotBeHad(t *testing.T) {
	a := newApp(t)
	a.found(t, "acme", 0)
	for name, free := range map[string]bool{"acme": false, "www": false, "adm1n": false, "rnail": false, "ab": false, "12345": false, "xn--acme": false, "a--b": false, "-abc": false,
		"Acme2": false, "acme_2": false, "acme2": true, "blue-bird": true, "b2b-shop": true} {
		got, why, suggestions, err := a.tenants.Free(t.Context(), lookForTests(), name)
		if err != nil || got != free || (!free && why == "") {
			t.Errorf("%q: free %v, %q, %v", name, got, why, err)
		}
		if !free && len(suggestions) != 3 {
			t.Errorf("%q: suggestions %v", name, suggestions)
		}
	}
}

func TestCommandsWorkOnAFolderOfTheirOwn(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "var")
	call := func(want int, args ...string) string {
		t.Helper()
		var out, errs strings.Builder
		if code := run(t.Context(), append(args, "--dir", dir), &out, &errs); code != want {
			t.Fatalf("rowhouse %v: exit %d\n%s%s", args, code, out.String(), errs.String())
		}
		return out.String() + errs.String()
	}
	call(0, "tenant", "create", "acme", "--company", "Acme", "--owner", "Ada Acme", "--email", "ada@acme.example", "--example-leads", "3")
	call(1, "tenant", "create", "acme", "--company", "Acme", "--owner", "Ada Acme", "--email", "ada@acme.example")
	call(2, "tenant", "create", "other")
	if out := call(0, "tenant", "list", "--json"); !strings.Contains(out, `"name": "acme"`) {
		t.Error(out)
	}
	call(0, "tenant", "suspend", "acme", "--note", "Later")
	if out := call(0, "tenant", "show", "acme"); !strings.Contains(out, "blocked") || !strings.Contains(out, "Later") {
		t.Error(out)
	}
	call(0, "tenant", "resume", "acme")
	call(1, "tenant", "resume", "acme")
	call(0, "tenant", "copy", "acme", "second")
	if out := call(0, "tenant", "verify"); strings.Count(out, "sound") != 2 {
		t.Error(out)
	}
	if out := call(0, "operator", "create", "--name", "Olga", "--email", "olga@example.com"); !strings.Contains(out, "https://example.com/admin/password/") {
		t.Error(out)
	}
	call(0, "doctor", "--json")
	if err := os.WriteFile(filepath.Join(dir, "tenants", "second", "crm.db"), []byte("rubbish"), 0o600); err != nil {
		t.Fatal(err)
	}
	if out := call(1, "tenant", "verify"); !strings.Contains(out, "DAMAGED") {
		t.Error(out)
	}
	call(1, "doctor")
}

func TestTheFirstSetUpIsDoneWithoutABrowser(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "var")
	t.Setenv("ROWHOUSE_BRAND", "Harbour CRM")
	var out, errs strings.Builder
	if code := run(t.Context(), []string{"setup", "--dir", dir, "--domain", "crm.example.org", "--bank-transfer", "IBAN XX00", "--plans", "--example", "olga@example.org"}, &out, &errs); code != 0 {
		t.Fatal(code, errs.String())
	}
	if code := run(t.Context(), []string{"setup", "--dir", dir, "--smtp", "nonsense", "--mail-from", "a@example.org"}, io.Discard, &errs); code != 1 || !strings.Contains(errs.String(), "smtp://user") {
		t.Error("a mail server that cannot be is taken")
	}
	a, err := build(t.Context(), config{dir: dir, domain: "crm.example.org", https: true})
	if err != nil {
		t.Fatal(err)
	}
	defer a.close()
	if value, source, err := a.options.Get(t.Context(), "domain"); value != "crm.example.org" || source != "panel" || err != nil {
		t.Error(value, source, err)
	}
	if brand := a.shop.Brand(t.Context()); brand != "Harbour CRM" {
		t.Error(brand)
	}
	if one, err := a.tenants.ByName(t.Context(), "sample"); err != nil || one.State != tenant.Active {
		t.Error(one.State, err)
	}
}

func TestANewOwnerIsToldAndLosingNeedsAReasonWhereTheCompanyWants(t *testing.T) {
	a := newApp(t)
	a.found(t, "acme", 0)
	people(t, a, "acme")
	ada := a.signIn(t, "acme", "ada@acme.example")
	ada.post("/admin/leads", "name", "Sigma", "owner", "11")
	if letter := a.letter(t, "p1@acme.example"); !strings.Contains(letter, "https://acme.example.com/admin/leads/1") {
		t.Error("the new owner is not told where the lead is:\n", letter)
	}
	ada.post("/admin/leads", "name", "Own", "owner", "1")
	if n := askHost[int](t, a, `select count(*) from outbox where recipient = 'ada@acme.example' and subject like '%now yours'`); n != 0 {
		t.Error("somebody gets a letter about what they did themselves")
	}
	if w := a.signIn(t, "acme", "p1@acme.example").post("/admin/leads/2/fields/name", "version", "1", "name", "x"); w.Code != http.StatusNotFound {
		t.Error("a lead of somebody else is changed:", w.Code)
	}
	ada.post("/admin/leads", "name", "Open to see", "is_public[]", "1")
	rep := a.signIn(t, "acme", "p1@acme.example")
	if w := rep.get("/admin/leads/3"); w.Code != 200 {
		t.Error("a lead that all staff see is hidden:", w.Code)
	}
	if w := rep.post("/admin/leads/3/fields/name", "version", "1", "name", "taken over"); w.Code != http.StatusForbidden {
		t.Error("a lead that all staff see is changed by all:", w.Code)
	}
	ada.post("/admin/leads/1/contact")
	if got := ask[string](t, a, "acme", `select last_contact from lead where id = 1`); got != "2026-11-22" {
		t.Errorf("after the button the last contact was %q", got)
	}
	version := func() string { return itoa(ask[int64](t, a, "acme", `select version from lead where id = 1`)) }
	lost := ask[int64](t, a, "acme", `select id from choice where list = 'lead.status' and kind = 'lost'`)
	reason := ask[int64](t, a, "acme", `select min(id) from choice where list = 'lead.lost_reason'`)
	ada.post("/admin/settings/duplicates", "email", "warn", "phone", "warn", "domain", "warn", "name", "off", "reason", "required")
	if w := ada.post("/admin/leads/1/position", "value", itoa(lost), "version", version()); w.Code != http.StatusUnprocessableEntity {
		t.Error("a lead is lost without a word:", w.Code)
	}
	ada.post("/admin/leads/1/fields/lost_reason", "version", version(), "lost_reason", itoa(reason))
	if w := ada.post("/admin/leads/1/position", "value", itoa(lost), "version", version()); w.Code != http.StatusSeeOther {
		t.Error("a lead cannot be lost with a reason:", w.Code, text(w))
	}
}

func itoa(n int64) string { return strconv.FormatInt(n, 10) }
