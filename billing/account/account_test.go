package account

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"fmt"
	"slices"
	"strings"
	"testing"

	"rowhouse/billing"
	"rowhouse/billing/rehearsal"
	"rowhouse/tenant"
)

func TestTheOverviewSaysWhatThereIsWhatComesAndHowItIsPaid(t *testing.T) {
	h := newHouse(t)
	h.buy("acme", rehearsal.Works)
	h.says(h.get(home), "Everything is paid until Nov 30, 2026.", "Pro", "€29 a month", "4 of 10", "0 B of 5 GB", "€29 on Dec 1, 2026", "It is charged to", "INV-2026-0001", "Paid", "Company acme", "Change the plan", "Cancel the subscription")
	h.days(28)
	h.says(h.get(home), "The invoice INV-2026-0002 over €29 is charged on Dec 1, 2026. You need not do anything.", "Open")
}

func TestTheOverviewSaysWhySomethingIsClosedAndWhatOpensIt(t *testing.T) {
	h := newHouse(t)
	h.buy("acme", rehearsal.Short)
	h.days(32)
	h.says(h.get(home), "The invoice INV-2026-0002 over €29 is 2 days late. If it stays unpaid, the CRM can only be read from Dec 8, 2026.", ">Pay<")
	h.days(6)
	h.says(h.get(home), "It can only be read since Dec 8, 2026, because the invoice INV-2026-0002 over €29 is 8 days late. If it stays unpaid, the CRM is closed on Dec 15, 2026. Paying opens everything at once.")
	h.days(7)
	h.says(h.get(home), "Closed since Dec 15, 2026, because the invoice INV-2026-0002 over €29 is 15 days late. If it stays unpaid, the subscription ends on Dec 31, 2026", "Start again")
	h.days(20)
	h.says(h.get(home), "The subscription ended on Dec 31, 2026, and the CRM is closed. Its data is kept until Mar 1, 2027", "Start again")
}

func TestARestrictionByTheProviderIsSaidInItsWords(t *testing.T) {
	h := newHouse(t)
	h.buy("acme", rehearsal.Works)
	h.must(h.Tenants.Hold(t.Context(), "acme", tenant.Hold{Reason: "manual", Level: tenant.ReadOnly, Note: "We are looking at a complaint."}, "test"))
	h.says(h.get(home), "The provider has restricted this CRM on Nov 1, 2026: We are looking at a complaint.")
}

func TestARepresentativeIsRefusedAndLearnsWhomToAskWhileItIsClosed(t *testing.T) {
	h := newHouse(t)
	h.buy("acme", rehearsal.Short)
	for _, path := range []string{home, home + "/plans", home + "/statement.pdf", home + "/cancellation"} {
		if w := h.send("acme", seller, path, nil); w.Code != 403 {
			t.Errorf("%s: %d", path, w.Code)
		}
	}
	if w := h.send("acme", seller, home+"/cancellation", map[string][]string{}); w.Code != 403 || h.sub("acme").CancelAtEnd {
		t.Errorf("a representative cancels: %d", w.Code)
	}
	h.days(45)
	w := h.send("acme", seller, home, nil)
	body := words(w.Body.String())
	h.says(body, "This CRM is closed at the moment", "Please ask Ada Ortiz to pay.")
	if w.Code != 200 || strings.Contains(body, "INV-") || strings.Contains(body, "€") {
		t.Errorf("%d: the account is shown to who has no say:\n%s", w.Code, body)
	}
	if w := h.send("acme", seller, home+"/method/deletion", map[string][]string{}); w.Code != 403 {
		t.Errorf("a representative posts while it is closed: %d", w.Code)
	}
}

func TestTwoTenantsNeverSeeEachOthersPapers(t *testing.T) {
	h := newHouse(t)
	h.buy("acme", rehearsal.Works)
	h.buy("other", rehearsal.Works)
	h.exec(h.DB, `update invoice set customer = 1 where id = 2`) // even if one customer has both
	h.exec(h.DB, `update subscription set customer = 1`)
	h.exec(h.DB, `insert into credit_note (number, invoice, net, tax, reason, created_at) values ('CN-2026-0001', 2, 100, 0, 'Sorry', 1)`)
	body := h.get(home)
	if !strings.Contains(body, "INV-2026-0001") || strings.Contains(body, "INV-2026-0002") || strings.Contains(body, "CN-2026-0001") {
		t.Errorf("papers of another tenant:\n%s", body)
	}
	for _, path := range []string{home + "/credit-notes/1", home + "/invoices/2/payment"} {
		if w := h.send("acme", owner, path, nil); w.Code != 404 {
			t.Errorf("%s: %d", path, w.Code)
		}
	}
	if w := h.send("other", owner, home+"/credit-notes/1", nil); w.Code != 200 || !strings.HasPrefix(w.Body.String(), "%PDF-") || w.Header().Get("Content-Disposition") != `attachment; filename="CN-2026-0001.pdf"` {
		t.Errorf("its own credit note: %d %v", w.Code, w.Header())
	}
	if w := h.send("acme", owner, home+"/statement.pdf", nil); w.Code != 200 || w.Header().Get("Content-Type") != "application/pdf" {
		t.Errorf("statement: %d", w.Code)
	}
	entries, err := h.Entries(t.Context(), 1, h.sub("acme").ID)
	h.must(err)
	for _, e := range entries {
		if e.Ref != "INV-2026-0001" {
			t.Errorf("the statement has %+v", e)
		}
	}
}

func TestATenantWithoutASubscriptionSeesACalmPage(t *testing.T) {
	h := newHouse(t)
	h.open("acme")
	h.says(h.get(home), "The plan of this CRM is arranged with its provider. There is nothing to pay here.", "Members of staff", "4 of 10")
	for _, path := range []string{"/plans", "/details", "/cancellation", "/statement.pdf"} {
		if w := h.send("acme", owner, home+path, nil); w.Code != 404 {
			t.Errorf("%s: %d", path, w.Code)
		}
	}
}

func TestBillingDetailsKeepWhatWasTypedUntilTheyAreRight(t *testing.T) {
	h := newHouse(t)
	h.buy("acme", rehearsal.Works)
	body := h.post(home+"/details", 422, "company", "New <Ltd>", "name", "Ada", "address", "1 Pier", "country", "DE", "tax_id", "DE12", "language", "de")
	h.says(body, `value="New &lt;Ltd&gt;"`, `value="DE12"`, "A VAT number of this country begins with DE", "Please check the marked fields.")
	h.post(home+"/details", 303, "company", "New <Ltd>", "name", "Ada", "address", "1 Pier", "country", "DE", "tax_id", "de 123456789", "language", "de")
	c, err := h.CustomerByID(t.Context(), h.sub("acme").Customer)
	h.must(err)
	if c.Company != "New <Ltd>" || c.TaxID != "DE123456789" || c.Language != "de" || c.Email != "acme@example.org" {
		t.Errorf("%+v", c)
	}
	h.post(home+"/details", 422, "email", "thief@example.org")
}

func TestHostileNamesAreEscaped(t *testing.T) {
	h := newHouse(t)
	s := h.buy("acme", rehearsal.Works)
	const evil = `"><script>alert(1)</script>`
	h.exec(h.DB, `update customer set company = ?1, name = ?1, address = ?1`, evil)
	h.exec(h.DB, `update method set label = ?`, evil)
	h.exec(h.DB, `update line set text = ?`, evil)
	h.exec(h.DB, `update plan set name = ?1, tagline = ?1, texts = ?1 where slug = 'pro'`, evil)
	h.exec(h.files["acme"], `update staff set first = ?, email = id || '<script>alert(1)</script>@example.com' where id > 1`, evil)
	for _, path := range []string{"", "/details", "/plans", "/staff", "/cancellation", "/method", fmt.Sprintf("/plan?plan=%d&price=%d&seats=2", s.Plan, s.Price)} {
		if w := h.send("acme", owner, home+path, nil); w.Code != 200 || strings.Contains(w.Body.String(), "<script>alert") {
			t.Errorf("%s: %d, or a script", path, w.Code)
		}
	}
}

func TestAMethodIsReplacedAndRemoved(t *testing.T) {
	h := newHouse(t)
	h.buy("acme", rehearsal.Works)
	h.says(h.get(home+"/method"), "Rehearsal")
	h.post(home+"/method", 422, "gateway", "offline")
	if to := h.post(home+"/method", 303, "gateway", rehearsal.Name); to != home+"/method/page" {
		t.Fatalf("it leads to %s", to)
	}
	w := h.send("acme", owner, home+"/method/page", nil)
	if refresh := w.Header().Get("Refresh"); !strings.HasPrefix(refresh, "1; url=https://example.com/") || !strings.Contains(w.Body.String(), "Continue to the payment page") {
		t.Errorf("%q", refresh)
	}
	h.post(home+"/method/deletion", 303)
	if m, err := h.MethodOf(t.Context(), h.sub("acme")); err != nil || m.Usable {
		t.Errorf("%+v %v", m, err)
	}
	h.says(h.get(home), "Nothing is saved. You pay each invoice by hand, by its link.", "Save a way to pay")
	h.post(home+"/method/deletion", 404)
}

func TestWhatHasEndedStartsAgain(t *testing.T) {
	h := newHouse(t)
	s := h.buy("acme", rehearsal.Works)
	h.post(home+"/start", 422, "plan", fmt.Sprint(s.Plan), "price", fmt.Sprint(s.Price), "seats", "0", "gateway", rehearsal.Name)
	h.post(home+"/cancellation", 303, "reason", "price", "words", "")
	h.days(31)
	if h.sub("acme").State != billing.Canceled {
		t.Fatalf("%+v", h.sub("acme"))
	}
	h.says(h.get(home+"/start"), "The first period begins on the day on which you pay", "Starter", "Choose")
	h.says(h.get(home+fmt.Sprintf("/start?plan=%d&price=%d&seats=0", s.Plan, s.Price)), "Pro, €29 a month", "Bank transfer")
	to := h.post(home+"/start", 303, "plan", fmt.Sprint(s.Plan), "price", fmt.Sprint(s.Price), "seats", "0", "gateway", rehearsal.Name)
	h.says(h.get(to), "€29 are to be paid.", "Continue to the payment page", "https://example.com/pay/")
	open, err := h.InvoicesOf(t.Context(), s.ID, 1)
	h.must(err)
	h.play(open[0].ID, rehearsal.Works)
	if s = h.sub("acme"); s.State != billing.Active || s.Start.String() != "2026-12-02" {
		t.Errorf("%+v", s)
	}
}

func TestTheDataCanBeTakenAlongWhileTheCRMIsClosed(t *testing.T) {
	h := newHouse(t)
	h.buy("acme", rehearsal.Short)
	h.exec(h.files["acme"], `insert into choice (id, list, label, hue, kind, position, main) values (1, 'lead.status', 'New', 7, 'open', 1, 1)`)
	h.exec(h.files["acme"], `insert into lead (name, status, created_at, updated_at) values ('=1+1', 1, 0, 0)`)
	h.days(46)
	if h.site("acme").Access != tenant.BillingOnly {
		t.Fatal("the CRM is open")
	}
	w := h.send("acme", owner, home+"/export.zip", nil)
	pack, err := zip.NewReader(bytes.NewReader(w.Body.Bytes()), int64(w.Body.Len()))
	h.must(err)
	var names []string
	for _, f := range pack.File {
		names = append(names, f.Name)
	}
	if !slices.Equal(names, []string{"leads.csv", "customers.csv", "contacts.csv"}) {
		t.Fatalf("%q", names)
	}
	file, err := pack.File[0].Open()
	h.must(err)
	rows, err := csv.NewReader(file).ReadAll()
	h.must(err)
	if len(rows) != 2 || !slices.Contains(rows[1], "'=1+1") {
		t.Errorf("%q", rows)
	}
}

func TestWhatTheProviderHasClosedIsNotSaidToOpenByPaying(t *testing.T) {
	h := newHouse(t)
	h.buy("acme", rehearsal.Works)
	h.must(h.Tenants.Hold(t.Context(), "acme", tenant.Hold{Reason: "manual", Level: tenant.BillingOnly}, "test"))
	h.says(h.get(home), "The provider has restricted this CRM on Nov 1, 2026. Please ask there what to do.")
	h.says(words(h.send("acme", seller, home, nil).Body.String()), "The provider has closed it.")
}
