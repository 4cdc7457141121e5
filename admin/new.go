package admin

import (
	"database/sql"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"rowhouse/billing"
	"rowhouse/tenant"
	"rowhouse/ui"
	"rowhouse/ui/mail"
)

var newPage = ui.Parse[orderSheet](files, ui.App, "new.html", "parts.html")

// orderSheet is the form for a tenant that is made by hand.
type orderSheet struct {
	ui.Frame
	Form box
}

func (p *Panel) newTenant(w http.ResponseWriter, r *http.Request) error {
	return p.newWith(w, r, http.StatusOK, nil)
}

func (p *Panel) newWith(w http.ResponseWriter, r *http.Request, status int, bad *refused) error {
	if err := may(r, mayServe); err != nil {
		return err
	}
	page := orderSheet{Frame: p.below(w, r, "New tenant", "Tenants", "/admin/tenants")}
	form, err := p.orderForm(r, page.Look)
	if err != nil {
		return err
	}
	page.Form = form.again(bad)
	return newPage.ShowAs(w, r, status, page)
}

func (p *Panel) orderForm(r *http.Request, look *ui.Look) (box, error) {
	plans, err := p.Billing.PlanRows(r.Context())
	if err != nil {
		return box{}, err
	}
	var offers, modules, languages []option
	for n, plan := range plans {
		offers = append(offers, option{Value: strconv.FormatInt(plan.ID, 10), Label: plan.Name, On: n == 0})
	}
	all, err := p.modules(r)
	if err != nil {
		return box{}, err
	}
	for _, m := range all {
		modules = append(modules, option{Value: m.Module, Label: look.T(m.Many), On: !strings.HasPrefix(m.Module, "x_")})
	}
	for _, l := range ui.Languages {
		languages = append(languages, option{Value: l.Tag, Label: l.Name, On: l.Tag == look.Tag})
	}
	pays := []option{{Value: "", Label: look.T("Free of charge, until you say otherwise"), On: true}, {Value: "price", Label: look.T("For a price, which you choose on the next page")}}
	leads := []option{{Value: "0", Label: look.T("Empty"), On: true}, {Value: "50", Label: look.T("With %s example leads", look.Number(50))}, {Value: "500", Label: look.T("With %s example leads", look.Number(500))}}
	return box{Look: look, ID: "new", Action: "/admin/tenants", Label: "New tenant", Hint: "Its owner gets a letter with a link to choose a password. It works for 24 hours.", Button: look.T("Set it up"), Inputs: []input{
		{Name: "company", Label: "Company", Value: r.FormValue("company"), Required: true, Most: 100}, {Name: "name", Label: "Address", Unit: "." + p.Tenants.Domain, Required: true, Most: 42},
		{Name: "owner", Label: "Owner", Value: r.FormValue("owner"), Required: true, Most: 100}, {Name: "email", Label: "E-mail", Value: r.FormValue("email"), Kind: "email", Required: true, Most: 254, Hint: "One person can own several tenants: they are then one customer."},
		{Name: "plan", Label: "Plan", Kind: "select", Options: offers}, {Name: "pays", Label: "Payment", Kind: "select", Options: pays},
		{Name: "language", Label: "Language", Kind: "select", Options: languages}, {Name: "leads", Label: "Begin", Kind: "select", Options: leads},
		{Name: "choose", Label: "Choose the modules by hand", Kind: "check", Hint: "Otherwise the plan decides."},
		{Name: "modules", Label: "Modules", Kind: "checks", Options: modules}}}, nil
}

// create makes a tenant by hand. Its owner gets a letter with a link to choose a password.
func (p *Panel) create(w http.ResponseWriter, r *http.Request) error {
	look := ui.LookOf(r)
	form, err := p.orderForm(r, look)
	if err != nil {
		return err
	}
	return p.take(w, r, post{right: mayServe, form: "new", names: form.names(), page: p.newWith, act: func(form url.Values) (string, string, error) {
		o, plan, err := p.orderOf(r, form)
		if err != nil {
			return "", "", err
		}
		if err := p.order(r, o, plan, form); err != nil {
			return "", "", err
		}
		p.Wake()
		said, to := look.T("%s is being set up. Its owner gets a letter.", o.Company), tenantsPath(o.Name)
		if form.Get("pays") == "price" && len(plan.Prices) > 0 {
			to = tenantsPath(o.Name, "plan") + fmt.Sprintf("?offer=%d/%d&seats=0&how=now", plan.ID, plan.Prices[0].ID)
		}
		return said, to, nil
	}})
}

// orderOf reads what is ordered. What is wrong is said at its field.
func (p *Panel) orderOf(r *http.Request, form url.Values) (tenant.Order, billing.Plan, error) {
	problems := ui.Problems{}
	o := tenant.Order{Name: strings.ToLower(strings.TrimSpace(form.Get("name"))), Company: strings.TrimSpace(form.Get("company")), OwnerName: strings.TrimSpace(form.Get("owner")),
		Language: form.Get("language"), Until: p.Clock.Now().Add(time.Hour)}
	var err error
	if o.OwnerEmail, err = mail.Address(form.Get("email")); err != nil {
		problems["email"] = err
	}
	for name, value := range map[string]string{"company": o.Company, "owner": o.OwnerName} {
		if value == "" || len([]rune(value)) > 100 {
			problems.Add(name, "Please enter a name of at most %d characters.", 100)
		}
	}
	if !slices.ContainsFunc(ui.Languages, func(l ui.Language) bool { return l.Tag == o.Language }) {
		problems.Add("language", "Please choose one of the list.")
	}
	id, _ := strconv.ParseInt(form.Get("plan"), 10, 64) // no number is no plan
	plan, err := p.Billing.PlanByID(r.Context(), id)
	if err != nil {
		problems.Add("plan", "Please choose one of the list.")
	}
	o.Limits = plan.Limits()
	if o.Demo, err = strconv.Atoi(form.Get("leads")); err != nil || o.Demo < 0 || o.Demo > 500 {
		problems.Add("leads", "Please choose one of the list.")
	}
	return o, plan, problems.Err()
}

// order reserves the name, gives the plan, and sends the tenant into provisioning.
func (p *Panel) order(r *http.Request, o tenant.Order, plan billing.Plan, form url.Values) error {
	ctx := r.Context()
	var id int64
	err := p.DB.Tx(ctx, func(tx *sql.Tx) error {
		var err error
		if id, err = p.Tenants.Reserve(ctx, tx, o); err != nil {
			return about("name", err)
		}
		if err := p.Tenants.Approve(ctx, tx, id); err != nil {
			return err
		}
		return p.Tenants.Audit(ctx, tx, actor(r), "create", o.Name, o.Company)
	})
	if err != nil {
		return err
	}
	given := billing.Given{How: billing.WithoutCost}
	given.Plan = plan
	if _, err := p.Billing.Give(ctx, o.Name, given, actor(r)); err != nil {
		return err
	}
	return p.chooseModules(r, id, plan, form)
}

// chooseModules agrees with a new tenant where its modules are not those of the plan.
func (p *Panel) chooseModules(r *http.Request, id int64, plan billing.Plan, form url.Values) error {
	if form.Get("choose") == "" {
		return nil
	}
	all, err := p.modules(r)
	if err != nil {
		return err
	}
	for _, m := range all {
		on := slices.Contains(form["modules[]"], m.Module)
		if plan.Limits().Includes(m.Module) == on {
			continue
		}
		o := billing.Override{Key: "module:" + m.Module, Reason: ui.LookOf(r).T("Chosen when it was made")}
		if on {
			o.Value = 1
		}
		if err := p.Billing.KeepOverride(r.Context(), id, o, actor(r)); err != nil {
			return err
		}
	}
	return nil
}
