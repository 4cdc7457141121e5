package paper

import (
	"context"
	"strconv"
	"strings"

	"rowhouse/billing"
	"rowhouse/ui/pdf"
)

// Invoice draws an invoice. One that has no number yet is an order: the tax office must not take it for an invoice.
// The error is a fault.Missing if there is none.
func Invoice(ctx context.Context, b *billing.Billing, id int64) (file string, content []byte, err error) {
	i, err := b.Invoice(ctx, id)
	if err != nil {
		return "", nil, err
	}
	lines, err := b.Lines(ctx, id)
	if err != nil {
		return "", nil, err
	}
	title := lookFor(i.Buyer).T("Invoice %s", isolate(i.Name()))
	if i.Number == "" {
		title = lookFor(i.Buyer).T("Order %s", isolate(i.Name()))
	}
	s := begin(ctx, b, title, i.Seller, i.Buyer, i.Issued)
	s.head(title, i.Buyer, s.invoiceFacts(i))
	s.lines(lines, i.Currency)
	s.Gap(14)
	s.Columns(pdf.Block{Width: 1.1}, pdf.Block{Facts: s.totals(i, lines)})
	s.Gap(26)
	s.invoiceNotes(i, lines)
	content, err = s.Bytes()
	return i.Name() + ".pdf", content, err
}

// head is who it is for, the facts beside that, and the title.
func (s *sheet) head(title string, buyer billing.Customer, facts []pdf.Fact) {
	s.Columns(pdf.Block{Width: 1.2, Paragraphs: []pdf.Paragraph{{Text: s.address(buyer)}}}, pdf.Block{Facts: facts})
	s.Gap(34)
	s.Text(title, pdf.Style{Size: 20, Bold: true})
	s.Gap(16)
}

func (s *sheet) invoiceFacts(i billing.Invoice) []pdf.Fact {
	facts := []pdf.Fact{{Label: s.look.T("Date"), Value: s.dayOf(i.Issued)}}
	if i.Start > 0 && i.End > i.Start {
		facts = append(facts, pdf.Fact{Label: s.look.T("Period"), Value: s.period(i.Start, i.End)})
	}
	facts = append(facts, pdf.Fact{Label: s.look.T("Customer number"), Value: strconv.FormatInt(i.Customer, 10)})
	switch i.State {
	case billing.InvoicePaid:
		return append(facts, pdf.Fact{Label: s.look.T("Paid on"), Value: s.dayOf(i.PaidAt)})
	case billing.InvoiceVoid:
		return append(facts, pdf.Fact{Label: s.look.T("Status"), Value: s.look.T("Taken back")})
	case billing.Uncollectible:
		return append(facts, pdf.Fact{Label: s.look.T("Status"), Value: s.look.T("Written off")})
	}
	return append(facts, pdf.Fact{Label: s.look.T("Due on"), Value: s.day(i.DueOn)}, pdf.Fact{Label: s.look.T("Payment reference"), Value: isolate(i.Reference())})
}

// period says the days from the first to the last; to is the one after that.
func (s *sheet) period(from, to billing.Day) string {
	return s.look.T("%s to %s", s.day(from), s.day(to-1))
}

func (s *sheet) lines(lines []billing.Line, currency string) {
	columns := []pdf.Column{{Title: s.look.T("What for"), Width: 5}, {Title: s.look.T("Quantity"), Width: 1.2, Align: pdf.End},
		{Title: s.look.T("Unit price"), Width: 1.8, Align: pdf.End}, {Title: s.look.T("Amount in %s", currency), Width: 1.8, Align: pdf.End}}
	var rows []pdf.Row
	for _, l := range lines {
		text := l.Text
		if l.Kind == "balance" {
			text = s.look.T("Kept for later invoices")
		}
		if l.From > 0 && l.To > l.From {
			text += "\n" + s.period(l.From, l.To)
		}
		rows = append(rows, pdf.Row{Cells: []string{text, s.look.Number(l.Quantity), s.figure(l.Unit, currency), s.figure(l.Amount, currency)}})
	}
	s.Table(columns, rows...)
}

// totals are the sums below the lines: what was taken off, the tax by rate, what was paid and what is open.
func (s *sheet) totals(i billing.Invoice, lines []billing.Line) []pdf.Fact {
	var facts []pdf.Fact
	if i.Discount > 0 {
		facts = append(facts, pdf.Fact{Label: s.look.T("Subtotal"), Value: s.figure(subtotal(lines), i.Currency)}, pdf.Fact{Label: s.look.T("Discount"), Value: s.figure(-i.Discount, i.Currency)})
	}
	facts = append(facts, pdf.Fact{Label: s.look.T("Net"), Value: s.figure(i.Net, i.Currency)})
	for _, t := range (billing.Quote{Lines: lines}).Taxes() {
		facts = append(facts, pdf.Fact{Label: s.taxLabel(t, i.Currency), Value: s.figure(t.Tax, i.Currency)})
	}
	facts = append(facts, pdf.Fact{Label: s.look.T("Total"), Value: s.sum(i.Total, i.Currency), Bold: true})
	if i.Paid > 0 {
		facts = append(facts, pdf.Fact{Label: s.look.T("Paid"), Value: s.figure(-i.Paid, i.Currency)})
	}
	if i.Refunded > 0 {
		facts = append(facts, pdf.Fact{Label: s.look.T("Given back"), Value: s.figure(i.Refunded, i.Currency)})
	}
	if i.State == billing.InvoiceOpen {
		facts = append(facts, pdf.Fact{Label: s.look.T("To pay"), Value: s.sum(i.Open(), i.Currency), Bold: true})
	}
	return facts
}

func subtotal(lines []billing.Line) (sum int64) {
	for _, l := range lines {
		sum += l.Amount
	}
	return sum
}

// taxLabel says a rate and what it was worked out from.
func (s *sheet) taxLabel(t billing.Line, currency string) string {
	switch t.Reason {
	case billing.ReverseCharge:
		return s.look.T("Reverse charge")
	case billing.Exempt:
		return s.look.T("Exempt from tax")
	case billing.OutOfScope:
		return s.look.T("Without tax")
	}
	name := t.TaxName
	if name == "" {
		name = s.look.T("Tax")
	}
	return s.look.T("%s %s on %s", name, isolate(rate(t.Rate)), s.figure(t.Net, currency))
}

// rate says basis points in percent, with as many digits as it has: 7.7 %.
func rate(points int64) string {
	text := strconv.FormatFloat(float64(points)/100, 'f', 2, 64)
	return strings.TrimSuffix(strings.TrimRight(text, "0"), ".") + " %"
}

// invoiceNotes are the sentences below: why there is no tax, how to pay, and the seller's own.
func (s *sheet) invoiceNotes(i billing.Invoice, lines []billing.Line) {
	if i.Number == "" {
		s.note(s.look.T("This is an order and not an invoice. The invoice follows with the payment."))
	}
	for _, l := range lines {
		if l.Inclusive && l.Tax != 0 {
			s.note(s.look.T("The prices above include the tax."))
			break
		}
	}
	for _, t := range (billing.Quote{Lines: lines}).Taxes() {
		switch t.Reason {
		case billing.ReverseCharge:
			s.note(s.look.T("Reverse charge: the recipient of the service owes the tax."))
		case billing.Exempt:
			s.note(s.look.T("No tax is charged because the customer is exempt from it."))
		}
	}
	if i.State == billing.InvoiceOpen && i.Seller.Bank != "" {
		s.Text(s.look.T("Please transfer %s until %s and name the reference %s:", s.sum(i.Open(), i.Currency), s.day(i.DueOn), isolate(i.Reference())), pdf.Style{})
		s.Gap(4)
		s.Text(i.Seller.Bank, pdf.Style{Bold: true})
		s.Gap(10)
	}
	s.note(i.Seller.Note)
}

func (s *sheet) note(text string) {
	if text = strings.TrimSpace(text); text != "" {
		s.Text(text, pdf.Style{Grey: true, Size: 9})
		s.Gap(6)
	}
}
