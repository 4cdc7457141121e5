package billing

import (
	"context"
	"database/sql"
	"fmt"

	"rowhouse/tenant"
)

// allow tells the tenant what it may use: the limits of its plan with its seats, and how far its site is open.
func (b *Billing) allow(ctx context.Context, tx *sql.Tx, s Subscription) error {
	p, err := planRow(ctx, tx, s.Plan)
	if err != nil {
		return fmt.Errorf("plan of subscription %d: %w", s.ID, err)
	}
	limits := p.Limits()
	if limits.Staff != tenant.Unlimited {
		limits.Staff += s.Seats
	}
	if limits, err = overridden(ctx, tx, s.Tenant, limits, b.Modules); err != nil {
		return err
	}
	level, err := b.level(ctx, tx, s)
	if err != nil {
		return err
	}
	return tenant.Allow(ctx, tx, s.Tenant, limits, level)
}

// level is how far a subscription opens a site. The holds come on top.
func (b *Billing) level(ctx context.Context, tx *sql.Tx, s Subscription) (tenant.Level, error) {
	if s.State != Canceled {
		return tenant.FullAccess, nil
	}
	p, today, err := b.terms(ctx, tx, s)
	if err == nil && today < s.EndedOn+Day(p.Read) {
		return tenant.ReadOnly, nil
	}
	return tenant.BillingOnly, err
}

func (b *Billing) policyOf(ctx context.Context, tx *sql.Tx, s Subscription) (Policy, error) {
	var rules string
	if err := tx.QueryRowContext(ctx, `select rules from policy where id = ?`, s.Policy).Scan(&rules); err != nil {
		return Policy{}, fmt.Errorf("policy %d: %w", s.Policy, err)
	}
	return readPolicy(rules)
}

// terms are a subscription's policy, and the day.
func (b *Billing) terms(ctx context.Context, tx *sql.Tx, s Subscription) (Policy, Day, error) {
	p, err := b.policyOf(ctx, tx, s)
	if err != nil {
		return p, 0, err
	}
	today, err := b.today(ctx, tx)
	return p, today, err
}

// sayDelayed writes to a customer whose CRM is not ready ten minutes after the payment, and tells the host. No period runs until it is.
func (b *Billing) sayDelayed(ctx context.Context, tx *sql.Tx, id int64, _ Day) error {
	s, err := subscriptionIn(ctx, tx, id)
	if err != nil {
		return err
	}
	var name, company string
	if err := tx.QueryRowContext(ctx, `select name, company from tenant where id = ?`, s.Tenant).Scan(&name, &company); err != nil {
		return err
	}
	if err := b.alert(ctx, tx, fmt.Sprint("delayed:", s.Tenant), "A CRM is not ready", "/admin/tenants/"+name, company+" has ordered and its CRM has not been ready for ten minutes. Its page in the panel says what is wrong."); err != nil {
		return err
	}
	return b.post(ctx, tx, "provision_delayed", fmt.Sprint("pdelay:", s.Tenant), s, nil, "")
}

// Activated is told by provisioning, in its transaction, that a tenant's CRM is ready: from now on days are counted.
func (b *Billing) Activated(ctx context.Context, tx *sql.Tx, id int64) error {
	list, err := collect(ctx, tx, scanSubscription, `select `+subscriptionColumns+` from subscription s where s.tenant = ?`, id)
	if err != nil || len(list) == 0 {
		return err // a tenant that the host has made by hand without a plan
	}
	s := list[0]
	before := s
	today, err := b.today(ctx, tx)
	if err != nil {
		return err
	}
	if s.State == Trialing && s.TrialEnd == 0 {
		s.TrialEnd = today + Day(s.TrialDays)
	}
	if s.State == Active {
		if err := start(ctx, tx, &s, today); err != nil {
			return err
		}
	}
	if err := s.keep(ctx, tx); err != nil {
		return err
	}
	return b.note(ctx, tx, before, s, "ready", "system", "")
}
