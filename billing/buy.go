package billing

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"rowhouse/data/fault"
)

// Purchase is what somebody orders for a tenant that is reserved.
type Purchase struct {
	Tenant   int64
	Customer Customer // its e-mail address is proven
	Plan     Plan
	Price    Price
	Seats    int64 // beyond those of the plan
	Coupon   string
	Gateway  string // offline: the first invoice has its number at once, and waits longer
}

// Bought is what an order has become.
type Bought struct {
	Subscription Subscription
	Invoice      Invoice // zero: there is nothing to pay now
	Method       bool    // a trial that begins when a method is saved
}

// Buy makes a subscription, in the caller's transaction. What is free, or begins with a trial, approves the tenant at once;
// anything else waits for its first invoice. Bought again, an unpaid order is replaced: a checkout that was left never poisons
// the next one.
func (b *Billing) Buy(ctx context.Context, tx *sql.Tx, p Purchase) (Bought, error) {
	var err error
	if p.Plan, p.Price, err = truly(ctx, tx, p.Plan, p.Price); err != nil {
		return Bought{}, err
	}
	if err := p.check(); err != nil {
		return Bought{}, err
	}
	c, err := b.keepCustomer(ctx, tx, p.Customer)
	if err != nil {
		return Bought{}, err
	}
	s, err := b.open(ctx, tx, p, c)
	if err != nil {
		return Bought{}, err
	}
	if err := oneCurrency(ctx, tx, s, p.Price.Amount.Currency); err != nil {
		return Bought{}, err
	}
	if p.Plan.TrialDays > 0 && !p.Price.Free() {
		if err := b.useInTrial(ctx, tx, p, s); err != nil {
			return Bought{}, err
		}
		if s, err = subscriptionIn(ctx, tx, s.ID); err != nil {
			return Bought{}, err
		}
	}
	switch {
	case p.Price.Free():
		s.State = Active
		return Bought{Subscription: s}, b.enter(ctx, tx, s, "free")
	case p.Plan.TrialDays > 0 && !p.Plan.TrialMethod:
		s.State, s.TrialDays = Trialing, p.Plan.TrialDays
		return Bought{Subscription: s}, b.enter(ctx, tx, s, "trial")
	case p.Plan.TrialDays > 0:
		s.TrialDays = p.Plan.TrialDays
		return Bought{Subscription: s, Method: true}, s.keep(ctx, tx)
	}
	i, err := b.first(ctx, tx, Initial, s, p)
	return Bought{Subscription: s, Invoice: i}, err
}

// oneCurrency refuses a second currency for a customer whose other subscriptions run in one.
func oneCurrency(ctx context.Context, tx *sql.Tx, s Subscription, currency string) error {
	var other string
	err := tx.QueryRowContext(ctx, `select p.currency from subscription s join price p on p.id = s.price where s.customer = ? and s.id <> ? and s.state not in ('canceled', 'incomplete') and
		p.amount > 0 and p.currency <> ? limit 1`, s.Customer, s.ID, currency).Scan(&other)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err == nil {
		err = fault.New(fault.Conflict, "This account is kept in %s, so it cannot have a price in %s.", other, currency)
	}
	return err
}

// useInTrial gives an order with a trial its coupon: it counts from the first invoice on.
func (b *Billing) useInTrial(ctx context.Context, tx *sql.Tx, p Purchase, s Subscription) error {
	coupon, err := b.coupon(ctx, tx, p.Coupon, p.Price, s.Customer)
	if err != nil {
		return err
	}
	return b.use(ctx, tx, coupon, s)
}

// truly reads a plan and a price as they are in the books: what comes from outside only says which.
func truly(ctx context.Context, tx *sql.Tx, plan Plan, price Price) (Plan, Price, error) {
	plan, err := PlanIn(ctx, tx, plan.ID)
	if err != nil {
		return plan, price, err
	}
	price, err = priceIn(ctx, tx, price.ID)
	return plan, price, err
}

func (p Purchase) check() error {
	if p.Plan.Contact || p.Price.Plan != p.Plan.ID || !p.Price.Active {
		return fault.New(fault.Invalid, "This plan cannot be ordered here.")
	}
	if p.Plan.Visibility != Public && p.Plan.Visibility != Link {
		return fault.New(fault.Missing, "There is no such plan.")
	}
	return checkSeats(p.Price, p.Seats)
}

// mostSeats is more than any company that pays by itself has.
const mostSeats = 10000

func checkSeats(p Price, seats int64) error {
	if seats < 0 || seats > mostSeats {
		return fault.New(fault.Invalid, "Please enter how many seats you need, at most %d.", mostSeats)
	}
	if seats > 0 && p.Seat == NoSeats {
		return fault.New(fault.Invalid, "This plan has no further seats.")
	}
	return nil
}

// open makes the subscription of an order, or takes the one that was not paid.
func (b *Billing) open(ctx context.Context, tx *sql.Tx, p Purchase, c Customer) (Subscription, error) {
	known, err := subscriptionOf(ctx, tx, p.Tenant)
	if err == nil && known.State != Incomplete {
		return known, fault.New(fault.Conflict, "This order is finished already.")
	}
	if err != nil && !fault.Is(err, fault.Missing) {
		return known, err
	}
	if err == nil {
		return b.reopen(ctx, tx, known, p, c)
	}
	done, err := tx.ExecContext(ctx, `insert into subscription (tenant, customer, plan, price, seats, state, policy, created_at) values (?, ?, ?, ?, ?, 'incomplete', ?, ?)`,
		p.Tenant, c.ID, p.Plan.ID, p.Price.ID, p.Seats, max(p.Plan.Policy, 1), b.Clock.Now().UnixMilli())
	if err != nil {
		return Subscription{}, fmt.Errorf("make subscription: %w", err)
	}
	id, err := done.LastInsertId()
	if err != nil {
		return Subscription{}, err
	}
	// From now on the order decides how long the name is held, not the registration.
	if _, err := tx.ExecContext(ctx, `update tenant set reserved_to = null where id = ? and state = 'reserved'`, p.Tenant); err != nil {
		return Subscription{}, err
	}
	return subscriptionIn(ctx, tx, id)
}

func (b *Billing) reopen(ctx context.Context, tx *sql.Tx, s Subscription, p Purchase, c Customer) (Subscription, error) {
	open, err := collect(ctx, tx, scanInvoice, `select `+invoiceColumns+` from invoice i where i.subscription = ? and i.state = 'open'`, s.ID)
	if err != nil {
		return s, err
	}
	for _, i := range open {
		if err := b.void(ctx, tx, i, "replaced by another order"); err != nil {
			return s, err
		}
	}
	_, err = tx.ExecContext(ctx, `update subscription set customer = ?, plan = ?, price = ?, seats = ?, coupon = null, cycles_left = null, trial_days = 0, policy = ? where id = ?`,
		c.ID, p.Plan.ID, p.Price.ID, p.Seats, max(p.Plan.Policy, 1), s.ID)
	if err != nil {
		return s, err
	}
	return subscriptionIn(ctx, tx, s.ID)
}

// enter opens the door for a subscription that needs no payment now.
func (b *Billing) enter(ctx context.Context, tx *sql.Tx, s Subscription, how string) error {
	if err := s.keep(ctx, tx); err != nil {
		return err
	}
	if err := b.allow(ctx, tx, s); err != nil {
		return err
	}
	before := s
	before.State = Incomplete
	if err := b.note(ctx, tx, before, s, "began", "order", how); err != nil {
		return err
	}
	return b.Tenants.Approve(ctx, tx, s.Tenant)
}

// first issues the invoice with which a subscription begins, or begins again.
func (b *Billing) first(ctx context.Context, tx *sql.Tx, kind string, s Subscription, p Purchase) (Invoice, error) {
	c, err := customerIn(ctx, tx, s.Customer)
	if err != nil {
		return Invoice{}, err
	}
	coupon, err := b.coupon(ctx, tx, p.Coupon, p.Price, c.ID)
	if err != nil {
		return Invoice{}, err
	}
	policy, today, err := b.terms(ctx, tx, s)
	if err != nil {
		return Invoice{}, err
	}
	if err := b.use(ctx, tx, coupon, s); err != nil {
		return Invoice{}, err
	}
	q, err := b.quote(ctx, tx, c, p.Plan, p.Price, p.Seats, coupon, kind == Initial, 0, 0)
	if err != nil {
		return Invoice{}, err
	}
	d := draft{Kind: kind, Subscription: s, Quote: q, DueOn: today, VoidOn: today + 2, Policy: policy, Numbered: p.Gateway == "offline",
		Effects: Effects{Plan: p.Plan.ID, Price: p.Price.ID, Seats: p.Seats, Standing: standing(q), Cycle: coupon != nil}}
	if p.Gateway == "offline" {
		d.VoidOn = today + Day(policy.Checkout)
	}
	return b.issue(ctx, tx, d)
}
