package admin

import (
	"database/sql"
	"net/http"
	"strings"
	"time"

	"rowhouse/data/fault"
	"rowhouse/tenant"
	"rowhouse/ui"
	"rowhouse/ui/mail"
)

var (
	listPage = ui.Parse[tenantList](files, ui.App, "tenants.html")
	showPage = ui.Parse[tenantPage](files, ui.App, "tenant.html")
	newPage  = ui.Parse[orderPage](files, ui.App, "new.html")
)

// states are what the list can be narrowed to.
var states = []tenant.State{tenant.Active, tenant.Reserved, tenant.Provisioning, tenant.ProvisionFailed, tenant.Archived}

const pageSize = 100

type tenantList struct {
	ui.Frame
	Rows   []tenantRow
	States []stateItem
	More   string
}

type stateItem struct {
	Label, URL string
	Current    bool
}

type tenantRow struct {
	tenant.Tenant
	State, Access string
	Hue           int
	URL           string
}

var stateWords = map[tenant.State]string{tenant.Active: "Active", tenant.Reserved: "Reserved", tenant.Provisioning: "Being set up", tenant.ProvisionFailed: "Set-up failed",
	tenant.Archived: "Archived", tenant.Purged: "Purged"}

var accessWords = map[tenant.Level]string{tenant.FullAccess: "", tenant.ReadOnly: "Reading only", tenant.BillingOnly: "Billing only", tenant.Blocked: "Closed"}

// row says in words where a tenant stands.
func (p *Panel) row(look *ui.Look, t tenant.Tenant) tenantRow {
	level, _ := t.Access()
	row := tenantRow{Tenant: t, State: look.T(stateWords[t.State]), Hue: 4, URL: p.Tenants.URL(t.Name) + "/admin"}
	if word := accessWords[level]; word != "" {
		row.Access, row.Hue = look.T(word), 1
	}
	switch {
	case t.Damaged != "":
		row.Access, row.Hue = look.T("File damaged"), 0
	case t.State == tenant.ProvisionFailed:
		row.Hue = 0
	case t.State != tenant.Active:
		row.Hue = 11
	}
	return row
}

func (p *Panel) list(w http.ResponseWriter, r *http.Request) error {
	state := tenant.State(r.FormValue("state"))
	found, err := p.Tenants.List(r.Context(), state, r.FormValue("after"), pageSize)
	if err != nil {
		return err
	}
	page := tenantList{Frame: p.frame(w, r, "Tenants", "/admin/tenants")}
	page.States = append(page.States, stateItem{page.T("All"), "/admin/tenants", state == ""})
	for _, s := range states {
		page.States = append(page.States, stateItem{page.T(stateWords[s]), "/admin/tenants?state=" + string(s), s == state})
	}
	for _, t := range found {
		full, err := p.Tenants.ByName(r.Context(), t.Name)
		if err != nil {
			return err
		}
		page.Rows = append(page.Rows, p.row(page.Look, full))
	}
	if len(found) == pageSize {
		page.More = "/admin/tenants?state=" + string(state) + "&after=" + found[pageSize-1].Name
	}
	return listPage.Show(w, r, page)
}

type tenantPage struct {
	ui.Frame
	T1      tenantRow
	Steps   []step
	Held    bool
	Failed  bool
	Running bool
	Problem string
}

type step struct{ Name, Class, Note string }

var stepWords = map[string]string{"folder": "Make the folder", "file": "Copy the empty CRM", "identity": "Write owner and company", "seed": "Add example data", "place": "Put it into its place",
	"smoke": "Ask for the login page", "activate": "Open the doors and send the welcome letter"}

func (p *Panel) show(w http.ResponseWriter, r *http.Request) error {
	return p.showWith(w, r, http.StatusOK, "")
}

func (p *Panel) showWith(w http.ResponseWriter, r *http.Request, status int, problem string) error {
	t, err := p.Tenants.ByName(r.Context(), r.PathValue("name"))
	if err != nil {
		return err
	}
	page := tenantPage{Frame: p.frame(w, r, "Tenants", "/admin/tenants"), Problem: problem}
	page.Title = t.Company
	page.Crumbs = []ui.Item{{Label: page.Look.T("Tenants"), URL: "/admin/tenants"}}
	page.T1 = p.row(page.Look, t)
	for _, h := range t.Holds {
		page.Held = page.Held || h.Reason == "manual"
	}
	page.Failed, page.Running = t.State == tenant.ProvisionFailed, t.State == tenant.Provisioning
	steps, err := p.Tenants.Steps(r.Context(), t.ID)
	if err != nil {
		return err
	}
	for _, s := range steps {
		page.Steps = append(page.Steps, step{page.Look.T(stepWords[s.Name]), s.State, s.Error})
	}
	return showPage.ShowAs(w, r, status, page)
}

// act runs an act on the tenant of the path and says what came of it on its page.
func (p *Panel) act(w http.ResponseWriter, r *http.Request, done string, err error) error {
	if f := fault.Of(err); err != nil && f.Kind != fault.Ours && f.Kind != fault.Missing {
		return p.showWith(w, r, ui.Status(f.Kind), ui.LookOf(r).T(f.Format, f.Args...))
	}
	if err != nil {
		return err
	}
	ui.Say(w, ui.LookOf(r).T(done), "")
	return ui.Back(w, r, "/admin/tenants/"+r.PathValue("name"))
}

func (p *Panel) suspend(w http.ResponseWriter, r *http.Request) error {
	form, err := ui.Form(w, r, "note", "level")
	if err != nil {
		return err
	}
	level := tenant.Blocked
	if form.Get("level") == "read" {
		level = tenant.ReadOnly
	}
	err = p.Tenants.Hold(r.Context(), r.PathValue("name"), tenant.Hold{Reason: "manual", Level: level, Note: strings.TrimSpace(form.Get("note"))}, visitOf(r).operator.Email)
	return p.act(w, r, "The tenant is suspended.", err)
}

func (p *Panel) resume(w http.ResponseWriter, r *http.Request) error {
	return p.act(w, r, "The tenant is open again.", p.Tenants.Release(r.Context(), r.PathValue("name"), "manual", visitOf(r).operator.Email))
}

func (p *Panel) runAgain(w http.ResponseWriter, r *http.Request) error {
	err := p.Tenants.RunAgain(r.Context(), r.PathValue("name"), visitOf(r).operator.Email)
	if err == nil {
		p.Wake()
	}
	return p.act(w, r, "Provisioning runs again.", err)
}

// markActive opens a tenant whose set-up failed. Its name must be typed: nothing else asks twice.
func (p *Panel) markActive(w http.ResponseWriter, r *http.Request) error {
	form, err := ui.Form(w, r, "name", "insist")
	if err != nil {
		return err
	}
	name := r.PathValue("name")
	if form.Get("name") != name {
		return p.act(w, r, "", fault.New(fault.Invalid, "Please type the address %q to confirm.", name))
	}
	return p.act(w, r, "The tenant is active.", p.Tenants.MarkActive(r.Context(), name, visitOf(r).operator.Email, form.Get("insist") == "1"))
}

type orderPage struct {
	ui.Frame
	Name, Company, Owner, Email, Plan string
	Plans                             []planItem
	Problem                           string
}

type planItem struct{ Slug, Name string }

func (p *Panel) newTenant(w http.ResponseWriter, r *http.Request) error {
	return p.orderForm(w, r, http.StatusOK, orderPage{})
}

func (p *Panel) orderForm(w http.ResponseWriter, r *http.Request, status int, page orderPage) error {
	page.Frame = p.frame(w, r, "New tenant", "/admin/tenants")
	page.Crumbs = []ui.Item{{Label: page.T("Tenants"), URL: "/admin/tenants"}}
	plans, err := p.Billing.Plans(r.Context())
	if err != nil {
		return err
	}
	for _, plan := range plans {
		page.Plans = append(page.Plans, planItem{plan.Slug, plan.Name})
	}
	return newPage.ShowAs(w, r, status, page)
}

// create makes a tenant by hand. Its owner gets a letter with a link to choose a password.
func (p *Panel) create(w http.ResponseWriter, r *http.Request) error {
	form, err := ui.Form(w, r, "name", "company", "owner", "email", "plan")
	if err != nil {
		return err
	}
	page := orderPage{Name: strings.ToLower(strings.TrimSpace(form.Get("name"))), Company: strings.TrimSpace(form.Get("company")), Owner: strings.TrimSpace(form.Get("owner")),
		Email: form.Get("email"), Plan: form.Get("plan")}
	err = p.order(r, page)
	if f := fault.Of(err); err != nil && f.Kind != fault.Ours {
		page.Problem = ui.LookOf(r).T(f.Format, f.Args...)
		return p.orderForm(w, r, ui.Status(f.Kind), page)
	}
	if err != nil {
		return err
	}
	p.Wake()
	ui.Say(w, ui.LookOf(r).T("%s is being set up. Its owner gets a letter.", page.Company), "")
	return ui.Back(w, r, "/admin/tenants/"+page.Name)
}

func (p *Panel) order(r *http.Request, page orderPage) error {
	email, err := mail.Address(page.Email)
	if err != nil {
		return err
	}
	if page.Company == "" || page.Owner == "" || len([]rune(page.Company+page.Owner)) > 200 {
		return fault.New(fault.Invalid, "Please say the company and its owner.")
	}
	plan, err := p.Billing.PlanBySlug(r.Context(), page.Plan)
	if err != nil {
		return err
	}
	return p.DB.Tx(r.Context(), func(tx *sql.Tx) error {
		id, err := p.Tenants.Reserve(r.Context(), tx, tenant.Order{Name: page.Name, Company: page.Company, OwnerName: page.Owner, OwnerEmail: email, Limits: plan.Limits(), Until: p.Clock.Now().Add(time.Hour)})
		if err != nil {
			return err
		}
		if err := p.Tenants.Approve(r.Context(), tx, id); err != nil {
			return err
		}
		return p.Tenants.Audit(r.Context(), tx, visitOf(r).operator.Email, "create", page.Name, page.Company)
	})
}
