package billing

import (
	"context"
	"database/sql"
	"fmt"

	"rowhouse/data/fault"
	"rowhouse/data/money"
)

// schedule keeps a wish for the end of the period. The renewal that was issued for what is now is taken back; the next turn
// issues it anew.
func (b *Billing) schedule(ctx context.Context, tx *sql.Tx, s Subscription, p Preview, actor string) error {
	today, err := b.today(ctx, tx)
	if err != nil {
		return err
	}
	before := s
	s.NextPlan, s.NextPrice, s.NextSeats, s.NextOn = p.Plan.ID, p.Price.ID, p.Seats, s.End
	if p.Plan.ID == s.Plan && p.Price.ID == s.Price && p.Seats == s.Seats {
		return b.unschedule(ctx, tx, s, actor)
	}
	if today < s.Start {
		return fault.New(fault.Conflict, "The next period is paid already. Please change to this plan after it has begun.")
	}
	if err := b.voidOpen(ctx, tx, s, "replaced by a change of plan", Renewal); err != nil {
		return err
	}
	s.Version++
	if err := s.keep(ctx, tx); err != nil {
		return err
	}
	if err := b.note(ctx, tx, before, s, "scheduled", actor, p.Plan.Name); err != nil {
		return err
	}
	c, err := customerIn(ctx, tx, s.Customer)
	if err != nil {
		return err
	}
	detail := planText(look(c.Language), p.Plan, p.Price)
	if !p.Price.Free() {
		detail += ", " + say(c.Language, p.Later.Amount())
	}
	return b.post(ctx, tx, "downgrade_scheduled", fmt.Sprintf("scheduled:%d:%d", s.ID, s.Version), s, map[string]string{"detail": detail, "date": sayDay(c.Language, s.NextOn)}, "")
}

// unschedule takes a wish for the end of the period back.
func (b *Billing) unschedule(ctx context.Context, tx *sql.Tx, s Subscription, actor string) error {
	before := s
	s.NextPlan, s.NextPrice, s.NextSeats, s.NextOn = 0, 0, 0, 0
	if err := b.voidOpen(ctx, tx, s, "replaced by a change of plan", Renewal); err != nil {
		return err
	}
	if err := s.keep(ctx, tx); err != nil {
		return err
	}
	return b.note(ctx, tx, before, s, "unscheduled", actor, "")
}

// KeepPlan takes a wish for the end of the period back: everything stays as it is.
func (b *Billing) KeepPlan(ctx context.Context, subscription int64, actor string) error {
	return b.DB.Tx(ctx, func(tx *sql.Tx) error {
		s, err := subscriptionIn(ctx, tx, subscription)
		if err != nil || s.NextOn == 0 {
			return err
		}
		if s.State != Active && s.State != Trialing { // a new invoice would begin the reminders anew
			return fault.New(fault.Conflict, "An invoice is open. Please pay it first, then the plan can be changed.")
		}
		if err := prepaid(s); err != nil {
			return err
		}
		return b.unschedule(ctx, tx, s, actor)
	})
}

// switchTo gives a subscription another plan at once, without money.
func (b *Billing) switchTo(ctx context.Context, tx *sql.Tx, s Subscription, w Wish, actor, detail string) error {
	before := s
	s.Plan, s.Price, s.Seats = w.Plan.ID, w.Price.ID, w.Seats
	s.NextPlan, s.NextPrice, s.NextSeats, s.NextOn = 0, 0, 0, 0
	if w.Price.Free() {
		s.Start, s.End, s.Standing = 0, 0, nil
		if s.State == Trialing {
			s.State, s.TrialEnd = Active, 0
		}
	}
	s.Version++
	if err := s.keep(ctx, tx); err != nil {
		return err
	}
	if err := b.note(ctx, tx, before, s, "changed", actor, detail); err != nil {
		return err
	}
	if err := b.allow(ctx, tx, s); err != nil {
		return err
	}
	return b.sayNow(ctx, tx, s, fmt.Sprintf("changed:%d:%d", s.ID, s.Version), "")
}

// sayChanged is the letter about a change that was paid.
func (b *Billing) sayChanged(ctx context.Context, tx *sql.Tx, s Subscription, i Invoice) error {
	detail := look(i.Buyer.Language).T("%s was charged for the days that are left.", say(i.Buyer.Language, money.Amount{Minor: i.Total, Currency: i.Currency}))
	if i.Total == 0 {
		detail = look(i.Buyer.Language).T("There was nothing to pay.")
	}
	// A renewal that was issued for the plan before is for too little. One that is being paid right now stays as it is.
	if err := b.voidOpen(ctx, tx, s, "replaced by a change of plan", Renewal); err != nil && !fault.Is(err, fault.Conflict) {
		return err
	}
	return b.sayNow(ctx, tx, s, fmt.Sprintf("changed:invoice:%d", i.ID), detail)
}

func (b *Billing) sayNow(ctx context.Context, tx *sql.Tx, s Subscription, key, detail string) error {
	return b.post(ctx, tx, "plan_changed", key, s, map[string]string{"detail": detail}, "")
}
