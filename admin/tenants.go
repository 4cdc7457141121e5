package admin

import (
	"net/http"
	"strings"

	"rowhouse/billing"
	"rowhouse/data/fault"
	"rowhouse/tenant"
	"rowhouse/ui"
)

var (
	listPage = ui.Parse[tenantList](files, ui.App, "tenants.html")
	showPage = ui.Parse[tenantPage](files, ui.App, "tenant.html", "subscription.html", "parts.html")
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
	Sub     subscriptionBox
	Resumes bool // a cancellation can be taken back
	Away    bool // it was put away
}

type step struct{ Name, Class, Note string }

var stepWords = map[string]string{"folder": "Make the folder", "file": "Copy the empty CRM", "identity": "Write owner and company", "seed": "Add example data", "place": "Put it into its place",
	"smoke": "Ask for the login page", "activate": "Open the doors and send the welcome letter"}

func (p *Panel) show(w http.ResponseWriter, r *http.Request) error {
	return p.showWith(w, r, http.StatusOK, "", nil)
}

func (p *Panel) showWith(w http.ResponseWriter, r *http.Request, status int, problem string, bad *refused) error {
	t, err := p.Tenants.ByName(r.Context(), r.PathValue("name"))
	if err != nil {
		return err
	}
	page := tenantPage{Frame: p.frame(w, r, "Tenants", "/admin/tenants"), Problem: problem}
	page.Title = t.Company
	page.Crumbs = []ui.Item{{Label: page.Look.T("Tenants"), URL: "/admin/tenants"}}
	page.T1 = p.row(page.Look, t)
	for _, h := range t.Holds {
		page.Held = page.Held || h.Reason == tenant.Manual
	}
	if page.Sub, err = p.subscription(r, page.Look, t, bad); err != nil {
		return err
	}
	if problem == "" {
		page.Problem = bad.homeless(page.Look, page.Sub.Forms...)
	}
	if s, err := p.Billing.SubscriptionOf(r.Context(), t.ID); err == nil {
		page.Resumes = s.CancelAtEnd && s.State != billing.Canceled
	}
	page.Away = t.State == tenant.Archived
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
		return p.showWith(w, r, ui.Status(f.Kind), ui.LookOf(r).T(f.Format, f.Args...), nil)
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
	err = p.Tenants.Hold(r.Context(), r.PathValue("name"), tenant.Hold{Reason: tenant.Manual, Level: level, Note: strings.TrimSpace(form.Get("note"))}, visitOf(r).operator.Email)
	return p.act(w, r, "The tenant is suspended.", err)
}

func (p *Panel) resume(w http.ResponseWriter, r *http.Request) error {
	return p.act(w, r, "The tenant is open again.", p.Tenants.Release(r.Context(), r.PathValue("name"), tenant.Manual, visitOf(r).operator.Email))
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
