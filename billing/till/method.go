package till

import (
	"net/http"

	"rowhouse/billing"
	"rowhouse/data/fault"
	"rowhouse/tenant"
	"rowhouse/ui"
)

// methodPage asks for a way to pay where nothing is to be paid yet.
type methodPage struct {
	ui.Frame
	Choices []billing.Choice
	Tenant  tenant.Tenant
	URL     string
	Token   string
	Days    int // of the trial that begins with it
	Refused string
	Ready   bool
	Waiting bool
}

var methodView = ui.Parse[methodPage](pages, ui.Auth, "method.html")

// methods shows the ways to pay that can be saved.
func (t *Till) methods(w http.ResponseWriter, r *http.Request) error {
	p, _, err := t.methodPage(r)
	if err != nil {
		return err
	}
	return methodView.Show(w, r, p)
}

func (t *Till) methodPage(r *http.Request) (methodPage, billing.Subscription, error) {
	p := methodPage{Frame: ui.NewFrame(r, ""), Token: r.PathValue("token")}
	id, ok := t.Seal.Redeem("method", p.Token)
	if !ok {
		return p, billing.Subscription{}, fault.New(fault.Missing, "There is no page at this address.")
	}
	s, err := t.SubscriptionByID(r.Context(), id)
	if err != nil {
		return p, s, err
	}
	if p.Tenant, err = t.TenantOf(r.Context(), s.ID); err != nil {
		return p, s, err
	}
	p.URL, p.Days, p.Brand.Home = t.Tenants.URL(p.Tenant.Name), s.TrialDays, "/"
	p.Ready, p.Waiting = p.Tenant.State == tenant.Active, p.Tenant.State == tenant.Provisioning || p.Tenant.State == tenant.ProvisionFailed
	p.Choices, err = t.Savers(r.Context(), s)
	switch {
	case p.Ready:
		p.Title = p.T("The way to pay is saved.")
	case p.Waiting:
		p.Title = p.T("Setting up your CRM")
	default:
		p.Title = p.T("How will you pay after the trial?")
	}
	return p, s, err
}

// save leads to the page on which a way to pay is saved.
func (t *Till) save(w http.ResponseWriter, r *http.Request) error {
	form, err := ui.Form(w, r, "gateway")
	if err != nil {
		return err
	}
	p, s, err := t.methodPage(r)
	if err != nil {
		return err
	}
	out, err := t.SaveMethod(r.Context(), s, form.Get("gateway"))
	if f := fault.Of(err); err != nil && (f.Kind == fault.Invalid || f.Kind == fault.Busy) {
		p.Refused = p.T(f.Format, f.Args...)
		return methodView.ShowAs(w, r, ui.Status(f.Kind), p)
	}
	if err != nil {
		return err
	}
	return t.send(w, r, out)
}

// home leads back to where a way to pay is needed: the billing page of a CRM, or the page of an order.
func (t *Till) home(w http.ResponseWriter, r *http.Request, subscription int64) error {
	x, err := t.TenantOf(r.Context(), subscription)
	if err != nil {
		return err
	}
	if x.State == tenant.Active && !x.Activated.IsZero() && t.Clock.Now().Sub(x.Activated).Hours() > 1 {
		return ui.Back(w, r, t.Tenants.URL(x.Name)+"/admin/billing")
	}
	return ui.Back(w, r, t.MethodPath(subscription))
}
