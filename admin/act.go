package admin

import (
	"database/sql"
	"net/http"
	"net/url"
	"slices"

	"rowhouse/data/fault"
	"rowhouse/ui"
)

var actPage = ui.Parse[actSheet](files, ui.App, "act.html", "parts.html")

// tenantAct is something that the host can do with a tenant: a line of its menu, and a form.
type tenantAct struct {
	key         string // the noun of its address, and the form's name
	right       right
	Icon        string
	Label, Hint string // of the menu and the form, in English
	button      string // in English
	Danger      bool   // it cannot be taken back, or hurts
	Rule        bool   // a line is drawn above it in the menu
	Page        string // it has a page of its own at this noun, with a handler of its own
	fits        func(standing) bool
	inputs      func(*Panel, *http.Request, *ui.Look, standing) []input
	names       []string // further fields that the form may have
	do          func(*Panel, *http.Request, standing, url.Values) (said, to string, err error)

	To   string // its address, in a menu
	Once bool   // it needs no form
	Own  bool   // it leads to a page, not to a dialog
}

// menuLines is a tenant's menu as it is drawn.
type menuLines struct {
	*ui.Look
	Acts []tenantAct
}

// actSheet is the page of an act; shown in a dialog where scripts run.
type actSheet struct {
	ui.Frame
	Tenant standing
	Form   box
	To     string
	Menu   menuLines
}

// tenantActs are all of them, in the order of the menu.
func (p *Panel) tenantActs() []tenantAct {
	return slices.Concat(p.accessActs(), p.subscriptionActs(), p.houseActs(), p.lifeActs())
}

// menuOf are the acts that fit where a tenant stands and that the operator may do.
func (p *Panel) menuOf(r *http.Request, st standing) menuLines {
	list := menuLines{Look: ui.LookOf(r)}
	for _, a := range p.acts {
		if a.fits(st) && may(r, a.right) == nil {
			a.To, a.Once = tenantsPath(st.Name, a.key), a.inputs == nil && a.Page == ""
			a.Own = a.Page == "backups" || a.Page == "instructions"
			list.Acts = append(list.Acts, a)
		}
	}
	return list
}

// menu is a tenant's menu alone: the list asks for it when it is opened.
func (p *Panel) menu(w http.ResponseWriter, r *http.Request) error {
	st, err := p.standing(r)
	if err != nil {
		return err
	}
	page := actSheet{Frame: ui.NewFrame(r, st.Company), Tenant: st, To: p.Tenants.URL(st.Name) + "/admin", Menu: p.menuOf(r, st)}
	return actPage.Part(w, "menu", http.StatusOK, page)
}

// actRoutes are the page and the form of each act.
func (p *Panel) actRoutes() map[string]ui.Handler {
	routes := map[string]ui.Handler{}
	for _, a := range p.acts {
		if a.Page != "" {
			continue
		}
		routes["GET /admin/tenants/{name}/"+a.key] = func(w http.ResponseWriter, r *http.Request) error { return p.actWith(w, r, a, http.StatusOK, nil) }
		routes["POST /admin/tenants/{name}/"+a.key] = func(w http.ResponseWriter, r *http.Request) error { return p.doAct(w, r, a) }
	}
	return routes
}

// actWith shows an act's form.
func (p *Panel) actWith(w http.ResponseWriter, r *http.Request, a tenantAct, status int, bad *refused) error {
	if err := may(r, a.right); err != nil {
		return err
	}
	st, err := p.standing(r)
	if err != nil {
		return err
	}
	page := actSheet{Frame: p.below(w, r, a.Label, "Tenants", "/admin/tenants"), Tenant: st, To: tenantsPath(st.Name)}
	page.Crumbs = append(page.Crumbs, ui.Item{Label: st.Company, URL: page.To})
	page.Form = a.form(p, r, page.Look, st).again(bad)
	return actPage.ShowAs(w, r, status, page)
}

// form is the form of an act for a tenant.
func (a tenantAct) form(p *Panel, r *http.Request, look *ui.Look, st standing) box {
	b := box{Look: look, ID: a.key, Action: tenantsPath(st.Name, a.key), Label: a.Label, Hint: a.Hint, Button: look.T(a.button), Danger: a.Danger, Answers: a.key == "entry"}
	if a.inputs != nil {
		b.Inputs = a.inputs(p, r, look, st)
	}
	return b
}

// doAct does what a form asks for.
func (p *Panel) doAct(w http.ResponseWriter, r *http.Request, a tenantAct) error {
	st, err := p.standing(r)
	if err != nil {
		return err
	}
	look := ui.LookOf(r)
	names := append(a.form(p, r, look, st).names(), a.names...)
	return p.take(w, r, post{right: a.right, form: a.key, names: names,
		page: func(w http.ResponseWriter, r *http.Request, status int, bad *refused) error {
			return p.actWith(w, r, a, status, bad)
		},
		act: func(form url.Values) (string, string, error) {
			said, to, err := a.do(p, r, st, form)
			if to == "" {
				to = tenantsPath(st.Name)
			}
			return look.T(said), to, err
		}})
}

// typed refuses an act that hurts until the tenant's address was typed.
func typed(st standing, form url.Values) error {
	if form.Get("name") != st.Name {
		return about("name", fault.New(fault.Invalid, "Please type the address %q to confirm.", st.Name))
	}
	return nil
}

// confirm is the field in which the address is typed.
func confirm(look *ui.Look, st standing) input {
	return input{Name: "name", Label: look.T("Type the address %s to confirm", st.Name), Required: true, Wide: true}
}

// audit writes an act to the host's log.
func (p *Panel) audit(r *http.Request, act, tenant, detail string) error {
	return p.DB.Tx(r.Context(), func(tx *sql.Tx) error {
		return p.Tenants.Audit(r.Context(), tx, actor(r), act, tenant, detail)
	})
}
