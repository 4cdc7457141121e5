package billing

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"rowhouse/data/fault"
)

// Coupon makes a subscription cheaper: by a share, or by an amount.
type Coupon struct {
	ID       int64
	Code     string
	Percent  int64 // basis points
	Amount   int64 // minor units of Currency
	Currency string
	Cycles   int64 // for how many invoices; 0 is for all
	Most     int64 // uses altogether; 0 is without end
	Used     int64
	Plans    string // ids with commas; empty is all
	StartsOn Day    // 0 is from the beginning
	EndsOn   Day    // the last day; 0 is without end
	Active   bool
}

const couponColumns = `id, code, coalesce(percent, 0), coalesce(amount, 0), coalesce(currency, ''), cycles, coalesce(most, 0), used, plans, coalesce(starts_on, 0), coalesce(ends_on, 0), active`

func scanCoupon(row interface{ Scan(...any) error }) (Coupon, error) {
	var c Coupon
	err := row.Scan(&c.ID, &c.Code, &c.Percent, &c.Amount, &c.Currency, &c.Cycles, &c.Most, &c.Used, &c.Plans, &c.StartsOn, &c.EndsOn, &c.Active)
	return c, err
}

// coupon finds a code that is good for a price today. The error is a fault.Invalid that says why it is not.
func (b *Billing) coupon(ctx context.Context, tx *sql.Tx, code string, price Price, customer int64) (*Coupon, error) {
	code = strings.TrimSpace(code)
	if code == "" {
		return nil, nil
	}
	c, err := scanCoupon(tx.QueryRowContext(ctx, `select `+couponColumns+` from coupon where code = ?`, code))
	if errors.Is(err, sql.ErrNoRows) {
		return nil, fault.New(fault.Invalid, "There is no coupon %q.", short(code))
	}
	if err != nil {
		return nil, fmt.Errorf("find coupon: %w", err)
	}
	today, err := b.today(ctx, tx)
	if err != nil {
		return nil, err
	}
	if err := c.goodFor(price, today); err != nil {
		return nil, err
	}
	var had int
	err = tx.QueryRowContext(ctx, `select count(*) from coupon_use where coupon = ? and customer = ?`, c.ID, customer).Scan(&had)
	if err == nil && had > 0 {
		return nil, fault.New(fault.Invalid, "You have used the coupon %q before. It is good once.", c.Code)
	}
	return &c, err
}

func (c Coupon) goodFor(price Price, today Day) error {
	switch {
	case !c.Active || c.EndsOn > 0 && today > c.EndsOn:
		return fault.New(fault.Invalid, "The coupon %q has ended.", c.Code)
	case today < c.StartsOn:
		return fault.New(fault.Invalid, "The coupon %q is not good yet.", c.Code)
	case c.Most > 0 && c.Used >= c.Most:
		return fault.New(fault.Invalid, "The coupon %q has been used up.", c.Code)
	case c.Currency != "" && c.Currency != price.Amount.Currency:
		return fault.New(fault.Invalid, "The coupon %q is for prices in %s.", c.Code, c.Currency)
	case !c.covers(price.Plan):
		return fault.New(fault.Invalid, "The coupon %q is not for this plan.", c.Code)
	}
	return nil
}

// use gives a coupon to a subscription, once for each customer. The schema decides between two who come at once.
func (b *Billing) use(ctx context.Context, tx *sql.Tx, c *Coupon, s Subscription) error {
	if c == nil {
		return nil
	}
	done, err := tx.ExecContext(ctx, `insert or ignore into coupon_use (coupon, customer, subscription, used_at) values (?, ?, ?, ?)`, c.ID, s.Customer, s.ID, b.Clock.Now().UnixMilli())
	if err != nil {
		return fmt.Errorf("use coupon %s: %w", c.Code, err)
	}
	if n, err := done.RowsAffected(); err != nil || n == 0 {
		return err
	}
	_, err = tx.ExecContext(ctx, `update coupon set used = used + 1 where id = ?`, c.ID)
	if err != nil {
		return fault.Because(err, fault.Invalid, "The coupon %q has been used up.", c.Code)
	}
	_, err = tx.ExecContext(ctx, `update subscription set coupon = ?, cycles_left = nullif(?, 0) where id = ?`, c.ID, c.Cycles, s.ID)
	return err
}

// unuse gives a coupon back with the order that it was for: a checkout that was left must not use it up.
func unuse(ctx context.Context, tx *sql.Tx, i Invoice) error {
	if i.Kind != Initial && i.Kind != Reactivation || !i.Effects.Cycle {
		return nil
	}
	done, err := tx.ExecContext(ctx, `delete from coupon_use where subscription = ? and coupon = (select coupon from subscription where id = ?)`, i.Subscription, i.Subscription)
	if err != nil {
		return fmt.Errorf("give coupon back: %w", err)
	}
	if n, err := done.RowsAffected(); err != nil || n == 0 {
		return err
	}
	_, err = tx.ExecContext(ctx, `update coupon set used = used - 1 where id = (select coupon from subscription where id = ?)`, i.Subscription)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `update subscription set coupon = null, cycles_left = null where id = ?`, i.Subscription)
	return err
}

// couponOf is the coupon that a subscription still has, if it is good for a plan.
func couponOf(ctx context.Context, tx *sql.Tx, s Subscription, plan int64) (*Coupon, error) {
	if s.Coupon == 0 || s.CyclesLeft == 0 {
		return nil, nil
	}
	c, err := scanCoupon(tx.QueryRowContext(ctx, `select `+couponColumns+` from coupon where id = ?`, s.Coupon))
	if err != nil || !c.covers(plan) {
		return nil, err
	}
	return &c, nil
}

// covers tells whether a coupon is for a plan.
func (c Coupon) covers(plan int64) bool {
	return c.Plans == "" || strings.Contains(","+c.Plans+",", ","+strconv.FormatInt(plan, 10)+",")
}

// short is the beginning of what somebody typed, for a sentence.
func short(s string) string { return cut(s, 30) }

// cut is the beginning of a text.
func cut(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}

// CouponOf is the coupon that a subscription has had, or the zero value.
func (b *Billing) CouponOf(ctx context.Context, s Subscription) (Coupon, error) {
	if s.Coupon == 0 {
		return Coupon{}, nil
	}
	return scanCoupon(b.DB.QueryRow(ctx, `select `+couponColumns+` from coupon where id = ?`, s.Coupon))
}
