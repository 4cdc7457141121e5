package billing

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"rowhouse/data/fault"
	"rowhouse/tenant"
)

// Override is a limit that the host has agreed with one tenant beside its plan.
type Override struct {
	Key    string // staff, room (bytes), records:MODULE or module:MODULE
	Value  int64  // tenant.Unlimited is without end; of a module 1 is on and 0 off
	Until  Day    // the last day it counts; 0 is without end
	Reason string
	Actor  string
}

const overrideColumns = `key, value, coalesce(until_on, 0), reason, actor`

func scanOverride(row interface{ Scan(...any) error }) (Override, error) {
	var o Override
	return o, row.Scan(&o.Key, &o.Value, &o.Until, &o.Reason, &o.Actor)
}

// OverridesOf returns what was agreed with a tenant.
func (b *Billing) OverridesOf(ctx context.Context, tenant int64) (list []Override, err error) {
	rows, err := b.DB.Query(ctx, `select `+overrideColumns+` from limit_override where tenant = ? order by key`, tenant)
	if err != nil {
		return nil, err
	}
	return gather(rows, scanOverride)
}

// KeepOverride agrees a limit with a tenant; it counts at once.
func (b *Billing) KeepOverride(ctx context.Context, id int64, o Override, actor string) error {
	kind, module, _ := strings.Cut(o.Key, ":")
	o.Reason = strings.TrimSpace(o.Reason)
	switch {
	case !slices.Contains([]string{"staff", "room", "records", "module"}, kind) || (kind == "records" || kind == "module") == (module == ""):
		return fault.New(fault.Invalid, "Please choose one of the list.")
	case o.Value < tenant.Unlimited || kind == "module" && o.Value != 0 && o.Value != 1:
		return fault.New(fault.Invalid, "A limit is a number from 0 on, or without end.")
	case o.Reason == "" || len([]rune(o.Reason)) > 200:
		return fault.New(fault.Invalid, "Please say why, in at most 200 characters.")
	}
	return b.DB.Tx(ctx, func(tx *sql.Tx) error {
		today, err := b.today(ctx, tx)
		if err != nil {
			return err
		}
		if o.Until != 0 && o.Until < today {
			return fault.New(fault.Invalid, "This day is over.")
		}
		_, err = tx.ExecContext(ctx, `insert or replace into limit_override (tenant, key, value, until_on, reason, actor, created_at) values (?, ?, ?, nullif(?, 0), ?, ?, ?)`,
			id, o.Key, o.Value, o.Until, o.Reason, actor, b.Clock.Now().UnixMilli())
		if err != nil {
			return fmt.Errorf("keep override: %w", err)
		}
		return b.allowAgain(ctx, tx, id, actor, "agree limit", fmt.Sprintf("%s = %d: %s", o.Key, o.Value, o.Reason))
	})
}

// DropOverride ends an agreement: the plan counts again.
func (b *Billing) DropOverride(ctx context.Context, id int64, key, actor string) error {
	return b.DB.Tx(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `delete from limit_override where tenant = ? and key = ?`, id, key); err != nil {
			return err
		}
		return b.allowAgain(ctx, tx, id, actor, "end limit", key)
	})
}

// endOverride ends an agreement whose last day is over.
func (b *Billing) endOverride(ctx context.Context, tx *sql.Tx, id int64, today Day) error {
	if _, err := tx.ExecContext(ctx, `delete from limit_override where tenant = ? and until_on < ?`, id, today); err != nil {
		return err
	}
	return b.allowAgain(ctx, tx, id, "system", "end limit", "its time is over")
}

// allowAgain works out anew what a tenant may use.
func (b *Billing) allowAgain(ctx context.Context, tx *sql.Tx, id int64, actor, act, detail string) error {
	var name string
	if err := tx.QueryRowContext(ctx, `select name from tenant where id = ?`, id).Scan(&name); err != nil {
		return err
	}
	s, err := subscriptionOf(ctx, tx, id)
	if fault.Is(err, fault.Missing) {
		return fault.New(fault.Conflict, "%s has no plan yet. Give it one first.", name)
	}
	if err != nil {
		return err
	}
	if err := b.allow(ctx, tx, s); err != nil {
		return err
	}
	return b.Tenants.Audit(ctx, tx, actor, act, name, detail)
}

// overridden puts what was agreed on top of what the plan allows.
func overridden(ctx context.Context, tx *sql.Tx, id int64, l tenant.Limits, every []string) (tenant.Limits, error) {
	list, err := collect(ctx, tx, scanOverride, `select `+overrideColumns+` from limit_override where tenant = ?`, id)
	if err != nil {
		return l, err
	}
	for _, o := range list {
		kind, module, _ := strings.Cut(o.Key, ":")
		switch kind {
		case "staff":
			l.Staff = o.Value
		case "room":
			l.Room = o.Value
		case "records":
			if l.Records == nil {
				l.Records = map[string]int64{}
			}
			if l.Records[module] = o.Value; o.Value == tenant.Unlimited {
				delete(l.Records, module)
			}
		case "module":
			l.Modules = switched(l.Modules, module, o.Value == 1, every)
		}
	}
	return l, nil
}

// switched is a list of modules with one of them on or off. every is what * stands for.
func switched(modules []string, module string, on bool, every []string) []string {
	if l := (tenant.Limits{Modules: modules}); l.Includes(module) == on {
		return modules
	}
	if on {
		return append(slices.Clone(modules), module)
	}
	var left []string
	for _, m := range modules {
		if m == "*" {
			left = append(left, every...)
		} else {
			left = append(left, m)
		}
	}
	return slices.DeleteFunc(left, func(m string) bool { return m == module })
}
