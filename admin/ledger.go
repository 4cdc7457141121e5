package admin

import (
	"encoding/csv"
	"net/http"
	"time"

	"rowhouse/billing"
	"rowhouse/crm/record"
	"rowhouse/data/money"
	"rowhouse/ui"
)

// ledger sends the bookings of some days as a spreadsheet. It is written as it is read: a year of it fits any memory. What customers
// have typed is made harmless, as spreadsheets run what begins like a formula.
func (p *Panel) ledger(w http.ResponseWriter, r *http.Request) error {
	if err := may(r, mayMoney); err != nil {
		return err
	}
	today, err := p.Billing.Today(r.Context())
	if err != nil {
		return err
	}
	from, to := dayOr(r.FormValue("from"), today-billing.Day(today.Of())+1), dayOr(r.FormValue("to"), today)
	seller, err := p.Billing.Seller(r.Context())
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "text/csv; charset=utf-8")
	h.Set("Content-Disposition", `attachment; filename="ledger-`+from.String()+`-`+to.String()+`.csv"`)
	h.Set("Cache-Control", "private, no-store")
	out, look := csv.NewWriter(w), ui.LookOf(r)
	head := []string{look.T("Day"), look.T("Kind"), look.T("Invoice"), look.T("Reference"), look.T("Gateway"), look.T("Company"), look.T("Country"), look.T("Tax number"),
		look.T("Net"), look.T("Tax"), look.T("Amount"), look.T("Currency")}
	if err := out.Write(head); err != nil {
		return nil // the reader has gone
	}
	err = p.Billing.Ledger(r.Context(), from, to, func(k billing.Booking) error {
		return out.Write(cells(k, seller.Location()))
	})
	out.Flush()
	if err != nil && r.Context().Err() == nil && out.Error() == nil {
		panic(http.ErrAbortHandler) // a half ledger must not look like a whole one
	}
	return nil
}

// cells are the columns of a booking. Amounts are written with a point, as accounting programs read them.
func cells(k billing.Booking, zone *time.Location) []string {
	say := func(minor int64) string { return money.Amount{Minor: minor, Currency: k.Currency}.Decimal() }
	row := []string{k.At.In(zone).Format(time.DateOnly), k.Kind, record.Cell(k.Number), record.Cell(k.Ref), record.Cell(k.Gateway), record.Cell(k.Company), record.Cell(k.Country), record.Cell(k.TaxID), "", "", say(k.Amount), k.Currency}
	if k.Kind == "invoice" || k.Kind == "credit note" {
		row[8], row[9] = say(k.Net), say(k.Tax)
	}
	return row
}

// dayOr reads a day like 2026-11-22, or takes another one.
func dayOr(s string, otherwise billing.Day) billing.Day {
	if t, err := time.Parse(time.DateOnly, s); err == nil {
		return billing.DayOf(t, time.UTC)
	}
	return otherwise
}
