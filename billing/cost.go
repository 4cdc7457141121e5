package billing

import (
	"context"
	"database/sql"

	"rowhouse/ui"
)

// standing is what a quote charges for days to come.
func standing(q Quote) []Charge {
	var charges []Charge
	for _, l := range q.Lines {
		if l.Kind == "plan" || l.Kind == "seats" {
			charges = append(charges, Charge{l.Kind, l.Amount - l.Discount, l.Rate, l.TaxName, l.Reason, l.Inclusive, l.From, l.To})
		}
	}
	return charges
}

// quote is what a plan with seats costs a customer for one interval, with the coupon and the tax.
func (b *Billing) quote(ctx context.Context, tx *sql.Tx, c Customer, plan Plan, p Price, seats int64, coupon *Coupon, setup bool, from, to Day) (Quote, error) {
	tax, err := taxFor(ctx, tx, c)
	if err != nil {
		return Quote{}, err
	}
	lines := priceLines(look(c.Language), plan, p, seats, setup, from, to)
	tax.on(lines)
	return Sum(p.Amount.Currency, lines, coupon)
}

func priceLines(words *ui.Look, plan Plan, p Price, seats int64, setup bool, from, to Day) []Line {
	lines := []Line{{Kind: "plan", Text: planText(words, plan, p), Quantity: 1, Unit: p.Amount.Minor, Amount: p.Amount.Minor, Inclusive: p.Inclusive, From: from, To: to}}
	if seats > 0 && p.Seat > 0 {
		lines = append(lines, Line{Kind: "seats", Text: words.T("Further seats"), Quantity: seats, Unit: p.Seat, Amount: seats * p.Seat, Inclusive: p.Inclusive, From: from, To: to})
	}
	if setup && p.Setup > 0 {
		lines = append(lines, Line{Kind: "setup", Text: words.T("Setting up"), Quantity: 1, Unit: p.Setup, Amount: p.Setup, Inclusive: p.Inclusive})
	}
	return lines
}

// planText is a plan as it stands on an invoice.
func planText(words *ui.Look, plan Plan, p Price) string {
	switch p.Interval {
	case "month":
		return words.T("%s, monthly", plan.Name)
	case "year":
		return words.T("%s, yearly", plan.Name)
	}
	return words.T("%s, once and for all", plan.Name)
}

// QuoteFor is what a plan would cost somebody who has not ordered it yet. The error is a fault.Invalid if the coupon is not good.
func (b *Billing) QuoteFor(ctx context.Context, c Customer, plan Plan, p Price, seats int64, code string) (q Quote, err error) {
	err = b.DB.Snapshot(ctx, func(tx *sql.Tx) error {
		coupon, err := b.coupon(ctx, tx, code, p, c.ID)
		if err != nil {
			return err
		}
		q, err = b.quote(ctx, tx, c, plan, p, seats, coupon, true, 0, 0)
		return err
	})
	return q, err
}
