package billing

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"

	"rowhouse/data"
	"rowhouse/data/fault"
	"rowhouse/data/money"
	"rowhouse/tenant"
)

// PlanRow is a plan in the host's list.
type PlanRow struct {
	Plan
	Old     []Price // prices that are no longer offered
	Tenants int64   // how many have it, ended subscriptions not counted
}

// PlanRows returns all plans in the order of the price page, also those that nobody sees.
func (b *Billing) PlanRows(ctx context.Context) ([]PlanRow, error) {
	plans, err := b.read(ctx)
	if err != nil {
		return nil, err
	}
	var all []PlanRow
	for _, p := range plans {
		row := PlanRow{Plan: p}
		rows, err := b.DB.Query(ctx, `select `+priceColumns+` from price where plan = ? and active = 0 order by id desc limit 50`, p.ID)
		if err != nil {
			return nil, err
		}
		if row.Old, err = gather(rows, scanPrice); err != nil {
			return nil, err
		}
		err = b.DB.QueryRow(ctx, `select count(*) from subscription where plan = ? and state <> 'canceled'`, p.ID).Scan(&row.Tenants)
		if err != nil {
			return nil, err
		}
		all = append(all, row)
	}
	return all, nil
}

var slugShape = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// check finds what is wrong with a plan before it is kept. The error is a fault.Invalid with the fields.
func (p Plan) check() error {
	wrong := map[string]error{}
	no := func(field string, err error) { wrong[field] = err }
	if strings.TrimSpace(p.Name) == "" || len(p.Name) > 60 {
		no("name", fault.New(fault.Invalid, "Please enter a name of at most 60 characters."))
	}
	if !slugShape.MatchString(p.Slug) || len(p.Slug) > 40 {
		no("slug", fault.New(fault.Invalid, "The address has small letters, digits and single hyphens, at most 40."))
	}
	if len(p.Tagline) > 200 || len(strings.Join(p.Features, "\n")) > 4000 {
		no("texts", fault.New(fault.Invalid, "This is too long."))
	}
	if p.Visibility != Public && p.Visibility != Link && p.Visibility != Hidden && p.Visibility != Retired {
		no("visibility", fault.New(fault.Invalid, "Please choose who sees it."))
	}
	if p.Staff < tenant.Unlimited || p.Staff == 0 {
		no("staff", fault.New(fault.Invalid, "A plan needs at least one member of staff, or no limit. A limit cannot be below 0."))
	}
	if p.Room < tenant.Unlimited {
		no("room", fault.New(fault.Invalid, "A limit cannot be below 0."))
	}
	if p.TrialDays < 0 || p.TrialDays > 366 {
		no("trial_days", fault.New(fault.Invalid, "A trial has 0 to 366 days."))
	}
	for module, n := range p.Records {
		if n < 0 {
			no("records_"+module, fault.New(fault.Invalid, "A limit cannot be below 0."))
		}
	}
	if len(wrong) == 0 {
		return nil
	}
	return &fault.Fault{Kind: fault.Invalid, Format: "Please check the marked fields.", Fields: wrong}
}

// fieldFault is a fault about one field of a form.
func fieldFault(field string, err error) error {
	return &fault.Fault{Kind: fault.Invalid, Format: "Please check the marked fields.", Fields: map[string]error{field: err}}
}

// SavePlan checks and keeps a plan, without its prices: a new one if its ID is 0. What it includes then counts at once for all who
// have it. The error is a fault.Invalid with the fields; nothing is kept then.
func (b *Billing) SavePlan(ctx context.Context, p Plan, actor string) (int64, error) {
	if err := p.check(); err != nil {
		return 0, err
	}
	err := b.DB.Tx(ctx, func(tx *sql.Tx) error {
		var err error
		if p.ID, err = b.writePlan(ctx, tx, p); err != nil {
			return err
		}
		var prices int
		if err := tx.QueryRowContext(ctx, `select count(*) from price where plan = ? and active = 1`, p.ID).Scan(&prices); err != nil {
			return err
		}
		if prices == 0 && !p.Contact && (p.Visibility == Public || p.Visibility == Link) {
			return fieldFault("visibility", fault.New(fault.Invalid, "This plan has no price, so nobody could order it. Save it as hidden, add a price, and show it then."))
		}
		return b.Tenants.Audit(ctx, tx, actor, "save plan", "", p.Slug)
	})
	if err != nil {
		return 0, err
	}
	return p.ID, b.allowAll(ctx, p.ID)
}

func (b *Billing) writePlan(ctx context.Context, tx *sql.Tx, p Plan) (int64, error) {
	records, err := json.Marshal(p.Records)
	if err != nil {
		return 0, err
	}
	if p.Records == nil {
		records = []byte("{}")
	}
	err = tx.QueryRowContext(ctx, `insert into plan (id, slug, name, tagline, texts, visibility, position, staff_limit, room_limit, modules, records, trial_days, trial_method, highlighted, contact, gateways, policy, created_at)
		values (nullif(?1, 0), ?2, ?3, ?4, ?5, ?6, coalesce((select max(position) from plan), 0) + 1, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)
		on conflict (id) do update set slug = ?2, name = ?3, tagline = ?4, texts = ?5, visibility = ?6, staff_limit = ?7, room_limit = ?8, modules = ?9, records = ?10, trial_days = ?11, trial_method = ?12,
		highlighted = ?13, contact = ?14, gateways = ?15, policy = ?16 returning id`,
		p.ID, p.Slug, strings.TrimSpace(p.Name), p.Tagline, strings.Join(p.Features, "\n"), p.Visibility, p.Staff, p.Room, strings.Join(p.Modules, ","), string(records), p.TrialDays, p.TrialMethod,
		p.Highlighted, p.Contact, strings.Join(p.Gateways, ","), max(p.Policy, 1), b.Clock.Now().UnixMilli()).Scan(&p.ID)
	if data.Unique(err) {
		return 0, fieldFault("slug", fault.New(fault.Invalid, "Another plan has the address %q already.", p.Slug))
	}
	if err != nil {
		return 0, fmt.Errorf("keep plan %s: %w", p.Slug, err)
	}
	return p.ID, nil
}

// allowAll tells all tenants with a plan what it includes now, each in a transaction of its own: it may be many.
func (b *Billing) allowAll(ctx context.Context, plan int64) error {
	rows, err := b.DB.Query(ctx, `select id from subscription where plan = ?`, plan)
	if err != nil {
		return err
	}
	ids, err := gather(rows, scanID)
	if err != nil {
		return err
	}
	for _, id := range ids {
		err := b.DB.Tx(ctx, func(tx *sql.Tx) error {
			s, err := subscriptionIn(ctx, tx, id)
			if err != nil || s.Plan != plan {
				return err
			}
			return b.allow(ctx, tx, s)
		})
		if err != nil {
			return fmt.Errorf("tell subscription %d of plan %d: %w", id, plan, err)
		}
	}
	return nil
}

// MovePlan moves a plan one place up or down on the price page.
func (b *Billing) MovePlan(ctx context.Context, id int64, up bool, actor string) error {
	return b.DB.Tx(ctx, func(tx *sql.Tx) error {
		ids, err := collect(ctx, tx, scanID, `select id from plan order by position, id`)
		if err != nil {
			return err
		}
		for n := range ids {
			if to := n + 1; ids[n] == id && !up && to < len(ids) || ids[n] == id && up && n > 0 {
				if up {
					to = n - 1
				}
				ids[n], ids[to] = ids[to], ids[n]
				break
			}
		}
		for n, id := range ids {
			if _, err := tx.ExecContext(ctx, `update plan set position = ? where id = ?`, n+1, id); err != nil {
				return err
			}
		}
		return b.Tenants.Audit(ctx, tx, actor, "move plan", "", fmt.Sprint(id))
	})
}

// AddPrice offers a plan for another price. One for the same currency and interval that is offered already is retired: those who have
// it keep it.
func (b *Billing) AddPrice(ctx context.Context, p Price, actor string) error {
	switch {
	case p.Amount.Minor < 0 || p.Setup < 0 || p.Seat < NoSeats || max(p.Amount.Minor, p.Setup, p.Seat) > most:
		return fieldFault("amount", fault.New(fault.Invalid, "Please enter amounts from 0 on."))
	case !money.Known(p.Amount.Currency):
		return fieldFault("currency", fault.New(fault.Invalid, "%q is not a currency that can be chosen.", p.Amount.Currency))
	case p.Interval != "month" && p.Interval != "year" && p.Interval != "once":
		return fieldFault("interval", fault.New(fault.Invalid, "Please choose how often it is paid."))
	}
	return b.DB.Tx(ctx, func(tx *sql.Tx) error {
		if _, err := PlanIn(ctx, tx, p.Plan); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `update price set active = 0 where plan = ? and currency = ? and interval = ?`, p.Plan, p.Amount.Currency, p.Interval); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `insert into price (plan, currency, interval, amount, seat_amount, setup_amount, inclusive, created_at) values (?, ?, ?, ?, nullif(?, -1), ?, ?, ?)`,
			p.Plan, p.Amount.Currency, p.Interval, p.Amount.Minor, p.Seat, p.Setup, p.Inclusive, b.Clock.Now().UnixMilli())
		if err != nil {
			return fmt.Errorf("add price of plan %d: %w", p.Plan, err)
		}
		return b.Tenants.Audit(ctx, tx, actor, "add price", "", fmt.Sprintf("plan %d: %s %s each %s", p.Plan, p.Amount.Decimal(), p.Amount.Currency, p.Interval))
	})
}

// RetirePrice offers a price no longer. Those who have it keep it. The last price of a plan that is sold cannot be retired.
func (b *Billing) RetirePrice(ctx context.Context, id int64, actor string) error {
	return b.DB.Tx(ctx, func(tx *sql.Tx) error {
		p, err := priceIn(ctx, tx, id)
		if err != nil {
			return err
		}
		plan, err := PlanIn(ctx, tx, p.Plan)
		if err != nil {
			return err
		}
		if len(plan.Prices) < 2 && p.Active && !plan.Contact && (plan.Visibility == Public || plan.Visibility == Link) {
			return fault.New(fault.Conflict, "This is the last price of a plan that is sold. Add another one, or hide the plan first.")
		}
		if _, err := tx.ExecContext(ctx, `update price set active = 0 where id = ?`, id); err != nil {
			return err
		}
		return b.Tenants.Audit(ctx, tx, actor, "retire price", "", fmt.Sprintf("plan %d: %s %s each %s", p.Plan, p.Amount.Decimal(), p.Amount.Currency, p.Interval))
	})
}
