package billing

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"rowhouse/billing/gateway"
	"rowhouse/data/money"
)

// settle writes what a gateway says of an attempt, with all that follows from it, in one transaction. Return addresses, webhooks,
// the reconciler and the host's hand all end here; the same thing said twice changes nothing the second time.
func (b *Billing) settle(ctx context.Context, attempt int64, r gateway.Result) error {
	err := b.DB.Tx(ctx, func(tx *sql.Tx) error { return b.settleIn(ctx, tx, attempt, r) })
	if err == nil && r.State == gateway.Succeeded {
		b.wake()
	}
	return err
}

func (b *Billing) settleIn(ctx context.Context, tx *sql.Tx, attempt int64, r gateway.Result) error {
	a, err := attemptIn(ctx, tx, attempt)
	if err != nil {
		return err
	}
	was := a.State
	if a.over() && r.State != gateway.Succeeded {
		return nil // an old message about a closed matter; money that came late is another thing
	}
	if r.Ref != "" {
		a.Ref, a.Ref2 = r.Ref, r.Ref2
	}
	a.State, a.Code, a.Class = r.State, r.Code, r.Class
	if err := b.keepAttempt(ctx, tx, a); err != nil {
		return err
	}
	if r.Method != nil {
		if err := b.keepMethod(ctx, tx, a, *r.Method); err != nil {
			return err
		}
	}
	switch {
	case r.State == gateway.Succeeded && a.Invoice > 0:
		return b.bookAll(ctx, tx, a, r)
	case a.Invoice == 0 || was == r.State:
		return nil
	case r.State == gateway.Failed && a.Mode == gateway.Saved:
		return b.failed(ctx, tx, a)
	case r.State == gateway.NeedsYou:
		return b.confirm(ctx, tx, a)
	case r.State == gateway.Closed && a.Mode == gateway.Saved:
		return b.chargeAgain(ctx, tx, a.Invoice)
	}
	return nil
}

// bookAll keeps all payments of an attempt: a page that was paid twice has two.
func (b *Billing) bookAll(ctx context.Context, tx *sql.Tx, a Attempt, r gateway.Result) error {
	if err := b.book(ctx, tx, a, r); err != nil {
		return err
	}
	if r.Also.Payment == "" {
		return nil
	}
	r.Payment, r.Amount, r.Fee = r.Also.Payment, r.Also.Amount, 0
	return b.book(ctx, tx, a, r)
}

// book keeps a payment. What the invoice does not ask for goes to the customer's balance, and the host is told.
func (b *Billing) book(ctx context.Context, tx *sql.Tx, a Attempt, r gateway.Result) error {
	i, err := invoiceIn(ctx, tx, a.Invoice)
	if err != nil {
		return err
	}
	if r.Payment == "" || r.Amount.Minor <= 0 {
		return fmt.Errorf("%s says that %s is paid, but not what", a.Gateway, a.Key)
	}
	at := r.At
	if at.IsZero() {
		at = b.Clock.Now()
	}
	parked := r.Amount.Currency != i.Currency
	done, err := tx.ExecContext(ctx, `insert or ignore into payment (invoice, attempt, gateway, ref, amount, currency, fee, parked, at) values (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		i.ID, a.ID, a.Gateway, r.Payment, r.Amount.Minor, r.Amount.Currency, r.Fee, parked, at.UnixMilli())
	if err != nil {
		return fmt.Errorf("book payment of invoice %d: %w", i.ID, err)
	}
	if n, err := done.RowsAffected(); err != nil || n == 0 {
		return err // said before
	}
	payment, err := done.LastInsertId()
	if err != nil {
		return err
	}
	if parked {
		return b.alert(ctx, tx, fmt.Sprint("parked:", payment), "A payment in another currency", "/admin/invoices/"+fmt.Sprint(i.ID),
			fmt.Sprintf("%s %s arrived for the invoice %s, which is in %s. It is kept and not applied: please decide what it is for.", r.Amount.Decimal(), r.Amount.Currency, i.Name(), i.Currency))
	}
	return b.credit(ctx, tx, i, payment, r.Amount)
}

// credit counts a payment towards its invoice.
func (b *Billing) credit(ctx context.Context, tx *sql.Tx, i Invoice, payment int64, paid money.Amount) error {
	counts := min(paid.Minor, i.Open())
	if counts > 0 {
		if _, err := tx.ExecContext(ctx, `update invoice set paid = paid + ? where id = ?`, counts, i.ID); err != nil {
			return err
		}
	}
	if surplus := paid.Minor - counts; surplus > 0 {
		if err := b.surplus(ctx, tx, i, payment, money.Amount{Minor: surplus, Currency: i.Currency}); err != nil {
			return err
		}
	}
	return b.finish(ctx, tx, i.ID, payment)
}

// surplus keeps what was paid beyond the invoice, and uses it for what else is open.
func (b *Billing) surplus(ctx context.Context, tx *sql.Tx, i Invoice, payment int64, over money.Amount) error {
	if err := b.balance(ctx, tx, entry{i.Customer, i.Currency, over.Minor, "overpayment", fmt.Sprint("payment/", payment), i.Name()}); err != nil {
		return err
	}
	err := b.alert(ctx, tx, fmt.Sprint("overpayment:", payment), "A customer has paid too much", "/admin/invoices/"+fmt.Sprint(i.ID),
		fmt.Sprintf("%s %s more than was open arrived for the invoice %s. It is kept to the customer's good and used for the next invoice; you can give it back there.", over.Decimal(), over.Currency, i.Name()))
	if err != nil {
		return err
	}
	return b.settleFrom(ctx, tx, i.Customer, i.Currency)
}

// receipt is the letter about an invoice that is paid.
func (b *Billing) receipt(ctx context.Context, tx *sql.Tx, id, payment int64) error {
	i, err := invoiceIn(ctx, tx, id)
	if err != nil || i.Total == 0 {
		return err
	}
	s, err := subscriptionIn(ctx, tx, i.Subscription)
	if err != nil {
		return err
	}
	words := look(i.Buyer.Language)
	until := words.T("There is nothing else to do.")
	if s.End > 0 && !s.CancelAtEnd {
		until = words.T("It is paid until %s. There is nothing else to do.", sayDay(i.Buyer.Language, s.End-1))
	}
	key := fmt.Sprintf("receipt:%d:%d", id, payment)
	return b.post(ctx, tx, "receipt", key, s, map[string]string{"number": i.Number, "amount": say(i.Buyer.Language, money.Amount{Minor: i.Total, Currency: i.Currency}),
		"date": sayDay(i.Buyer.Language, i.DueOn), "until": until, "link": b.DocumentURL(i.ID)}, fmt.Sprint("invoice/", id))
}

// ask fetches how an attempt stands and settles it.
func (b *Billing) ask(ctx context.Context, a Attempt) error {
	g, known, err := b.reach(ctx, a)
	if err != nil {
		return err
	}
	r, err := g.Fetch(ctx, known)
	if err != nil {
		return errors.Join(fmt.Errorf("ask %s for %s: %w", a.Gateway, a.Key, err), b.touch(ctx, a))
	}
	return b.settle(ctx, a.ID, r)
}

// touch notes that the gateway was asked, so that the others come next.
func (b *Billing) touch(ctx context.Context, a Attempt) error {
	_, err := b.DB.Exec(ctx, `update payment_attempt set asked_at = ? where id = ?`, b.Clock.Now().UnixMilli(), a.ID)
	return err
}
