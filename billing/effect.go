package billing

import (
	"context"
	"database/sql"
	"fmt"

	"rowhouse/tenant"
)

// Effects is what paying an invoice does, in absolute words: said twice, it is done once.
type Effects struct {
	Plan     int64    `json:"plan,omitempty"`
	Price    int64    `json:"price,omitempty"`
	Seats    int64    `json:"seats,omitempty"`
	On       Day      `json:"on,omitempty"`   // from when plan, price and seats hold; 0 is at once
	From     Day      `json:"from,omitempty"` // the period; 0: it begins with the payment, or when the CRM is ready
	To       Day      `json:"to,omitempty"`
	Anchor   int      `json:"anchor,omitempty"`
	Standing []Charge `json:"standing,omitempty"` // what is paid for by this
	Replace  bool     `json:"replace,omitempty"`  // it takes the place of what was paid for before
	Cycle    bool     `json:"cycle,omitempty"`    // one cycle of the coupon is used
	Base     Day      `json:"base,omitempty"`     // the end of the period for which a change was worked out
}

// finish makes an invoice of which nothing is left to pay a paid one, and does what it was for. payment is the one that was
// just booked, or 0. Called twice, it does it once.
func (b *Billing) finish(ctx context.Context, tx *sql.Tx, id, payment int64) error {
	i, err := invoiceIn(ctx, tx, id)
	if err != nil || i.State != InvoiceOpen || i.Paid < i.Total {
		return err
	}
	if late, err := b.outdated(ctx, tx, i); err != nil || late {
		return err
	}
	now := b.Clock.Now()
	if i.Number == "" {
		if err := number(ctx, tx, id, i.Seller.Prefix, DayOf(now, i.Seller.Location())); err != nil {
			return err
		}
	}
	_, err = tx.ExecContext(ctx, `update invoice set state = 'paid', paid_at = ?, charge_at = null where id = ?`, now.UnixMilli(), id)
	if err != nil {
		return fmt.Errorf("finish invoice %d: %w", id, err)
	}
	if _, err := tx.ExecContext(ctx, `update customer set currency = ? where id = ? and currency is null`, i.Currency, i.Customer); err != nil {
		return err
	}
	done, err := tx.ExecContext(ctx, `update invoice set applied_at = ? where id = ? and applied_at is null`, now.UnixMilli(), id)
	if err != nil {
		return err
	}
	first, err := done.RowsAffected()
	if err != nil || i.Subscription == 0 {
		return err
	}
	s, err := subscriptionIn(ctx, tx, i.Subscription)
	if err != nil {
		return err
	}
	if first > 0 {
		if s, err = b.apply(ctx, tx, i, s); err != nil {
			return err
		}
	}
	if err := b.lift(ctx, tx, s, i); err != nil {
		return err
	}
	return b.receipt(ctx, tx, id, payment)
}

// outdated takes a change of plan back that was paid after its period: it was worked out for other days. The money is to the
// customer's good, and the host is told.
func (b *Billing) outdated(ctx context.Context, tx *sql.Tx, i Invoice) (bool, error) {
	if i.Kind != Change || i.Applied {
		return false, nil
	}
	s, err := subscriptionIn(ctx, tx, i.Subscription)
	if err != nil {
		return false, err
	}
	today, err := b.today(ctx, tx)
	if err != nil || s.State == Active && s.End == i.Effects.Base && (i.Total == 0 || s.End == 0 || s.End > today) {
		return false, err
	}
	if err := b.void(ctx, tx, i, "paid after its period"); err != nil {
		return false, err
	}
	return true, b.alert(ctx, tx, fmt.Sprint("outdated:", i.ID), "A change of plan was paid too late", fmt.Sprint("/admin/invoices/", i.ID),
		fmt.Sprintf("The change of plan %s was paid after the period for which it was worked out. It was not done, and the money is to the customer's good.", i.Name()))
}

// apply does what an invoice is for.
func (b *Billing) apply(ctx context.Context, tx *sql.Tx, i Invoice, s Subscription) (Subscription, error) {
	before, e := s, i.Effects
	today, err := b.today(ctx, tx)
	if err != nil {
		return s, err
	}
	if e.Cycle && s.CyclesLeft > 0 {
		s.CyclesLeft--
	}
	switch i.Kind {
	case Initial, Reactivation:
		if err := b.begin(ctx, tx, i, &s, today); err != nil {
			return s, err
		}
	case Renewal:
		renew(&s, e, today)
	case Change:
		change(&s, e, today)
	default:
		return s, nil
	}
	if err := s.keep(ctx, tx); err != nil {
		return s, err
	}
	if err := b.note(ctx, tx, before, s, i.Kind, "payment", i.Name()); err != nil {
		return s, err
	}
	if i.Kind == Change {
		if err := b.sayChanged(ctx, tx, s, i); err != nil {
			return s, err
		}
	}
	return s, b.allow(ctx, tx, s)
}

// begin gives a subscription what its first invoice was for. Its period begins now, or when its CRM is ready.
func (b *Billing) begin(ctx context.Context, tx *sql.Tx, i Invoice, s *Subscription, today Day) error {
	e := i.Effects
	s.Plan, s.Price, s.Seats, s.Standing = e.Plan, e.Price, e.Seats, e.Standing
	s.State, s.Start, s.End, s.EndedOn, s.TrialEnd, s.TrialDays = Active, 0, 0, 0, 0, 0
	s.NextPlan, s.NextPrice, s.NextSeats, s.NextOn, s.CancelAtEnd, s.Closing, s.ClosingOn = 0, 0, 0, 0, false, 0, 0
	var state tenant.State
	if err := tx.QueryRowContext(ctx, `select state from tenant where id = ?`, s.Tenant).Scan(&state); err != nil {
		return err
	}
	if state == tenant.Active {
		return start(ctx, tx, s, today)
	}
	if state == tenant.Archived {
		return b.alert(ctx, tx, fmt.Sprint("archived-paid:", i.ID), "A CRM that was put away has been paid", fmt.Sprint("/admin/invoices/", i.ID),
			fmt.Sprintf("The invoice %s is paid, and the CRM that it is for is put away. Please bring it back on its page; its period begins then.", i.Name()))
	}
	return b.Tenants.Approve(ctx, tx, s.Tenant)
}

// start lets the first period begin on a day.
func start(ctx context.Context, tx *sql.Tx, s *Subscription, on Day) error {
	if s.Price == 0 || s.End > 0 {
		return nil
	}
	p, err := priceIn(ctx, tx, s.Price)
	if err != nil || p.Interval == "once" || p.Free() {
		return err
	}
	s.Anchor = on.Of()
	s.Start, s.End = on, on.Next(p.Interval, s.Anchor)
	for n := range s.Standing {
		s.Standing[n].From, s.Standing[n].To = s.Start, s.End
	}
	return nil
}

// renew gives a subscription the period of a paid renewal. After it was closed for want of payment, the period begins anew today:
// nobody pays for the time in which the CRM was closed.
func renew(s *Subscription, e Effects, today Day) {
	if s.State == Canceled {
		return
	}
	shift := Day(0)
	if s.State == Unpaid && today > e.From {
		shift = today - e.From
		s.Anchor = today.Of()
	}
	if e.Anchor > 0 && shift == 0 {
		s.Anchor = e.Anchor
	}
	s.Start, s.End = e.From+shift, e.To+shift
	if e.To == 0 { // once and for all
		s.Start, s.End, s.Standing, s.State = 0, 0, nil, Active
		return
	}
	s.Standing = left(s.Standing, today)
	for _, c := range e.Standing {
		c.From, c.To = c.From+shift, c.To+shift
		s.Standing = append(s.Standing, c)
	}
	s.State = Active
	if e.On > 0 && today >= e.On {
		s.Plan, s.Price, s.Seats = e.Plan, e.Price, e.Seats
		s.NextPlan, s.NextPrice, s.NextSeats, s.NextOn = 0, 0, 0, 0
	}
}

// left are the charges that pay for days to come.
func left(all []Charge, today Day) []Charge {
	var some []Charge
	for _, c := range all {
		if c.To > today {
			some = append(some, c)
		}
	}
	return some
}

func change(s *Subscription, e Effects, today Day) {
	s.Plan, s.Price, s.Seats = e.Plan, e.Price, e.Seats
	s.NextPlan, s.NextPrice, s.NextSeats, s.NextOn = 0, 0, 0, 0
	if e.Replace {
		s.Standing = nil
	}
	s.Standing = append(left(s.Standing, today), e.Standing...)
	if e.From > 0 {
		s.Anchor, s.Start, s.End = e.Anchor, e.From, e.To
	}
	if e.From > 0 && e.To == 0 { // once and for all
		s.Start, s.Standing = 0, nil
	}
}
