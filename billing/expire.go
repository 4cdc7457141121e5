package billing

import (
	"context"
	"database/sql"
	"fmt"
)

// endDue closes subscriptions whose cancellation has come to its day.
func (b *Billing) endDue(ctx context.Context, tx *sql.Tx, id int64, today Day) error {
	s, err := subscriptionIn(ctx, tx, id)
	if err != nil || !s.CancelAtEnd || s.State == Canceled || s.LastDay(today) > today {
		return err
	}
	return b.endNow(ctx, tx, s, today, "ended", "system")
}

// expireOffer ends an offer that nobody took: an order, or a change of plan.
func (b *Billing) expireOffer(ctx context.Context, tx *sql.Tx, id int64, today Day) error {
	i, err := invoiceIn(ctx, tx, id)
	if err != nil || i.State != InvoiceOpen || i.VoidOn == 0 || i.VoidOn >= today || i.PromiseOn >= today {
		return err
	}
	if waiting, err := countsAsPaid(ctx, tx, i, today); err != nil || waiting {
		return err
	}
	if err := b.void(ctx, tx, i, "nobody paid it in time"); err != nil {
		return err
	}
	s, err := subscriptionIn(ctx, tx, i.Subscription)
	if err != nil || s.State != Incomplete {
		return err
	}
	return b.expireOrder(ctx, tx, s.ID, today)
}

// expireOrder ends an order that was never paid, and frees its name.
func (b *Billing) expireOrder(ctx context.Context, tx *sql.Tx, id int64, today Day) error {
	s, err := subscriptionIn(ctx, tx, id)
	if err != nil || s.State != Incomplete {
		return err
	}
	if err := b.post(ctx, tx, "signup_expired", fmt.Sprint("expired:", s.ID), s, map[string]string{"home": b.Tenants.Home() + "/prices"}, ""); err != nil {
		return err
	}
	before := s
	s.State, s.EndedOn = Canceled, today
	if err := s.keep(ctx, tx); err != nil {
		return err
	}
	if err := b.note(ctx, tx, before, s, "expired", "system", ""); err != nil {
		return err
	}
	return b.Tenants.Abandon(ctx, tx, s.Tenant)
}
