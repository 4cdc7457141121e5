package billing

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"rowhouse/billing/gateway"
	"rowhouse/data/fault"
	"rowhouse/data/money"
)

// charge takes what an invoice asks for with the subscription's saved method. The attempt is written down first, in a transaction
// of its own: if we stop while the gateway works, the reconciler asks for it.
func (b *Billing) charge(ctx context.Context, invoice int64) error {
	a, m, err := b.beginCharge(ctx, invoice)
	if err != nil || a.ID == 0 {
		return err
	}
	return b.runCharge(ctx, a, m)
}

// runCharge asks the gateway for the money of an attempt. A call that is made again has the same key and moves nothing twice.
func (b *Billing) runCharge(ctx context.Context, a Attempt, m Method) error {
	g, err := b.gateway(ctx, a.Gateway)
	if err != nil {
		return err
	}
	o, err := b.order(ctx, a)
	if err != nil {
		return err
	}
	r, err := g.Charge(ctx, o, gateway.Method{Customer: m.Payer, Ref: m.Ref, Label: m.Label, Month: m.Month, Year: m.Year, Most: m.Most})
	if err != nil {
		slog.Warn("the outcome of a charge is not known", "gateway", a.Gateway, "attempt", a.Key, "err", err)
		r = gateway.Result{State: gateway.Unknown, Ref: r.Ref, Ref2: r.Ref2}
	}
	return b.settle(ctx, a.ID, r)
}

// beginCharge writes a charge down. It returns none if there is nothing to charge, or nothing to charge with.
func (b *Billing) beginCharge(ctx context.Context, invoice int64) (a Attempt, m Method, err error) {
	err = b.DB.Tx(ctx, func(tx *sql.Tx) error {
		i, err := invoiceIn(ctx, tx, invoice)
		if err != nil || i.State != InvoiceOpen || i.Open() == 0 || i.Subscription == 0 {
			return err
		}
		if _, err := tx.ExecContext(ctx, `update invoice set charge_at = null where id = ?`, i.ID); err != nil {
			return err
		}
		s, err := subscriptionIn(ctx, tx, i.Subscription)
		if err != nil {
			return err
		}
		if m, err = methodIn(ctx, tx, s.Method); err != nil {
			return err
		}
		if !m.covers(i.Open()) {
			return b.issued(ctx, tx, i, s) // asked for by letter
		}
		if _, err := tx.ExecContext(ctx, `update invoice set charges = charges + 1 where id = ?`, i.ID); err != nil {
			return err
		}
		a, err = b.noteAttempt(ctx, tx, Attempt{Invoice: i.ID, Subscription: s.ID, Customer: s.Customer, Gateway: m.Gateway, Mode: gateway.Saved, Amount: i.Due(), Method: m.ID})
		if fault.Is(err, fault.Conflict) {
			a = Attempt{}
			return nil // one is under way
		}
		return err
	})
	return a, m, err
}

// failed plans the next try of a charge that was refused, and writes to the customer. A method that will not work again is put away.
func (b *Billing) failed(ctx context.Context, tx *sql.Tx, a Attempt) error {
	i, s, err := b.of(ctx, tx, a)
	if err != nil || i.State != InvoiceOpen || i.Kind == Change {
		return err // the customer who changes the plan is there and is told on the page
	}
	m, err := methodIn(ctx, tx, a.Method)
	if err != nil {
		return err
	}
	facts := b.invoiceFacts(i)
	facts["method"], facts["reason"] = m.Label, reasonWords(i.Buyer.Language, a)
	if a.Class == gateway.Hard {
		if _, err := tx.ExecContext(ctx, `update method set usable = 0 where id = ?`, m.ID); err != nil {
			return err
		}
		return b.post(ctx, tx, "card_needs_update", "hard-failed:"+a.Key, s, facts, "")
	}
	when, ok := b.retry(i)
	facts["next"] = look(i.Buyer.Language).T("We do not try again by ourselves.")
	if ok {
		facts["next"] = look(i.Buyer.Language).T("Otherwise we try again on %s.", sayDay(i.Buyer.Language, DayOf(when, i.Seller.Location())))
		if _, err := tx.ExecContext(ctx, `update invoice set charge_at = ? where id = ?`, when.UnixMilli(), i.ID); err != nil {
			return err
		}
	}
	return b.post(ctx, tx, "payment_failed", "failed:"+a.Key, s, facts, "")
}

// retry is when a charge is tried next: on the first of the policy's days that is still to come.
func (b *Billing) retry(i Invoice) (time.Time, bool) {
	for _, days := range i.Policy.Retries {
		if when := (i.DueOn + Day(days)).In(i.Seller.Location()); when.After(b.Clock.Now()) {
			return when, true
		}
	}
	return time.Time{}, false
}

// confirm asks the customer to confirm a charge, which their bank wants. The same method is left alone for a day.
func (b *Billing) confirm(ctx context.Context, tx *sql.Tx, a Attempt) error {
	i, s, err := b.of(ctx, tx, a)
	if err != nil || i.State != InvoiceOpen || a.Mode != gateway.Saved || i.Kind == Change {
		return err
	}
	if when, ok := b.retry(i); ok {
		when = maxTime(when, b.Clock.Now().Add(24*time.Hour))
		if _, err := tx.ExecContext(ctx, `update invoice set charge_at = ? where id = ?`, when.UnixMilli(), i.ID); err != nil {
			return err
		}
	}
	return b.post(ctx, tx, "confirm_payment", "sca:"+a.Key, s, b.invoiceFacts(i), "")
}

func maxTime(a, c time.Time) time.Time {
	if a.After(c) {
		return a
	}
	return c
}

// chargeAgain plans a charge for now: of the one before it is certain that nothing was moved.
func (b *Billing) chargeAgain(ctx context.Context, tx *sql.Tx, invoice int64) error {
	_, err := tx.ExecContext(ctx, `update invoice set charge_at = ? where id = ? and state = 'open'`, b.Clock.Now().UnixMilli(), invoice)
	return err
}

func (b *Billing) of(ctx context.Context, tx *sql.Tx, a Attempt) (Invoice, Subscription, error) {
	i, err := invoiceIn(ctx, tx, a.Invoice)
	if err != nil || i.Subscription == 0 {
		return i, Subscription{}, errors.Join(err, noSubscription(i))
	}
	s, err := subscriptionIn(ctx, tx, i.Subscription)
	return i, s, err
}

func noSubscription(i Invoice) error {
	if i.ID == 0 || i.Subscription > 0 {
		return nil
	}
	return fmt.Errorf("invoice %d has no subscription", i.ID)
}

// invoiceFacts are what letters about an invoice know.
func (b *Billing) invoiceFacts(i Invoice) map[string]string {
	language := i.Buyer.Language
	return map[string]string{"number": i.Name(), "amount": say(language, money.Amount{Minor: max(i.Open(), 0), Currency: i.Currency}), "date": sayDay(language, i.DueOn), "link": b.PayURL(i.ID)}
}

// reasonWords says in plain words why a charge failed. Words that would warn a thief are not among them.
func reasonWords(language string, a Attempt) string {
	words := look(language)
	switch {
	case strings.Contains(a.Code, "insufficient"):
		return words.T("the account does not hold enough at the moment")
	case strings.Contains(a.Code, "expired"):
		return words.T("the card has expired")
	case strings.Contains(a.Code, "limit"):
		return words.T("the limit of the card is reached")
	}
	return words.T("the bank refused it")
}
