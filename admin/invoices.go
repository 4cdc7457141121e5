package admin

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"rowhouse/billing"
	"rowhouse/data/money"
	"rowhouse/ui"
)

var invoicesPage = ui.Parse[invoiceList](files, ui.App, "invoices.html", "parts.html")

var invoiceStates = [][2]string{{"open", "Open"}, {"overdue", "Overdue"}, {"paid", "Paid"}, {"void", "Void"}, {"failed", "Failed"}, {"attention", "Needs you"}, {"", "All"}}

type invoiceList struct {
	ui.Frame
	States []tab
	State  string
	Search string
	Rows   []invoiceRow
	More   string
	From   string // of the ledger, unless another day is chosen
	To     string
}

// invoiceRow is an invoice with its words.
type invoiceRow struct {
	billing.InvoiceRow
	Word string
	Hue  int
}

// invoiceWord says where an invoice stands, and its colour.
func invoiceWord(look *ui.Look, i billing.Invoice, overdue bool) (string, int) {
	switch {
	case overdue:
		return look.T("Overdue"), 0
	case i.State == billing.InvoiceOpen && i.Number == "":
		return look.T("Offer"), 7
	case i.State == billing.InvoiceOpen:
		return look.T("Open"), 1
	case i.State == billing.InvoicePaid && i.Refunded > 0:
		return look.T("Refunded"), 8
	case i.State == billing.InvoicePaid:
		return look.T("Paid"), 4
	case i.State == billing.InvoiceVoid:
		return look.T("Void"), 11
	}
	return look.T("Written off"), 11
}

// Whose is the company that an invoice is for.
func (r invoiceRow) Whose() string {
	for _, s := range []string{r.Buyer.Company, r.Company, r.Buyer.Name, r.Buyer.Email} {
		if s != "" {
			return s
		}
	}
	return "–"
}

func (p *Panel) invoices(w http.ResponseWriter, r *http.Request) error {
	wish := billing.InvoiceWish{State: r.FormValue("state"), Search: strings.TrimSpace(r.FormValue("q")), Limit: pageSize}
	wish.Before, _ = strconv.ParseInt(r.FormValue("before"), 10, 64) // none is the first page
	found, err := p.Billing.Invoices(r.Context(), wish)
	if err != nil {
		return err
	}
	today, err := p.Billing.Today(r.Context())
	if err != nil {
		return err
	}
	page := invoiceList{Frame: p.frame(w, r, "Invoices", "/admin/invoices"), State: wish.State, Search: wish.Search, To: today.String()}
	page.From = (today - billing.Day(today.Of()) + 1).String()
	page.States = tabs(page.Look, "/admin/invoices", wish.State, invoiceStates...)
	for _, i := range found {
		row := invoiceRow{InvoiceRow: i}
		row.Word, row.Hue = invoiceWord(page.Look, i.Invoice, i.Overdue)
		page.Rows = append(page.Rows, row)
	}
	if len(found) == pageSize {
		page.More = "/admin/invoices?" + url.Values{"state": {wish.State}, "q": {wish.Search}, "before": {strconv.FormatInt(found[pageSize-1].ID, 10)}}.Encode()
	}
	return invoicesPage.Show(w, r, page)
}

// Sum is an amount of an invoice.
func (l invoiceList) Sum(i invoiceRow) string { return l.Money(i.Total, i.Currency) }

// number reads the number of a path; what is none is 0, which nothing has.
func number(r *http.Request) int64 {
	id, _ := strconv.ParseInt(r.PathValue("id"), 10, 64)
	return id
}

var customersPage = ui.Parse[customerList](files, ui.App, "customers.html")

type customerList struct {
	ui.Frame
	Search, More string
	Rows         []billing.Debtor
}

// Good is what a customer has to the good, or nothing.
func (l customerList) Good(a money.Amount) string {
	if a.Minor == 0 {
		return ""
	}
	return l.Money(a.Minor, a.Currency)
}

func (p *Panel) customers(w http.ResponseWriter, r *http.Request) error {
	search := strings.TrimSpace(r.FormValue("q"))
	found, err := p.Billing.Customers(r.Context(), search, r.FormValue("after"), pageSize)
	if err != nil {
		return err
	}
	page := customerList{Frame: p.frame(w, r, "Customers", "/admin/customers"), Search: search, Rows: found}
	if len(found) == pageSize {
		page.More = "/admin/customers?" + url.Values{"q": {search}, "after": {found[pageSize-1].Email}}.Encode()
	}
	return customersPage.Show(w, r, page)
}
