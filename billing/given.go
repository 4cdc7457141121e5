package billing

import (
	"context"
	"database/sql"
	"errors"

	"rowhouse/data/fault"
	"rowhouse/tenant"
)

// How says when a plan that the host gives is paid.
type How string

// The ways to give a plan.
const (
	ChargeNow   How = "now"     // at once: what is not used is given back, what is new is invoiced
	AtRenewal   How = "renewal" // from the next period on
	WithoutCost How = "free"    // nothing is ever to be paid
)

// Given is a plan as the host gives it to a tenant. Unlike customers, the host can give any plan and price.
type Given struct {
	Wish
	How    How
	Agreed int64 // the total that the host has seen in the preview, in minor units
}

// GivenPreview works out what giving a plan would cost a tenant today. The error is a fault.Invalid or fault.Conflict that says why it
// cannot be done.
func (b *Billing) GivenPreview(ctx context.Context, name string, g Given) (p Preview, err error) {
	t, err := b.Tenants.ByName(ctx, name)
	if err != nil || g.How == WithoutCost {
		return Preview{Wish: g.Wish}, err
	}
	err = b.DB.Snapshot(ctx, func(tx *sql.Tx) error {
		if g, err = g.asKept(ctx, tx); err != nil {
			return err
		}
		if err := b.checkGiven(t, g); err != nil {
			return err
		}
		s, err := subscriptionOf(ctx, tx, t.ID)
		if err != nil && !fault.Is(err, fault.Missing) {
			return err
		}
		if err == nil && s.State != Canceled {
			p, err = b.givenPreview(ctx, tx, s, g)
			return err
		}
		p, err = b.beginning(ctx, tx, t, s, g)
		return err
	})
	return p, err
}

// beginning is what a plan costs that begins anew, or for the first time.
func (b *Billing) beginning(ctx context.Context, tx *sql.Tx, t tenant.Tenant, s Subscription, g Given) (p Preview, err error) {
	p = Preview{Wish: g.Wish, Now: true, Anew: true}
	if g.How == AtRenewal {
		return p, fault.New(fault.Conflict, "Nothing is renewed here: choose to charge at once, or free of charge.")
	}
	c, err := scanCustomer(tx.QueryRowContext(ctx, `select `+customerColumns+` from customer c where c.id = ? or ? = 0 and c.email = ?`, s.Customer, s.Customer, t.OwnerEmail))
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return p, err
	}
	p.Quote, err = b.quote(ctx, tx, c, g.Plan, g.Price, g.Seats, nil, false, 0, 0)
	return p, err
}

// givenPreview is a preview as customers get it, but of any plan, and for the time that the host wants.
func (b *Billing) givenPreview(ctx context.Context, tx *sql.Tx, s Subscription, g Given) (Preview, error) {
	p := Preview{Wish: g.Wish}
	if err := b.checkGivable(ctx, tx, s, g); err != nil {
		return p, err
	}
	today, err := b.today(ctx, tx)
	if err != nil {
		return p, err
	}
	old, err := oldPrice(ctx, tx, s)
	if err != nil {
		return p, err
	}
	p.Now, p.Anew, p.On = when(s, old, g.Wish, today)
	switch {
	case s.State == Trialing:
		p.NextOn = s.TrialEnd
	case g.How == AtRenewal:
		p.Now, p.Anew, p.On, p.NextOn = false, false, s.End, s.End
	default:
		if !p.Now {
			p.Now, p.On, p.Anew = true, today, old.Interval != g.Price.Interval
		}
		if p.NextOn = s.End; p.Anew {
			p.NextOn = today.Next(g.Price.Interval, today.Of())
		}
	}
	return b.quoteGiven(ctx, tx, s, p, old, today)
}

// quoteGiven works out what is to be paid now, and for the period after that.
func (b *Billing) quoteGiven(ctx context.Context, tx *sql.Tx, s Subscription, p Preview, old Price, today Day) (Preview, error) {
	c, err := customerIn(ctx, tx, s.Customer)
	if err != nil {
		return p, err
	}
	coupon, err := couponOf(ctx, tx, s, p.Plan.ID)
	if err != nil {
		return p, err
	}
	switch {
	case s.State == Trialing || !p.Now:
	case p.Anew:
		p.Quote, err = b.anew(ctx, tx, s, c, p.Wish, coupon, today)
	default:
		p.Quote, err = b.prorated(ctx, tx, s, c, old, p.Wish, coupon, today)
	}
	if err != nil || p.Price.Free() || p.Price.Interval == "once" {
		return p, err
	}
	p.Later, err = b.quote(ctx, tx, c, p.Plan, p.Price, p.Seats, coupon, false, p.NextOn, p.NextOn.Next(p.Price.Interval, max(s.Anchor, 1)))
	return p, err
}

// checkGivable refuses what even the host cannot give: another currency, or a change while something is unsettled.
func (b *Billing) checkGivable(ctx context.Context, tx *sql.Tx, s Subscription, g Given) error {
	if g.Plan.ID == s.Plan && g.Price.ID == s.Price && g.Seats == s.Seats && s.NextOn == 0 {
		return fault.New(fault.Invalid, "This is what it has already.")
	}
	c, err := customerIn(ctx, tx, s.Customer)
	if err != nil {
		return err
	}
	if err := checkCurrency(c, g.Price.Amount.Currency); err != nil {
		return err
	}
	if g.How == AtRenewal && s.End == 0 && s.State != Trialing {
		return fault.New(fault.Conflict, "Nothing is renewed here: choose to charge at once, or free of charge.")
	}
	switch s.State {
	case Trialing, Active:
		return underDispute(ctx, tx, s)
	case PastDue, Unpaid:
		return fault.New(fault.Conflict, "An invoice is late. Record its payment or take it back first, or give the plan free of charge.")
	}
	return fault.New(fault.Conflict, "It was ordered and is not paid yet. Record the payment of its invoice instead, or give the plan free of charge.")
}

// asKept reads what is given as it is in the books: what comes from outside only says which.
func (g Given) asKept(ctx context.Context, tx *sql.Tx) (Given, error) {
	var err error
	if g.How == WithoutCost {
		g.Price = Price{}
		g.Plan, err = PlanIn(ctx, tx, g.Plan.ID)
		return g, err
	}
	g.Plan, g.Price, err = truly(ctx, tx, g.Plan, g.Price)
	return g, err
}
