package billing

import (
	"context"
	"database/sql"
	"fmt"

	"rowhouse/data/fault"
	"rowhouse/data/money"
)

// RecordPayment books money that arrived in the host's bank account. The reference makes it single for the invoice.
func (b *Billing) RecordPayment(ctx context.Context, invoice int64, paid money.Amount, ref, actor string, on Day) error {
	if paid.Minor <= 0 || paid.Minor > most {
		return fault.New(fault.Invalid, "Please enter an amount above 0.")
	}
	if ref == "" || len(ref) > 100 {
		return fault.New(fault.Invalid, "Please enter what stands on the statement, at most 100 characters. It keeps the payment from being recorded twice.")
	}
	err := b.DB.Tx(ctx, func(tx *sql.Tx) error {
		i, err := invoiceIn(ctx, tx, invoice)
		if err != nil {
			return err
		}
		if paid.Currency != i.Currency {
			return fault.New(fault.Invalid, "The invoice is in %s.", i.Currency)
		}
		if err := onceRecorded(ctx, tx, i, ref); err != nil {
			return err
		}
		if on > DayOf(b.Clock.Now(), i.Seller.Location()) {
			return fault.New(fault.Invalid, "This day is still to come.")
		}
		done, err := tx.ExecContext(ctx, `insert into payment (invoice, gateway, ref, amount, currency, at) values (?, 'offline', ?, ?, ?, ?)`,
			i.ID, fmt.Sprintf("%d/%s", i.ID, ref), paid.Minor, paid.Currency, on.In(i.Seller.Location()).UnixMilli())
		if err != nil {
			return fmt.Errorf("record payment of invoice %d: %w", i.ID, err)
		}
		payment, err := done.LastInsertId()
		if err != nil {
			return err
		}
		if err := b.Tenants.Audit(ctx, tx, actor, "record payment", "", fmt.Sprintf("%s %s %s for %s", paid.Decimal(), paid.Currency, ref, i.Name())); err != nil {
			return err
		}
		return b.credit(ctx, tx, i, payment, paid)
	})
	if err == nil {
		b.wake()
	}
	return err
}

func onceRecorded(ctx context.Context, tx *sql.Tx, i Invoice, ref string) error {
	var n int
	err := tx.QueryRowContext(ctx, `select count(*) from payment where gateway = 'offline' and ref = ?`, fmt.Sprintf("%d/%s", i.ID, ref)).Scan(&n)
	if err == nil && n > 0 {
		return fault.New(fault.Conflict, "A payment with this reference is recorded for the invoice already.")
	}
	return err
}
