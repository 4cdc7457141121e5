package admin

import (
	"encoding/csv"
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"rowhouse/billing"
	"rowhouse/billing/gateway"
	"rowhouse/tenant"
)

func invoicePath(id int64) string { return fmt.Sprint("/admin/invoices/", id) }

// pages are all pages of the panel that can be seen without choosing anything, and those of one tenant.
func (h *house) pages(tenant string, invoice int64) []string {
	pages := []string{"/admin/letter-texts/receipt/de", "/admin/plans/1", "/admin/policies/1", "/admin/policies/new", "/admin/tenants/" + tenant, "/admin/tenants/" + tenant + "/plan", invoicePath(invoice)}
	for pattern := range h.routes() {
		path, ok := strings.CutPrefix(pattern, "GET ")
		if path = strings.Replace(path, "/tenants/{name}", "/tenants/"+tenant, 1); !ok || path == "/admin/invoices/ledger" || path == "/admin/tenants/export" || h.foreign(path) {
			continue // tables for spreadsheets, and what fits only elsewhere
		}
		if !strings.Contains(path, "{") {
			pages = append(pages, path)
		}
	}
	return pages
}

// foreign tells whether a page needs a file of the CRM, which these tests do without.
func (h *house) foreign(path string) bool {
	return strings.HasSuffix(path, "/staff") || strings.HasSuffix(path, "/limits") || path == "/admin/updates" || path == "/admin/setup" || path == "/admin/modules/example"
}

func TestASecretKeyIsNeverShownAgain(t *testing.T) {
	h := newHouse(t)
	bought := h.buy("acme", "Acme", "pro")
	secret, hook := "sk_test_51HverySecretKeyOfTheHost9876", "whsec_alsoVerySecretOfTheHost5432"
	h.taken("/admin/gateways/stripe", "key_secret_key", secret, "key_webhook_secret", hook, "key_old_webhook_secret", "")
	page := h.get("/admin/gateways")
	for _, want := range []string{"•••• 9876", "Test mode", "https://example.com/hooks/stripe", "checkout.session.completed"} {
		if !strings.Contains(page, want) {
			t.Errorf("the card of the gateway lacks %q", want)
		}
	}
	for _, path := range h.pages("acme", bought.Invoice.ID) {
		if page := h.get(path); strings.Contains(page, "verySecret") || strings.Contains(page, "alsoVery") {
			t.Errorf("%s shows a secret", path)
		}
	}
	if page := h.refuses("/admin/gateways/stripe", "A secret key begins with", "enabled", "1", "key_secret_key", "nonsenseVerySecret", "key_webhook_secret", hook); strings.Contains(page, "erySecret") {
		t.Error("a refused form shows a secret")
	}
	h.taken("/admin/gateways/stripe", "key_secret_key", "", "key_webhook_secret", "")
	if !strings.Contains(h.get("/admin/gateways"), "•••• 9876") {
		t.Error("an empty field has dropped the secret")
	}
}

func TestARecordedTransferPaysAndOpens(t *testing.T) {
	h := newHouse(t)
	i := h.buy("acme", "Acme", "pro").Invoice
	if page := h.get(invoicePath(i.ID)); !strings.Contains(page, i.Reference()) {
		t.Error("the invoice does not show what a transfer is found by")
	}
	h.taken(invoicePath(i.ID)+"/payments", "amount", "29,00", "on", "2026-11-01", "ref", "TX-1")
	h.provision()
	now, err := h.Billing.Invoice(t.Context(), i.ID)
	must(t, err)
	a, err := h.Tenants.ByName(t.Context(), "acme")
	must(t, err)
	s, err := h.Billing.SubscriptionOf(t.Context(), a.ID)
	must(t, err)
	if level, _ := a.Access(); now.State != billing.InvoicePaid || a.State != tenant.Active || level != tenant.FullAccess || s.State != billing.Active || s.End == 0 {
		t.Errorf("the invoice is %s, the tenant %s and %v, the subscription %s to %s", now.State, a.State, level, s.State, s.End)
	}
	if h.count(`select count(*) from audit where act = 'record payment' and actor = 'olga@example.com'`) != 1 {
		t.Error("the log does not say who recorded it")
	}
	if page := h.get("/admin/invoices?q=tx-1"); !strings.Contains(page, now.Number) {
		t.Error("the invoice is not found by the reference of the transfer")
	}
	if page := h.get("/admin/invoices?state=open"); strings.Contains(page, now.Number) {
		t.Error("a paid invoice is among the open ones")
	}
}

func TestTheSameReferenceTwiceIsRefused(t *testing.T) {
	h := newHouse(t)
	i := h.buy("acme", "Acme", "pro").Invoice
	form := []string{"amount", "10", "on", "2026-11-01", "ref", "TX-1"}
	h.taken(invoicePath(i.ID)+"/payments", form...)
	page := h.refuses(invoicePath(i.ID)+"/payments", "A payment with this reference is recorded", form...)
	if !strings.Contains(page, `value="TX-1"`) {
		t.Error("what was typed is lost")
	}
	if n := h.count(`select sum(amount) from payment`); n != 1000 {
		t.Errorf("%d is booked", n)
	}
	h.refuses(invoicePath(i.ID)+"/payments", "amount like", "amount", "ten", "on", "2026-11-01", "ref", "TX-2")
	h.refuses(invoicePath(i.ID)+"/payments", "still to come", "amount", "10", "on", "2026-12-01", "ref", "TX-2")
}

func TestAStrangerGetsNoPage(t *testing.T) {
	h := newHouse(t)
	h.buy("acme", "Acme", "pro")
	h.cookies = nil
	fill := strings.NewReplacer("{name}", "acme", "{id}", "1", "{gateway}", "stripe", "{kind}", "receipt", "{language}", "en", "{country}", "DE")
	for pattern := range h.routes() {
		method, path, _ := strings.Cut(fill.Replace(pattern), " ")
		w := h.do(httptest.NewRequest(method, path, strings.NewReader("")))
		if to := w.Header().Get("Location"); w.Code != http.StatusSeeOther || !strings.HasPrefix(to, "/admin/login") {
			t.Errorf("%s answers a stranger with %d to %s", pattern, w.Code, to)
		}
	}
}

func TestHostileCompanyNamesAreEscapedOnAllPages(t *testing.T) {
	h := newHouse(t)
	const name = `<img src=x onerror=alert(1)>"'&{{.}}`
	i := h.buy("acme", name, "pro").Invoice
	h.taken(invoicePath(i.ID)+"/payments", "amount", "1", "on", "2026-11-01", "ref", name)
	h.provision()
	must(t, h.Billing.KeepGateway(t.Context(), "stripe", gateway.Keys{"secret_key": name}, false, "x"))
	_, err := h.DB.Exec(t.Context(), `insert into event (gateway, id, type, said, state, error, due_at, received_at) values ('stripe', ?1, ?1, '{}', 'dead', ?1, 0, 1)`, name)
	must(t, err)
	_, err = h.DB.Exec(t.Context(), `insert into alert (key, kind, text, link, created_at) values ('x', ?1, ?1, 'javascript:alert(1)', 1)`, name)
	must(t, err)
	h.refuses("/admin/coupons", "A code has", "code", name, "percent", "", "amount", "", "currency", "EUR", "cycles", "1", "most", "", "starts_on", "", "ends_on", "")
	for _, path := range append(h.pages("acme", i.ID), "/admin/events?state=dead", "/admin/events/stripe/"+"%3Cimg%20src=x%20onerror=alert(1)%3E%22%27&%7B%7B.%7D%7D", "/admin/invoices?q=%3Cimg") {
		page := h.get(path)
		if strings.Contains(page, "<img src=x") || strings.Contains(page, `href="javascript:`) {
			t.Errorf("%s runs what a customer has typed", path)
		}
	}
}

func TestTheLedgerIsHarmlessForSpreadsheets(t *testing.T) {
	h := newHouse(t)
	i := h.buy("acme", `=HYPERLINK("http://x")`, "pro").Invoice
	h.taken(invoicePath(i.ID)+"/payments", "amount", "29", "on", "2026-11-01", "ref", "TX-1")
	w := h.do(httptest.NewRequest(http.MethodGet, "/admin/invoices/ledger?from=2026-11-01&to=2026-11-30", nil))
	rows, err := csv.NewReader(w.Body).ReadAll()
	must(t, err)
	if len(rows) != 3 || rows[1][1] != "invoice" || rows[1][10] != "29.00" || rows[2][1] != "payment" || rows[2][10] != "29.00" {
		t.Fatalf("the ledger is %q", rows)
	}
	for _, row := range rows {
		for _, cell := range row {
			if strings.HasPrefix(cell, "=") {
				t.Errorf("the cell %q would be run", cell)
			}
		}
	}
	if w := h.do(httptest.NewRequest(http.MethodGet, "/admin/invoices/ledger?from=2026-12-01&to=2026-12-30", nil)); strings.Count(w.Body.String(), "\n") != 1 {
		t.Error("the ledger of another month is not empty")
	}
}

func TestAnEventIsReplayedAndALetterWithAnUnknownWordIsRefused(t *testing.T) {
	h := newHouse(t)
	_, err := h.DB.Exec(t.Context(), `insert into event (gateway, id, type, said, state, tries, error, due_at, received_at) values ('rehearsal', 'ev/1', 'payment', '{}', 'dead', 6, 'broken', 0, 1)`)
	must(t, err)
	if page := h.get("/admin/events?state=dead"); !strings.Contains(page, "broken") || !strings.Contains(page, "/admin/events/rehearsal/ev%2F1/replay") {
		t.Error("the event is not in the list")
	}
	h.taken("/admin/events/rehearsal/ev%2F1/replay")
	if h.count(`select count(*) from event where state = 'new' and tries = 0`) != 1 {
		t.Error("the event is not worked on again")
	}
	page := h.refuses("/admin/letter-texts/receipt/en", "{nmae} is not known in this letter", "subject", "Hi {nmae}", "text", "Thank you for {amount}")
	if !strings.Contains(page, "Hi {nmae}") || h.count(`select count(*) from letter_text`) != 0 {
		t.Error("what was typed is lost, or was kept")
	}
	h.taken("/admin/letter-texts/receipt/en", "subject", "Thanks, {name}", "text", "For {amount}")
	if page := h.get("/admin/letter-texts"); !strings.Contains(page, "Changed") {
		t.Error("the list does not mark the letter")
	}
	if page := h.get("/admin/letter-texts/receipt/en"); !strings.Contains(page, "Thanks, Grace Hopper") {
		t.Error("there is no example")
	}
	h.post("/admin/letter-texts/receipt/en", "subject", "Test for {name}", "text", "x", "test", "1")
	if h.count(`select count(*) from outbox where recipient = 'olga@example.com' and subject = 'Test for Grace Hopper'`) != 1 || h.count(`select count(*) from letter_text where subject like 'Test%'`) != 0 {
		t.Error("the test was not sent, or was kept")
	}
	h.taken("/admin/letter-texts/receipt/en/reset")
	if h.count(`select count(*) from letter_text`) != 0 {
		t.Error("the letter is still changed")
	}
}

func TestEveryNumberOfTheFirstPageLeadsSomewhere(t *testing.T) {
	h := newHouse(t)
	i := h.buy("acme", "Acme", "pro").Invoice
	h.taken(invoicePath(i.ID)+"/payments", "amount", "29", "on", "2026-11-01", "ref", "TX-1")
	h.provision()
	page := h.get("/admin")
	if !strings.Contains(page, "€29") || !strings.Contains(page, "€348") {
		t.Error("the first page lacks what comes in a month and a year")
	}
	main := page[strings.Index(page, "<main"):]
	for _, m := range regexp.MustCompile(`href="(/admin[^"#]*)`).FindAllStringSubmatch(main, -1) {
		h.get(strings.ReplaceAll(m[1], "&amp;", "&"))
	}
}
