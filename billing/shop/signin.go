package shop

import (
	"net/http"
	"strings"

	"rowhouse/tenant"
	"rowhouse/ui"
)

type signInPage struct {
	page
	Name, Wrong, Domain string
}

var signInView = ui.Parse[signInPage](pages, ui.Auth, "signin.html")

// signIn leads to the CRM whose address somebody remembers. It does not tell whether there is one.
func (s *Shop) signIn(w http.ResponseWriter, r *http.Request) error {
	base, err := s.newPage(w, r, "Sign in")
	if err != nil {
		return err
	}
	p := signInPage{page: base, Domain: s.Tenants.Domain, Name: strings.ToLower(strings.TrimSpace(r.FormValue("name")))}
	// Browsers follow a form's redirect only to where its page's policy lets forms go.
	h := w.Header()
	h.Set("Content-Security-Policy", strings.Replace(h.Get("Content-Security-Policy"), "form-action 'self'", "form-action 'self' "+s.Tenants.URL("*"), 1))
	if p.Name == "" {
		return signInView.Show(w, r, p)
	}
	// People also paste the whole address.
	name := strings.TrimSuffix(strings.TrimPrefix(strings.TrimPrefix(p.Name, "https://"), "http://"), "/admin")
	name = strings.TrimSuffix(strings.TrimSuffix(name, "/"), "."+s.Tenants.Domain)
	if found, _ := tenant.Parse(name+"."+s.Tenants.Domain, s.Tenants.Domain); found != "" {
		return ui.Back(w, r, s.Tenants.URL(found)+"/admin")
	}
	p.Wrong = p.T("Please use the first part of the address: small letters, digits and single hyphens.")
	return signInView.ShowAs(w, r, http.StatusUnprocessableEntity, p)
}
