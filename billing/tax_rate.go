package billing

import (
	"context"
	"database/sql"
	"fmt"

	"rowhouse/data/fault"
)

// TaxRate is what is added to prices, or is in them, for customers of a country.
type TaxRate struct {
	Country, Name string
	Rate          int64 // basis points
}

// TaxRates returns the rates by country.
func (b *Billing) TaxRates(ctx context.Context) ([]TaxRate, error) {
	rows, err := b.DB.Query(ctx, `select country, name, rate from tax_rate order by country`)
	if err != nil {
		return nil, err
	}
	return gather(rows, func(row interface{ Scan(...any) error }) (TaxRate, error) {
		var t TaxRate
		err := row.Scan(&t.Country, &t.Name, &t.Rate)
		return t, err
	})
}

// KeepTaxRate sets the rate of a country. It counts for invoices that are issued from now on.
func (b *Billing) KeepTaxRate(ctx context.Context, t TaxRate, actor string) error {
	switch {
	case !knownCountry(t.Country):
		return fieldFault("country", fault.New(fault.Invalid, "Please choose a country."))
	case t.Rate < 0 || t.Rate > whole:
		return fieldFault("rate", fault.New(fault.Invalid, "A rate is between 0 and 100 percent."))
	case t.Name == "" || len(t.Name) > 30:
		return fieldFault("name", fault.New(fault.Invalid, "Please say what the tax is called, such as VAT."))
	}
	return b.DB.Tx(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `insert into tax_rate (country, name, rate) values (?, ?, ?) on conflict (country) do update set name = excluded.name, rate = excluded.rate`, t.Country, t.Name, t.Rate)
		if err != nil {
			return fmt.Errorf("keep tax of %s: %w", t.Country, err)
		}
		return b.Tenants.Audit(ctx, tx, actor, "set tax", "", fmt.Sprintf("%s %s %d", t.Country, t.Name, t.Rate))
	})
}

// DropTaxRate takes a country's rate away: its customers are then outside the tax.
func (b *Billing) DropTaxRate(ctx context.Context, country, actor string) error {
	return b.DB.Tx(ctx, func(tx *sql.Tx) error {
		done, err := tx.ExecContext(ctx, `delete from tax_rate where country = ?`, country)
		if err != nil {
			return err
		}
		if n, err := done.RowsAffected(); err != nil || n == 0 {
			return fault.Because(err, fault.Missing, "There is no rate for this country.")
		}
		return b.Tenants.Audit(ctx, tx, actor, "drop tax", "", country)
	})
}
