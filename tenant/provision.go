package tenant

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"time"
)

// pauses between the tries of a provisioning; after the last one it waits for the host.
var pauses = []time.Duration{0, 10 * time.Second, time.Minute, 5 * time.Minute, 30 * time.Minute}

// Step is one step of making a tenant's file. Each finds what an interrupted one left and carries on.
type Step struct {
	Name, State, Error string // State is running, done or failed; empty: not begun
	Tries              int
	Began, Ended       time.Time
}

type step struct {
	name string
	run  func(*Tenants, context.Context, *Newcomer) error
}

// steps in their order. The folder is built under a name that no address has and put into its place by one rename,
// so a tenant is there as a whole or not at all.
var steps = []step{
	{"folder", (*Tenants).makeFolder},
	{"file", (*Tenants).makeFile},
	{"identity", (*Tenants).identify},
	{"seed", (*Tenants).seed},
	{"place", (*Tenants).place},
	{"smoke", (*Tenants).smoke},
	{"activate", (*Tenants).activate},
}

// Resume provisions every tenant that is due: at the start, after a registration, and now and then.
// One that fails never stops the others.
func (ts *Tenants) Resume(ctx context.Context) error {
	_, _, err := ts.ResumeAll(ctx)
	return err
}

// ResumeAll is Resume, and tells how many tenants were due and how many of them failed.
func (ts *Tenants) ResumeAll(ctx context.Context) (due, bad int, err error) {
	rows, err := ts.DB.Query(ctx, `select name from tenant where state = 'provisioning' and due_at <= ? order by due_at, id`, ts.Clock.Now().UnixMilli())
	if err != nil {
		return 0, 0, err
	}
	var names []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return 0, 0, errors.Join(err, rows.Close())
		}
		names = append(names, name)
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return 0, 0, err
	}
	var failed []error
	for _, name := range names {
		if err := ts.Provision(ctx, name); err != nil {
			failed = append(failed, err)
		}
	}
	return len(names), len(failed), errors.Join(failed...)
}

// Provision makes a tenant's file and opens its doors, or goes on where the last try stopped.
func (ts *Tenants) Provision(ctx context.Context, name string) error {
	t, err := ts.ByName(ctx, name)
	if err != nil {
		return err
	}
	if _, busy := ts.running.LoadOrStore(t.ID, true); busy {
		return nil
	}
	defer ts.running.Delete(t.ID)
	n := &Newcomer{Tenant: t}
	if err := ts.DB.QueryRow(ctx, `select state, password_hash from tenant where id = ?`, t.ID).Scan(&n.State, &n.PasswordHash); err != nil {
		return err
	}
	if n.State != Provisioning {
		return nil
	}
	for _, s := range steps {
		if err := ts.runStep(ctx, n, s); err != nil {
			return ts.giveUp(ctx, n, fmt.Errorf("provision %s, step %s: %w", name, s.name, err))
		}
	}
	return nil
}

func (ts *Tenants) runStep(ctx context.Context, n *Newcomer, s step) error {
	var state string
	err := ts.DB.QueryRow(ctx, `select state from step where tenant = ? and name = ?`, n.ID, s.name).Scan(&state)
	if err == nil && state == "done" {
		return nil
	}
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	began := ts.Clock.Now()
	failure := s.run(ts, ctx, n)
	state, text := "done", ""
	if failure != nil {
		state, text = "failed", failure.Error()
	}
	_, err = ts.DB.Exec(ctx, `insert into step (tenant, name, state, tries, error, began_at, ended_at) values (?, ?, ?, 1, ?, ?, ?)
		on conflict (tenant, name) do update set state = excluded.state, tries = tries + 1, error = excluded.error, began_at = excluded.began_at, ended_at = excluded.ended_at`,
		n.ID, s.name, state, text, began.UnixMilli(), ts.Clock.Now().UnixMilli())
	return errors.Join(failure, err)
}

// giveUp sets the next try, or hands the tenant to the host if there was the last.
func (ts *Tenants) giveUp(ctx context.Context, n *Newcomer, failure error) error {
	slog.Error("provisioning failed", "tenant", n.Name, "err", failure)
	var tries int
	if err := ts.DB.QueryRow(ctx, `select tries from tenant where id = ?`, n.ID).Scan(&tries); err != nil {
		return errors.Join(failure, err)
	}
	tries++
	state, due := Provisioning, int64(0)
	if tries >= len(pauses) {
		state = ProvisionFailed
	} else {
		due = ts.Clock.Now().Add(pauses[tries]).UnixMilli()
	}
	_, err := ts.DB.Exec(context.WithoutCancel(ctx), `update tenant set state = ?, tries = ?, due_at = ? where id = ?`, state, tries, due, n.ID)
	return errors.Join(failure, err)
}

// Steps returns the steps of a tenant's provisioning, for progress pages.
func (ts *Tenants) Steps(ctx context.Context, id int64) ([]Step, error) {
	rows, err := ts.DB.Query(ctx, `select name, state, tries, error, began_at, coalesce(ended_at, 0) from step where tenant = ?`, id)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	known := map[string]Step{}
	for rows.Next() {
		var s Step
		var began, ended int64
		if err := rows.Scan(&s.Name, &s.State, &s.Tries, &s.Error, &began, &ended); err != nil {
			return nil, err
		}
		s.Began, s.Ended = time.UnixMilli(began).UTC(), time.UnixMilli(ended).UTC()
		known[s.Name] = s
	}
	var list []Step
	for _, s := range steps {
		one := known[s.name]
		one.Name = s.name
		list = append(list, one)
	}
	return list, rows.Err()
}
