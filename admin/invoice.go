package admin

import (
	"net/http"
	"strconv"

	"rowhouse/billing"
	"rowhouse/ui"
)

var invoicePage = ui.Parse[invoiceSheet](files, ui.App, "invoice.html", "parts.html")

// invoiceSheet is an invoice with all that has to do with it.
type invoiceSheet struct {
	ui.Frame
	I                billing.Invoice
	Word             string
	Hue              int
	Tenant           string
	Lines            []billing.Line
	Taxes            []billing.Line
	Payments         []paymentRow
	Attempts         []billing.Attempt
	Refunds          []billing.RefundRow
	Notes            []billing.CreditNote
	Disputes         []billing.DisputeRow
	Letters          []billing.Sent
	Next             string // what happens if it stays unpaid, in a sentence
	Document, PayURL string
	Acts             []box
	Problem          string
}

// paymentRow is a payment with its words.
type paymentRow struct {
	billing.Payment
	Word string
}

// TaxText says what a sum of tax is.
func (s invoiceSheet) TaxText(l billing.Line) string { return billing.TaxText(s.Look, l) }

// On says a day of the books.
func (s invoiceSheet) On(d billing.Day) string {
	if d == 0 {
		return ""
	}
	return s.Look.Day(d.String())
}

// Span says a period by its first and its last day; to is the day behind it.
func (s invoiceSheet) Span(from, to billing.Day) string { return span(s.Look, from, to) }

func span(look *ui.Look, from, to billing.Day) string {
	return look.Day(from.String()) + " – " + look.Day((to - 1).String())
}

// At says a moment that is kept in milliseconds.
func (s invoiceSheet) At(p billing.Payment) string { return s.Moment(p.Moment()) }

var paymentWords = map[string]string{"payment": "Payment", "chargeback": "Taken back by the bank", "returned": "Returned to the balance"}

func (p *Panel) invoice(w http.ResponseWriter, r *http.Request) error {
	return p.invoiceWith(w, r, http.StatusOK, nil)
}

func (p *Panel) invoiceWith(w http.ResponseWriter, r *http.Request, status int, bad *refused) error {
	i, err := p.Billing.Invoice(r.Context(), number(r))
	if err != nil {
		return err
	}
	page := invoiceSheet{Frame: p.below(w, r, "Invoices", "Invoices", "/admin/invoices"), I: i}
	page.Title = i.Name()
	if err := p.fillInvoice(r, &page); err != nil {
		return err
	}
	today, err := p.Billing.Today(r.Context())
	if err != nil {
		return err
	}
	page.Word, page.Hue = invoiceWord(page.Look, i, i.State == billing.InvoiceOpen && i.DueOn < today)
	page.Next = nextWords(page, today)
	page.acts(today, bad)
	return invoicePage.ShowAs(w, r, status, page)
}

// fillInvoice reads what has to do with an invoice.
func (p *Panel) fillInvoice(r *http.Request, page *invoiceSheet) (err error) {
	ctx, i := r.Context(), page.I
	if page.Lines, err = p.Billing.Lines(ctx, i.ID); err != nil {
		return err
	}
	page.Taxes = billing.Quote{Lines: page.Lines}.Taxes()
	payments, err := p.Billing.PaymentsOf(ctx, i.ID)
	if err != nil {
		return err
	}
	for _, pay := range payments {
		page.Payments = append(page.Payments, paymentRow{pay, page.T(paymentWords[pay.Kind])})
	}
	if page.Attempts, err = p.Billing.AttemptsOf(ctx, i.ID); err != nil {
		return err
	}
	if page.Refunds, err = p.Billing.RefundsOf(ctx, i.ID); err != nil {
		return err
	}
	if page.Notes, err = p.Billing.CreditNotesFor(ctx, i.ID); err != nil {
		return err
	}
	if page.Disputes, err = p.Billing.DisputesOf(ctx, i.ID); err != nil {
		return err
	}
	if page.Letters, err = p.Billing.LettersAbout(ctx, i.ID); err != nil {
		return err
	}
	if i.Subscription > 0 {
		t, err := p.Billing.TenantOf(ctx, i.Subscription)
		if err == nil {
			page.Tenant = t.Name
		}
	}
	page.Document, page.PayURL = p.Billing.DocumentURL(i.ID), p.Billing.PayURL(i.ID)
	return nil
}

// nextWords says what happens to an open invoice if nobody does anything.
func nextWords(page invoiceSheet, today billing.Day) string {
	i := page.I
	if i.State != billing.InvoiceOpen {
		return ""
	}
	if i.PromiseOn >= today {
		return page.T("You wait for it until %s. Nothing is closed before that day is over.", page.On(i.PromiseOn))
	}
	if i.VoidOn > 0 {
		return page.T("It is an offer: if it is not paid until %s, it ends by itself.", page.On(i.VoidOn))
	}
	if !i.ChargeAt.IsZero() {
		return page.T("The saved method is charged on %s.", page.Moment(i.ChargeAt))
	}
	act, on, ok := i.NextAct()
	if !ok {
		return page.T("No further step is planned. Record the payment, wait, or write it off.")
	}
	switch act {
	case billing.Restrict:
		return page.T("If it stays unpaid, the CRM can only be read from %s on.", page.On(max(on, today)))
	case billing.Block:
		return page.T("If it stays unpaid, the CRM is closed on %s.", page.On(max(on, today)))
	}
	return page.T("If it stays unpaid, the subscription ends on %s.", page.On(max(on, today)))
}

// acts puts the forms on the page that fit where the invoice stands.
func (s *invoiceSheet) acts(today billing.Day, bad *refused) {
	path := "/admin/invoices/" + strconv.FormatInt(s.I.ID, 10)
	if s.I.State == billing.InvoiceOpen {
		s.Acts = append(s.Acts, recordForm(s, path, today))
	}
	if f := refundForm(s, path); len(f.Inputs[0].Options) > 0 {
		s.Acts = append(s.Acts, f)
	}
	if s.I.State == billing.InvoiceOpen {
		s.Acts = append(s.Acts, waitForm(s, path, today), voidForm(s, path), writeOffForm(s, path))
	}
	for n := range s.Acts {
		s.Acts[n] = s.Acts[n].again(bad)
	}
	s.Problem = bad.homeless(s.Look, s.Acts...)
}
