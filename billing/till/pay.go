package till

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"rowhouse/billing"
	"rowhouse/billing/gateway"
	"rowhouse/billing/offline"
	"rowhouse/data/fault"
	"rowhouse/tenant"
	"rowhouse/ui"
)

// payPage is an invoice and the ways to pay it.
type payPage struct {
	ui.Frame
	Invoice  billing.Invoice
	Lines    []billing.Line
	Quote    billing.Quote // for its sums by tax
	Choices  []billing.Choice
	Transfer string // the host's bank data, once that way is chosen
	Checking bool   // a payment is under way
	Tenant   tenant.Tenant
	URL      string // of the tenant's CRM
	Document string
	Token    string
	Refused  string
	Chosen   string
	Demo     bool
}

var payView = ui.Parse[payPage](pages, ui.Auth, "pay.html")

// show draws an invoice with the ways to pay it, or how it went on.
func (t *Till) show(w http.ResponseWriter, r *http.Request) error {
	p, err := t.page(r)
	if err != nil {
		return err
	}
	p.Toast = ui.TakeToast(w, r)
	if r.FormValue("by") == offline.Name && p.Invoice.State == billing.InvoiceOpen {
		p.Transfer, err = t.BankData(r.Context())
	}
	if err != nil {
		return err
	}
	return payView.Show(w, r, p)
}

func (t *Till) page(r *http.Request) (payPage, error) {
	ctx, token := r.Context(), r.PathValue("token")
	p := payPage{Frame: ui.NewFrame(r, ""), Token: token, Demo: t.Demo}
	i, err := t.InvoiceByToken(ctx, "pay", token)
	if err != nil {
		return p, err
	}
	if p.Lines, err = t.Lines(ctx, i.ID); err != nil {
		return p, err
	}
	p.Invoice, p.Quote, p.Document = i, billing.Quote{Currency: i.Currency, Lines: p.Lines}, t.DocumentURL(i.ID)
	if p.Checking, err = t.UnderWay(ctx, i.ID); err != nil {
		return p, err
	}
	if err := t.whose(ctx, &p); err != nil {
		return p, err
	}
	p.Title = p.title()
	p.Brand.Home = "/"
	if i.State != billing.InvoiceOpen {
		return p, nil
	}
	p.Choices, err = t.ChoicesFor(ctx, i)
	return p, err
}

// whose finds the tenant of an invoice: the page leads there once it is paid.
func (t *Till) whose(ctx context.Context, p *payPage) error {
	if p.Invoice.Subscription == 0 {
		return nil
	}
	var err error
	p.Tenant, err = t.TenantOf(ctx, p.Invoice.Subscription)
	p.URL = t.Tenants.URL(p.Tenant.Name)
	return err
}

func (p payPage) title() string {
	switch {
	case p.Invoice.State == billing.InvoicePaid && p.Waiting():
		return p.T("Paid. Your CRM is being set up")
	case p.Invoice.State == billing.InvoicePaid:
		return p.T("Thank you, it is paid")
	case p.Invoice.State != billing.InvoiceOpen:
		return p.T("There is nothing to pay here any more")
	case p.Checking:
		return p.T("Your payment is being checked")
	}
	return p.T("Pay %s", p.Money(p.Invoice.Open(), p.Invoice.Currency))
}

// Waiting tells whether the CRM is being set up.
func (p payPage) Waiting() bool {
	return p.Tenant.State == tenant.Provisioning || p.Tenant.State == tenant.ProvisionFailed || p.Tenant.State == tenant.Reserved
}

// Poll tells whether the page should look again by itself.
func (p payPage) Poll() bool {
	return p.Checking || p.Invoice.State == billing.InvoicePaid && p.Tenant.State == tenant.Provisioning
}

// Gone tells whether the order has ended and its CRM with it.
func (p payPage) Gone() bool {
	return p.Tenant.State == tenant.Purged || p.Tenant.State == tenant.Archived
}

// Open tells whether there is something to pay.
func (p payPage) Open() bool { return p.Invoice.State == billing.InvoiceOpen && !p.Checking }

// TaxText says what a tax is.
func (p payPage) TaxText(l billing.Line) string { return billing.TaxText(p.Look, l) }

// Span is the time that a line is for.
func (p payPage) Span(l billing.Line) string {
	if l.From == 0 || l.To == 0 {
		return ""
	}
	return p.T("%s to %s", p.Day(l.From.String()), p.Day((l.To - 1).String()))
}

// DueOn is when the invoice is due.
func (p payPage) DueOn() string { return p.Day(p.Invoice.DueOn.String()) }

// pay leads to the page of the gateway that was chosen.
func (t *Till) pay(w http.ResponseWriter, r *http.Request) error {
	form, err := ui.Form(w, r, "gateway")
	if err != nil {
		return err
	}
	i, err := t.InvoiceByToken(r.Context(), "pay", r.PathValue("token"))
	if err != nil {
		return err
	}
	name := form.Get("gateway")
	if name == offline.Name {
		if err := t.ByTransfer(r.Context(), i.ID); err != nil {
			return t.refuse(w, r, name, err)
		}
		return ui.Back(w, r, "/pay/"+r.PathValue("token")+"?by="+offline.Name)
	}
	out, err := t.Pay(r.Context(), i.ID, name)
	if err != nil {
		return t.refuse(w, r, name, err)
	}
	return t.send(w, r, out)
}

func (t *Till) refuse(w http.ResponseWriter, r *http.Request, name string, wrong error) error {
	f := fault.Of(wrong)
	if f.Kind != fault.Invalid && f.Kind != fault.Conflict && f.Kind != fault.Busy {
		return wrong
	}
	p, err := t.page(r)
	if err != nil {
		return err
	}
	p.Refused, p.Chosen = p.T(f.Format, f.Args...), name
	return payView.ShowAs(w, r, ui.Status(f.Kind), p)
}

// send leads to a page of a gateway: by way of a page of our own, as the policy of the form lets it end here only.
func (t *Till) send(w http.ResponseWriter, r *http.Request, out string) error {
	a, err := t.AttemptByURL(r.Context(), out)
	if err != nil {
		return err
	}
	return ui.Back(w, r, "/pay-out/"+a.Key)
}

type leavePage struct {
	ui.Frame
	URL, Host string
}

var leaveView = ui.Parse[leavePage](pages, ui.Auth, "leave.html")

// leave is the last page before that of a gateway. It goes on by itself.
func (t *Till) leave(w http.ResponseWriter, r *http.Request) error {
	a, err := t.Attempt(r.Context(), r.PathValue("key"))
	if err != nil {
		return err
	}
	out, err := url.Parse(a.URL)
	if err != nil || a.State != gateway.Open && a.State != gateway.NeedsYou || !strings.HasPrefix(out.Scheme, "http") {
		return ui.Back(w, r, "/pay-return/"+a.Key)
	}
	p := leavePage{Frame: ui.NewFrame(r, ""), URL: a.URL, Host: out.Hostname()}
	p.Title, p.Brand.Home = p.T("On the way to the payment page"), "/"
	w.Header().Set("Refresh", "0; url="+a.URL)
	return leaveView.Show(w, r, p)
}

// back is where somebody comes back to from a gateway. What the address says proves nothing; the gateway is asked.
func (t *Till) back(w http.ResponseWriter, r *http.Request) error {
	a, err := t.Back(r.Context(), r.PathValue("key"), r.URL.Query())
	if err != nil {
		return err
	}
	if a.Invoice > 0 {
		return ui.Back(w, r, t.PayPath(a.Invoice))
	}
	if a.State == gateway.Succeeded {
		ui.Say(w, ui.LookOf(r).T("The way to pay is saved."), "")
	}
	return t.home(w, r, a.Subscription)
}

// promise is the word of somebody who has transferred the money: the host is told, and nothing is closed for some days.
func (t *Till) promise(w http.ResponseWriter, r *http.Request) error {
	if _, err := ui.Form(w, r); err != nil {
		return err
	}
	i, err := t.InvoiceByToken(r.Context(), "pay", r.PathValue("token"))
	if err != nil {
		return err
	}
	if err := t.Promise(r.Context(), i.ID); err != nil {
		return t.refuse(w, r, offline.Name, err)
	}
	ui.Say(w, ui.LookOf(r).T("Thank you. As soon as it has arrived, you get a receipt."), "")
	return ui.Back(w, r, "/pay/"+r.PathValue("token")+"?by="+offline.Name)
}
