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
