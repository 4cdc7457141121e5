package billing

import (
	"context"
	"database/sql"

	"rowhouse/billing/gateway"
	"rowhouse/data/fault"
)

// Wish is a plan, a price and seats that a tenant would like to have instead.
type Wish struct {
	Plan  Plan
	Price Price
	Seats int64
}

// Preview is what a wish costs, before anybody agrees to it.
type Preview struct {
	Wish
	Now    bool  // at once; otherwise at the end of the period
	Anew   bool  // the period begins anew today
	On     Day   // when it holds
	Quote  Quote // what is to be paid now
	Later  Quote // what the invoice after that will be
	NextOn Day   // and when
}

// Preview works out what a wish costs a subscription today. The error is a fault.Invalid or fault.Conflict that says why it cannot be had.
func (b *Billing) Preview(ctx context.Context, subscription int64, w Wish) (p Preview, err error) {
	err = b.DB.Snapshot(ctx, func(tx *sql.Tx) error {
		s, err := subscriptionIn(ctx, tx, subscription)
		if err != nil {
			return err
		}
		p, err = b.preview(ctx, tx, s, w)
		return err
	})
	return p, err
}

func (b *Billing) preview(ctx context.Context, tx *sql.Tx, s Subscription, w Wish) (Preview, error) {
	var err error
	if w.Plan, w.Price, err = truly(ctx, tx, w.Plan, w.Price); err != nil {
		return Preview{}, err
	}
	p := Preview{Wish: w}
	if err := b.checkWish(ctx, tx, s, w); err != nil {
		return p, err
	}
	today, err := b.today(ctx, tx)
	if err != nil {
		return p, err
	}
	c, err := customerIn(ctx, tx, s.Customer)
	if err != nil {
		return p, err
	}
	old, err := oldPrice(ctx, tx, s)
	if err != nil {
		return p, err
	}
	p.Now, p.Anew, p.On = when(s, old, w, today)
	coupon, err := couponOf(ctx, tx, s, w.Plan.ID)
	if err != nil {
		return p, err
	}
	switch {
	case s.State == Trialing:
		p.NextOn = s.TrialEnd
	case !p.Now:
		p.NextOn = s.End
	case p.Anew:
		p.NextOn = today.Next(w.Price.Interval, today.Of())
		p.Quote, err = b.anew(ctx, tx, s, c, w, coupon, today)
	default:
		p.NextOn = s.End
		p.Quote, err = b.prorated(ctx, tx, s, c, old, w, coupon, today)
	}
	if err != nil || w.Price.Free() {
		return p, err
	}
	p.Later, err = b.quote(ctx, tx, c, w.Plan, w.Price, w.Seats, coupon, false, p.NextOn, p.NextOn.Next(w.Price.Interval, max(s.Anchor, 1)))
	return p, err
}

// Change does what a preview has shown. What costs more is charged with the saved method at once, and nothing changes if that
// fails; without one, the address of the page on which it is paid is returned. total is what the person has agreed to: if it is
// another by now, nothing is done.
func (b *Billing) Change(ctx context.Context, subscription int64, w Wish, total int64, actor string) (page string, err error) {
	var i Invoice
	var s Subscription
	err = b.DB.Tx(ctx, func(tx *sql.Tx) error {
		if s, err = subscriptionIn(ctx, tx, subscription); err != nil {
			return err
		}
		p, err := b.preview(ctx, tx, s, w)
		if err != nil {
			return err
		}
		if p.Quote.Total != total {
			return fault.New(fault.Conflict, "The amount has changed since the page was opened. Please look at it again.")
		}
		i, err = b.agree(ctx, tx, s, p, actor)
		return err
	})
	if err != nil || i.ID == 0 || i.State != InvoiceOpen {
		return "", err
	}
	return b.payChange(ctx, i, s)
}

// agree carries a preview out as far as it needs no payment, or issues the invoice for it.
func (b *Billing) agree(ctx context.Context, tx *sql.Tx, s Subscription, p Preview, actor string) (Invoice, error) {
	if err := b.voidOpen(ctx, tx, s, "replaced by a change of plan", Change, Initial); err != nil {
		return Invoice{}, err
	}
	if s.State == Trialing {
		return Invoice{}, b.switchTo(ctx, tx, s, p.Wish, actor, "changed in the trial")
	}
	if !p.Now {
		return Invoice{}, b.schedule(ctx, tx, s, p, actor)
	}
	if p.Price.Free() && s.End == 0 {
		return Invoice{}, b.switchTo(ctx, tx, s, p.Wish, actor, "changed")
	}
	policy, today, err := b.terms(ctx, tx, s)
	if err != nil {
		return Invoice{}, err
	}
	d := draft{Kind: Change, Subscription: s, Quote: p.Quote, DueOn: today, VoidOn: today + Day(policy.Change), Policy: policy, Start: today, End: p.NextOn,
		Effects: Effects{Plan: p.Plan.ID, Price: p.Price.ID, Seats: p.Seats, Standing: standing(p.Quote), Replace: p.Price.ID != s.Price || p.Anew,
			Base: s.End, Cycle: p.Anew && p.Quote.Discount > 0}}
	if p.Anew {
		d.Effects.From, d.Effects.To, d.Effects.Anchor = today, p.NextOn, today.Of()
		if p.Price.Interval == "once" {
			d.Effects.To, d.End = 0, 0
		}
	}
	return b.issue(ctx, tx, d)
}

// payChange charges the invoice of a change, or returns the page on which it is paid.
func (b *Billing) payChange(ctx context.Context, i Invoice, s Subscription) (string, error) {
	m, err := b.MethodOf(ctx, s)
	if err != nil || !m.covers(i.Open()) {
		return b.PayURL(i.ID), err
	}
	if err := b.charge(ctx, i.ID); err != nil {
		return "", err
	}
	last, err := b.attempts(ctx, `where a.invoice = ? order by a.id desc limit 1`, i.ID)
	if err != nil || len(last) == 0 {
		return b.PayURL(i.ID), err
	}
	switch last[0].State {
	case gateway.Succeeded:
		return "", nil
	case gateway.Failed:
		reason := reasonWords(i.Buyer.Language, last[0])
		err := b.DB.Tx(ctx, func(tx *sql.Tx) error { return b.void(ctx, tx, i, "the payment did not work") })
		if err == nil {
			err = fault.New(fault.Invalid, "The payment did not work: %s. Nothing has changed. Please choose another way to pay first.", reason)
		}
		return "", err
	}
	return b.PayURL(i.ID), nil
}

// voidOpen ends the open invoices of some kinds.
func (b *Billing) voidOpen(ctx context.Context, tx *sql.Tx, s Subscription, reason string, kinds ...string) error {
	for _, kind := range kinds {
		open, err := collect(ctx, tx, scanInvoice, `select `+invoiceColumns+` from invoice i where i.subscription = ? and i.state = 'open' and i.kind = ?`, s.ID, kind)
		if err != nil {
			return err
		}
		for _, i := range open {
			if i.Applied && s.State != Canceled && s.State != Unpaid {
				continue // its money was taken back by the customer's bank: it stays to be paid
			}
			if err := b.void(ctx, tx, i, reason); err != nil {
				return err
			}
		}
	}
	return nil
}
