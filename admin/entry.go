package admin

import (
	"net/http"
	"strings"

	"rowhouse/crm/staff"
	"rowhouse/data/fault"
	"rowhouse/ui"
)

var entryPage = ui.Parse[entrySheet](files, ui.App, "entry.html", "parts.html")

// entrySheet is the link with which an operator signs in as a tenant's owner, or word that the owner was asked.
type entrySheet struct {
	ui.Frame
	Link, To string
	Owner    string
}

func (p *Panel) showEntry(w http.ResponseWriter, r *http.Request) error {
	return p.actWith(w, r, p.actOf("entry"), http.StatusOK, nil)
}

// actOf finds an act by its key.
func (p *Panel) actOf(key string) tenantAct {
	for _, a := range p.acts {
		if a.key == key {
			return a
		}
	}
	return tenantAct{}
}

// enter makes the link, if the tenant lets support in, or asks its owner.
func (p *Panel) enter(w http.ResponseWriter, r *http.Request) error {
	if err := may(r, mayEnter); err != nil {
		return err
	}
	st, err := p.standing(r)
	if err != nil {
		return err
	}
	form, err := ui.Form(w, r, "reason")
	if err != nil {
		return err
	}
	secret, err := p.askSupport(r, st, form.Get("reason"))
	if f := fault.Of(err); err != nil && f.Kind == fault.Invalid {
		return p.actWith(w, r, p.actOf("entry"), http.StatusUnprocessableEntity, &refused{"entry", form, fault.Of(about("reason", err))})
	}
	if err != nil {
		return err
	}
	act := "ask to enter"
	if secret != "" {
		act = "enter as the owner"
	}
	if err := p.audit(r, act, st.Name, strings.TrimSpace(form.Get("reason"))); err != nil {
		return err
	}
	page := entrySheet{Frame: p.below(w, r, "Log in as the owner", "Tenants", "/admin/tenants"), To: tenantsPath(st.Name), Owner: st.OwnerName}
	page.Crumbs = append(page.Crumbs, ui.Item{Label: st.Company, URL: page.To})
	if secret != "" {
		page.Link = p.Tenants.URL(st.Name) + "/admin/support/" + secret
	}
	w.Header().Set("Cache-Control", "no-store")
	return entryPage.Show(w, r, page)
}

// askSupport asks in the tenant's own file, and sends on the letter to its owner if there is one.
func (p *Panel) askSupport(r *http.Request, st standing, reason string) (secret string, err error) {
	if !st.running() {
		return "", fault.New(fault.Conflict, "%s is not running.", st.Name)
	}
	db, done, err := p.Tenants.Files.Use(r.Context(), st.Name)
	if err != nil {
		return "", err
	}
	defer done()
	house := staff.House{Name: st.Company, URL: p.Tenants.URL(st.Name)}
	secret, err = staff.AskSupport(r.Context(), db, p.Clock.Now(), ui.WordsFor(st.Language), house, actor(r), reason)
	if err == nil && p.Forward != nil {
		p.Forward(r.Context(), db, st.Name)
	}
	return secret, err
}
