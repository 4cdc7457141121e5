package billing

import (
	"context"
	"slices"

	"rowhouse/billing/gateway"
	"rowhouse/data/money"
)

// Choice is a way to pay that a customer can choose.
type Choice struct {
	Name, Label string
	gateway.Can
}

// Choices are the gateways that are on, can take an amount, and are allowed for a plan.
func (b *Billing) Choices(ctx context.Context, plan Plan, a money.Amount) ([]Choice, error) {
	all, err := b.Gateways(ctx)
	if err != nil {
		return nil, err
	}
	var some []Choice
	for _, t := range all {
		if !t.Enabled || len(plan.Gateways) > 0 && !slices.Contains(plan.Gateways, t.Name) {
			continue
		}
		g, err := b.gateway(ctx, t.Name)
		if err != nil {
			continue // one that cannot be set up must not hide the others; the panel shows it
		}
		if can := g.Can(); can.Hosted && (a.Minor == 0 || can.Takes(a)) {
			some = append(some, Choice{t.Name, t.Label, can})
		}
	}
	return some, nil
}

// ChoicesFor are the ways in which an invoice can be paid.
func (b *Billing) ChoicesFor(ctx context.Context, i Invoice) ([]Choice, error) {
	plan, err := b.planOf(ctx, i)
	if err != nil {
		return nil, err
	}
	return b.Choices(ctx, plan, i.Due())
}

// Savers are the gateways at which a subscription's way to pay can be saved.
func (b *Billing) Savers(ctx context.Context, s Subscription) ([]Choice, error) {
	plan, err := b.PlanByID(ctx, s.Plan)
	if err != nil {
		return nil, err
	}
	all, err := b.Choices(ctx, plan, money.Amount{})
	var some []Choice
	for _, c := range all {
		if c.Save && c.Charge {
			some = append(some, c)
		}
	}
	return some, err
}
