package billing

import (
	"context"
	"database/sql"
	"fmt"

	"rowhouse/data/fault"
	"rowhouse/data/money"
)

// transfer is the gateway that is the host's bank account.
const transfer = "offline"

// BankData is where customers transfer money to.
func (b *Billing) BankData(ctx context.Context) (string, error) {
	all, err := b.Gateways(ctx)
	for _, t := range all {
		if t.Name == transfer && t.Enabled {
			return t.Known["instructions"], err
		}
	}
	return "", err
}

// ByTransfer notes that an invoice will be paid by bank transfer: it gets its number, so that it can be paid like any other, and an
// order waits longer for it. Pages of gateways that are open are closed.
func (b *Billing) ByTransfer(ctx context.Context, invoice int64) error {
	i, err := b.Invoice(ctx, invoice)
	if err != nil {
		return err
	}
	plan, err := b.planOf(ctx, i)
	if err != nil {
		return err
	}
	if err := b.allowed(ctx, plan, i.Due(), transfer); err != nil {
		return err
	}
	if _, err := b.closePages(ctx, i, transfer); err != nil {
		return err
	}
	return b.DB.Tx(ctx, func(tx *sql.Tx) error {
		i, err := invoiceIn(ctx, tx, invoice)
		if err != nil || i.State != InvoiceOpen {
			return err
		}
		today, err := b.today(ctx, tx)
		if err != nil {
			return err
		}
		if i.VoidOn > 0 {
			if _, err := tx.ExecContext(ctx, `update invoice set void_on = ? where id = ?`, max(i.VoidOn, i.DueOn+Day(i.Policy.Checkout)), i.ID); err != nil {
				return err
			}
		}
		if i.Number != "" {
			return nil
		}
		return number(ctx, tx, i.ID, i.Seller.Prefix, today)
	})
}

// patience with somebody who says that a transfer is on its way, in days.
const promised = 3

// Promise notes that somebody has transferred the money: the host is told to look for it, and nothing is closed for three days, once.
func (b *Billing) Promise(ctx context.Context, invoice int64) error {
	asked, err := b.Invoice(ctx, invoice)
	if err != nil {
		return err
	}
	plan, err := b.planOf(ctx, asked)
	if err != nil {
		return err
	}
	if err := b.allowed(ctx, plan, asked.Due(), transfer); err != nil {
		return err
	}
	return b.DB.Tx(ctx, func(tx *sql.Tx) error {
		i, err := invoiceIn(ctx, tx, invoice)
		if err != nil || i.State != InvoiceOpen {
			return err
		}
		today, err := b.today(ctx, tx)
		if err != nil {
			return err
		}
		if i.PromiseOn == 0 {
			if _, err := tx.ExecContext(ctx, `update invoice set promise_on = ? where id = ?`, today+promised, i.ID); err != nil {
				return err
			}
		}
		return b.alert(ctx, tx, fmt.Sprint("promise:", i.ID), "A transfer is said to be on its way", fmt.Sprint("/admin/invoices/", i.ID),
			fmt.Sprintf("The customer of the invoice %s says that %s %s has been transferred with the reference %s. Please look for it and record it.",
				i.Name(), i.Due().Decimal(), i.Currency, i.Reference()))
	})
}

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
