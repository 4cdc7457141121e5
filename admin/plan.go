package admin

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"rowhouse/billing"
	"rowhouse/crm/custom"
	"rowhouse/crm/entity"
	"rowhouse/data/fault"
	"rowhouse/tenant"
	"rowhouse/ui"
)

var planPage = ui.Parse[planSheet](files, ui.App, "plan.html", "parts.html")

// planSheet is the editor of a plan.
type planSheet struct {
	ui.Frame
	Problem string
	Row     billing.PlanRow
	Form    box
	Prices  *box
	See     string // where visitors see it; empty: nowhere
}

// Have is how many tenants have it.
func (s planSheet) Have() int { return int(s.Row.Tenants) }

// Cost says a price in a few words.
func (s planSheet) Cost(p billing.Price) string { return priceText(s.Look, p) }

// Amount is a further amount of a price.
func (s planSheet) Amount(minor int64, p billing.Price) string {
	return s.Money(minor, p.Amount.Currency)
}

func (p *Panel) newPlan(w http.ResponseWriter, r *http.Request) error {
	return p.planWith(w, r, http.StatusOK, nil)
}

func (p *Panel) plan(w http.ResponseWriter, r *http.Request) error {
	return p.planWith(w, r, http.StatusOK, nil)
}

// planRow finds the plan of the path; a path without a number is a new plan.
func (p *Panel) planRow(r *http.Request) (billing.PlanRow, error) {
	if r.PathValue("id") == "" {
		return billing.PlanRow{Plan: billing.Plan{Visibility: billing.Hidden, Staff: 5, Room: 1 << 30, Modules: []string{"*"}, Policy: 1}}, nil
	}
	all, err := p.Billing.PlanRows(r.Context())
	if err != nil {
		return billing.PlanRow{}, err
	}
	for _, row := range all {
		if row.ID == number(r) {
			return row, nil
		}
	}
	return billing.PlanRow{}, fault.New(fault.Missing, "There is no such plan.")
}

func (p *Panel) planWith(w http.ResponseWriter, r *http.Request, status int, bad *refused) error {
	row, err := p.planRow(r)
	if err != nil {
		return err
	}
	page := planSheet{Frame: p.below(w, r, "New plan", "Plans and prices", "/admin/plans"), Row: row}
	if page.Form, err = p.planForm(r, page.Look, row.Plan); err != nil {
		return err
	}
	page.Form = page.Form.again(bad)
	page.Problem = bad.homeless(page.Look, page.Form, box{ID: "prices"})
	if row.ID > 0 {
		seller, err := p.Billing.Seller(r.Context())
		if err != nil {
			return err
		}
		prices := priceForm(page.Look, row.ID, seller.Currency).again(bad)
		page.Title, page.Prices = row.Name, &prices
		if row.Visibility == billing.Public || row.Visibility == billing.Link {
			page.See = "/prices/" + row.Slug
		}
	}
	return planPage.ShowAs(w, r, status, page)
}

func (p *Panel) makePlan(w http.ResponseWriter, r *http.Request) error { return p.savePlan(w, r) }

func (p *Panel) savePlan(w http.ResponseWriter, r *http.Request) error {
	look := ui.LookOf(r)
	row, err := p.planRow(r)
	if err != nil {
		return err
	}
	form, err := p.planForm(r, look, row.Plan)
	if err != nil {
		return err
	}
	return p.take(w, r, post{right: maySell, form: "plan", names: form.names(), page: p.planWith, act: func(typed url.Values) (string, string, error) {
		plan, err := p.readPlan(r, row.Plan, typed)
		if err != nil {
			return "", "", err
		}
		id, err := p.Billing.SavePlan(r.Context(), plan, actor(r))
		return look.T("The plan is saved. Whoever has it can use at once what it includes now."), "/admin/plans/" + strconv.FormatInt(id, 10), err
	}})
}

// readPlan reads a plan's form over the plan as it is. The error is a fault.Invalid with the fields.
func (p *Panel) readPlan(r *http.Request, plan billing.Plan, form url.Values) (billing.Plan, error) {
	modules, err := p.modules(r)
	if err != nil {
		return plan, err
	}
	wrong := ui.Problems{}
	plan.Name, plan.Slug, plan.Tagline = strings.TrimSpace(form.Get("name")), strings.ToLower(strings.TrimSpace(form.Get("slug"))), strings.TrimSpace(form.Get("tagline"))
	plan.Features = strings.Split(strings.ReplaceAll(form.Get("texts"), "\r\n", "\n"), "\n")
	plan.Visibility = billing.Visibility(form.Get("visibility"))
	plan.Highlighted, plan.Contact, plan.TrialMethod = form.Get("highlighted") != "", form.Get("contact") != "", form.Get("trial_method") != ""
	plan.Staff = readLimit(form, "staff", 1, wrong)
	plan.Room = readLimit(form, "room", 1<<20, wrong)
	plan.TrialDays = int(readWhole(form, "trial_days", wrong))
	plan.Policy = readWhole(form, "policy", wrong)
	plan.Modules, plan.Gateways = readModules(modules, form["modules[]"], plan.Modules), form["gateways[]"]
	records := map[string]int64{}
	for _, m := range modules {
		if n := readLimit(form, "records_"+m.Name, 1, wrong); n != tenant.Unlimited {
			records[m.Name] = n
		}
	}
	plan.Records = records
	return plan, wrong.Err()
}

// readModules are the chosen modules. All built-in ones, of a plan that had all, stay all: it gets those that are still to
// be made. Uploaded ones are always named.
func readModules(modules []entity.Entity, chosen, before []string) []string {
	var known []string
	all := slices.Contains(before, "*")
	for _, m := range modules {
		uploaded := strings.HasPrefix(m.Module, custom.Prefix)
		if slices.Contains(chosen, m.Module) {
			known = append(known, m.Module)
		} else if !uploaded {
			all = false
		}
	}
	if all {
		known = slices.DeleteFunc(known, func(name string) bool { return !strings.HasPrefix(name, custom.Prefix) })
		return append([]string{"*"}, known...)
	}
	return known
}

// readLimit reads a control of three ways: no limit, a number of units, or nothing at all.
func readLimit(form url.Values, name string, unit int64, wrong ui.Problems) int64 {
	switch form.Get(name) {
	case "unlimited":
		return tenant.Unlimited
	case "off":
		return 0
	}
	n, err := strconv.ParseInt(strings.TrimSpace(form.Get(name+"_number")), 10, 64)
	switch {
	case err != nil:
		wrong.Add(name, "Please enter a whole number.")
	case n < 0:
		wrong.Add(name, "A limit cannot be below 0.")
	case n > 1<<40/unit:
		wrong.Add(name, "This is too much. Choose “unlimited” instead.")
	}
	return n * unit
}

// readWhole reads a whole number; nothing is 0.
func readWhole(form url.Values, name string, wrong ui.Problems) int64 {
	s := strings.TrimSpace(form.Get(name))
	if s == "" {
		return 0
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		wrong.Add(name, "Please enter a whole number.")
	}
	return n
}
