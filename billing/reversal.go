package billing

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"

	"rowhouse/billing/gateway"
)

// reversalNews books a refund or dispute that a gateway tells of.
func (b *Billing) reversalNews(ctx context.Context, e Event) (string, error) {
	g, err := b.gateway(ctx, e.Gateway)
	if err != nil {
		return "", err
	}
	r, err := g.Look(ctx, e.Said)
	if err != nil {
		return "", err
	}
	state := "done"
	err = b.DB.Tx(ctx, func(tx *sql.Tx) error {
		p, err := scanPayment(tx.QueryRowContext(ctx, `select `+paymentColumns+` from payment p where p.gateway = ? and p.ref = ? and p.kind = 'payment'`, e.Gateway, r.Payment))
		if errors.Is(err, sql.ErrNoRows) {
			state = unclaimed(e)
			return nil
		}
		if err != nil {
			return err
		}
		if r.Kind == gateway.Disputed {
			return b.disputed(ctx, tx, p, r)
		}
		return b.foundRefund(ctx, tx, p, r)
	})
	return state, err
}

// foundRefund books a refund that the gateway knows: one of ours, or one that somebody made there by hand.
func (b *Billing) foundRefund(ctx context.Context, tx *sql.Tx, p Payment, r gateway.Reversal) error {
	var id, lost int64
	if err := tx.QueryRowContext(ctx, `select count(*) from dispute where payment = ? and state = 'done'`, p.ID).Scan(&lost); err != nil || lost > 0 {
		return err // some gateways tell of a lost dispute as a refund, too
	}
	err := tx.QueryRowContext(ctx, `select id from refund where ref = ? or (ref is null and payment = ? and amount = ? and state in ('created', 'pending')) order by ref is null limit 1`,
		r.ID, p.ID, r.Amount.Minor).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		done, err := tx.ExecContext(ctx, `insert into refund (key, payment, ref, amount, state, reason, actor, created_at) values (?, ?, ?, ?, 'created', ?, ?, ?)`,
			"rf"+rand.Text(), p.ID, r.ID, r.Amount.Minor, "refunded at the gateway", p.Gateway, b.Clock.Now().UnixMilli())
		if err != nil {
			return err
		}
		if id, err = done.LastInsertId(); err != nil {
			return err
		}
	} else if err != nil {
		return err
	}
	return b.refunded(ctx, tx, id, r)
}
