package billing

import (
	"context"
	"time"

	"rowhouse/billing/gateway"
)

// lookAtPage asks how a payment page stands that is old, or whose invoice is no longer to be paid, and closes it then.
func (b *Billing) lookAtPage(ctx context.Context, id int64) error {
	a, err := b.attemptByID(ctx, id)
	if err != nil || a.over() {
		return err
	}
	stale := b.Clock.Now().After(a.Expires)
	if a.Invoice > 0 {
		i, err := b.Invoice(ctx, a.Invoice)
		if err != nil {
			return err
		}
		stale = stale || i.State != InvoiceOpen
	}
	if stale {
		return b.closePage(ctx, a)
	}
	return b.ask(ctx, a)
}

// reconcile finds out how an attempt ended whose answer was lost. A charge of which the gateway knows nothing is made again with the
// same key, as long as the gateway remembers keys: so it cannot move money twice.
func (b *Billing) reconcile(ctx context.Context, id int64) error {
	a, err := b.attemptByID(ctx, id)
	if err != nil || !a.inFlight() {
		return err
	}
	if a.Mode != gateway.Saved && a.State == gateway.Created {
		// The page was never shown: we stopped before its address came.
		return b.settle(ctx, a.ID, gateway.Result{State: gateway.Closed, Code: "no_page"})
	}
	if err := b.ask(ctx, a); err != nil {
		return err
	}
	again, err := b.attemptByID(ctx, id)
	if err != nil || again.Mode != gateway.Saved || again.State != gateway.Unknown {
		return err
	}
	return b.repeat(ctx, again)
}

func (b *Billing) repeat(ctx context.Context, a Attempt) error {
	g, err := b.gateway(ctx, a.Gateway)
	if err != nil || b.Clock.Now().Sub(a.Began) > g.Can().Repeats-time.Minute {
		return err
	}
	m, err := b.methodByID(ctx, a.Method)
	if err != nil {
		return err
	}
	return b.runCharge(ctx, a, m)
}

func (b *Billing) attemptByID(ctx context.Context, id int64) (Attempt, error) {
	a, err := scanAttempt(b.DB.QueryRow(ctx, `select `+attemptColumns+` from payment_attempt a where a.id = ?`, id))
	return a, missing(err, "There is no such payment.")
}
