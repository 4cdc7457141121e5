package billing

import (
	"context"
	"database/sql"
	"fmt"
)

// renew issues the invoice for the period after this one, some days ahead. The schema keeps it single: a second run changes nothing.
func (b *Billing) renew(ctx context.Context, tx *sql.Tx, id int64, today Day) error {
	s, err := subscriptionIn(ctx, tx, id)
	if err != nil || s.CancelAtEnd {
		return err
	}
	w, from, err := b.coming(ctx, tx, s)
	if err != nil || w.Price.ID == 0 || w.Price.Free() {
		return err
	}
	policy, err := b.policyOf(ctx, tx, s)
	if err != nil {
		return err
	}
	m, err := methodIn(ctx, tx, s.Method)
	if err != nil {
		return err
	}
	lead := policy.Manual
	if m.Usable {
		lead = policy.Auto
	}
	if s.State == Trialing {
		lead = 0
	}
	if today < from-Day(lead) {
		return nil
	}
	return b.issueRenewal(ctx, tx, s, w, from, m, policy)
}

// coming is what the next period will be of: what the tenant wishes for it, or what it has. Without a period there is none.
func (b *Billing) coming(ctx context.Context, tx *sql.Tx, s Subscription) (Wish, Day, error) {
	plan, price, seats, from := s.Plan, s.Price, s.Seats, s.End
	if s.State == Trialing {
		from = s.TrialEnd
	}
	if s.NextOn > 0 && s.NextOn <= from {
		plan, price, seats = s.NextPlan, s.NextPrice, s.NextSeats
	}
	if price == 0 || from == 0 {
		return Wish{}, 0, nil
	}
	p, err := priceIn(ctx, tx, price)
	if err != nil {
		return Wish{}, 0, err
	}
	w := Wish{Price: p, Seats: seats}
	w.Plan, err = planRow(ctx, tx, plan)
	return w, from, err
}

func (b *Billing) issueRenewal(ctx context.Context, tx *sql.Tx, s Subscription, w Wish, from Day, m Method, policy Policy) error {
	var there int
	err := tx.QueryRowContext(ctx, `select count(*) from invoice where subscription = ? and kind = 'renewal' and period_start = ? and state <> 'void'`, s.ID, from).Scan(&there)
	if err != nil || there > 0 {
		return err
	}
	c, err := customerIn(ctx, tx, s.Customer)
	if err != nil {
		return err
	}
	if w.Price.Interval == "once" && s.State != Trialing {
		return nil
	}
	coupon, err := couponOf(ctx, tx, s, w.Plan.ID)
	if err != nil {
		return err
	}
	anchor := s.Anchor
	if s.State == Trialing {
		anchor = from.Of()
	}
	to := from.Next(w.Price.Interval, anchor)
	q, err := b.quote(ctx, tx, c, w.Plan, w.Price, w.Seats, coupon, false, from, to)
	if err != nil {
		return err
	}
	d := draft{Kind: Renewal, Subscription: s, Quote: q, Start: from, End: to, DueOn: from, Numbered: true, Charge: m.Usable, Policy: policy,
		Effects: Effects{Plan: w.Plan.ID, Price: w.Price.ID, Seats: w.Seats, From: from, To: to, Anchor: anchor, Standing: standing(q), Cycle: coupon != nil}}
	if s.NextOn > 0 && s.NextOn <= from {
		d.Effects.On = from
	}
	if w.Price.Interval == "once" {
		d.Effects.To, d.Effects.Standing = 0, nil
	}
	if s.State == Trialing && !m.Usable {
		d.Policy.Steps = policy.Trial
	}
	i, err := b.issue(ctx, tx, d)
	if err != nil || i.State != InvoiceOpen {
		return err
	}
	return b.announce(ctx, tx, i, s, m)
}

// announce is the letter about a renewal: that it will be charged, or that it is to be paid.
func (b *Billing) announce(ctx context.Context, tx *sql.Tx, i Invoice, s Subscription, m Method) error {
	if err := b.chargeAhead(ctx, tx, i, m); err != nil {
		return err
	}
	if s.State == Trialing {
		return nil // the trial has its own letters
	}
	if !m.covers(i.Open()) {
		return b.issued(ctx, tx, i, s)
	}
	facts := b.invoiceFacts(i)
	facts["method"], facts["link"] = m.Label, b.DocumentURL(i.ID)
	return b.post(ctx, tx, "upcoming_charge", fmt.Sprint("upcoming:", i.ID), s, facts, fmt.Sprint("invoice/", i.ID))
}

// issued is the letter with an invoice that is to be paid.
func (b *Billing) issued(ctx context.Context, tx *sql.Tx, i Invoice, s Subscription) error {
	return b.post(ctx, tx, "invoice_issued", fmt.Sprint("issued:", i.ID), s, b.invoiceFacts(i), fmt.Sprint("invoice/", i.ID))
}

// chargeAhead moves a charge to as early as its gateway needs: some banks must be told a day or two before.
func (b *Billing) chargeAhead(ctx context.Context, tx *sql.Tx, i Invoice, m Method) error {
	if !m.Usable || i.ChargeAt.IsZero() {
		return nil
	}
	g, err := b.gateway(ctx, m.Gateway)
	if err != nil || g.Can().Ahead == 0 {
		return nil // a gateway that is off is found out when it is charged
	}
	when := maxTime(i.DueOn.In(i.Seller.Location()).Add(-g.Can().Ahead), b.Clock.Now())
	_, err = tx.ExecContext(ctx, `update invoice set charge_at = ? where id = ?`, when.UnixMilli(), i.ID)
	return err
}

// switchDue gives a subscription what was wished for the end of its period, once that day is there and paid for, or is free.
func (b *Billing) switchDue(ctx context.Context, tx *sql.Tx, id int64, today Day) error {
	s, err := subscriptionIn(ctx, tx, id)
	if err != nil || s.NextOn == 0 || s.NextOn > today || s.State == Canceled {
		return err
	}
	w, _, err := b.coming(ctx, tx, s)
	if s.End > s.NextOn { // paid: what comes is not the period after that
		w, err = b.wished(ctx, tx, s)
	}
	if err != nil {
		return err
	}
	free := w.Price.Free()
	if !free && s.End <= today {
		return nil // the renewal is not paid
	}
	return b.switchTo(ctx, tx, s, w, "system", "as scheduled")
}

func (b *Billing) wished(ctx context.Context, tx *sql.Tx, s Subscription) (Wish, error) {
	s.End = s.NextOn
	w, _, err := b.coming(ctx, tx, s)
	return w, err
}

// remindTrial writes three days and one day before a trial ends.
func (b *Billing) remindTrial(ctx context.Context, tx *sql.Tx, id int64, today Day) error {
	s, err := subscriptionIn(ctx, tx, id)
	if err != nil || s.State != Trialing || s.TrialEnd <= today {
		return err
	}
	w, from, err := b.coming(ctx, tx, s)
	if err != nil || w.Price.ID == 0 {
		return err
	}
	c, err := customerIn(ctx, tx, s.Customer)
	if err != nil {
		return err
	}
	q, err := b.quote(ctx, tx, c, w.Plan, w.Price, w.Seats, nil, false, from, from.Next(w.Price.Interval, from.Of()))
	if err != nil {
		return err
	}
	left := 3
	if s.TrialEnd-today <= 1 {
		left = 1
	}
	return b.post(ctx, tx, "trial_ending", fmt.Sprintf("trial:%d:%d:%d", s.ID, s.TrialEnd, left), s, map[string]string{"date": sayDay(c.Language, s.TrialEnd), "amount": say(c.Language, q.Amount())}, "")
}

// warnCard writes once when a saved card expires before the next payment.
func (b *Billing) warnCard(ctx context.Context, tx *sql.Tx, id int64, _ Day) error {
	s, err := subscriptionIn(ctx, tx, id)
	if err != nil || s.End == 0 {
		return err
	}
	m, err := methodIn(ctx, tx, s.Method)
	if err != nil || !m.Usable || m.Year == 0 || m.LastDay() >= s.End {
		return err
	}
	c, err := customerIn(ctx, tx, s.Customer)
	if err != nil {
		return err
	}
	return b.post(ctx, tx, "card_expiring", fmt.Sprintf("cardexp:%d:%04d%02d", m.ID, m.Year, m.Month), s, map[string]string{"method": m.Label, "date": sayDay(c.Language, s.End)}, "")
}
