// Package paper draws what customers file: invoices, credit notes and statements, as PDF in the customer's language.
// It works nothing out: every figure is as it stands in the books, with seller and buyer as they were when the invoice was issued.
package paper

import (
	"context"
	"strconv"
	"strings"
	"time"

	"rowhouse/billing"
	"rowhouse/crm/entity"
	"rowhouse/data/fault"
	"rowhouse/data/money"
	"rowhouse/ui"
	"rowhouse/ui/pdf"
)

// Draw draws the document of a name: invoice/12 or credit/3. The error is a fault.Missing for any other.
func Draw(ctx context.Context, b *billing.Billing, name string) (file string, content []byte, err error) {
	kind, number, _ := strings.Cut(name, "/")
	id, err := strconv.ParseInt(number, 10, 64)
	switch {
	case err == nil && kind == "invoice":
		return Invoice(ctx, b, id)
	case err == nil && kind == "credit":
		return CreditNote(ctx, b, id)
	}
	return "", nil, fault.New(fault.Missing, "There is no such document.")
}

// sheet is a document while it is drawn.
type sheet struct {
	*pdf.Document
	look *ui.Look
	zone *time.Location // the seller's: days on paper are his
}

// begin starts a document from a seller to a buyer.
func begin(ctx context.Context, b *billing.Billing, title string, seller billing.Seller, buyer billing.Customer, made time.Time) *sheet {
	look := lookFor(buyer)
	name := seller.Name
	if name == "" && b.Tenants.Brand != nil {
		name = b.Tenants.Brand(ctx)
	}
	info := pdf.Info{Title: title, Author: name, Language: look.Tag, RightToLeft: rightToLeft(buyer.Language), Created: made}
	for _, column := range []string{join("\n", name, seller.Address, country(look, seller.Country)), join("\n", taxNumber(look, seller.TaxID), seller.Email), seller.Bank} {
		if column != "" {
			info.Footer = append(info.Footer, column)
		}
	}
	s := &sheet{Document: pdf.New(info), look: look, zone: seller.Location()}
	s.Text(strings.ReplaceAll(join("\n", name, strings.TrimSpace(seller.Address)), "\n", " · "), pdf.Style{Size: 7.5, Grey: true})
	s.Gap(22)
	return s
}

// lookFor is how paper is written for a customer.
func lookFor(c billing.Customer) *ui.Look {
	return &ui.Look{Words: ui.WordsFor(c.Language), Zone: time.UTC}
}

func rightToLeft(language string) bool {
	base, _, _ := strings.Cut(language, "-")
	switch base {
	case "ar", "he", "fa", "ur":
		return true
	}
	return false
}

// address is the buyer as on an envelope, with the tax number below.
func (s *sheet) address(c billing.Customer) string {
	return join("\n", c.Company, c.Name, c.Address, country(s.look, c.Country), taxNumber(s.look, c.TaxID))
}

func country(look *ui.Look, code string) string {
	return entity.Country{}.Text(code, &entity.Draw{Look: look})
}

func taxNumber(look *ui.Look, number string) string {
	if number == "" {
		return ""
	}
	return look.T("VAT number %s", isolate(number))
}

// join puts what is not empty together.
func join(between string, parts ...string) string {
	var some []string
	for _, p := range parts {
		if p = strings.TrimSpace(p); p != "" {
			some = append(some, p)
		}
	}
	return strings.Join(some, between)
}

// isolate keeps a number in its order within a sentence of another direction.
func isolate(text string) string { return "\u2066" + text + "\u2069" }

// figure is an amount with all its digits, as columns and tax offices want it: 1,240.00.
func (s *sheet) figure(minor int64, currency string) string {
	digits := money.Exponent(currency)
	sign := ""
	if minor < 0 {
		sign, minor = "−", -minor
	}
	text := strconv.FormatInt(minor, 10)
	for len(text) <= digits {
		text = "0" + text
	}
	whole, err := strconv.ParseInt(text[:len(text)-digits], 10, 64)
	if err != nil || digits == 0 {
		return isolate(sign + s.look.Number(minor))
	}
	point := "."
	if strings.Contains(s.look.Number(1000), ".") {
		point = ","
	}
	return isolate(sign + s.look.Number(whole) + point + text[len(text)-digits:])
}

// sum is an amount with its currency.
func (s *sheet) sum(minor int64, currency string) string {
	return s.figure(minor, currency) + " " + currency
}

// day is a day of the calendar.
func (s *sheet) day(d billing.Day) string { return s.look.Date(d.Time()) }

// dayOf is the seller's day of a moment.
func (s *sheet) dayOf(t time.Time) string { return s.day(billing.DayOf(t, s.zone)) }
