package billing

import (
	"context"
	"database/sql"
)

// NextAct is what happens next to an invoice that stays unpaid, and when; letters do not count. Without one, ok is false.
func (i Invoice) NextAct() (act Act, on Day, ok bool) {
	last := i.StepOn
	for n := i.Step; ; n++ {
		step, day, more := due(i.Policy.Steps, n, i.DueOn, last)
		if !more {
			return "", 0, false
		}
		if step.Act != Remind {
			if i.PromiseOn > 0 {
				day = max(day, i.PromiseOn+1)
			}
			return step.Act, day, true
		}
		last = day
	}
}

// Coming is the invoice that a subscription gets next, before it is issued.
type Coming struct {
	Wish
	On    Day // when its period begins; 0: there is none to come
	Quote Quote
}

// Coming works out the next invoice of a subscription that goes on.
func (b *Billing) Coming(ctx context.Context, s Subscription) (next Coming, err error) {
	if s.CancelAtEnd || s.State == Canceled || s.State == Incomplete || s.State == Unpaid {
		return next, nil
	}
	err = b.DB.Snapshot(ctx, func(tx *sql.Tx) error {
		w, on, err := b.coming(ctx, tx, s)
		if err != nil || w.Price.ID == 0 || w.Price.Free() || w.Price.Interval == "once" {
			return err
		}
		c, err := customerIn(ctx, tx, s.Customer)
		if err != nil {
			return err
		}
		coupon, err := couponOf(ctx, tx, s, w.Plan.ID)
		if err != nil {
			return err
		}
		q, err := b.quote(ctx, tx, c, w.Plan, w.Price, w.Seats, coupon, false, on, on.Next(w.Price.Interval, max(s.Anchor, 1)))
		next = Coming{w, on, q}
		return err
	})
	return next, err
}
