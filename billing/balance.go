package billing

import (
	"context"
	"database/sql"
	"fmt"

	"rowhouse/data/fault"
	"rowhouse/data/money"
)

// entry is a change of what a customer has to the good.
type entry struct {
	Customer int64
	Currency string
	Amount   int64
	Kind     string
	Ref      string // with the kind, it makes the entry single
	Note     string
}

// byBalance is the name of the gateway of payments that come out of the balance.
const byBalance = "balance"

// balance adds an entry. One that is there already is not added again.
func (b *Billing) balance(ctx context.Context, tx *sql.Tx, e entry) error {
	_, err := tx.ExecContext(ctx, `insert or ignore into balance (customer, currency, amount, kind, ref, note, at) values (?, ?, ?, ?, ?, ?, ?)`,
		e.Customer, e.Currency, e.Amount, e.Kind, e.Ref, e.Note, b.Clock.Now().UnixMilli())
	if err != nil {
		return fmt.Errorf("change balance of customer %d: %w", e.Customer, err)
	}
	return nil
}

func toTheGood(ctx context.Context, tx *sql.Tx, customer int64, currency string) (int64, error) {
	var sum int64
	err := tx.QueryRowContext(ctx, `select coalesce(sum(amount), 0) from balance where customer = ? and currency = ?`, customer, currency).Scan(&sum)
	return sum, err
}

// ToTheGood is what a customer has to the good.
func (b *Billing) ToTheGood(ctx context.Context, c Customer) (money.Amount, error) {
	a := money.Amount{Currency: c.Currency}
	err := b.DB.QueryRow(ctx, `select coalesce(sum(amount), 0) from balance where customer = ? and currency = ?`, c.ID, c.Currency).Scan(&a.Minor)
	return a, err
}

// useBalance pays of an open invoice what the customer has to the good, and finishes it if that is enough. A payment under way
// comes first: it was asked for the whole.
func (b *Billing) useBalance(ctx context.Context, tx *sql.Tx, id int64) (Invoice, error) {
	i, err := invoiceIn(ctx, tx, id)
	if err != nil || i.State != InvoiceOpen {
		return i, err
	}
	if under, err := underWay(ctx, tx, id); err != nil || under {
		return i, err
	}
	good, err := toTheGood(ctx, tx, i.Customer, i.Currency)
	if err != nil {
		return i, err
	}
	if use := min(good, i.Open()); use > 0 {
		if err := b.payFromBalance(ctx, tx, i, use); err != nil {
			return i, err
		}
	}
	if err := b.finish(ctx, tx, id, 0); err != nil {
		return i, err
	}
	return invoiceIn(ctx, tx, id)
}

func (b *Billing) payFromBalance(ctx context.Context, tx *sql.Tx, i Invoice, use int64) error {
	var n int
	if err := tx.QueryRowContext(ctx, `select count(*) from payment where invoice = ? and gateway = ?`, i.ID, byBalance).Scan(&n); err != nil {
		return err
	}
	ref := fmt.Sprintf("invoice/%d/%d", i.ID, n)
	if err := b.balance(ctx, tx, entry{i.Customer, i.Currency, -use, "used", ref, i.Name()}); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `insert into payment (invoice, gateway, ref, amount, currency, at) values (?, ?, ?, ?, ?, ?)`, i.ID, byBalance, ref, use, i.Currency, b.Clock.Now().UnixMilli())
	if err != nil {
		return fmt.Errorf("pay invoice %d from the balance: %w", i.ID, err)
	}
	_, err = tx.ExecContext(ctx, `update invoice set paid = paid + ? where id = ?`, use, i.ID)
	return err
}

// giveBack returns what was paid of an invoice, to the balance.
func (b *Billing) giveBack(ctx context.Context, tx *sql.Tx, i Invoice) error {
	if i.Paid == 0 {
		return nil
	}
	ref := fmt.Sprintf("invoice/%d", i.ID)
	if err := b.balance(ctx, tx, entry{i.Customer, i.Currency, i.Paid, "returned", ref, i.Name()}); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `insert into payment (invoice, kind, gateway, ref, amount, currency, at) values (?, 'returned', ?, ?, ?, ?, ?)`, i.ID, byBalance, ref, -i.Paid, i.Currency, b.Clock.Now().UnixMilli())
	if err != nil {
		return fmt.Errorf("return what was paid of invoice %d: %w", i.ID, err)
	}
	_, err = tx.ExecContext(ctx, `update invoice set paid = 0 where id = ?`, i.ID)
	return err
}

// settleFrom pays the customer's open invoices from the balance, the oldest first: what comes in counts at once.
func (b *Billing) settleFrom(ctx context.Context, tx *sql.Tx, customer int64, currency string) error {
	open, err := collect(ctx, tx, scanID, `select id from invoice where customer = ? and currency = ? and state = 'open' and kind in ('renewal', 'manual') order by due_on, id`, customer, currency)
	if err != nil {
		return err
	}
	for _, id := range open {
		if _, err := b.useBalance(ctx, tx, id); err != nil {
			return err
		}
	}
	return nil
}

// Grant gives a customer something to the good, in minor units above 0, and pays open invoices with it.
// key makes it single: the same form sent twice grants once.
func (b *Billing) Grant(ctx context.Context, subscription int64, amount money.Amount, reason, key, actor string) error {
	if amount.Minor <= 0 || amount.Minor > most {
		return fault.New(fault.Invalid, "Please enter an amount above 0.")
	}
	if reason == "" {
		return fault.New(fault.Invalid, "Please say why. The customer reads it.")
	}
	return b.DB.Tx(ctx, func(tx *sql.Tx) error {
		s, err := subscriptionIn(ctx, tx, subscription)
		if err != nil {
			return err
		}
		c, err := customerIn(ctx, tx, s.Customer)
		if err != nil {
			return err
		}
		if err := checkCurrency(c, amount.Currency); err != nil {
			return err
		}
		if err := b.balance(ctx, tx, entry{c.ID, amount.Currency, amount.Minor, "gift", key, reason}); err != nil {
			return err
		}
		if err := b.post(ctx, tx, "credit_given", "gift:"+key, s, map[string]string{"amount": say(c.Language, amount), "reason": reason}, ""); err != nil {
			return err
		}
		if err := b.note(ctx, tx, s, s, "credit", actor, amount.Decimal()+" "+amount.Currency+": "+reason); err != nil {
			return err
		}
		return b.settleFrom(ctx, tx, c.ID, amount.Currency)
	})
}
