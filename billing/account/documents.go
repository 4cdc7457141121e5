package account

import (
	"net/http"
	"slices"
	"strconv"
	"time"

	"rowhouse/billing"
	"rowhouse/billing/paper"
	"rowhouse/crm/page"
	"rowhouse/data/fault"
	"rowhouse/ui"
)

// mostInvoices is how many invoices the overview shows; the statement has them all.
const mostInvoices = 60

// document is an invoice or a credit note in the list.
type document struct {
	Name, Day, What, Amount string
	State                   string
	Hue                     int
	URL, Pay                string // Pay: empty if nothing is to be paid
	at                      time.Time
}

// documents are a subscription's invoices and credit notes, the newest first.
func (a *Account) documents(r *http.Request, look *ui.Look, s billing.Subscription) ([]document, error) {
	ctx := r.Context()
	invoices, err := a.books.InvoicesOf(ctx, s.ID, mostInvoices)
	if err != nil {
		return nil, err
	}
	notes, err := a.books.CreditNotesOf(ctx, s.ID, mostInvoices)
	if err != nil {
		return nil, err
	}
	heads, err := a.books.Headlines(ctx, s.ID)
	if err != nil {
		return nil, err
	}
	today, err := a.books.Today(ctx)
	if err != nil {
		return nil, err
	}
	var list []document
	for _, i := range invoices {
		list = append(list, a.invoiceRow(look, i, heads[i.ID], today))
	}
	for _, n := range notes {
		list = append(list, noteRow(look, n))
	}
	slices.SortStableFunc(list, func(a, b document) int { return b.at.Compare(a.at) })
	return list, nil
}

func noteRow(look *ui.Look, n billing.CreditNote) document {
	return document{Name: n.Number, Day: look.Date(n.Issued), What: look.T("Correction of %s", n.Of), Amount: look.Money(-n.Amount().Minor, n.Currency),
		State: look.T("Credit note"), Hue: 11, URL: home + "/credit-notes/" + strconv.FormatInt(n.ID, 10), at: n.Issued}
}

func (a *Account) invoiceRow(look *ui.Look, i billing.Invoice, what string, today billing.Day) document {
	row := document{Name: i.Name(), Day: day(look, billing.DayOf(i.Issued, i.Seller.Location())), What: what, Amount: look.Money(i.Total, i.Currency), URL: a.books.DocumentURL(i.ID), at: i.Issued}
	switch {
	case i.State == billing.InvoicePaid && i.Refunded >= i.Total && i.Total > 0:
		row.State, row.Hue = look.T("Given back"), 11
	case i.State == billing.InvoicePaid:
		row.State, row.Hue = look.T("Paid"), 4
	case i.State == billing.InvoiceVoid:
		row.State, row.Hue = look.T("Taken back"), 11
	case i.State == billing.Uncollectible:
		row.State, row.Hue = look.T("Written off"), 11
	case i.DueOn < today && i.VoidOn == 0:
		row.State, row.Hue, row.Pay = look.T("Late"), 0, a.books.PayURL(i.ID)
	default:
		row.State, row.Hue, row.Pay = look.T("Open"), 1, a.books.PayURL(i.ID)
	}
	return row
}

// creditNote sends a credit note of this subscription as a file.
func (a *Account) creditNote(w http.ResponseWriter, r *http.Request, _ *page.Desk, s billing.Subscription) error {
	n, err := a.books.CreditNoteByID(r.Context(), number(r.PathValue("id")))
	if err != nil {
		return err
	}
	i, err := a.books.Invoice(r.Context(), n.Invoice)
	if err != nil {
		return err
	}
	if i.Subscription != s.ID {
		return fault.New(fault.Missing, "There is no such credit note.")
	}
	file, content, err := paper.CreditNote(r.Context(), a.books, n.ID)
	if err != nil {
		return err
	}
	return send(w, file, content)
}

// statement sends what was asked for and paid, with what is owed after each, as a file.
func (a *Account) statement(w http.ResponseWriter, r *http.Request, _ *page.Desk, s billing.Subscription) error {
	file, content, err := paper.StatementOf(r.Context(), a.books, s)
	if err != nil {
		return err
	}
	return send(w, file, content)
}

func send(w http.ResponseWriter, file string, content []byte) error {
	w.Header().Set("Content-Type", "application/pdf")
	w.Header().Set("Content-Disposition", `attachment; filename="`+file+`"`)
	_, _ = w.Write(content) // whoever has gone does not want it
	return nil
}
