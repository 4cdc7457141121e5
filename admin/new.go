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

var newPage = ui.Parse[orderPage](files, ui.App, "new.html")

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
