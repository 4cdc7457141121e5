package billing

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"rowhouse/data/fault"
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
	Records       map[string]int64 // the most records by module; those not named are without end
	TrialDays     int
	TrialMethod   bool // a trial begins with a saved method
	Highlighted   bool
	Contact       bool     // sold by talking to the host
	Gateways      []string // with which it can be paid; none is all that are on
	Policy        int64
	Position      int64
	Prices        []Price // the active ones, the shortest interval first
}

// Limits is what a tenant with this plan may use.
func (p Plan) Limits() tenant.Limits {
	return tenant.Limits{Plan: p.Name, Staff: p.Staff, Room: p.Room, Modules: p.Modules, Records: p.Records}
}

// Free tells whether the plan can be had for nothing.
func (p Plan) Free() bool {
	for _, price := range p.Prices {
		if price.Free() {
			return true
		}
	}
	return false
}

// Sold tells whether the plan can be ordered without talking to anybody.
func (p Plan) Sold() bool { return !p.Contact && len(p.Prices) > 0 && p.Visibility != Retired }

// PriceFor returns the plan's active price for an interval, or its first one.
func (p Plan) PriceFor(interval string) (Price, bool) {
	for _, price := range p.Prices {
		if price.Interval == interval {
			return price, true
		}
	}
	if len(p.Prices) == 0 {
		return Price{}, false
	}
	return p.Prices[0], interval == ""
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

// PlanNames are the names of all plans, in their order.
func (b *Billing) PlanNames(ctx context.Context) ([]string, error) {
	all, err := b.all(ctx)
	var names []string
	for _, p := range all {
		names = append(names, p.Name)
	}
	return names, err
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
	rows, err := b.DB.Query(ctx, `select `+planColumns+` from plan order by position, id`)
	if err != nil {
		return nil, err
	}
	plans, err := gather(rows, scanPlanRow)
	for n := range plans {
		plans[n].Prices = prices[plans[n].ID]
	}
	return plans, err
}

const planColumns = `id, slug, name, tagline, texts, visibility, staff_limit, room_limit, modules, records, trial_days, trial_method,
	highlighted, contact, gateways, policy, position`

// scanPlanRow reads a plan without its prices.
func scanPlanRow(row interface{ Scan(...any) error }) (Plan, error) {
	var p Plan
	var texts, modules, records, gateways string
	err := row.Scan(&p.ID, &p.Slug, &p.Name, &p.Tagline, &texts, &p.Visibility, &p.Staff, &p.Room, &modules, &records, &p.TrialDays, &p.TrialMethod,
		&p.Highlighted, &p.Contact, &gateways, &p.Policy, &p.Position)
	if err != nil {
		return p, err
	}
	p.Features, p.Modules = lines(texts), strings.Split(modules, ",")
	if gateways != "" {
		p.Gateways = strings.Split(gateways, ",")
	}
	return p, json.Unmarshal([]byte(records), &p.Records)
}

// planRow returns a plan without its prices.
func planRow(ctx context.Context, tx *sql.Tx, id int64) (Plan, error) {
	p, err := scanPlanRow(tx.QueryRowContext(ctx, `select `+planColumns+` from plan where id = ?`, id))
	return p, missing(err, "There is no such plan.")
}

// PlanIn returns a plan with its active prices, in the caller's transaction.
func PlanIn(ctx context.Context, tx *sql.Tx, id int64) (Plan, error) {
	p, err := planRow(ctx, tx, id)
	if err != nil {
		return p, err
	}
	p.Prices, err = collect(ctx, tx, scanPrice, `select `+priceColumns+` from price where plan = ? and active = 1
		order by case interval when 'month' then 1 when 'year' then 2 else 3 end, id`, id)
	return p, err
}

const priceColumns = `id, plan, interval, amount, currency, coalesce(seat_amount, -1), setup_amount, inclusive, active`

func scanPrice(row interface{ Scan(...any) error }) (Price, error) {
	var p Price
	err := row.Scan(&p.ID, &p.Plan, &p.Interval, &p.Amount.Minor, &p.Amount.Currency, &p.Seat, &p.Setup, &p.Inclusive, &p.Active)
	return p, err
}

// prices returns the active prices of each plan.
func (b *Billing) prices(ctx context.Context) (map[int64][]Price, error) {
	rows, err := b.DB.Query(ctx, `select `+priceColumns+` from price where active = 1
		order by case interval when 'month' then 1 when 'year' then 2 else 3 end, id`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	found := map[int64][]Price{}
	for rows.Next() {
		p, err := scanPrice(rows)
		if err != nil {
			return nil, err
		}
		found[p.Plan] = append(found[p.Plan], p)
	}
	return found, rows.Err()
}

// priceIn returns any price, also one that is no longer offered: those who have it keep it.
func priceIn(ctx context.Context, tx *sql.Tx, id int64) (Price, error) {
	p, err := scanPrice(tx.QueryRowContext(ctx, `select `+priceColumns+` from price where id = ?`, id))
	if errors.Is(err, sql.ErrNoRows) {
		return p, fault.New(fault.Missing, "There is no such price.")
	}
	return p, err
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

// PriceByID returns any price, also one that is no longer offered. 0 is free of charge and has no further seats.
func (b *Billing) PriceByID(ctx context.Context, id int64) (Price, error) {
	if id == 0 {
		return Price{Seat: NoSeats}, nil
	}
	p, err := scanPrice(b.DB.QueryRow(ctx, `select `+priceColumns+` from price where id = ?`, id))
	return p, missing(err, "There is no such price.")
}
