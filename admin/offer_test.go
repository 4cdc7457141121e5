package admin

import (
	"strconv"
	"strings"
	"testing"

	"rowhouse/billing"
	"rowhouse/tenant"
)

// planFields are the fields of a plan that may be saved.
func planFields(more ...string) []string {
	fields := []string{"name", "Team", "slug", "team", "tagline", "", "texts", "One\nTwo", "visibility", "hidden", "policy", "1", "trial_days", "0", "staff", "limited", "staff_number", "5",
		"room", "limited", "room_number", "100", "modules[]", "lead", "records_lead", "unlimited", "records_lead_number", "", "records_customer", "off", "records_customer_number", "", "records_contact", "limited", "records_contact_number", "50"}
	for n := 0; n < len(more); n += 2 {
		for at := 0; at < len(fields); at += 2 {
			if fields[at] == more[n] {
				fields[at+1] = more[n+1]
			}
		}
	}
	return fields
}

func TestAPlanWithNegativeLimitsIsRefusedAndNothingIsHalfMade(t *testing.T) {
	h := newHouse(t)
	plans, logged := h.count(`select count(*) from plan`), h.count(`select count(*) from audit`)
	for _, field := range []string{"staff_number", "room_number", "records_contact_number"} {
		page := h.refuses("/admin/plans", "A limit cannot be below 0", planFields(field, "-1")...)
		if !strings.Contains(page, `value="Team"`) || !strings.Contains(page, `value="-1"`) {
			t.Error("what was typed is lost")
		}
	}
	h.refuses("/admin/plans", "Another plan has the address", planFields("slug", "pro")...)
	h.refuses("/admin/plans", "small letters, digits and single hyphens", planFields("slug", "Ünï/code")...)
	h.refuses("/admin/plans", "This plan has no price", planFields("visibility", "public")...)
	if h.count(`select count(*) from plan`) != plans || h.count(`select count(*) from audit`) != logged {
		t.Error("a refused plan has left something behind")
	}
}

func TestAnEditedPlanReachesItsTenants(t *testing.T) {
	h := newHouse(t)
	at := h.taken("/admin/plans", planFields()...)
	h.taken(at+"/prices", "amount", "0", "currency", "EUR", "interval", "month", "seat", "", "setup", "")
	h.taken(at, planFields("visibility", "link")...)
	h.buy("acme", "Acme", "team")
	limits := func() tenant.Limits {
		a, err := h.Tenants.ByName(t.Context(), "acme")
		must(t, err)
		return a.Limits
	}
	if l := limits(); l.Staff != 5 || l.Room != 100<<20 || l.Records["contact"] != 50 || len(l.Records) != 2 || !l.Includes("lead") || l.Includes("customer") {
		t.Fatalf("it may use %+v", l)
	}
	h.taken(at, append(planFields("visibility", "link", "staff_number", "9", "room", "unlimited"), "modules[]", "customer")...)
	if l := limits(); l.Staff != 9 || l.Room != tenant.Unlimited || !l.Includes("customer") {
		t.Errorf("after the change it may use %+v", l)
	}
	if page := h.get(at); !strings.Contains(page, "1 tenant has this plan") || !strings.Contains(page, "/prices/team") {
		t.Error("the plan does not say who has it, or where it is seen")
	}
}

func TestANewPriceNeverChangesTheOldOne(t *testing.T) {
	h := newHouse(t)
	plan, err := h.Billing.PlanBySlug(t.Context(), "pro")
	must(t, err)
	path := "/admin/plans/" + h.idOf("pro")
	h.refuses(path+"/prices", "amount like", "amount", "many", "currency", "EUR", "interval", "month", "seat", "", "setup", "")
	h.refuses(path+"/prices", "from 0 on", "amount", "-5", "currency", "EUR", "interval", "month", "seat", "", "setup", "")
	h.taken(path+"/prices", "amount", "39", "currency", "EUR", "interval", "month", "seat", "4", "setup", "", "inclusive", "1")
	now, err := h.Billing.PlanBySlug(t.Context(), "pro")
	must(t, err)
	old, _ := plan.PriceFor("month")
	next, _ := now.PriceFor("month")
	kept, err := h.Billing.PriceByID(t.Context(), old.ID)
	must(t, err)
	if next.ID == old.ID || next.Amount.Minor != 3900 || !next.Inclusive || kept.Amount.Minor != 2900 || kept.Active {
		t.Errorf("offered is %+v, before it was %+v", next, kept)
	}
}

func TestTheLastPriceOfAPlanThatIsSoldCannotBeRetired(t *testing.T) {
	h := newHouse(t)
	plan, err := h.Billing.PlanBySlug(t.Context(), "starter")
	must(t, err)
	price, _ := plan.PriceFor("month")
	h.refuses("/admin/prices/"+itoa(price.ID)+"/retirement", "This is the last price", "plan", itoa(plan.ID))
	h.taken("/admin/plans/"+itoa(plan.ID)+"/position", "up", "0")
	if all, err := h.Billing.PlanRows(t.Context()); err != nil || all[1].Slug != "starter" {
		t.Error("the plan was not moved", err)
	}
}

func (h *house) idOf(slug string) (id string) {
	h.t.Helper()
	must(h.t, h.DB.QueryRow(h.t.Context(), `select id from plan where slug = ?`, slug).Scan(&id))
	return id
}

func TestCouponsTaxesAndTheSellerAreKept(t *testing.T) {
	h := newHouse(t)
	coupon := []string{"code", "WELCOME", "percent", "12.5", "amount", "", "currency", "EUR", "cycles", "3", "most", "10", "starts_on", "", "ends_on", "2026-12-31"}
	h.taken("/admin/coupons", coupon...)
	h.refuses("/admin/coupons", "There is a coupon", coupon...)
	h.refuses("/admin/coupons", "either a share or an amount", "code", "BOTH", "percent", "5", "amount", "5", "currency", "EUR", "cycles", "1", "most", "", "starts_on", "", "ends_on", "")
	if page := h.get("/admin/coupons"); !strings.Contains(page, "12.5 %") || !strings.Contains(page, "3 invoices") {
		t.Error("the coupon is not in the list")
	}
	h.taken("/admin/coupons/1/state", "on", "0")
	h.taken("/admin/taxes", "country", "DE", "rate", "19", "name", "VAT")
	h.refuses("/admin/taxes", "between 0 and 100", "country", "DE", "rate", "190", "name", "VAT")
	if page := h.get("/admin/seller"); !strings.Contains(page, "19 %") {
		t.Error("the rate is not in the list")
	}
	seller := []string{"name", "Host Ltd", "email", "", "address", "Street 1", "country", "DE", "tax_id", "DE123456789", "bank", "", "currency", "EUR", "zone", "Europe/Berlin", "prefix", "INV", "credits", "CN", "note", ""}
	h.taken("/admin/seller", seller...)
	seller[9] = "DE1"
	if page := h.refuses("/admin/seller", "A VAT number of this country begins with DE", seller...); !strings.Contains(page, `value="DE1"`) {
		t.Error("what was typed is lost")
	}
	h.taken("/admin/taxes/DE/deletion")
	if n := h.count(`select count(*) from audit where actor = 'olga@example.com'`); n != 5 {
		t.Errorf("the log has %d acts", n)
	}
}

func TestAPolicySaysWhomItWouldCloseTonight(t *testing.T) {
	h := newHouse(t)
	i := h.buy("acme", "Acme", "pro").Invoice
	h.taken(invoicePath(i.ID)+"/payments", "amount", "29", "on", "2026-11-01", "ref", "TX-1")
	h.provision()
	for range 32 {
		h.hand.Add(24 * 3600e9)
		must(t, h.Billing.Turn(t.Context()))
	}
	h.signIn() // a session does not last that long
	form := []string{"name", "Standard", "manual", "7", "auto", "3", "retries", "1, 3", "steps", "1 remind\n2 read_only\n14 billing_only\n30 cancel", "trial", "0 read_only\n7 billing_only", "read", "0", "closing", "30, 53, 60, 90", "checkout", "14", "change", "7"}
	w := h.post("/admin/policies/1", append(form, "look", "1")...)
	if page := w.Body.String(); !strings.Contains(page, "can only be read") || !strings.Contains(page, "Acme") {
		t.Error("the preview does not name the tenant:", said(w))
	}
	p, err := h.Billing.PolicyByID(t.Context(), 1)
	must(t, err)
	if p.Steps[1].Act != billing.Remind {
		t.Error("a look has changed the policy")
	}
	h.taken("/admin/policies/1", form...)
	form[9] = "5 read_only\n3 remind"
	h.refuses("/admin/policies/1", "Each step must come later", form...)
	form[9], form[15] = "1 remind", "30, 53"
	h.refuses("/admin/policies/1", "Please enter four days", form...)
}

func itoa(n int64) string { return strconv.FormatInt(n, 10) }
