package admin

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"rowhouse/billing"
	"rowhouse/crm/entity"
	"rowhouse/crm/record"
	"rowhouse/crm/staff"
	"rowhouse/data/fault"
	"rowhouse/tenant"
	"rowhouse/ui"
)

var limitsPage = ui.Parse[tenantLimits](files, ui.App, "tenant-limits.html", "tenant-head.html", "parts.html")

// tenantLimits is how much of its limits a tenant uses, and what was agreed with it beside its plan.
type tenantLimits struct {
	tenantHead
	Limits  []limitRow
	Modules []limitModule
	Agreed  []agreedRow
	Form    *box // to agree something
}

// limitRow is one limit, with what is used of it.
type limitRow struct {
	Label, Used, Of string
	Share, Whole    int64 // for a meter; Whole 0 draws none
	Agreed          bool
}

// limitModule is one module, and whether the tenant has it.
type limitModule struct {
	Label      string
	On, Agreed bool
}

// agreedRow is an agreement in words.
type agreedRow struct {
	billing.Override
	What, Value, Until string
}

func (p *Panel) limits(w http.ResponseWriter, r *http.Request) error {
	return p.limitsWith(w, r, http.StatusOK, nil)
}

func (p *Panel) limitsWith(w http.ResponseWriter, r *http.Request, status int, bad *refused) error {
	head, st, err := p.head(w, r, "limits")
	if err != nil {
		return err
	}
	page := tenantLimits{tenantHead: head}
	agreed, err := p.Billing.OverridesOf(r.Context(), st.ID)
	if err != nil {
		return err
	}
	modules, err := p.modules(r)
	if err != nil {
		return err
	}
	for _, o := range agreed {
		page.Agreed = append(page.Agreed, sayAgreed(page.Look, modules, o))
	}
	has := func(key string) bool {
		return slices.ContainsFunc(agreed, func(o billing.Override) bool { return o.Key == key })
	}
	used, err := p.usage(r, st)
	if err != nil {
		return err
	}
	page.Limits = []limitRow{
		meter(page.T("Seats"), used["staff"], st.Limits.Staff, page.Number, page.T("without end"), has("staff")),
		meter(page.T("Files"), used["room"], st.Limits.Room, page.Size, page.T("without end"), has("room")),
	}
	for _, m := range modules {
		if most, limited := st.Limits.Records[m.Module]; limited {
			page.Limits = append(page.Limits, limitRow{Label: page.T(m.Many), Used: "", Of: page.Number(most), Agreed: has("records:" + m.Module)})
		}
		page.Modules = append(page.Modules, limitModule{page.T(m.Many), st.Limits.Includes(m.Module), has("module:" + m.Module)})
	}
	if may(r, mayServe) == nil && st.Sub.ID > 0 {
		form := limitForm(page.Look, modules, st).again(bad)
		page.Form = &form
	}
	return limitsPage.ShowAs(w, r, status, page)
}

// usage is what a tenant uses now, or if its file is closed what was noted last.
func (p *Panel) usage(r *http.Request, st standing) (map[string]int64, error) {
	if !st.running() || st.Damaged != "" {
		return p.Billing.UsageOf(r.Context(), st.ID)
	}
	db, done, err := p.Tenants.Files.Use(r.Context(), st.Name)
	if err != nil {
		return p.Billing.UsageOf(r.Context(), st.ID)
	}
	defer done()
	seats, err := staff.Seats(r.Context(), db)
	if err != nil {
		return nil, err
	}
	room, err := (&record.Store{DB: db}).UsedRoom(r.Context())
	return map[string]int64{"staff": seats, "room": room}, err
}

func meter(label string, used, of int64, say func(int64) string, endless string, agreed bool) limitRow {
	if of == tenant.Unlimited {
		return limitRow{Label: label, Used: say(used), Of: endless, Agreed: agreed}
	}
	return limitRow{label, say(used), say(of), min(used, of), max(of, 1), agreed}
}

// sayAgreed says an agreement.
func sayAgreed(look *ui.Look, modules []entity.Entity, o billing.Override) agreedRow {
	row := agreedRow{Override: o, What: o.Key, Value: look.Number(o.Value)}
	kind, module, _ := strings.Cut(o.Key, ":")
	label := module
	for _, m := range modules {
		if m.Module == module {
			label = look.T(m.Many)
		}
	}
	switch kind {
	case "staff":
		row.What = look.T("Seats")
	case "room":
		row.What, row.Value = look.T("Files"), look.Size(o.Value)
	case "records":
		row.What = label
	case "module":
		row.What, row.Value = look.T("Module %s", label), look.T("Off")
		if o.Value == 1 {
			row.Value = look.T("On")
		}
	}
	if o.Value == tenant.Unlimited {
		row.Value = look.T("without end")
	}
	if o.Until > 0 {
		row.Until = look.Day(o.Until.String())
	}
	return row
}

func limitForm(look *ui.Look, modules []entity.Entity, st standing) box {
	keys := []option{{Value: "staff", Label: look.T("Seats"), On: true}, {Value: "room", Label: look.T("Files, in megabytes")}}
	for _, m := range modules {
		keys = append(keys, option{Value: "records:" + m.Module, Label: look.T("%s, at most", look.T(m.Many))}, option{Value: "module:" + m.Module, Label: look.T("Module %s", look.T(m.Many))})
	}
	return box{Look: look, ID: "limits", Action: tenantsPath(st.Name, "limits"), Label: "Agree something else", Hint: "It takes the place of what the plan says, now and later.", Button: look.T("Agree"), Inputs: []input{
		{Name: "key", Label: "What", Kind: "select", Options: keys},
		{Name: "value", Label: "How much", Kind: "limit", Options: []option{{Value: "number", Label: look.T("Limited to"), On: true}, {Value: "endless", Label: look.T("Unlimited, or on")}, {Value: "off", Label: look.T("Off")}}},
		{Name: "until", Label: "Until", Kind: "date", Hint: "Without a day it has no end."},
		{Name: "reason", Label: "Why", Required: true, Hint: "For your own log."}}}
}

func (p *Panel) agreeLimit(w http.ResponseWriter, r *http.Request) error {
	st, err := p.standing(r)
	if err != nil {
		return err
	}
	modules, err := p.modules(r)
	if err != nil {
		return err
	}
	look := ui.LookOf(r)
	return p.take(w, r, post{right: mayServe, form: "limits", names: limitForm(look, modules, st).names(), page: p.limitsWith, act: func(form url.Values) (string, string, error) {
		o := billing.Override{Key: form.Get("key"), Until: dayOr(form.Get("until"), 0), Reason: form.Get("reason")}
		if o.Value, err = limitValue(o.Key, form); err == nil {
			err = p.Billing.KeepOverride(r.Context(), st.ID, o, actor(r))
		}
		return look.T("It is agreed and counts from now on."), tenantsPath(st.Name, "limits"), err
	}})
}

// limitValue reads how much was agreed: of a module whether it is on, of files bytes.
func limitValue(key string, form url.Values) (int64, error) {
	module := strings.HasPrefix(key, "module:")
	switch form.Get("value") {
	case "off":
		return 0, nil
	case "endless":
		if module {
			return 1, nil
		}
		return tenant.Unlimited, nil
	}
	n, err := strconv.ParseInt(form.Get("value_number"), 10, 64)
	if err != nil || n < 0 || module || n > 1<<30 {
		return 0, about("value", fault.New(fault.Invalid, "Please enter a whole number."))
	}
	if key == "room" {
		n <<= 20
	}
	return n, nil
}

func (p *Panel) dropLimit(w http.ResponseWriter, r *http.Request) error {
	st, err := p.standing(r)
	if err != nil {
		return err
	}
	return p.take(w, r, post{right: mayServe, names: []string{"key"}, act: func(form url.Values) (string, string, error) {
		return ui.LookOf(r).T("The plan counts again."), tenantsPath(st.Name, "limits"), p.Billing.DropOverride(r.Context(), st.ID, form.Get("key"), actor(r))
	}})
}
