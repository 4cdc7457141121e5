package billing

import (
	"context"
	"database/sql"
	"fmt"

	"rowhouse/data/fault"
	"rowhouse/tenant"
	"rowhouse/ui/mail"
)

// Give gives a tenant a plan. A tenant without a subscription gets one, which begins free of charge; what is to be paid for it is
// an invoice, and the plan counts when that is paid. It returns the invoice, or none.
func (b *Billing) Give(ctx context.Context, name string, g Given, actor string) (i Invoice, err error) {
	t, err := b.Tenants.ByName(ctx, name)
	if err != nil {
		return i, err
	}
	var s Subscription
	err = b.DB.Tx(ctx, func(tx *sql.Tx) error {
		if g, err = g.asKept(ctx, tx); err != nil {
			return err
		}
		if err := b.checkGiven(t, g); err != nil {
			return err
		}
		if err := b.Tenants.Audit(ctx, tx, actor, "give plan", name, fmt.Sprintf("%s, price %d, %d seats, %s", g.Plan.Slug, g.Price.ID, g.Seats, g.How)); err != nil {
			return err
		}
		if s, err = subscriptionOf(ctx, tx, t.ID); fault.Is(err, fault.Missing) {
			s, err = b.openFree(ctx, tx, t, g)
		}
		if err != nil {
			return err
		}
		if i, err = b.give(ctx, tx, s, g, actor); err == nil && i.ID > 0 && i.Total != g.Agreed {
			err = fault.New(fault.Conflict, "The amount has changed since the page was opened. Please look at it again.")
		}
		return err
	})
	if err != nil || i.State != InvoiceOpen {
		return i, err
	}
	return i, b.chargeGiven(ctx, i)
}

// chargeGiven takes what a given plan costs with the saved method at once. The customer is not there, so without one a letter asks.
func (b *Billing) chargeGiven(ctx context.Context, i Invoice) error {
	err := b.charge(ctx, i.ID)
	if fault.Is(err, fault.Busy) {
		return nil // the invoice stays open, and the letter says so
	}
	return err
}

func (b *Billing) checkGiven(t tenant.Tenant, g Given) error {
	if t.State != tenant.Active && t.State != tenant.Provisioning && t.State != tenant.ProvisionFailed {
		return fault.New(fault.Conflict, "This tenant is not running, so it cannot get a plan.")
	}
	if g.How == WithoutCost {
		return checkSeats(Price{}, g.Seats)
	}
	if g.How != ChargeNow && g.How != AtRenewal || g.Price.ID == 0 || g.Price.Plan != g.Plan.ID {
		return fault.New(fault.Invalid, "Please choose a plan and one of its prices.")
	}
	return checkSeats(g.Price, g.Seats)
}

// openFree makes the subscription of a tenant that the host has made by hand: of the plan that it has, free of charge, until something
// else is given or paid. It is the owner who pays.
func (b *Billing) openFree(ctx context.Context, tx *sql.Tx, t tenant.Tenant, g Given) (Subscription, error) {
	email, err := mail.Address(t.OwnerEmail)
	if err != nil {
		return Subscription{}, err
	}
	c, err := b.keepCustomer(ctx, tx, Customer{Email: email, Name: t.OwnerName, Company: t.Company, Language: t.Language})
	if err != nil {
		return Subscription{}, err
	}
	done, err := tx.ExecContext(ctx, `insert into subscription (tenant, customer, plan, state, policy, created_at) values (?, ?, coalesce((select id from plan where name = ?), ?), 'active', ?, ?)`,
		t.ID, c.ID, t.Limits.Plan, g.Plan.ID, max(g.Plan.Policy, 1), b.Clock.Now().UnixMilli())
	if err != nil {
		return Subscription{}, fmt.Errorf("make subscription: %w", err)
	}
	id, err := done.LastInsertId()
	if err != nil {
		return Subscription{}, err
	}
	return subscriptionIn(ctx, tx, id)
}

func (b *Billing) give(ctx context.Context, tx *sql.Tx, s Subscription, g Given, actor string) (Invoice, error) {
	switch {
	case g.How == WithoutCost:
		return Invoice{}, b.giveFree(ctx, tx, s, g, actor)
	case s.State == Canceled:
		return b.first(ctx, tx, Reactivation, s, Purchase{Plan: g.Plan, Price: g.Price, Seats: g.Seats, Gateway: "offline"})
	}
	p, err := b.givenPreview(ctx, tx, s, g)
	if err != nil {
		return Invoice{}, err
	}
	return b.agree(ctx, tx, s, p, actor)
}

// giveFree gives a plan for which nothing is ever to be paid: no price, no period, no trial, and nothing that is asked for.
func (b *Billing) giveFree(ctx context.Context, tx *sql.Tx, s Subscription, g Given, actor string) error {
	if err := b.voidOpen(ctx, tx, s, "free of charge from now on", Renewal, Change, Initial, Reactivation); err != nil {
		return err
	}
	before := s
	s.Plan, s.Price, s.Seats, s.State, s.Standing = g.Plan.ID, 0, g.Seats, Active, nil
	s.Start, s.End, s.TrialEnd, s.TrialDays, s.EndedOn, s.Closing, s.ClosingOn = 0, 0, 0, 0, 0, 0, 0
	s.NextPlan, s.NextPrice, s.NextSeats, s.NextOn, s.CancelAtEnd, s.CancelReason = 0, 0, 0, 0, false, ""
	s.Version++
	if err := s.keep(ctx, tx); err != nil {
		return err
	}
	if err := b.note(ctx, tx, before, s, "given free of charge", actor, g.Plan.Name); err != nil {
		return err
	}
	if _, err := b.Tenants.ReleaseIn(ctx, tx, s.Tenant, billingHolds...); err != nil {
		return err
	}
	return b.allow(ctx, tx, s)
}
