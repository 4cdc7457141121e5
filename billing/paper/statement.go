package paper

import (
	"context"
	"time"

	"rowhouse/billing"
	"rowhouse/ui/pdf"
)

// Statement draws all invoices, payments and credits of a customer with what was owed after each. The error is a fault.Missing
// if there is no such customer.
func Statement(ctx context.Context, b *billing.Billing, customer int64) (file string, content []byte, err error) {
	return statement(ctx, b, customer, 0)
}

// StatementOf draws the statement of one subscription: a customer with several tenants has one for each, and their people see
// only their own.
func StatementOf(ctx context.Context, b *billing.Billing, s billing.Subscription) (file string, content []byte, err error) {
	return statement(ctx, b, s.Customer, s.ID)
}

func statement(ctx context.Context, b *billing.Billing, customer, subscription int64) (string, []byte, error) {
	c, err := b.CustomerByID(ctx, customer)
	if err != nil {
		return "", nil, err
	}
	seller, err := b.Seller(ctx)
	if err != nil {
		return "", nil, err
	}
	entries, err := b.Entries(ctx, customer, subscription)
	if err != nil {
		return "", nil, err
	}
	today := billing.DayOf(b.Clock.Now(), seller.Location())
	title := lookFor(c).T("Statement of account")
	s := begin(ctx, b, title, seller, c, today.Time())
	s.head(title, c, []pdf.Fact{{Label: s.look.T("Date"), Value: s.day(today)}, {Label: s.look.T("Customer number"), Value: s.look.Number(customer)}})
	if len(entries) == 0 {
		s.Text(s.look.T("Nothing has been invoiced yet."), pdf.Style{})
	}
	for _, currency := range currencies(entries) {
		s.entries(entries, currency)
		s.Gap(24)
	}
	content, err := s.Bytes()
	return "statement-" + today.Time().Format(time.DateOnly) + ".pdf", content, err
}

func currencies(entries []billing.Entry) (list []string) {
	known := map[string]bool{}
	for _, e := range entries {
		if !known[e.Amount.Currency] {
			known[e.Amount.Currency] = true
			list = append(list, e.Amount.Currency)
		}
	}
	return list
}

// entries is the account in one currency.
func (s *sheet) entries(entries []billing.Entry, currency string) {
	columns := []pdf.Column{{Title: s.look.T("Date"), Width: 1.5}, {Title: s.look.T("What"), Width: 3.6}, {Title: s.look.T("Asked for"), Width: 1.5, Align: pdf.End},
		{Title: s.look.T("Paid or credited"), Width: 1.6, Align: pdf.End}, {Title: s.look.T("Balance in %s", currency), Width: 1.6, Align: pdf.End}}
	var rows []pdf.Row
	var balance int64
	for _, e := range entries {
		if e.Amount.Currency != currency {
			continue
		}
		balance += e.Amount.Minor
		asked, credited := s.figure(e.Amount.Minor, currency), ""
		if e.Amount.Minor < 0 {
			asked, credited = "", s.figure(-e.Amount.Minor, currency)
		}
		rows = append(rows, pdf.Row{Cells: []string{s.dayOf(e.At), s.entry(e), asked, credited, s.figure(balance, currency)}})
	}
	s.Table(columns, rows...)
	s.Gap(14)
	last := pdf.Fact{Label: s.look.T("To pay"), Value: s.sum(max(balance, 0), currency), Bold: true}
	if balance < 0 {
		last = pdf.Fact{Label: s.look.T("To your good"), Value: s.sum(-balance, currency), Bold: true}
	}
	s.Columns(pdf.Block{Width: 1.1}, pdf.Block{Facts: []pdf.Fact{last}})
}

// entry says in words what changed the balance.
func (s *sheet) entry(e billing.Entry) string {
	ref := isolate(e.Ref)
	switch e.Kind {
	case "invoice":
		return s.look.T("Invoice %s", ref)
	case "credit note":
		return s.look.T("Credit note %s", ref)
	case "refund":
		return s.look.T("Given back, %s", ref)
	case "chargeback":
		return s.look.T("Taken back by the bank, %s", ref)
	case "gift":
		return join(": ", s.look.T("Credit"), e.Ref)
	case "change":
		return s.look.T("Left over from a change of plan")
	}
	if e.Ref == "" {
		return s.look.T("Payment")
	}
	return s.look.T("Payment, %s", ref)
}
