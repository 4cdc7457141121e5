package billing

import (
	"context"
	"time"

	"rowhouse/data/money"
)

// Happening is something that has happened to a subscription.
type Happening struct {
	At                  time.Time
	Kind, Actor, Detail string
	Monthly             money.Amount // by how much what comes in a month changed
}

// Timeline returns what has happened to a subscription, the newest first.
func (b *Billing) Timeline(ctx context.Context, subscription int64, limit int) ([]Happening, error) {
	rows, err := b.DB.Query(ctx, `select at, kind, actor, detail, mrr, currency from subscription_event where subscription = ? order by id desc limit ?`, subscription, limit)
	if err != nil {
		return nil, err
	}
	return gather(rows, func(row interface{ Scan(...any) error }) (Happening, error) {
		var h Happening
		var at int64
		err := row.Scan(&at, &h.Kind, &h.Actor, &h.Detail, &h.Monthly.Minor, &h.Monthly.Currency)
		h.At = moment(at)
		return h, err
	})
}

// CouponOf is the coupon that a subscription has had, or the zero value.
func (b *Billing) CouponOf(ctx context.Context, s Subscription) (Coupon, error) {
	if s.Coupon == 0 {
		return Coupon{}, nil
	}
	return scanCoupon(b.DB.QueryRow(ctx, `select `+couponColumns+` from coupon where id = ?`, s.Coupon))
}

// PlanText says a plan with its price as it stands on an invoice, in a reader's language.
func (w Wish) PlanText(words interface {
	T(string, ...any) string
}) string {
	switch {
	case w.Price.ID == 0:
		return words.T("%s, free of charge", w.Plan.Name)
	case w.Price.Interval == "month":
		return words.T("%s, monthly", w.Plan.Name)
	case w.Price.Interval == "year":
		return words.T("%s, yearly", w.Plan.Name)
	}
	return words.T("%s, once and for all", w.Plan.Name)
}
