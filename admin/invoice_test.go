package admin

import (
	"strings"
	"testing"
	"time"

	"rowhouse/billing"
	"rowhouse/tenant"
)

func TestAnInvoiceIsWaitedForTakenBackAndWrittenOff(t *testing.T) {
	h := newHouse(t)
	i := h.buy("acme", "Acme", "pro").Invoice
	h.taken(invoicePath(i.ID)+"/payments", "amount", "29", "on", "2026-11-01", "ref", "TX-1")
	h.provision()
	for range 48 { // a month, and the renewal is late enough to close the CRM
		h.hand.Add(24 * time.Hour)
		must(t, h.Billing.Turn(t.Context()))
	}
	h.signIn() // a session does not last that long
	renewal := h.count(`select id from invoice where kind = 'renewal'`)
	closed := func() bool {
		a, err := h.Tenants.ByName(t.Context(), "acme")
		must(t, err)
		level, _ := a.Access()
		return level != tenant.FullAccess
	}
	if !closed() {
		t.Fatal("nothing is closed after 18 days")
	}
	h.refuses(invoicePath(renewal)+"/promise", "from today on", "until", "2020-01-01", "reason", "")
	h.taken(invoicePath(renewal)+"/promise", "until", h.hand.Now().Add(5*24*time.Hour).Format(time.DateOnly), "reason", "she called")
	if closed() {
		t.Error("it is closed although the host waits")
	}
	must(t, h.Billing.Turn(t.Context()))
	red, err := h.Billing.Audit(t.Context())
	must(t, err)
	if closed() || len(red) > 0 {
		t.Error("after a turn it is closed again, or an audit is red:", red)
	}
	h.refuses(invoicePath(renewal)+"/voiding", "Please say why", "reason", " ")
	h.taken(invoicePath(renewal)+"/write-off", "reason", "moved away")
	if n := h.count(`select count(*) from subscription where state = 'canceled'`); n != 1 {
		t.Error("a subscription goes on whose invoice was written off")
	}
	h.refuses(invoicePath(renewal)+"/voiding", "not open any more", "reason", "again")
}

func TestParkedPaymentsAndDisputesAreSeen(t *testing.T) {
	h := newHouse(t)
	i := h.buy("acme", "Acme", "pro").Invoice
	h.taken(invoicePath(i.ID)+"/payments", "amount", "29", "on", "2026-11-01", "ref", "TX-1")
	for _, query := range []string{`insert into payment (invoice, gateway, ref, amount, currency, parked, at) values (1, 'stripe', 'pi_1', 3300, 'USD', 1, 1)`,
		`insert into dispute (gateway, ref, payment, amount, state, created_at) values ('stripe', 'dp_1', 1, 2900, 'pending', 1)`} {
		_, err := h.DB.Exec(t.Context(), query)
		must(t, err)
	}
	page := h.get(invoicePath(i.ID))
	for _, want := range []string{"$33 arrived in another currency", "takes €29 back (dp_1)", "Parked"} {
		if !strings.Contains(page, want) {
			t.Errorf("the invoice does not say %q", want)
		}
	}
	if page := h.get("/admin/invoices?state=attention"); !strings.Contains(page, invoicePath(i.ID)) {
		t.Error("the invoice is not among those that need the host")
	}
	h.refuses(invoicePath(i.ID)+"/refunds", "would pay it back twice", "payment", "1", "amount", "5", "reason", "sorry")
}

func TestALateInvoiceThatIsTakenBackOpensTheCRM(t *testing.T) {
	h := newHouse(t)
	i := h.buy("acme", "Acme", "pro").Invoice
	h.taken(invoicePath(i.ID)+"/payments", "amount", "29", "on", "2026-11-01", "ref", "TX-1")
	h.provision()
	for range 40 {
		h.hand.Add(24 * time.Hour)
		must(t, h.Billing.Turn(t.Context()))
	}
	h.signIn() // a session does not last that long
	h.taken(invoicePath(2)+"/voiding", "reason", "wrong address")
	a, err := h.Tenants.ByName(t.Context(), "acme")
	must(t, err)
	if level, _ := a.Access(); level != tenant.FullAccess || h.count(`select count(*) from credit_note where reason = 'wrong address'`) != 1 {
		t.Error("it is still closed, or there is no credit note:", level)
	}
	must(t, h.Billing.Turn(t.Context()))
	if h.count(`select count(*) from invoice where kind = 'renewal' and state = 'open'`) != 1 {
		t.Error("the period is not invoiced anew")
	}
}

func TestARefundAboveThePaymentIsRefused(t *testing.T) {
	h := newHouse(t)
	i := h.buy("acme", "Acme", "pro").Invoice
	h.taken(invoicePath(i.ID)+"/payments", "amount", "29", "on", "2026-11-01", "ref", "TX-1")
	h.refuses(invoicePath(i.ID)+"/refunds", "At most 29.00 EUR", "payment", "1", "amount", "29.01", "reason", "sorry")
	h.refuses(invoicePath(i.ID)+"/refunds", "Please choose a payment of this invoice", "payment", "77", "amount", "1", "reason", "sorry")
	if h.count(`select count(*) from refund`) != 0 {
		t.Error("a refused refund was noted")
	}
	h.provision()
	h.taken(invoicePath(i.ID)+"/refunds", "payment", "1", "amount", "29", "reason", "sorry", "end", "1")
	page := h.get(invoicePath(i.ID))
	if !strings.Contains(page, "CN-2026-0001") || !strings.Contains(page, "sorry") {
		t.Error("the invoice does not show its credit note")
	}
	a, err := h.Tenants.ByName(t.Context(), "acme")
	must(t, err)
	s, err := h.Billing.SubscriptionOf(t.Context(), a.ID)
	must(t, err)
	if level, _ := a.Access(); s.State != billing.Canceled || level != tenant.BillingOnly {
		t.Errorf("access goes on: %s, %v", s.State, level)
	}
}
