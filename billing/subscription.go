package billing

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"rowhouse/data/fault"
	"rowhouse/tenant"
)

// SubscriptionState is where a subscription stands.
type SubscriptionState string

// The states.
const (
	Incomplete SubscriptionState = "incomplete" // ordered, the first invoice is not paid
	Trialing   SubscriptionState = "trialing"
	Active     SubscriptionState = "active"
	PastDue    SubscriptionState = "past_due" // an invoice is late and being asked for
	Unpaid     SubscriptionState = "unpaid"   // asked for in vain: the CRM is closed
	Canceled   SubscriptionState = "canceled"
)

// Subscription is what a tenant has ordered. There is one for each tenant, for life.
type Subscription struct {
	ID, Tenant, Customer int64
	Plan, Price          int64 // Price 0: free of charge
	Seats                int64 // beyond those of the plan
	State                SubscriptionState
	Anchor               int
	Start, End           Day // the period that is paid for, or being asked for; End is the first day behind it
	TrialEnd             Day
	TrialDays            int
	Standing             []Charge
	NextPlan, NextPrice  int64 // from NextOn; NextPrice 0 with a NextOn is free
	NextSeats            int64
	NextOn               Day
	CancelAtEnd          bool
	CancelReason         string
	EndedOn              Day
	Gateway              string
	Method               int64
	Coupon               int64
	CyclesLeft           int64 // -1 is without end
	Policy               int64
	Closing              int
	ClosingOn            Day
	Version              int64
}

// Charge is something that is paid for days to come. A change gives back what of it is not used.
type Charge struct {
	Kind      string `json:"kind"`   // plan or seats
	Amount    int64  `json:"amount"` // what was really charged, after the discount
	Rate      int64  `json:"rate"`   // of tax, in basis points
	TaxName   string `json:"tax,omitempty"`
	Reason    Reason `json:"reason"`
	Inclusive bool   `json:"inclusive,omitempty"`
	From      Day    `json:"from"`
	To        Day    `json:"to"`
}

const subscriptionColumns = `s.id, s.tenant, s.customer, s.plan, coalesce(s.price, 0), s.seats, s.state, s.anchor, coalesce(s.period_start, 0), coalesce(s.period_end, 0),
	coalesce(s.trial_end, 0), s.trial_days, s.standing, coalesce(s.next_plan, 0), coalesce(s.next_price, 0), coalesce(s.next_seats, 0), coalesce(s.next_on, 0),
	s.cancel_at_end, s.cancel_reason, coalesce(s.ended_on, 0), s.gateway, coalesce(s.method, 0), coalesce(s.coupon, 0), coalesce(s.cycles_left, -1), s.policy,
	s.closing, coalesce(s.closing_on, 0), s.version`

func scanSubscription(row interface{ Scan(...any) error }) (Subscription, error) {
	var s Subscription
	var standing string
	err := row.Scan(&s.ID, &s.Tenant, &s.Customer, &s.Plan, &s.Price, &s.Seats, &s.State, &s.Anchor, &s.Start, &s.End,
		&s.TrialEnd, &s.TrialDays, &standing, &s.NextPlan, &s.NextPrice, &s.NextSeats, &s.NextOn,
		&s.CancelAtEnd, &s.CancelReason, &s.EndedOn, &s.Gateway, &s.Method, &s.Coupon, &s.CyclesLeft, &s.Policy, &s.Closing, &s.ClosingOn, &s.Version)
	if err != nil {
		return s, err
	}
	return s, json.Unmarshal([]byte(standing), &s.Standing)
}

func findSubscription(ctx context.Context, tx *sql.Tx, where string, arg any) (Subscription, error) {
	s, err := scanSubscription(tx.QueryRowContext(ctx, `select `+subscriptionColumns+` from subscription s `+where, arg))
	if errors.Is(err, sql.ErrNoRows) {
		return s, fault.New(fault.Missing, "There is no subscription.")
	}
	return s, err
}

func subscriptionIn(ctx context.Context, tx *sql.Tx, id int64) (Subscription, error) {
	return findSubscription(ctx, tx, `where s.id = ?`, id)
}

func subscriptionOf(ctx context.Context, tx *sql.Tx, tenant int64) (Subscription, error) {
	return findSubscription(ctx, tx, `where s.tenant = ?`, tenant)
}

// SubscriptionOf returns a tenant's subscription. The error is a fault.Missing if it has none.
func (b *Billing) SubscriptionOf(ctx context.Context, tenant int64) (Subscription, error) {
	s, err := scanSubscription(b.DB.QueryRow(ctx, `select `+subscriptionColumns+` from subscription s where s.tenant = ?`, tenant))
	if errors.Is(err, sql.ErrNoRows) {
		return s, fault.New(fault.Missing, "There is no subscription.")
	}
	return s, err
}

// keep writes a subscription back.
func (s Subscription) keep(ctx context.Context, tx *sql.Tx) error {
	standing, err := json.Marshal(s.Standing)
	if err != nil {
		return err
	}
	if s.Standing == nil {
		standing = []byte("[]")
	}
	_, err = tx.ExecContext(ctx, `update subscription set plan = ?, price = nullif(?, 0), seats = ?, state = ?, anchor = ?, period_start = nullif(?, 0), period_end = nullif(?, 0),
		trial_end = nullif(?, 0), trial_days = ?, standing = ?, next_plan = nullif(?, 0), next_price = nullif(?, 0), next_seats = ?, next_on = nullif(?, 0),
		cancel_at_end = ?, cancel_reason = ?, ended_on = nullif(?, 0), gateway = ?, method = nullif(?, 0), cycles_left = nullif(?, -1), closing = ?, closing_on = nullif(?, 0), version = ? where id = ?`,
		s.Plan, s.Price, s.Seats, s.State, s.Anchor, s.Start, s.End, s.TrialEnd, s.TrialDays, string(standing), s.NextPlan, s.NextPrice, s.NextSeats, s.NextOn,
		s.CancelAtEnd, s.CancelReason, s.EndedOn, s.Gateway, s.Method, s.CyclesLeft, s.Closing, s.ClosingOn, s.Version, s.ID)
	if err != nil {
		return fmt.Errorf("keep subscription %d: %w", s.ID, err)
	}
	return nil
}

// monthly is what a subscription brings in a month, without tax, trials and what is paid once (the MRR), in minor units.
func monthly(p Price, seats int64) int64 {
	amount := p.Amount.Minor
	if p.Seat > 0 {
		amount += p.Seat * seats
	}
	switch p.Interval {
	case "year":
		return (amount + 6) / 12 // half up
	case "once":
		return 0
	}
	return amount
}

// revenue is what a subscription brings in a month as it stands now.
func revenue(ctx context.Context, tx *sql.Tx, s Subscription) (int64, string, error) {
	if s.Price == 0 {
		return 0, "", nil
	}
	p, err := priceIn(ctx, tx, s.Price)
	if s.State != Active && s.State != PastDue {
		return 0, p.Amount.Currency, err
	}
	return monthly(p, s.Seats), p.Amount.Currency, err
}

// note writes what happened to a subscription and by how much it changed what comes in a month.
func (b *Billing) note(ctx context.Context, tx *sql.Tx, before, after Subscription, kind, actor, detail string) error {
	was, _, err := revenue(ctx, tx, before)
	if err != nil {
		return err
	}
	is, currency, err := revenue(ctx, tx, after)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `insert into subscription_event (subscription, at, kind, mrr, currency, actor, detail) values (?, ?, ?, ?, ?, ?, ?)`,
		after.ID, b.Clock.Now().UnixMilli(), kind, is-was, currency, actor, detail)
	return err
}

// TenantOf is the tenant of a subscription.
func (b *Billing) TenantOf(ctx context.Context, subscription int64) (tenant.Tenant, error) {
	s, err := b.SubscriptionByID(ctx, subscription)
	if err != nil {
		return tenant.Tenant{}, err
	}
	return b.tenantOf(ctx, s)
}

// SubscriptionByID returns a subscription. The error is a fault.Missing if there is none.
func (b *Billing) SubscriptionByID(ctx context.Context, id int64) (Subscription, error) {
	s, err := scanSubscription(b.DB.QueryRow(ctx, `select `+subscriptionColumns+` from subscription s where s.id = ?`, id))
	return s, missing(err, "There is no subscription.")
}
