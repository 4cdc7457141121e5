package tenant

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"rowhouse/data"
	"rowhouse/data/fault"
	"rowhouse/ui/mail"
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
	rows, err := ts.DB.Query(ctx, `select name from tenant where state = 'provisioning' and due_at <= ? order by due_at, id`, ts.Clock.Now().UnixMilli())
	if err != nil {
		return err
	}
	var names []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return errors.Join(err, rows.Close())
		}
		names = append(names, name)
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return err
	}
	var failed []error
	for _, name := range names {
		if err := ts.Provision(ctx, name); err != nil {
			failed = append(failed, err)
		}
	}
	return errors.Join(failed...)
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

// building is where a tenant's folder is made.
func (ts *Tenants) building(n *Newcomer) string {
	return filepath.Join(ts.Dir, "tenants", fmt.Sprintf(".new-%d", n.ID))
}

func (ts *Tenants) makeFolder(_ context.Context, n *Newcomer) error {
	return os.MkdirAll(filepath.Join(ts.building(n), "files"), 0o700)
}

func (ts *Tenants) makeFile(ctx context.Context, n *Newcomer) error {
	file := filepath.Join(ts.building(n), data.FileName)
	if _, err := os.Lstat(file); err == nil {
		return nil // the copy is put there by a rename, so what is there is whole
	}
	// Half a copy, left by an interrupted try, must not stay in the folder for ever.
	if err := errors.Join(os.RemoveAll(ts.building(n)), ts.makeFolder(ctx, n)); err != nil {
		return err
	}
	return ts.Template.CopyTo(ctx, file)
}

// inBuilding opens the file that is being made.
func (ts *Tenants) inBuilding(ctx context.Context, n *Newcomer, work func(*data.DB) error) error {
	db, err := data.Open(ctx, filepath.Join(ts.building(n), data.FileName))
	if err != nil {
		return err
	}
	return errors.Join(work(db), db.Close())
}

func (ts *Tenants) identify(ctx context.Context, n *Newcomer) error {
	return ts.inBuilding(ctx, n, func(db *data.DB) error {
		if uid, err := data.Meta(ctx, db, "tenant"); err != nil || uid == n.UID {
			return err
		}
		if err := ts.CRM.Identify(ctx, db, *n); err != nil {
			return err
		}
		// Last of all: the mark says that the file is the tenant's, and complete.
		return db.Tx(ctx, func(tx *sql.Tx) error { return data.SetMeta(ctx, tx, "tenant", n.UID) })
	})
}

// seed fills in example data. That takes many transactions and cannot be taken up in the middle,
// so a file in which an interrupted try has begun is made anew.
func (ts *Tenants) seed(ctx context.Context, n *Newcomer) error {
	if n.Demo == 0 {
		return nil
	}
	if err := ts.unseeded(ctx, n); err != nil {
		return err
	}
	return ts.inBuilding(ctx, n, func(db *data.DB) error {
		err := db.Tx(ctx, func(tx *sql.Tx) error { return data.SetMeta(ctx, tx, "seed", "begun") })
		if err != nil {
			return err
		}
		return ts.CRM.Seed(ctx, db, n.Demo)
	})
}

// unseeded makes sure that the file has nothing of a seeding yet.
func (ts *Tenants) unseeded(ctx context.Context, n *Newcomer) error {
	var mark string
	err := ts.inBuilding(ctx, n, func(db *data.DB) (err error) {
		mark, err = data.Meta(ctx, db, "seed")
		return err
	})
	if err == nil && mark == "" {
		return nil
	}
	if err := os.RemoveAll(ts.building(n)); err != nil {
		return err
	}
	if err := ts.makeFile(ctx, n); err != nil {
		return err
	}
	return ts.identify(ctx, n)
}

// place puts the folder where requests look for it. A folder that is there already is never touched:
// it is ours from an interrupted try, or it is somebody's and must be adopted.
func (ts *Tenants) place(ctx context.Context, n *Newcomer) error {
	to := ts.Folder(n.Name)
	if _, err := os.Lstat(ts.building(n)); errors.Is(err, fs.ErrNotExist) {
		_, err := os.Lstat(to)
		return err
	}
	if _, err := os.Lstat(to); err == nil {
		return fault.New(fault.Conflict, "There is a folder tenants/%s already. Move it away, or adopt it with rowhouse tenant adopt.", n.Name)
	}
	if err := os.Rename(ts.building(n), to); err != nil {
		return err
	}
	return data.SyncDir(filepath.Dir(to))
}

// smoke opens the file as requests do and asks for the login page.
func (ts *Tenants) smoke(ctx context.Context, n *Newcomer) error {
	_, done, err := ts.Files.Use(ctx, n.Name)
	if err != nil {
		return err
	}
	defer done()
	return ts.CRM.Smoke(ctx, n.Name)
}

// activate opens the doors and posts the welcome letter, in one transaction.
func (ts *Tenants) activate(ctx context.Context, n *Newcomer) error {
	link := ""
	if n.PasswordHash == "" {
		var err error
		if link, err = ts.invitation(ctx, n.Name); err != nil {
			return err
		}
	}
	letter := ts.welcome(ctx, n.Tenant, link)
	return ts.DB.Tx(ctx, func(tx *sql.Tx) error {
		now := ts.Clock.Now()
		if _, err := tx.ExecContext(ctx, `update tenant set state = 'active', password_hash = '', activated_at = ?, due_at = 0 where id = ?`, now.UnixMilli(), n.ID); err != nil {
			return err
		}
		return mail.Post(ctx, tx, now, letter)
	})
}

// invitation makes the owner's one-time link to set a password.
func (ts *Tenants) invitation(ctx context.Context, name string) (string, error) {
	db, done, err := ts.Files.Use(ctx, name)
	if err != nil {
		return "", err
	}
	defer done()
	secret, err := ts.CRM.Invite(ctx, db)
	return ts.URL(name) + "/admin/password/" + secret, err
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

// RunAgain sends a tenant whose provisioning failed through it once more; steps that are done are not repeated.
func (ts *Tenants) RunAgain(ctx context.Context, name, actor string) error {
	return ts.leaveFailed(ctx, name, actor, "run provisioning again", Provisioning)
}

// MarkActive opens the doors of a tenant whose provisioning failed. Its file is opened and its login page asked for first,
// unless the host insists.
func (ts *Tenants) MarkActive(ctx context.Context, name, actor string, insist bool) error {
	t, err := ts.ByName(ctx, name)
	if err != nil {
		return err
	}
	if err := ts.smoke(ctx, &Newcomer{Tenant: t}); err != nil && !insist {
		return fault.Because(err, fault.Conflict, "The CRM of %s does not answer yet, so it was not marked as active: %s", name, err.Error())
	}
	return ts.leaveFailed(ctx, name, actor, "mark as active", Active)
}

func (ts *Tenants) leaveFailed(ctx context.Context, name, actor, act string, to State) error {
	return ts.DB.Tx(ctx, func(tx *sql.Tx) error {
		done, err := tx.ExecContext(ctx, `update tenant set state = ?, tries = 0, due_at = 0, activated_at = iif(? = 'active', ?, activated_at)
			where name = ? and state in ('provision_failed', 'provisioning')`, to, to, ts.Clock.Now().UnixMilli(), name)
		if err != nil {
			return err
		}
		if n, err := done.RowsAffected(); err != nil || n == 0 {
			return fault.Because(err, fault.Conflict, "%s is not waiting for its provisioning.", name)
		}
		return ts.Audit(ctx, tx, actor, act, name, "")
	})
}
