package billing

import (
	"context"
	"fmt"
	"strings"

	"rowhouse/data/fault"
	"rowhouse/data/money"
	"rowhouse/tenant"
)

// Visibility says who gets to see a plan.
type Visibility string

// The visibilities.
const (
	Public  Visibility = "public"  // on the price page
	Link    Visibility = "link"    // only for those who know its address
	Hidden  Visibility = "hidden"  // given by the host alone
	Retired Visibility = "retired" // kept by those who have it, sold to nobody
)

// Plan is what a tenant can have, and what it costs.
type Plan struct {
	ID            int64
	Slug          string // in addresses: /prices/starter
	Name, Tagline string
	Features      []string // what it includes, as the host has written it
	Visibility    Visibility
	Staff         int64 // members of staff; tenant.Unlimited is without end
	Room          int64 // bytes of files; tenant.Unlimited is without end
	Modules       []string
	TrialDays     int
	Highlighted   bool
	Prices        []Price // the active ones, the shortest interval first
}

// Price is what a plan costs for a month, for a year, or once.
type Price struct {
	ID       int64
	Interval string // month, year or once
	Amount   money.Amount
}

// Limits is what a tenant with this plan may use.
func (p Plan) Limits() tenant.Limits {
	return tenant.Limits{Plan: p.Name, Staff: p.Staff, Room: p.Room, Modules: p.Modules}
}

// Free tells whether the plan can be had for nothing.
func (p Plan) Free() bool {
	for _, price := range p.Prices {
		if price.Amount.Minor == 0 {
			return true
		}
	}
	return false
}

// Plans returns the public plans, in the order of the price page.
func (b *Billing) Plans(ctx context.Context) ([]Plan, error) {
	all, err := b.all(ctx)
	if err != nil {
		return nil, err
	}
	var public []Plan
	for _, p := range all {
		if p.Visibility == Public {
			public = append(public, p)
		}
	}
	return public, nil
}

// PlanBySlug returns a plan that visitors may see: a public one, or one whose address they know.
// The error is a fault.Missing for any other.
func (b *Billing) PlanBySlug(ctx context.Context, slug string) (Plan, error) {
	return b.one(ctx, func(p Plan) bool {
		return p.Slug == slug && (p.Visibility == Public || p.Visibility == Link)
	})
}

// PlanByID returns any plan, also one that is no longer sold.
func (b *Billing) PlanByID(ctx context.Context, id int64) (Plan, error) {
	return b.one(ctx, func(p Plan) bool { return p.ID == id })
}

func (b *Billing) one(ctx context.Context, wanted func(Plan) bool) (Plan, error) {
	all, err := b.all(ctx)
	if err != nil {
		return Plan{}, err
	}
	for _, p := range all {
		if wanted(p) {
			return p, nil
		}
	}
	return Plan{}, fault.New(fault.Missing, "There is no such plan.")
}

// all is asked for each page of the public site, so the answer is kept until the host's file changes.
func (b *Billing) all(ctx context.Context) ([]Plan, error) {
	plans, err := b.DB.Memo("plans", func() (any, error) { return b.read(ctx) })
	if err != nil {
		return nil, fmt.Errorf("read plans: %w", err)
	}
	return plans.([]Plan), nil
}

func (b *Billing) read(ctx context.Context) ([]Plan, error) {
	prices, err := b.prices(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := b.DB.Query(ctx, `select id, slug, name, tagline, texts, visibility, staff_limit, room_limit, modules, trial_days, highlighted
		from plan order by position, id`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var plans []Plan
	for rows.Next() {
		var p Plan
		var texts, modules string
		if err := rows.Scan(&p.ID, &p.Slug, &p.Name, &p.Tagline, &texts, &p.Visibility, &p.Staff, &p.Room, &modules, &p.TrialDays, &p.Highlighted); err != nil {
			return nil, err
		}
		p.Features, p.Modules, p.Prices = lines(texts), strings.Split(modules, ","), prices[p.ID]
		plans = append(plans, p)
	}
	return plans, rows.Err()
}

// prices returns the active prices of each plan.
func (b *Billing) prices(ctx context.Context) (map[int64][]Price, error) {
	rows, err := b.DB.Query(ctx, `select plan, id, interval, amount, currency from price where active = 1
		order by case interval when 'month' then 1 when 'year' then 2 else 3 end, id`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	found := map[int64][]Price{}
	for rows.Next() {
		var plan int64
		var p Price
		if err := rows.Scan(&plan, &p.ID, &p.Interval, &p.Amount.Minor, &p.Amount.Currency); err != nil {
			return nil, err
		}
		found[plan] = append(found[plan], p)
	}
	return found, rows.Err()
}

// lines are those of a text that are not empty.
func lines(text string) []string {
	var found []string
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" {
			found = append(found, line)
		}
	}
	return found
}
