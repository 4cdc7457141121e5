package account

import (
	"net/http"
	"strconv"

	"rowhouse/billing"
	"rowhouse/crm/page"
	"rowhouse/crm/settings"
	"rowhouse/data/fault"
	"rowhouse/ui"
)

var leavePage = ui.Parse[leaveSheet](files, ui.App, "leave.html", "parts.html")

// leaveSheet leads to a page of another site. A form may not be redirected there, because browsers are told that ours stay here;
// a page with a link may.
type leaveSheet struct {
	settings.Sheet
	Lead, URL string
}

// leave shows the link, and follows it for who does not press it.
func leave(w http.ResponseWriter, r *http.Request, d *page.Desk, lead, address string) error {
	sheet, err := begin(w, r, d, "Payment page", nil)
	if err != nil {
		return err
	}
	w.Header().Set("Refresh", "1; url="+address)
	return leavePage.Show(w, r, leaveSheet{Sheet: sheet, Lead: lead, URL: address})
}

// leaveToPay leads to where an open invoice is paid.
func (a *Account) leaveToPay(w http.ResponseWriter, r *http.Request, d *page.Desk, s billing.Subscription) error {
	i, err := a.own(r, s)
	if err != nil {
		return err
	}
	if i.State != billing.InvoiceOpen {
		return ui.Back(w, r, home)
	}
	look := ui.LookOf(r)
	return leave(w, r, d, look.T("%s are to be paid. What you have chosen takes effect as soon as that is done.", look.Money(i.Open(), i.Currency)), a.books.PayURL(i.ID))
}

// leaveForChange leads to where the invoice of a change is paid that was just issued.
func (a *Account) leaveForChange(w http.ResponseWriter, r *http.Request, s billing.Subscription) error {
	list, err := a.books.InvoicesOf(r.Context(), s.ID, mostInvoices)
	if err != nil {
		return err
	}
	for _, i := range list {
		if i.State == billing.InvoiceOpen && i.Kind == billing.Change {
			return ui.Back(w, r, payment(i.ID))
		}
	}
	return ui.Back(w, r, home)
}

func payment(invoice int64) string {
	return home + "/invoices/" + strconv.FormatInt(invoice, 10) + "/payment"
}

// leaveToSave leads to where a way to pay is saved.
func (a *Account) leaveToSave(w http.ResponseWriter, r *http.Request, d *page.Desk, s billing.Subscription) error {
	address, err := a.books.SetupPage(r.Context(), s.ID)
	if err != nil {
		return err
	}
	if address == "" {
		return fault.New(fault.Gone, "This page is closed. Please begin again from the billing page.")
	}
	return leave(w, r, d, ui.LookOf(r).T("There you enter how you pay. Nothing is charged by that."), address)
}
