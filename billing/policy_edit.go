package billing

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"rowhouse/data"
	"rowhouse/data/fault"
)

// PolicyRow is a policy with its name.
type PolicyRow struct {
	Policy
	ID      int64
	Name    string
	Tenants int64 // how many subscriptions have it
}

// Policies returns all policies.
func (b *Billing) Policies(ctx context.Context) ([]PolicyRow, error) {
	rows, err := b.DB.Query(ctx, `select id, name, rules, (select count(*) from subscription s where s.policy = policy.id and s.state <> 'canceled') from policy order by id`)
	if err != nil {
		return nil, err
	}
	return gather(rows, func(row interface{ Scan(...any) error }) (PolicyRow, error) {
		var r PolicyRow
		var rules string
		err := row.Scan(&r.ID, &r.Name, &rules, &r.Tenants)
		if err != nil {
			return r, err
		}
		r.Policy, err = readPolicy(rules)
		return r, err
	})
}

// Check finds what is wrong with a policy. The error is a fault.Invalid with the field.
func (p Policy) Check() error {
	for field, n := range map[string]int{"manual": p.Manual, "auto": p.Auto, "checkout": p.Checkout, "change": p.Change, "read": p.Read} {
		if n < 0 || n > 366 {
			return fieldFault(field, fault.New(fault.Invalid, "Please enter 0 to 366 days."))
		}
	}
	if !rising(p.Retries, 0) {
		return fieldFault("retries", fault.New(fault.Invalid, "Please enter days after the due day, each later than the one before, such as 1, 3, 6."))
	}
	if err := checkSteps("steps", p.Steps); err != nil {
		return err
	}
	if err := checkSteps("trial", p.Trial); err != nil {
		return err
	}
	if len(p.Closing) != deleted+1 || !rising(p.Closing, 1) {
		return fieldFault("closing", fault.New(fault.Invalid, "Please enter four days, each later than the one before: first warning, second warning, put away, deleted."))
	}
	if p.Closing[putAway]-p.Closing[secondWarning] < 3 || p.Closing[deleted]-p.Closing[putAway] < 7 {
		return fieldFault("closing", fault.New(fault.Invalid, "Leave at least 3 days between the second warning and putting away, and 7 until the data is deleted."))
	}
	return nil
}

// rising tells whether days rise from a least one on.
func rising(days []int, least int) bool {
	for n, d := range days {
		if d < least || d > 3660 || n > 0 && d <= days[n-1] {
			return false
		}
	}
	return true
}

var hardness = map[Act]int{Remind: 1, Restrict: 2, Block: 3, Terminate: 4}

// checkSteps refuses steps that would be taken in another order than they harden.
func checkSteps(field string, steps []Step) error {
	if len(steps) == 0 || len(steps) > 20 {
		return fieldFault(field, fault.New(fault.Invalid, "Please enter at least one step."))
	}
	for n, s := range steps {
		if hardness[s.Act] == 0 || s.Day < 0 || s.Day > 366 {
			return fieldFault(field, fault.New(fault.Invalid, "A step is a day after the due day and what happens then: remind, read_only, billing_only or cancel."))
		}
		if n > 0 && (s.Day <= steps[n-1].Day || hardness[s.Act] < hardness[steps[n-1].Act]) {
			return fieldFault(field, fault.New(fault.Invalid, "Each step must come later than the one before, and not be milder."))
		}
	}
	return nil
}

// KeepPolicy checks and keeps a policy: a new one if its ID is 0. Invoices that are issued already keep the rules under which they
// were issued, unless open says that those which are still open change, too.
func (b *Billing) KeepPolicy(ctx context.Context, r PolicyRow, open bool, actor string) (int64, error) {
	if r.Name = strings.TrimSpace(r.Name); r.Name == "" || len(r.Name) > 60 {
		return 0, fieldFault("name", fault.New(fault.Invalid, "Please enter a name of at most 60 characters."))
	}
	if err := r.Check(); err != nil {
		return 0, err
	}
	return r.ID, b.DB.Tx(ctx, func(tx *sql.Tx) error {
		err := tx.QueryRowContext(ctx, `insert into policy (id, name, rules) values (nullif(?1, 0), ?2, ?3) on conflict (id) do update set name = ?2, rules = ?3 returning id`, r.ID, r.Name, r.json()).Scan(&r.ID)
		if data.Unique(err) {
			return fieldFault("name", fault.New(fault.Invalid, "There is a policy %q already.", r.Name))
		}
		if err != nil {
			return fmt.Errorf("keep policy: %w", err)
		}
		if open {
			_, err := tx.ExecContext(ctx, `update invoice set policy = ? where state = 'open' and step = 0 and kind = 'renewal' and subscription in (select id from subscription where policy = ? and state <> 'trialing' and trial_end is null)`, r.json(), r.ID)
			if err != nil {
				return err
			}
		}
		return b.Tenants.Audit(ctx, tx, actor, "save policy", "", r.Name)
	})
}

// PolicyByID returns a policy; 0 is a new one with the standard rules.
func (b *Billing) PolicyByID(ctx context.Context, id int64) (PolicyRow, error) {
	if id == 0 {
		return PolicyRow{Policy: standard()}, nil
	}
	all, err := b.Policies(ctx)
	for _, r := range all {
		if r.ID == id {
			return r, err
		}
	}
	if err == nil {
		err = fault.New(fault.Missing, "There is no such policy.")
	}
	return PolicyRow{}, err
}
