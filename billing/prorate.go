package billing

import (
	"context"
	"database/sql"
	"fmt"

	"rowhouse/data/money"
)

// anew quotes a period that begins today, less what is not used of what was paid.
func (b *Billing) anew(ctx context.Context, tx *sql.Tx, s Subscription, c Customer, w Wish, coupon *Coupon, today Day) (Quote, error) {
	tax, err := taxFor(ctx, tx, c)
	if err != nil {
		return Quote{}, err
	}
	to := Day(0)
	if w.Price.Interval != "once" {
		to = today.Next(w.Price.Interval, today.Of())
	}
	lines := priceLines(look(c.Language), w.Plan, w.Price, w.Seats, false, today, to)
	tax.on(lines)
	return Sum(w.Price.Amount.Currency, append(lines, unused(c.Language, s.Standing, today)...), recurring(coupon))
}

// recurring is a coupon that also makes changes cheaper: a share does, an amount counts once for each invoice of a period.
func recurring(c *Coupon) *Coupon {
	if c == nil || c.Percent == 0 {
		return nil
	}
	return c
}

// unused gives back what is paid for days to come: of the amounts that were really charged, each rounded once.
func unused(language string, standing []Charge, today Day) []Line {
	var lines []Line
	for _, c := range standing {
		amount := -rest(c.Amount, c.From, c.To, today)
		if amount == 0 {
			continue
		}
		text := look(language).T("Not used of the plan")
		if c.Kind == "seats" {
			text = look(language).T("Not used of further seats")
		}
		lines = append(lines, Line{Kind: "credit", Text: text, Quantity: 1, Unit: amount, Amount: amount, Rate: c.Rate, TaxName: c.TaxName, Reason: c.Reason,
			Inclusive: c.Inclusive, From: max(c.From, today), To: c.To})
	}
	return lines
}

// rest is the share of an amount for the days from today on.
func rest(amount int64, from, to, today Day) int64 {
	switch {
	case to <= today:
		return 0
	case from >= today:
		return amount
	}
	return money.Share(amount, int64(to-today), int64(to-from))
}

// prorated quotes a change in the midst of a period: what is not used is given back, what is new is charged for the days that are
// left. If only seats are added, there is one line for them.
func (b *Billing) prorated(ctx context.Context, tx *sql.Tx, s Subscription, c Customer, old Price, w Wish, coupon *Coupon, today Day) (Quote, error) {
	tax, err := taxFor(ctx, tx, c)
	if err != nil {
		return Quote{}, err
	}
	seats, plain := w.Seats, old.ID != w.Price.ID
	if !plain {
		seats -= s.Seats
	}
	var lines []Line
	for _, period := range periods(s.Standing, today) {
		for _, l := range priceLines(look(c.Language), w.Plan, w.Price, seats, false, max(period.From, today), period.To) {
			if l.Kind == "plan" && !plain {
				continue
			}
			l.Amount = rest(l.Amount, period.From, period.To, today)
			l.Unit, l.Quantity = l.Amount, 1
			if l.Kind == "seats" {
				l.Text = fmt.Sprintf("%d × %s", seats, l.Text)
			}
			lines = append(lines, l)
		}
	}
	tax.on(lines)
	if plain {
		lines = append(lines, unused(c.Language, s.Standing, today)...)
	}
	return Sum(w.Price.Amount.Currency, lines, recurring(coupon))
}

// periods are the times for which the plan itself is paid, from today on.
func periods(standing []Charge, today Day) []Charge {
	var some []Charge
	for _, c := range standing {
		if c.Kind == "plan" && c.To > today {
			some = append(some, c)
		}
	}
	return some
}
