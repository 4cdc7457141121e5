package paper

import (
	"context"

	"rowhouse/billing"
	"rowhouse/ui/pdf"
)

// CreditNote draws a credit note. It names the invoice that it corrects, and is between the same two.
// The error is a fault.Missing if there is none.
func CreditNote(ctx context.Context, b *billing.Billing, id int64) (file string, content []byte, err error) {
	n, err := b.CreditNoteByID(ctx, id)
	if err != nil {
		return "", nil, err
	}
	i, err := b.Invoice(ctx, n.Invoice)
	if err != nil {
		return "", nil, err
	}
	lines, err := b.Lines(ctx, n.Invoice)
	if err != nil {
		return "", nil, err
	}
	title := lookFor(i.Buyer).T("Credit note %s", isolate(n.Number))
	s := begin(ctx, b, title, i.Seller, i.Buyer, n.Issued)
	s.head(title, i.Buyer, []pdf.Fact{{Label: s.look.T("Date"), Value: s.dayOf(n.Issued)}, {Label: s.look.T("For the invoice"), Value: isolate(i.Name())},
		{Label: s.look.T("Invoice of"), Value: s.dayOf(i.Issued)}})
	s.Table([]pdf.Column{{Title: s.look.T("What for"), Width: 5}, {Title: s.look.T("Amount in %s", n.Currency), Width: 1.8, Align: pdf.End}},
		pdf.Row{Cells: []string{s.look.T("Correction of the invoice %s", isolate(i.Name())) + "\n" + s.look.T(n.Reason), s.figure(-n.Net, n.Currency)}})
	s.Gap(14)
	s.Columns(pdf.Block{Width: 1.1}, pdf.Block{Facts: []pdf.Fact{{Label: s.look.T("Net"), Value: s.figure(-n.Net, n.Currency)},
		{Label: s.creditTax(lines), Value: s.figure(-n.Tax, n.Currency)}, {Label: s.look.T("Total"), Value: s.sum(-n.Net-n.Tax, n.Currency), Bold: true}}})
	s.Gap(26)
	s.note(i.Seller.Note)
	content, err = s.Bytes()
	return n.Number + ".pdf", content, err
}

// creditTax is the name of the tax that is taken back. Of several rates each has its share, so only their sum is named.
func (s *sheet) creditTax(lines []billing.Line) string {
	taxes := (billing.Quote{Lines: lines}).Taxes()
	if len(taxes) != 1 {
		return s.look.T("Tax")
	}
	t := taxes[0]
	if t.Reason != billing.Standard {
		return s.taxLabel(t, "")
	}
	return join(" ", t.TaxName, isolate(rate(t.Rate)))
}
