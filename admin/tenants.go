package admin

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"rowhouse/tenant"
	"rowhouse/ui"
)

var listPage = ui.Parse[tenantList](files, ui.App, "tenants.html", "parts.html")

// states are what the list can be narrowed to.
var states = []tenant.State{tenant.Active, tenant.Reserved, tenant.Provisioning, tenant.ProvisionFailed, tenant.Archived, tenant.Purged}

const pageSize = 100

type tenantList struct {
	ui.Frame
	Rows    []tenantRow
	States  []tab
	Wish    tenantWish
	Filters []input // the further conditions
	Chips   []chip  // those that are set
	Narrow  bool
	More    string
	Query   string // of this page, for exports and the way back
	Bulk    []option
}

// chip is a condition that is set, with the address without it.
type chip struct{ Label, Value, Without string }

type tenantRow struct {
	tenant.Tenant
	State, Access string
	Hue           int
	URL           string
	Late          bool
	Seen          string
	People        int64
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

// listedRow is row for the list, which knows a tenant's holds by their reasons only.
func (p *Panel) listedRow(look *ui.Look, l listed) tenantRow {
	row := p.row(look, l.Tenant)
	row.Late, row.People = l.Late, l.People
	if !l.Seen.IsZero() {
		row.Seen = look.Ago(l.Seen)
	}
	if reason, _, _ := strings.Cut(l.Reasons, ","); reason != "" && l.Damaged == "" {
		row.Access, row.Hue = look.T(holdWords[reason]), 1
	}
	if l.Failure != "" {
		row.Access, row.Hue = look.T("Update failed"), 0
	}
	return row
}

func (p *Panel) list(w http.ResponseWriter, r *http.Request) error {
	wish := wishOf(r.URL.Query())
	found, err := p.tenantRows(r.Context(), wish, pageSize+1)
	if err != nil {
		return err
	}
	page := tenantList{Frame: p.frame(w, r, "Tenants", "/admin/tenants"), Wish: wish, Narrow: wish.narrow(), Query: wish.values().Encode()}
	if len(found) > pageSize {
		found = found[:pageSize]
		v := wish.values()
		v.Set("after", found[pageSize-1].place)
		page.More = "/admin/tenants?" + v.Encode()
	}
	for _, l := range found {
		page.Rows = append(page.Rows, p.listedRow(page.Look, l))
	}
	if page.States, err = p.stateTabs(r, page.Look, wish); err != nil {
		return err
	}
	if page.Filters, err = p.tenantFilters(r, page.Look, wish); err != nil {
		return err
	}
	page.Chips, page.Bulk = chips(wish, page.Filters), p.bulkOptions(r, page.Look)
	return listPage.Show(w, r, page)
}

// stateTabs are the states with how many tenants are in each; the other conditions stay as they are.
func (p *Panel) stateTabs(r *http.Request, look *ui.Look, wish tenantWish) ([]tab, error) {
	counts, err := p.Billing.TenantsByState(r.Context())
	if err != nil {
		return nil, err
	}
	now := wish.State
	to := func(state string) string {
		wish.State = state
		return "/admin/tenants?" + wish.values().Encode()
	}
	tabs := []tab{{Label: look.T("All"), URL: to(""), Current: now == ""}}
	for _, s := range states {
		if counts[string(s)] > 0 || string(s) == now || s == tenant.Active {
			tabs = append(tabs, tab{Label: look.T(stateWords[s]), URL: to(string(s)), Current: string(s) == now, Count: counts[string(s)]})
		}
	}
	return tabs, nil
}

// tenantFilters are the conditions that can be set.
func (p *Panel) tenantFilters(r *http.Request, look *ui.Look, wish tenantWish) ([]input, error) {
	any := option{Label: look.T("Any")}
	holds := []option{any, {Value: "any", Label: look.T("Some hold")}}
	for _, reason := range holdReasons {
		holds = append(holds, option{Value: reason, Label: look.T(holdWords[reason])})
	}
	plans, versions := []option{any}, []option{any, {Value: "failed", Label: look.T("Update failed")}}
	names, err := p.Billing.PlanNames(r.Context())
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		plans = append(plans, option{Value: name, Label: name})
	}
	histogram, err := p.Tenants.Versions(r.Context())
	if err != nil {
		return nil, err
	}
	for _, v := range histogram {
		versions = append(versions, option{Value: strconv.FormatInt(v.Number, 10), Label: look.T("%s (%s tenants)", strconv.FormatInt(v.Number, 10), look.Number(v.Tenants))})
	}
	return []input{
		{Name: "hold", Label: "Hold", Kind: "select", Options: choose(holds, wish.Hold), Value: wish.Hold},
		{Name: "plan", Label: "Plan", Kind: "select", Options: choose(plans, wish.Plan), Value: wish.Plan},
		{Name: "owed", Label: "Payment", Kind: "select", Options: choose([]option{any, {Value: "late", Label: look.T("Overdue")}, {Value: "fine", Label: look.T("Nothing overdue")}}, wish.Owed), Value: wish.Owed},
		{Name: "seen", Label: "Nobody there for", Kind: "select", Options: choose([]option{any, {Value: "7", Label: look.N("%d day", "%d days", 7)}, {Value: "30", Label: look.N("%d day", "%d days", 30)},
			{Value: "90", Label: look.N("%d day", "%d days", 90)}, {Value: "never", Label: look.T("Never there")}}, wish.Seen), Value: wish.Seen},
		{Name: "version", Label: "Version of its file", Kind: "select", Options: choose(versions, wish.Version), Value: wish.Version},
		{Name: "sort", Label: "Sort by", Kind: "select", Options: choose([]option{{Label: look.T("Address")}, {Value: "created", Label: look.T("Newest first")}, {Value: "seen", Label: look.T("Last there first")}}, wish.Sort), Value: wish.Sort},
	}, nil
}

// chips are the conditions that are set, each with the address without it.
func chips(wish tenantWish, filters []input) []chip {
	var list []chip
	add := func(label, name, value string) {
		v := wish.values()
		v.Del(name)
		list = append(list, chip{label, value, "/admin/tenants?" + v.Encode()})
	}
	for _, f := range filters {
		for _, o := range f.Options {
			if o.On && f.Value != "" && o.Value != "" && f.Name != "sort" {
				add(f.Label, f.Name, o.Label)
			}
		}
	}
	if wish.Find != "" {
		add("Search", "q", wish.Find)
	}
	return list
}

// tenantsPath is a tenant's page, or with more of one of those below it.
func tenantsPath(name string, more ...string) string {
	return "/admin/tenants/" + strings.Join(append([]string{url.PathEscape(name)}, more...), "/")
}
