package billing

import (
	"context"
	"database/sql"
	"fmt"

	"rowhouse/data/fault"
)

// Cancel ends a subscription at the end of what is paid for. Invoices for later days are taken back. Nothing is charged any more.
func (b *Billing) Cancel(ctx context.Context, subscription int64, reason, actor string) error {
	return b.DB.Tx(ctx, func(tx *sql.Tx) error {
		s, err := subscriptionIn(ctx, tx, subscription)
		if err != nil || s.CancelAtEnd {
			return err
		}
		if s.State == Canceled || s.State == Incomplete {
			return fault.New(fault.Conflict, "The subscription is not running.")
		}
		if err := b.voidOpen(ctx, tx, s, "canceled", Renewal, Change); err != nil {
			return err
		}
		today, err := b.today(ctx, tx)
		if err != nil {
			return err
		}
		before := s
		s.CancelReason = cut(reason, 400)
		if s.LastDay(today) <= today { // nothing is paid for: it ends now, and cannot be taken back to begin the reminders anew
			return b.endNow(ctx, tx, s, today, "ended", actor)
		}
		s.CancelAtEnd, s.Version = true, s.Version+1
		if prepaid(s) == nil {
			s.NextPlan, s.NextPrice, s.NextSeats, s.NextOn = 0, 0, 0, 0
		}
		if err := s.keep(ctx, tx); err != nil {
			return err
		}
		if err := b.note(ctx, tx, before, s, "cancel at end", actor, s.CancelReason); err != nil {
			return err
		}
		c, err := customerIn(ctx, tx, s.Customer)
		if err != nil {
			return err
		}
		return b.post(ctx, tx, "cancel_confirmed", fmt.Sprintf("cancel:%d:%d", s.ID, s.Version), s, map[string]string{"date": sayDay(c.Language, s.LastDay(today))}, "")
	})
}

// LastDay is the day on which a subscription ends if it is canceled today: what is paid for counts, then the trial; else it is today.
func (s Subscription) LastDay(today Day) Day {
	switch {
	case (s.State == PastDue || s.State == Unpaid) && s.End <= today:
		return today
	case s.End > 0:
		return s.End
	case s.State == Trialing && s.TrialEnd > 0:
		return s.TrialEnd
	}
	return today
}

// Resume takes a cancellation back, as long as the subscription has not ended. A renewal that is due is issued by the next turn.
func (b *Billing) Resume(ctx context.Context, subscription int64, actor string) error {
	return b.DB.Tx(ctx, func(tx *sql.Tx) error {
		s, err := subscriptionIn(ctx, tx, subscription)
		if err != nil {
			return err
		}
		if s.State == Canceled {
			return fault.New(fault.Conflict, "The subscription has ended. You can start it again.")
		}
		if !s.CancelAtEnd {
			return nil
		}
		before := s
		s.CancelAtEnd, s.CancelReason = false, ""
		if err := s.keep(ctx, tx); err != nil {
			return err
		}
		return b.note(ctx, tx, before, s, "resumed", actor, "")
	})
}

// end closes a subscription on a day: what is open is taken back, the CRM can only be exported and paid for.
func (b *Billing) end(ctx context.Context, tx *sql.Tx, s Subscription, on Day, kind, actor string) (Subscription, error) {
	before := s
	s.State = Canceled // also what the customer's bank took back is not asked for any more
	if err := b.voidOpen(ctx, tx, s, "the subscription has ended", Renewal, Change, Initial, Reactivation); err != nil {
		return s, err
	}
	s.State, s.EndedOn, s.CancelAtEnd, s.Standing, s.Closing, s.ClosingOn = Canceled, on, false, nil, 0, 0
	s.NextPlan, s.NextPrice, s.NextSeats, s.NextOn = 0, 0, 0, 0
	if err := s.keep(ctx, tx); err != nil {
		return s, err
	}
	if err := b.note(ctx, tx, before, s, kind, actor, s.CancelReason); err != nil {
		return s, err
	}
	if _, err := b.Tenants.ReleaseIn(ctx, tx, s.Tenant, billingHolds...); err != nil {
		return s, err
	}
	return s, b.allow(ctx, tx, s)
}

// endNow ends a subscription today and writes so.
func (b *Billing) endNow(ctx context.Context, tx *sql.Tx, s Subscription, today Day, kind, actor string) error {
	s.Version++ // so that each end has its own letter
	s, err := b.end(ctx, tx, s, today, kind, actor)
	if err != nil {
		return err
	}
	c, err := customerIn(ctx, tx, s.Customer)
	if err != nil {
		return err
	}
	next, err := b.archiveDay(ctx, tx, s, c.Language)
	if err != nil {
		return err
	}
	return b.post(ctx, tx, "subscription_ended", fmt.Sprintf("ended:%d:%d", s.ID, s.Version), s, map[string]string{"date": sayDay(c.Language, today), "next": next}, "")
}

// StartAgain begins a subscription anew that has ended or was closed for want of payment: with an invoice whose period begins when
// it is paid. What was open before is taken back, so nobody pays for the time in which the CRM was closed. It returns the invoice,
// or none if the plan is free.
func (b *Billing) StartAgain(ctx context.Context, subscription int64, w Wish, gateway, actor string) (i Invoice, err error) {
	err = b.DB.Tx(ctx, func(tx *sql.Tx) error {
		s, err := subscriptionIn(ctx, tx, subscription)
		if err != nil {
			return err
		}
		if s.State != Canceled && s.State != Unpaid {
			return fault.New(fault.Conflict, "The subscription is running.")
		}
		if w.Plan, w.Price, err = truly(ctx, tx, w.Plan, w.Price); err != nil {
			return err
		}
		own := w.Plan.ID == s.Plan && w.Price.ID == s.Price
		if w.Price.Plan != w.Plan.ID || !own && (w.Plan.Contact || !w.Price.Active || w.Plan.Visibility != Public && w.Plan.Visibility != Link) {
			return fault.New(fault.Missing, "There is no such plan.")
		}
		if err := checkSeats(w.Price, w.Seats); err != nil {
			return err
		}
		if err := b.voidOpen(ctx, tx, s, "the subscription begins anew", Renewal, Change, Reactivation, Initial); err != nil {
			return err
		}
		if w.Price.Free() {
			return b.startFree(ctx, tx, s, w, actor)
		}
		i, err = b.first(ctx, tx, Reactivation, s, Purchase{Plan: w.Plan, Price: w.Price, Seats: w.Seats, Gateway: gateway})
		return err
	})
	return i, err
}

func (b *Billing) startFree(ctx context.Context, tx *sql.Tx, s Subscription, w Wish, actor string) error {
	before := s
	s.Plan, s.Price, s.Seats, s.State = w.Plan.ID, w.Price.ID, w.Seats, Active
	s.Start, s.End, s.Standing, s.EndedOn, s.Closing, s.ClosingOn, s.CancelAtEnd, s.CancelReason = 0, 0, nil, 0, 0, 0, false, ""
	if err := s.keep(ctx, tx); err != nil {
		return err
	}
	if err := b.note(ctx, tx, before, s, "began again", actor, w.Plan.Name); err != nil {
		return err
	}
	if _, err := b.Tenants.ReleaseIn(ctx, tx, s.Tenant, billingHolds...); err != nil {
		return err
	}
	return b.allow(ctx, tx, s)
}
