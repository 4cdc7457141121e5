package billing

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"rowhouse/billing/gateway"
	"rowhouse/data/money"
)

// disputed books that a customer's bank takes a payment back. While it is open, the host is told and nobody is closed for it; once
// it is lost, the invoice is open again; if it is won after all, it is paid again.
func (b *Billing) disputed(ctx context.Context, tx *sql.Tx, p Payment, r gateway.Reversal) error {
	var was string
	err := tx.QueryRowContext(ctx, `select state from dispute where gateway = ? and ref = ?`, p.Gateway, r.ID).Scan(&was)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	if was == string(r.State) {
		return nil
	}
	_, err = tx.ExecContext(ctx, `insert into dispute (gateway, ref, payment, amount, state, created_at) values (?, ?, ?, ?, ?, ?) on conflict (gateway, ref) do update set state = excluded.state`,
		p.Gateway, r.ID, p.ID, r.Amount.Minor, string(r.State), b.Clock.Now().UnixMilli())
	if err != nil {
		return fmt.Errorf("keep dispute: %w", err)
	}
	i, err := invoiceIn(ctx, tx, p.Invoice)
	if err != nil {
		return err
	}
	words := map[gateway.ReversalState]string{gateway.Pending: "disputed", gateway.Done: "lost", gateway.Refused: "won"}[r.State]
	err = b.alert(ctx, tx, fmt.Sprintf("dispute:%s:%s:%s", p.Gateway, r.ID, r.State), "A payment is "+words, fmt.Sprint("/admin/invoices/", i.ID),
		fmt.Sprintf("A payment of %s %s for the invoice %s is %s. Please look at it at %s.", r.Amount.Decimal(), r.Amount.Currency, i.Name(), words, p.Gateway))
	if err == nil && was == string(gateway.Done) && r.State == gateway.Refused {
		return b.wonBack(ctx, tx, i, p, r)
	}
	if err != nil || r.State != gateway.Done {
		return err
	}
	return b.chargeBack(ctx, tx, i, p, r)
}

// wonBack books the money of a dispute that was lost first and won after all.
func (b *Billing) wonBack(ctx context.Context, tx *sql.Tx, i Invoice, p Payment, r gateway.Reversal) error {
	amount := money.Amount{Minor: min(r.Amount.Minor, p.Amount.Minor), Currency: p.Amount.Currency}
	done, err := tx.ExecContext(ctx, `insert or ignore into payment (invoice, attempt, gateway, ref, amount, currency, parked, at) values (?, nullif(?, 0), ?, ?, ?, ?, ?, ?)`,
		i.ID, p.Attempt, p.Gateway, p.Ref+"/won", amount.Minor, amount.Currency, p.Parked, b.Clock.Now().UnixMilli())
	if err != nil {
		return fmt.Errorf("book what was won back of invoice %d: %w", i.ID, err)
	}
	if n, err := done.RowsAffected(); err != nil || n == 0 || p.Parked {
		return err
	}
	id, err := done.LastInsertId()
	if err != nil {
		return err
	}
	return b.credit(ctx, tx, i, id, amount)
}

// chargeBack opens an invoice again whose money is gone. What it has done stays done; it is asked for again from today.
func (b *Billing) chargeBack(ctx context.Context, tx *sql.Tx, i Invoice, p Payment, r gateway.Reversal) error {
	amount := min(r.Amount.Minor, p.Amount.Minor)
	done, err := tx.ExecContext(ctx, `insert or ignore into payment (invoice, attempt, kind, gateway, ref, amount, currency, at) values (?, nullif(?, 0), 'chargeback', ?, ?, ?, ?, ?)`,
		i.ID, p.Attempt, p.Gateway, p.Ref, -amount, p.Amount.Currency, b.Clock.Now().UnixMilli())
	if err != nil {
		return fmt.Errorf("book chargeback of invoice %d: %w", i.ID, err)
	}
	if n, err := done.RowsAffected(); err != nil || n == 0 || p.Parked {
		return err
	}
	over, err := b.refundSurplus(ctx, tx, i, p, 0, amount)
	if err != nil {
		return err
	}
	today, err := b.today(ctx, tx)
	if err != nil {
		return err
	}
	part := min(amount-over, i.Paid)
	_, err = tx.ExecContext(ctx, `update invoice set paid = paid - ?, state = iif(state = 'paid', 'open', state), due_on = ?, step = 0, step_on = null, charge_at = null, void_on = null where id = ?`, part, today, i.ID)
	if err != nil || i.Subscription == 0 {
		return err
	}
	s, err := subscriptionIn(ctx, tx, i.Subscription)
	if err != nil {
		return err
	}
	return b.note(ctx, tx, s, s, "chargeback", p.Gateway, i.Name())
}
