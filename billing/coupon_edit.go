package billing

import (
	"context"
	"database/sql"
	"fmt"
	"regexp"

	"rowhouse/data"
	"rowhouse/data/fault"
	"rowhouse/data/money"
)

// Coupons returns all coupons, the newest first.
func (b *Billing) Coupons(ctx context.Context) ([]Coupon, error) {
	rows, err := b.DB.Query(ctx, `select `+couponColumns+` from coupon order by active desc, id desc limit 500`)
	if err != nil {
		return nil, err
	}
	return gather(rows, scanCoupon)
}

var codeShape = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]{1,39}$`)

func (c Coupon) check() error {
	switch {
	case !codeShape.MatchString(c.Code):
		return fieldFault("code", fault.New(fault.Invalid, "A code has 2 to 40 letters, digits, hyphens or underscores."))
	case (c.Percent == 0) == (c.Amount == 0):
		return fieldFault("amount", fault.New(fault.Invalid, "Please enter either a share or an amount."))
	case c.Percent < 0 || c.Percent > whole:
		return fieldFault("percent", fault.New(fault.Invalid, "A share is between 0.01 and 100 percent."))
	case c.Amount < 0 || c.Amount > most || c.Amount > 0 && !money.Known(c.Currency):
		return fieldFault("amount", fault.New(fault.Invalid, "Please enter an amount above 0."))
	case c.Cycles < 0 || c.Cycles > 1200:
		return fieldFault("cycles", fault.New(fault.Invalid, "Please enter for how many invoices it is good; 0 is for all."))
	case c.Most < 0:
		return fieldFault("most", fault.New(fault.Invalid, "Please enter how often it can be used; empty is without end."))
	case c.StartsOn > 0 && c.EndsOn > 0 && c.EndsOn < c.StartsOn:
		return fieldFault("ends_on", fault.New(fault.Invalid, "It would end before it begins."))
	}
	return nil
}

// AddCoupon checks and keeps a new coupon. The error is a fault.Invalid with the field.
func (b *Billing) AddCoupon(ctx context.Context, c Coupon, actor string) error {
	if err := c.check(); err != nil {
		return err
	}
	return b.DB.Tx(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `insert into coupon (code, percent, amount, currency, cycles, most, plans, starts_on, ends_on, created_at)
			values (?, nullif(?, 0), nullif(?, 0), nullif(?, ''), ?, nullif(?, 0), ?, nullif(?, 0), nullif(?, 0), ?)`,
			c.Code, c.Percent, c.Amount, c.Currency, c.Cycles, c.Most, c.Plans, c.StartsOn, c.EndsOn, b.Clock.Now().UnixMilli())
		if data.Unique(err) {
			return fieldFault("code", fault.New(fault.Invalid, "There is a coupon %q already.", c.Code))
		}
		if err != nil {
			return fmt.Errorf("add coupon %s: %w", c.Code, err)
		}
		return b.Tenants.Audit(ctx, tx, actor, "add coupon", "", c.Code)
	})
}

// TurnCoupon lets a coupon be used, or not any more. Those who have it keep it.
func (b *Billing) TurnCoupon(ctx context.Context, id int64, on bool, actor string) error {
	return b.DB.Tx(ctx, func(tx *sql.Tx) error {
		var code string
		err := tx.QueryRowContext(ctx, `update coupon set active = ? where id = ? returning code`, on, id).Scan(&code)
		if err != nil {
			return missing(err, "There is no such coupon.")
		}
		return b.Tenants.Audit(ctx, tx, actor, "turn coupon "+onOff(on), "", code)
	})
}
