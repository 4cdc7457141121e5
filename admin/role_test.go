package admin

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"rowhouse/admin/office"
)

// allowed says who may do what: o owner, b billing, s support, r looking only. Every act of the panel stands here; one that is missing
// fails the test.
var allowed = map[string]string{
	"POST /admin/own/password": "obsr", "POST /admin/own/factor": "obsr", "POST /admin/own/sessions/{key}/deletion": "obsr",
	"POST /admin/tokens": "obsr", "POST /admin/tokens/{id}/deletion": "obsr",
	"POST /admin/operators": "o", "POST /admin/operators/{id}": "o", "POST /admin/operators/{id}/reset": "o", "POST /admin/operators/{id}/deletion": "o",
	"POST /admin/settings/mail": "o", "POST /admin/settings/proof": "o", "POST /admin/setup/{step}": "o", "POST /admin/setup/{step}/skip": "o",
	"POST /admin/updates": "os", "POST /admin/updates/{name}": "os",
	"POST /admin/tenants": "obs", "POST /admin/tenants/bulk": "obs",
	"POST /admin/tenants/{name}/limits": "obs", "POST /admin/tenants/{name}/limits/deletion": "obs", "POST /admin/tenants/{name}/plan": "obs",
	"POST /admin/tenants/{name}/entry": "os", "POST /admin/tenants/{name}/instructions": "os", "POST /admin/tenants/{name}/backups/restoration": "os",
	"POST /admin/tenants/{name}/suspension": "obs", "POST /admin/tenants/{name}/resumption": "obs", "POST /admin/tenants/{name}/maintenance": "obs", "POST /admin/tenants/{name}/maintenance-end": "obs",
	"POST /admin/tenants/{name}/trial": "obs", "POST /admin/tenants/{name}/due": "obs", "POST /admin/tenants/{name}/credit": "ob",
	"POST /admin/tenants/{name}/cancellation": "obs", "POST /admin/tenants/{name}/continuation": "obs",
	"POST /admin/tenants/{name}/details": "obs", "POST /admin/tenants/{name}/backup": "os", "POST /admin/tenants/{name}/copy": "os", "POST /admin/tenants/{name}/name": "os",
	"POST /admin/tenants/{name}/provisioning": "obs", "POST /admin/tenants/{name}/activation": "obs", "POST /admin/tenants/{name}/restoration": "obs",
	"POST /admin/tenants/{name}/archiving": "o", "POST /admin/tenants/{name}/deletion": "o",
	"POST /admin/site": "ob", "POST /admin/names": "ob", "POST /admin/names/deletion": "ob",
	"POST /admin/gateways/{gateway}": "o", "POST /admin/events/{gateway}/{id}/replay": "o",
	"POST /admin/invoices/{id}/payments": "ob", "POST /admin/invoices/{id}/refunds": "ob", "POST /admin/invoices/{id}/promise": "ob", "POST /admin/invoices/{id}/voiding": "ob", "POST /admin/invoices/{id}/write-off": "ob",
	"POST /admin/alerts/{id}/closing": "ob", "POST /admin/letter-texts/{kind}/{language}": "ob", "POST /admin/letter-texts/{kind}/{language}/reset": "ob",
	"POST /admin/plans": "ob", "POST /admin/plans/{id}": "ob", "POST /admin/plans/{id}/position": "ob", "POST /admin/plans/{id}/prices": "ob", "POST /admin/prices/{id}/retirement": "ob",
	"POST /admin/coupons": "ob", "POST /admin/coupons/{id}/state": "ob", "POST /admin/seller": "ob", "POST /admin/taxes": "ob", "POST /admin/taxes/{country}/deletion": "ob", "POST /admin/policies/{id}": "ob",
	"POST /admin/letters/again": "os", "POST /admin/letters/{id}/again": "os", "POST /admin/letters/{id}/drop": "os", "POST /admin/jobs/{job}/run": "os", "POST /admin/backups": "os",
	"POST /admin/webhooks": "o", "POST /admin/webhooks/{id}": "o", "POST /admin/webhooks/{id}/deletion": "o", "POST /admin/webhooks/{id}/deliveries/{delivery}": "o", "POST /admin/webhooks/{id}/secret": "o",
	"POST /admin/webhooks/{id}/state": "o", "POST /admin/webhooks/{id}/test": "o",
	"POST /admin/announcements": "ob", "POST /admin/announcements/{id}": "ob", "POST /admin/announcements/{id}/deletion": "ob", "POST /admin/announcements/{id}/ending": "ob", "POST /admin/announcements/{id}/start": "ob",
	"POST /admin/invitations": "obs", "POST /admin/invitations/{id}/ending": "obs", "POST /admin/registration": "ob",
	"POST /admin/pages": "ob", "POST /admin/pages/{slug}": "ob", "POST /admin/pages/{slug}/blocks": "ob", "POST /admin/pages/{slug}/blocks/{id}": "ob", "POST /admin/pages/{slug}/blocks/{id}/deletion": "ob",
	"POST /admin/pages/{slug}/blocks/{id}/picture": "ob", "POST /admin/pages/{slug}/blocks/{id}/position": "ob", "POST /admin/pages/{slug}/blocks/{id}/visibility": "ob", "POST /admin/pages/{slug}/deletion": "ob",
	"POST /admin/pages/{slug}/draft/deletion": "ob", "POST /admin/pages/{slug}/draft/undo": "ob", "POST /admin/pages/{slug}/publication": "ob", "POST /admin/pages/{slug}/versions": "ob",
	"POST /admin/signups/{id}/approval": "obs", "POST /admin/signups/{id}/deletion": "obs", "POST /admin/signups/{id}/letter": "obs", "POST /admin/signups/{id}/refusal": "obs", "POST /admin/spam/deletion": "obs", "POST /admin/spam/{id}/deletion": "obs",
	"POST /admin/modules": "ob", "POST /admin/modules/{name}/deletion": "ob",
}

var filled = strings.NewReplacer("{name}", "acme", "{id}", "1", "{step}", "brand", "{key}", "x", "{gateway}", "stripe", "{kind}", "receipt", "{language}", "de", "{country}", "DE", "{slug}", "home")

// TestARoleDoesWhatItIsThereForAndNothingElse tries every act of the panel as each role. Who may not is told so, and nothing is written.
func TestARoleDoesWhatItIsThereForAndNothingElse(t *testing.T) {
	h := newHouse(t)
	h.byHand("acme")
	letters := map[office.Role]string{office.Owner: "o", office.Billing: "b", office.Support: "s", office.ReadOnly: "r"}
	for pattern := range h.routes() {
		path, post := strings.CutPrefix(pattern, "POST ")
		if !post {
			continue
		}
		who, known := allowed[pattern]
		if !known {
			t.Errorf("the list of rights lacks %s", pattern)
		}
		for role, letter := range letters {
			if strings.Contains(who, letter) {
				continue // what happens then is tested elsewhere
			}
			h.as(role)
			before := h.DB.Writes()
			body := ""
			if path == "/admin/tenants/bulk" {
				body = "act=suspension&tenant[]=acme"
			}
			r := httptest.NewRequest(http.MethodPost, filled.Replace(path), strings.NewReader(body))
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			if w := h.do(r); w.Code != http.StatusForbidden {
				t.Errorf("%s as %s answers %d, not 403", pattern, role, w.Code)
			}
			if h.DB.Writes() != before {
				t.Errorf("%s as %s wrote something", pattern, role)
			}
		}
	}
}

// TestWhoMayIsNotRefused holds the other half of the list: nobody is told that their role does not include what it does include.
func TestWhoMayIsNotRefused(t *testing.T) {
	h := newHouse(t)
	h.byHand("acme")
	letters := map[string]office.Role{"o": office.Owner, "b": office.Billing, "s": office.Support, "r": office.ReadOnly}
	for pattern, who := range allowed {
		if strings.Contains(pattern, "/deletion") || strings.Contains(pattern, "/operators") || strings.Contains(pattern, "/archiving") || strings.Contains(pattern, "/own/") {
			continue // they would take away what the next ones need
		}
		for _, letter := range strings.Split(who, "") {
			h.as(letters[letter])
			r := httptest.NewRequest(http.MethodPost, filled.Replace(strings.TrimPrefix(pattern, "POST ")), strings.NewReader("act=suspension"))
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			if w := h.do(r); w.Code == http.StatusForbidden && strings.Contains(w.Body.String(), "does not include this") {
				t.Errorf("%s as %s is refused", pattern, letters[letter])
			}
		}
	}
}

// TestARoleThatOnlyLooksIsShownNoActs looks at the menu of a tenant.
func TestARoleThatOnlyLooksIsShownNoActs(t *testing.T) {
	h := newHouse(t)
	h.byHand("acme")
	h.as(office.ReadOnly)
	page := h.get("/admin/tenants/acme")
	for _, path := range []string{"/suspension", "/deletion", "/entry", "/backup"} {
		if strings.Contains(page, "/admin/tenants/acme"+path+`"`) {
			t.Errorf("somebody who only looks is shown %s", path)
		}
	}
}
