package admin

import (
	"strings"
	"testing"

	"rowhouse/billing"
)

func TestATenantMadeByHandIsGivenAPlan(t *testing.T) {
	h := newHouse(t)
	h.byHand("acme")
	if page := h.get("/admin/tenants/acme"); !strings.Contains(page, "This tenant has no subscription") {
		t.Error("the page does not say that there is no subscription")
	}
	pro, err := h.Billing.PlanBySlug(t.Context(), "pro")
	must(t, err)
	month, _ := pro.PriceFor("month")
	free, paid := h.idOf("pro")+"/0", h.idOf("pro")+"/"+itoa(month.ID)
	h.taken("/admin/tenants/acme/plan", "offer", free, "seats", "2", "how", "now", "total", "0")
	a, err := h.Tenants.ByName(t.Context(), "acme")
	must(t, err)
	s, err := h.Billing.SubscriptionOf(t.Context(), a.ID)
	must(t, err)
	if s.State != billing.Active || s.Price != 0 || s.End != 0 || a.Limits.Staff != 12 {
		t.Errorf("the subscription is %s at %d to %s, for %d people", s.State, s.Price, s.End, a.Limits.Staff)
	}
	if page := h.get("/admin/tenants/acme"); !strings.Contains(page, "It is free of charge, without an end.") {
		t.Error("the page does not explain the subscription")
	}
	if page := h.get("/admin/tenants/acme/plan?offer=" + paid + "&seats=0&how=now"); !strings.Contains(page, "€29") {
		t.Error("the preview does not say what it costs")
	}
	h.refuses("/admin/tenants/acme/plan", "The amount has changed", "offer", paid, "seats", "0", "how", "now", "total", "1")
	to := h.taken("/admin/tenants/acme/plan", "offer", paid, "seats", "0", "how", "now", "total", "2900")
	if !strings.HasPrefix(to, "/admin/invoices/") {
		t.Fatal("it leads to", to)
	}
	h.taken(to+"/payments", "amount", "29", "on", "2026-11-01", "ref", "TX-1")
	if s, err = h.Billing.SubscriptionOf(t.Context(), a.ID); err != nil || s.Price != month.ID || s.End == 0 {
		t.Errorf("after the payment the price is %d to %s", s.Price, s.End)
	}
	h.actOnRunning(t, s)
}

// actOnRunning does what a host does to a subscription that runs.
func (h *house) actOnRunning(t *testing.T, s billing.Subscription) {
	t.Helper()
	h.refuses("/admin/tenants/acme/trial", "There is no trial to extend", "days", "5")
	credit := []string{"key", "form-key-of-one-form", "amount", "5", "currency", "EUR", "reason", "sorry"}
	h.taken("/admin/tenants/acme/credit", credit...)
	h.taken("/admin/tenants/acme/credit", credit...)
	if n := h.count(`select sum(amount) from balance`); n != 500 {
		t.Errorf("the same form twice has granted %d", n)
	}
	h.taken("/admin/tenants/acme/cancellation", "when", "end", "reason", "")
	if page := h.get("/admin/tenants/acme"); !strings.Contains(page, "It was cancelled and ends on") {
		t.Error("the page does not say that it ends")
	}
	h.taken("/admin/tenants/acme/continuation")
	h.taken("/admin/tenants/acme/cancellation", "when", "now", "reason", "fraud")
	h.refuses("/admin/tenants/acme/cancellation", "has ended already", "when", "now", "reason", "")
	red, err := h.Billing.Audit(t.Context())
	must(t, err)
	for _, r := range red {
		t.Errorf("red: %s: %s", r.Name, r.Text)
	}
}

func TestATrialIsExtended(t *testing.T) {
	h := newHouse(t)
	_, err := h.DB.Exec(t.Context(), `update plan set trial_days = 14 where slug = 'pro'`)
	must(t, err)
	h.buy("acme", "Acme", "pro")
	h.taken("/admin/tenants/acme/trial", "days", "10")
	a, err := h.Tenants.ByName(t.Context(), "acme")
	must(t, err)
	s, err := h.Billing.SubscriptionOf(t.Context(), a.ID)
	must(t, err)
	if s.State != billing.Trialing || s.TrialEnd.String() != "2026-11-25" {
		t.Errorf("it is %s until %s", s.State, s.TrialEnd)
	}
	h.refuses("/admin/tenants/acme/trial", "1 to 366 days", "days", "0")
}

func TestTheHostDecidesWhenAPlanCounts(t *testing.T) {
	h := newHouse(t)
	hidden := h.taken("/admin/plans", planFields()...)
	h.taken(hidden+"/prices", "amount", "9", "currency", "EUR", "interval", "month", "seat", "", "setup", "")
	i := h.buy("acme", "Acme", "pro").Invoice
	h.taken(invoicePath(i.ID)+"/payments", "amount", "29", "on", "2026-11-01", "ref", "TX-1")
	h.provision()
	var price int64
	must(t, h.DB.QueryRow(t.Context(), `select id from price where amount = 900`).Scan(&price))
	offer := h.idOf("team") + "/" + itoa(price)
	if page := h.get("/admin/tenants/acme/plan?offer=" + offer + "&seats=0&how=renewal"); !strings.Contains(page, "It counts from Dec 1 on") {
		t.Error("the preview does not say from when it counts")
	}
	h.taken("/admin/tenants/acme/plan", "offer", offer, "seats", "0", "how", "renewal", "total", "0")
	if page := h.get("/admin/tenants/acme"); !strings.Contains(page, "changes to Team then") {
		t.Error("the page does not say what comes")
	}
	h.taken("/admin/tenants/acme/plan", "offer", offer, "seats", "0", "how", "now", "total", "0")
	a, err := h.Tenants.ByName(t.Context(), "acme")
	must(t, err)
	if a.Limits.Plan != "Team" || h.count(`select sum(amount) from balance`) != 2000 {
		t.Errorf("it has %s, and %d to the good", a.Limits.Plan, h.count(`select coalesce(sum(amount), 0) from balance`))
	}
	h.refuses("/admin/tenants/acme/plan", "no further seats", "offer", offer, "seats", "3", "how", "now", "total", "0")
	h.refuses("/admin/tenants/acme/plan", "Please choose a plan", "offer", "x", "seats", "0", "how", "now", "total", "0")
}
