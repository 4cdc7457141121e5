package billing

import (
	"context"
	"crypto/rand"
	"database/sql"
	"fmt"
	"time"

	"rowhouse/billing/gateway"
	"rowhouse/data"
	"rowhouse/data/fault"
	"rowhouse/data/money"
)

// Attempt is one try to get an invoice paid, or a method saved.
type Attempt struct {
	ID                              int64
	Key                             string
	Invoice, Subscription, Customer int64 // Invoice 0: a method is saved
	Gateway                         string
	Mode                            gateway.Mode
	State                           gateway.State
	Amount                          money.Amount
	Method                          int64
	Ref, Ref2, URL                  string
	Code                            string
	Class                           gateway.Class
	Expires, Asked, Began           time.Time
}

const attemptColumns = `a.id, a.key, coalesce(a.invoice, 0), coalesce(a.subscription, 0), a.customer, a.gateway, a.mode, a.state, a.amount, a.currency, coalesce(a.method, 0),
	coalesce(a.ref, ''), a.ref2, a.url, a.code, a.class, coalesce(a.expires_at, 0), a.asked_at, a.created_at`

func scanAttempt(row interface{ Scan(...any) error }) (Attempt, error) {
	var a Attempt
	var expires, asked, began int64
	err := row.Scan(&a.ID, &a.Key, &a.Invoice, &a.Subscription, &a.Customer, &a.Gateway, &a.Mode, &a.State, &a.Amount.Minor, &a.Amount.Currency, &a.Method,
		&a.Ref, &a.Ref2, &a.URL, &a.Code, &a.Class, &expires, &asked, &began)
	a.Expires, a.Asked, a.Began = moment(expires), moment(asked), moment(began)
	return a, err
}

func attemptIn(ctx context.Context, tx *sql.Tx, id int64) (Attempt, error) {
	a, err := scanAttempt(tx.QueryRowContext(ctx, `select `+attemptColumns+` from payment_attempt a where a.id = ?`, id))
	return a, missing(err, "There is no such payment.")
}

// Attempt returns an attempt by its key. The error is a fault.Missing if there is none.
func (b *Billing) Attempt(ctx context.Context, key string) (Attempt, error) {
	a, err := scanAttempt(b.DB.QueryRow(ctx, `select `+attemptColumns+` from payment_attempt a where a.key = ?`, key))
	return a, missing(err, "There is no such payment.")
}

// attempts returns those that a condition names.
func (b *Billing) attempts(ctx context.Context, rest string, args ...any) ([]Attempt, error) {
	rows, err := b.DB.Query(ctx, `select `+attemptColumns+` from payment_attempt a `+rest, args...)
	if err != nil {
		return nil, err
	}
	return gather(rows, scanAttempt)
}

// over tells whether nothing more is to come of an attempt.
func (a Attempt) over() bool {
	return a.State == gateway.Succeeded || a.State == gateway.Failed || a.State == gateway.Closed
}

// inFlight tells whether money may be moving: no other attempt must begin.
func (a Attempt) inFlight() bool {
	return a.State == gateway.Created || a.State == gateway.Processing || a.State == gateway.Unknown
}

// note writes an attempt down before the gateway hears of it: whatever happens then, we know what to ask for.
// A second one for the same invoice is a fault.Conflict.
func (b *Billing) noteAttempt(ctx context.Context, tx *sql.Tx, a Attempt) (Attempt, error) {
	a.Key, a.State = "rh"+rand.Text(), gateway.Created
	now := b.Clock.Now()
	a.Began, a.Asked = now, now
	done, err := tx.ExecContext(ctx, `insert into payment_attempt (key, invoice, subscription, customer, gateway, mode, state, amount, currency, method, asked_at, created_at, updated_at)
		values (?, nullif(?, 0), nullif(?, 0), ?, ?, ?, ?, ?, ?, nullif(?, 0), ?, ?, ?)`, a.Key, a.Invoice, a.Subscription, a.Customer, a.Gateway, a.Mode, a.State,
		a.Amount.Minor, a.Amount.Currency, a.Method, now.UnixMilli(), now.UnixMilli(), now.UnixMilli())
	if data.Unique(err) {
		return a, fault.Because(err, fault.Conflict, "A payment is under way. Please try again in some minutes.")
	}
	if err != nil {
		return a, fmt.Errorf("note attempt: %w", err)
	}
	a.ID, err = done.LastInsertId()
	return a, err
}

// keepAttempt writes how an attempt stands.
func (b *Billing) keepAttempt(ctx context.Context, tx *sql.Tx, a Attempt) error {
	now := b.Clock.Now().UnixMilli()
	_, err := tx.ExecContext(ctx, `update payment_attempt set state = ?, ref = nullif(?, ''), ref2 = ?, url = ?, code = ?, class = ?, expires_at = nullif(?, 0), asked_at = ?, updated_at = ? where id = ?`,
		a.State, a.Ref, a.Ref2, a.URL, a.Code, a.Class, millis(a.Expires), now, now, a.ID)
	if err != nil {
		return fmt.Errorf("keep attempt %d: %w", a.ID, err)
	}
	return nil
}

// moving refuses, with a fault.Conflict, what must not be done while money for an invoice may be moving.
func moving(ctx context.Context, tx *sql.Tx, invoice int64) error {
	under, err := underWay(ctx, tx, invoice)
	if err == nil && under {
		err = fault.New(fault.Conflict, "A payment is under way. Please try again in some minutes.")
	}
	return err
}

// underWay tells whether money for an invoice may be moving.
func underWay(ctx context.Context, tx *sql.Tx, invoice int64) (bool, error) {
	var n int
	err := tx.QueryRowContext(ctx, `select count(*) from moving_attempt where invoice = ?`, invoice).Scan(&n)
	return n > 0, err
}

// reach returns the gateway of an attempt, and the attempt as the gateway needs to know it again.
func (b *Billing) reach(ctx context.Context, a Attempt) (gateway.Gateway, gateway.Attempt, error) {
	g, err := b.gateway(ctx, a.Gateway)
	if err != nil {
		return nil, gateway.Attempt{}, err
	}
	known, err := b.known(ctx, a)
	return g, known, err
}

// known is an attempt as the gateway needs to know it again. Money may be taken only while the invoice asks for just that amount.
func (b *Billing) known(ctx context.Context, a Attempt) (gateway.Attempt, error) {
	known := gateway.Attempt{Key: a.Key, Ref: a.Ref, Ref2: a.Ref2, Mode: a.Mode, Amount: a.Amount, Began: a.Began}
	err := b.DB.QueryRow(ctx, `select coalesce((select ref from customer_ref where customer = ? and gateway = ?), '')`, a.Customer, a.Gateway).Scan(&known.Customer)
	if err != nil || a.Invoice == 0 {
		return known, err
	}
	i, err := b.Invoice(ctx, a.Invoice)
	known.Wanted = i.State == InvoiceOpen && i.Due() == a.Amount
	return known, err
}

// UnderWay tells whether a payment of an invoice is on its way, or being confirmed.
func (b *Billing) UnderWay(ctx context.Context, invoice int64) (bool, error) {
	var n int
	err := b.DB.QueryRow(ctx, `select count(*) from moving_attempt where invoice = ?`, invoice).Scan(&n)
	return n > 0, err
}

// AttemptByURL is the attempt whose page is open at an address.
func (b *Billing) AttemptByURL(ctx context.Context, url string) (Attempt, error) {
	found, err := b.attempts(ctx, `where a.url = ? order by a.id desc limit 1`, url)
	if err == nil && len(found) == 0 {
		err = fault.New(fault.Missing, "There is no such payment.")
	}
	if err != nil {
		return Attempt{}, err
	}
	return found[0], nil
}
