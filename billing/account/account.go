// Package account is what a tenant sees of its own subscription, among the settings of its CRM: the plan, the invoices, the way it
// is paid, and how to change or end it. It is open whatever else is closed, so that paying is always possible.
package account

import (
	"embed"
	"net/http"
	"strconv"

	"rowhouse/billing"
	"rowhouse/crm/page"
	"rowhouse/crm/settings"
	"rowhouse/data/fault"
	"rowhouse/tenant"
	"rowhouse/ui"
)

//go:embed *.html
var files embed.FS

// home is the address of the overview; all other pages are below it.
const home = "/admin/billing"

// Account draws the pages and passes on what is decided there.
type Account struct{ books *billing.Billing }

// New returns the pages on some books.
func New(b *billing.Billing) *Account { return &Account{b} }

// handler is a handler of somebody who may decide, about the tenant's subscription.
type handler func(w http.ResponseWriter, r *http.Request, d *page.Desk, s billing.Subscription) error

// Routes registers the pages, for the CRM's administrators.
func (a *Account) Routes(mux *http.ServeMux) {
	mux.Handle("GET "+home, a.office(a.showOverview))
	add := func(pattern string, h handler) { mux.Handle(pattern, a.office(a.ordered(h))) }
	add("GET "+home+"/details", a.showDetails)
	add("POST "+home+"/details", a.saveDetails)
	add("GET "+home+"/plans", goesOn(a.showPlans))
	add("GET "+home+"/plan", goesOn(a.showPlan))
	add("POST "+home+"/plan", goesOn(a.changePlan))
	add("POST "+home+"/change/deletion", a.keepPlan)
	add("GET "+home+"/staff", a.showStaff)
	add("POST "+home+"/staff", a.saveStaff)
	add("GET "+home+"/cancellation", a.showCancellation)
	add("POST "+home+"/cancellation", a.cancel)
	add("POST "+home+"/cancellation/deletion", a.resume)
	add("GET "+home+"/start", a.showStart)
	add("POST "+home+"/start", a.start)
	add("GET "+home+"/method", a.showMethods)
	add("POST "+home+"/method", a.saveMethod)
	add("POST "+home+"/method/deletion", a.forgetMethod)
	add("GET "+home+"/method/page", a.leaveToSave)
	add("GET "+home+"/invoices/{id}/payment", a.leaveToPay)
	add("GET "+home+"/credit-notes/{id}", a.creditNote)
	add("GET "+home+"/statement.pdf", a.statement)
	add("GET "+home+"/export.zip", a.export)
}

// office lets administrators in. While the CRM is closed the others learn whom to ask; otherwise it is none of their business.
func (a *Account) office(h page.Handler) page.Handler {
	return func(w http.ResponseWriter, r *http.Request, d *page.Desk) error {
		switch {
		case d.Store.Actor.Admin:
			return h(w, r, d)
		case d.Site.Access >= tenant.BillingOnly && r.Method == http.MethodGet:
			return a.showClosed(w, r, d)
		}
		return fault.New(fault.Denied, "Only administrators can change the settings.")
	}
}

// ordered hands the tenant's subscription over. Without one there is nothing to decide here.
func (a *Account) ordered(h handler) page.Handler {
	return func(w http.ResponseWriter, r *http.Request, d *page.Desk) error {
		s, err := a.books.SubscriptionOf(r.Context(), d.Site.ID)
		if err != nil {
			return err
		}
		return h(w, r, d, s)
	}
}

// goesOn refuses changes of what is canceled: they would be paid for and end all the same.
func goesOn(h handler) handler {
	return func(w http.ResponseWriter, r *http.Request, d *page.Desk, s billing.Subscription) error {
		if s.CancelAtEnd {
			return fault.New(fault.Conflict, "The subscription is canceled. Please take that back first, then the plan can be changed.")
		}
		return h(w, r, d, s)
	}
}

// begin makes the sheet of a page. What a closed CRM refuses is not offered at its sides.
func begin(w http.ResponseWriter, r *http.Request, d *page.Desk, title string, failed error) (settings.Sheet, error) {
	s, err := settings.Begin(w, r, d, "Plan and billing", home, failed)
	if err != nil {
		return s, err
	}
	if title != "Plan and billing" {
		s.Crumbs = append(s.Crumbs, ui.Item{Label: s.Title, URL: home})
		s.Title = s.T(title)
	}
	if d.Site.Access >= tenant.BillingOnly {
		only := []ui.Item{{Label: s.T("Plan and billing"), URL: home, Icon: "credit-card", Current: true}}
		s.Menu, s.Beside, s.Tabs, s.Search = []ui.Group{{Items: only}}, []ui.Group{{Label: s.T("Company"), Items: only}}, only, ""
		s.Crumbs = s.Crumbs[min(1, len(s.Crumbs)):]
	}
	return s, nil
}

// number reads a whole number of a form or an address; what is none is 0.
func number(text string) int64 {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 0 {
		return 0
	}
	return n
}

// bare reads a form that holds nothing: the button was the whole message.
func bare(w http.ResponseWriter, r *http.Request) error {
	_, err := ui.Form(w, r)
	return err
}

// done says what was done and leads to the page that shows it.
func done(w http.ResponseWriter, r *http.Request, to, sentence string, args ...any) error {
	ui.Say(w, ui.LookOf(r).T(sentence, args...), "")
	return ui.Back(w, r, to)
}

// undoable says what was done and how to take it back.
func undoable(w http.ResponseWriter, r *http.Request, undo, said string) error {
	ui.Say(w, said, undo)
	return ui.Back(w, r, home)
}

// day says a day with its year: money is not a matter of context.
func day(look *ui.Look, d billing.Day) string {
	if d == 0 {
		return ""
	}
	return look.Date(d.Time())
}

// own returns an invoice of a subscription. Any other is as if there were none.
func (a *Account) own(r *http.Request, s billing.Subscription) (billing.Invoice, error) {
	i, err := a.books.Invoice(r.Context(), number(r.PathValue("id")))
	if err == nil && i.Subscription != s.ID {
		err = fault.New(fault.Missing, "There is no such invoice.")
	}
	return i, err
}
