package billing

import (
	"context"
	"database/sql"

	"rowhouse/data/fault"
)

func oldPrice(ctx context.Context, tx *sql.Tx, s Subscription) (Price, error) {
	if s.Price == 0 {
		return Price{Seat: NoSeats}, nil
	}
	return priceIn(ctx, tx, s.Price)
}

// when decides between now and the end of the period: what brings in more, or is paid for longer, holds at once.
func when(s Subscription, old Price, w Wish, today Day) (now, anew bool, on Day) {
	if s.State == Trialing {
		return true, false, today
	}
	if s.End == 0 || s.Price == 0 {
		return true, true, today
	}
	longer := old.Interval == "month" && w.Price.Interval == "year" || w.Price.Interval == "once"
	if longer && !w.Price.Free() {
		return true, true, today
	}
	if w.Price.Interval == old.Interval && monthly(w.Price, w.Seats) > monthly(old, s.Seats) {
		return true, false, today
	}
	return false, false, s.End
}

func (b *Billing) checkWish(ctx context.Context, tx *sql.Tx, s Subscription, w Wish) error {
	if w.Price.Plan != w.Plan.ID || w.Plan.Contact {
		return fault.New(fault.Invalid, "This plan cannot be ordered here.")
	}
	own := w.Plan.ID == s.Plan && w.Price.ID == s.Price
	if !own && (!w.Price.Active || w.Plan.Visibility != Public && w.Plan.Visibility != Link) {
		return fault.New(fault.Missing, "There is no such plan.")
	}
	if err := checkSeats(w.Price, w.Seats); err != nil {
		return err
	}
	if own && w.Seats == s.Seats && s.NextOn == 0 {
		return fault.New(fault.Invalid, "This is what you have already.")
	}
	c, err := customerIn(ctx, tx, s.Customer)
	if err != nil {
		return err
	}
	if err := checkCurrency(c, w.Price.Amount.Currency); err != nil {
		return err
	}
	if err := prepaid(s); err != nil {
		return err
	}
	if s.State == Trialing && w.Seats > max(s.Seats, trialSeats) {
		return fault.New(fault.Invalid, "In a trial there are at most %d further seats.", trialSeats)
	}
	switch s.State {
	case Trialing, Active:
		if err := renewing(ctx, tx, s); err != nil {
			return err
		}
		return underDispute(ctx, tx, s)
	case PastDue:
		return fault.New(fault.Conflict, "An invoice is open. Please pay it first, then the plan can be changed.")
	}
	return fault.New(fault.Conflict, "The subscription is not running. Please start it again first.")
}

// trialSeats is how many further seats a trial has at the most: nothing is paid for them.
const trialSeats = 20

// prepaid refuses changes of what is fixed: the next period is paid for the plan that was wished for it.
func prepaid(s Subscription) error {
	if s.NextOn > 0 && s.End > s.NextOn {
		return fault.New(fault.Conflict, "The next period is paid already for another plan. Please change it after it has begun.")
	}
	return nil
}

// renewing refuses changes while a renewal is being paid: it is for what there is now.
func renewing(ctx context.Context, tx *sql.Tx, s Subscription) error {
	var invoice int64
	err := tx.QueryRowContext(ctx, `select coalesce(max(i.id), 0) from invoice i join moving_attempt a on a.invoice = i.id where i.subscription = ? and i.kind = 'renewal'`, s.ID).Scan(&invoice)
	if err != nil || invoice == 0 {
		return err
	}
	return moving(ctx, tx, invoice)
}

// underDispute refuses changes while the customer's bank takes a payment back: the host looks at that first.
func underDispute(ctx context.Context, tx *sql.Tx, s Subscription) error {
	var n int
	err := tx.QueryRowContext(ctx, `select count(*) from dispute d join payment p on p.id = d.payment join invoice i on i.id = p.invoice where i.subscription = ? and d.state = 'pending'`, s.ID).Scan(&n)
	if err == nil && n > 0 {
		return fault.New(fault.Conflict, "A payment is disputed at the moment. The plan can be changed once that is settled.")
	}
	return err
}

// PlanText says a plan with its price as it stands on an invoice, in a reader's language.
func (w Wish) PlanText(words interface {
	T(string, ...any) string
}) string {
	switch {
	case w.Price.ID == 0:
		return words.T("%s, free of charge", w.Plan.Name)
	case w.Price.Interval == "month":
		return words.T("%s, monthly", w.Plan.Name)
	case w.Price.Interval == "year":
		return words.T("%s, yearly", w.Plan.Name)
	}
	return words.T("%s, once and for all", w.Plan.Name)
}
