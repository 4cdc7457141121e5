package tenant

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"sync"
)

// backing is how far a backup of all tenants has come. One runs at a time.
type backing struct {
	mu   sync.Mutex
	now  BackingUp
	stop context.CancelFunc
	work sync.WaitGroup
}

// BackingUp is how far a backup of all tenants has come, or the last one came.
type BackingUp struct {
	Running            bool
	Of                 int64 // tenants to look at
	Seen, Made, Failed int64
	Why                string // the last failure
}

// BackupProgress tells how far a backup of all tenants has come.
func (ts *Tenants) BackupProgress() BackingUp {
	ts.backing.mu.Lock()
	defer ts.backing.mu.Unlock()
	return ts.backing.now
}

// BeginBackups backs all running tenants up in the background, one after the other, and tells whether that began: nothing does while
// one runs. One tenant that fails does not stop the others.
func (ts *Tenants) BeginBackups(ctx context.Context, actor string) (bool, error) {
	if !ts.takeBacking() {
		return false, nil
	}
	err := ts.DB.Tx(ctx, func(tx *sql.Tx) error { return ts.Audit(ctx, tx, actor, "back up all", "", "") })
	if err != nil {
		ts.leaveBacking()
		return false, err
	}
	ctx, stop := context.WithCancel(context.WithoutCancel(ctx)) // it goes on when the request is over
	ts.backing.mu.Lock()
	ts.backing.stop = stop
	ts.backing.mu.Unlock()
	ts.backing.work.Go(func() {
		defer stop()
		defer ts.leaveBacking()
		if _, _, err := ts.backAll(ctx, false); err != nil && ctx.Err() == nil {
			slog.Error("backing up all tenants stopped", "err", err)
		}
	})
	return true, nil
}

// EndBackups stops a backup of all tenants in the background and waits for it: before the files are closed.
func (ts *Tenants) EndBackups() {
	ts.backing.mu.Lock()
	if ts.backing.stop != nil {
		ts.backing.stop()
	}
	ts.backing.mu.Unlock()
	ts.backing.work.Wait()
}

// BackUpChanged backs those running tenants up whose files have changed since their last backup, and removes old backups of these.
// It tells how many it has tried, and how many of these failed. It does nothing while a backup of all runs.
func (ts *Tenants) BackUpChanged(ctx context.Context) (done, failed int, err error) {
	if !ts.takeBacking() {
		return 0, 0, nil
	}
	defer ts.leaveBacking()
	made, failed, err := ts.backAll(ctx, true)
	return made + failed, failed, err
}

func (ts *Tenants) takeBacking() bool {
	ts.backing.mu.Lock()
	defer ts.backing.mu.Unlock()
	if ts.backing.now.Running {
		return false
	}
	ts.backing.now = BackingUp{Running: true}
	return true
}

func (ts *Tenants) leaveBacking() { ts.progress(func(b *BackingUp) { b.Running = false }) }

func (ts *Tenants) progress(change func(*BackingUp)) {
	ts.backing.mu.Lock()
	defer ts.backing.mu.Unlock()
	change(&ts.backing.now)
}

func (ts *Tenants) backAll(ctx context.Context, changedOnly bool) (made, failed int, err error) {
	var of int64
	if err := ts.DB.QueryRow(ctx, `select count(*) from tenant where state = 'active'`).Scan(&of); err != nil {
		return 0, 0, err
	}
	ts.progress(func(b *BackingUp) { b.Of = of })
	for after := ""; ; {
		list, err := ts.List(ctx, Active, after, 100)
		if err != nil || len(list) == 0 {
			return made, failed, err
		}
		for _, t := range list {
			after = t.Name
			if ctx.Err() != nil {
				return made, failed, ctx.Err()
			}
			done, err := ts.backOne(ctx, t, changedOnly)
			if err != nil && ctx.Err() == nil {
				slog.Warn("tenant not backed up", "tenant", t.Name, "err", err)
				failed++
				ts.progress(func(b *BackingUp) { b.Failed, b.Why = b.Failed+1, fmt.Sprint(t.Name, ": ", err) })
			}
			if done {
				made++
			}
			ts.progress(func(b *BackingUp) { b.Seen, b.Made = b.Seen+1, int64(made) })
		}
	}
}

// backOne backs a tenant up, without a line in the log for each: thousands every night would bury the others.
func (ts *Tenants) backOne(ctx context.Context, t Tenant, changedOnly bool) (made bool, err error) {
	if changedOnly {
		if changed, err := ts.changed(ctx, t); err != nil || !changed {
			return false, err
		}
	}
	db, done, err := ts.Files.Use(ctx, t.Name)
	if err != nil {
		return false, err
	}
	defer done()
	if err := ts.save(ctx, t, db, ts.Folder(t.Name)); err != nil {
		return false, err
	}
	return true, ts.thin(ctx, t)
}

// changed tells whether a tenant's file was written since its last backup. A file that cannot be found is for the backup to fail on.
func (ts *Tenants) changed(ctx context.Context, t Tenant) (bool, error) {
	var state string
	err := ts.DB.QueryRow(ctx, `select state from backup where tenant = ? order by made_at desc limit 1`, t.ID).Scan(&state)
	if errors.Is(err, sql.ErrNoRows) {
		return true, nil
	}
	return state == "" || state != fileState(ts.Folder(t.Name)), err
}
