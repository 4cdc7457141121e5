package billing

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"rowhouse/data"
	"rowhouse/data/fault"
)

// draft is an invoice before it is issued.
type draft struct {
	Kind         string
	Subscription Subscription
	Quote        Quote
	Effects      Effects
	Start, End   Day
	DueOn        Day
	VoidOn       Day  // for an offer
	Numbered     bool // from the beginning; an offer gets its number when it is paid
	Charge       bool // a saved method is charged on the due day
	Policy       Policy
}

// issue writes an invoice and pays of it what the customer has to the good. One of the same sort that is there already is
// a fault.Conflict: the schema decides between two who issue at once.
func (b *Billing) issue(ctx context.Context, tx *sql.Tx, d draft) (Invoice, error) {
	seller, err := sellerIn(ctx, tx)
	if err != nil {
		return Invoice{}, err
	}
	c, err := customerIn(ctx, tx, d.Subscription.Customer)
	if err != nil {
		return Invoice{}, err
	}
	if d.Kind != Renewal { // what runs in another currency goes on in it: two orders may have been paid at once
		if err := checkCurrency(c, d.Quote.Currency); err != nil {
			return Invoice{}, err
		}
	}
	id, err := b.insert(ctx, tx, d, seller, c)
	if err != nil {
		return Invoice{}, err
	}
	if err := keepLines(ctx, tx, id, d.Quote.Lines); err != nil {
		return Invoice{}, err
	}
	if d.Quote.ToBalance > 0 {
		if err := b.balance(ctx, tx, entry{c.ID, d.Quote.Currency, d.Quote.ToBalance, "change", fmt.Sprint("invoice/", id), ""}); err != nil {
			return Invoice{}, err
		}
	}
	if d.Numbered {
		if err := number(ctx, tx, id, seller.Prefix, DayOf(b.Clock.Now(), seller.Location())); err != nil {
			return Invoice{}, err
		}
	}
	return b.useBalance(ctx, tx, id)
}

// checkCurrency holds a customer to the currency of the first paid invoice: a balance in two would never be used up.
func checkCurrency(c Customer, currency string) error {
	if c.Currency != "" && c.Currency != currency {
		return fault.New(fault.Conflict, "This account is kept in %s, so it cannot have a price in %s.", c.Currency, currency)
	}
	return nil
}

func (b *Billing) insert(ctx context.Context, tx *sql.Tx, d draft, seller Seller, c Customer) (int64, error) {
	effects, err := json.Marshal(d.Effects)
	if err != nil {
		return 0, err
	}
	from, err := json.Marshal(seller)
	if err != nil {
		return 0, err
	}
	to, err := json.Marshal(c)
	if err != nil {
		return 0, err
	}
	var charge any
	if d.Charge {
		charge = max(d.DueOn.In(seller.Location()).UnixMilli(), b.Clock.Now().UnixMilli())
	}
	now := b.Clock.Now().UnixMilli()
	done, err := tx.ExecContext(ctx, `insert into invoice (kind, customer, subscription, state, currency, net, tax, discount, total, period_start, period_end, effects, due_on, void_on, charge_at,
		issued_at, seller, buyer, policy, created_at) values (?, ?, ?, 'open', ?, ?, ?, ?, ?, nullif(?, 0), nullif(?, 0), ?, ?, nullif(?, 0), ?, ?, ?, ?, ?, ?)`,
		d.Kind, c.ID, d.Subscription.ID, d.Quote.Currency, d.Quote.Net, d.Quote.Tax, d.Quote.Discount, d.Quote.Total, d.Start, d.End, string(effects), d.DueOn, d.VoidOn, charge,
		now, string(from), string(to), d.Policy.json(), now)
	if data.Unique(err) {
		return 0, fault.Because(err, fault.Conflict, "There is an open invoice of this sort already.")
	}
	if err != nil {
		return 0, fmt.Errorf("issue %s invoice of subscription %d: %w", d.Kind, d.Subscription.ID, err)
	}
	return done.LastInsertId()
}

func keepLines(ctx context.Context, tx *sql.Tx, invoice int64, lines []Line) error {
	for _, l := range lines {
		_, err := tx.ExecContext(ctx, `insert into line (invoice, kind, text, quantity, unit, amount, discount, rate, tax_name, reason, inclusive, net, tax, from_day, to_day)
			values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, nullif(?, 0), nullif(?, 0))`, invoice, l.Kind, l.Text, l.Quantity, l.Unit, l.Amount, l.Discount, l.Rate, l.TaxName, l.Reason,
			l.Inclusive, l.Net, l.Tax, l.From, l.To)
		if err != nil {
			return fmt.Errorf("keep line of invoice %d: %w", invoice, err)
		}
	}
	return nil
}

// number gives an invoice its number. Numbers of a year have no gaps: the counter moves in the same transaction.
func number(ctx context.Context, tx *sql.Tx, invoice int64, prefix string, on Day) error {
	n, err := next(ctx, tx, prefix, on.Time().Year())
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `update invoice set number = ? where id = ? and number is null`, n, invoice)
	return err
}

// next is the next number of a series.
func next(ctx context.Context, tx *sql.Tx, prefix string, year int) (string, error) {
	var n int64
	err := tx.QueryRowContext(ctx, `insert into series (prefix, year, next) values (?, ?, 2) on conflict (prefix, year) do update set next = next + 1 returning next - 1`, prefix, year).Scan(&n)
	if err != nil {
		return "", fmt.Errorf("number %s of %d: %w", prefix, year, err)
	}
	return fmt.Sprintf("%s-%d-%04d", prefix, year, n), nil
}

// void ends an invoice that is not to be paid any more. One with a number gets a credit note; what was paid of it from the
// balance goes back there. A payment under way is a fault.Conflict: nobody knows yet how it ends.
func (b *Billing) void(ctx context.Context, tx *sql.Tx, i Invoice, reason string) error {
	if err := moving(ctx, tx, i.ID); err != nil {
		return err
	}
	if i.Applied { // it was paid once and has done its work; only its money is gone
		_, err := tx.ExecContext(ctx, `update invoice set state = 'uncollectible', charge_at = null where id = ? and state = 'open'`, i.ID)
		return err
	}
	done, err := tx.ExecContext(ctx, `update invoice set state = 'void', charge_at = null where id = ? and state = 'open'`, i.ID)
	if err != nil {
		return fmt.Errorf("void invoice %d: %w", i.ID, err)
	}
	if n, err := done.RowsAffected(); err != nil || n == 0 {
		return err
	}
	if err := errors.Join(b.giveBack(ctx, tx, i), unuse(ctx, tx, i)); err != nil {
		return err
	}
	if i.Number == "" {
		return nil
	}
	credited, err := creditedOf(ctx, tx, i.ID)
	if err != nil {
		return err
	}
	_, err = b.creditNote(ctx, tx, i, i.Total-credited, reason)
	return err
}
