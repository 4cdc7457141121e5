package crm

import (
	"net/http"
	"strings"

	"rowhouse/crm/staff"
	"rowhouse/data/fault"
	"rowhouse/tenant"
	"rowhouse/ui"
	"rowhouse/ui/session"
)

// enterSupport lets an operator of the provider in who comes with a link of the panel.
func (c *CRM) enterSupport(w http.ResponseWriter, r *http.Request) error {
	w.Header().Set("Referrer-Policy", "no-referrer") // the address holds the secret
	if err := staff.EnterSupport(r.Context(), tenant.Of(r).DB, c.Cookies, w, r, c.Clock.Now(), r.PathValue("secret")); err != nil {
		return err
	}
	return ui.Back(w, r, "/admin")
}

// personal is what nobody does in somebody else's name: what opens the door again later, and what costs money.
var personal = []string{"/admin/profile", "/admin/billing", "/admin/staff", "/admin/settings/roles", "/admin/settings/support"}

// checkGuest refuses what a guest may not do. Pages may be looked at, but none that shows a secret.
func (c *CRM) checkGuest(r *http.Request, s session.Session) error {
	if s.Guest != "" && c.MayVisit != nil {
		if ok, err := c.MayVisit(r.Context(), s.Guest); err != nil || !ok {
			return fault.Because(err, fault.SignIn, "Please sign in.")
		}
	}
	if s.Guest == "" || r.Method == http.MethodGet && !strings.HasPrefix(r.URL.Path, "/admin/profile/second-factor") {
		return nil
	}
	for _, root := range personal {
		if r.URL.Path == root || strings.HasPrefix(r.URL.Path, root+"/") {
			return fault.New(fault.Denied, "Support cannot do this in your customer's name: passwords, people, rights and payments are theirs alone.")
		}
	}
	return nil
}
