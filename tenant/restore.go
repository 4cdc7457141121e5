package tenant

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"rowhouse/data"
	"rowhouse/data/fault"
)

// Restore puts a backup in the place of what a tenant has now, which is moved to the trash. Everybody has to sign in again.
// The backup is made ready beside it first, so that a bad one changes nothing.
func (ts *Tenants) Restore(ctx context.Context, name, backup, actor string) error {
	t, err := ts.ByName(ctx, name)
	if err != nil {
		return err
	}
	if _, err := time.Parse(stamp, backup); err != nil {
		return fault.New(fault.Missing, "There is no such backup.")
	}
	from := filepath.Join(ts.backups(t), backup)
	if _, err := os.Lstat(from); err != nil || t.State != Active {
		return fault.Because(err, fault.Missing, "There is no such backup.")
	}
	beside := ts.restoring(t.ID)
	if err := ts.ready(ctx, t, from, beside); err != nil {
		return errors.Join(fault.Because(err, fault.Conflict, "This backup cannot be restored, and nothing was changed: %s", err.Error()), os.RemoveAll(beside))
	}
	err = ts.Files.Alone(ctx, name, func(folder string) error {
		return errors.Join(os.Rename(folder, ts.trash(name)), os.Rename(beside, folder), data.SyncDir(filepath.Dir(folder)))
	})
	if err != nil {
		return fmt.Errorf("restore %s: %w", name, err)
	}
	return ts.DB.Tx(ctx, func(tx *sql.Tx) error { return ts.Audit(ctx, tx, actor, "restore", name, backup) })
}

// ready makes a folder from which a tenant can be served out of a backup of it.
func (ts *Tenants) ready(ctx context.Context, t Tenant, from, to string) error {
	if err := errors.Join(os.RemoveAll(to), os.MkdirAll(to, 0o700)); err != nil {
		return err
	}
	db, err := data.Open(ctx, filepath.Join(from, data.FileName))
	if err != nil {
		return err
	}
	if err := errors.Join(ts.copyHouse(ctx, db, from, to), db.Close()); err != nil {
		return err
	}
	if db, err = data.Open(ctx, filepath.Join(to, data.FileName)); err != nil {
		return err
	}
	work := func() error {
		if uid, err := data.Meta(ctx, db, "tenant"); err != nil || uid != t.UID {
			return fault.Because(err, fault.Damaged, "The file in %s belongs to somebody else.", t.Name)
		}
		if err := ts.bringUp(ctx, t.Name, db); err != nil {
			return err
		}
		return ts.CRM.Scrub(ctx, db)
	}
	return errors.Join(work(), db.Close())
}

// restoring is where a backup is made ready.
func (ts *Tenants) restoring(id int64) string {
	return filepath.Join(ts.Dir, "tenants", fmt.Sprintf(".restore-%d", id))
}

// trash is where something of a tenant is put that is not wanted any more.
func (ts *Tenants) trash(name string) string {
	return filepath.Join(ts.Dir, "trash", name+"-"+ts.Clock.Now().UTC().Format("20060102T150405.000"))
}

// finishMoves ends what a stop has interrupted between two renames: a restored folder that has not come to its place yet,
// and one whose tenant has a new name already. It runs before anybody is served.
func (ts *Tenants) finishMoves(ctx context.Context) error {
	var failed []error
	moves, err := ts.unfinished(ctx)
	if err != nil {
		return err
	}
	for from, to := range moves {
		if !there(from) {
			continue
		}
		if there(to) {
			if !strings.HasPrefix(filepath.Base(from), ".restore-") {
				continue // a folder that somebody has put where the tenant was once
			}
			to = filepath.Join(ts.Dir, "trash", strings.TrimPrefix(filepath.Base(from), ".")+"-"+ts.Clock.Now().UTC().Format("20060102T150405.000")) // it was only made ready
		}
		slog.Warn("an interrupted move is finished", "from", from, "to", to)
		failed = append(failed, os.Rename(from, to))
	}
	return errors.Join(append(failed, data.SyncDir(filepath.Join(ts.Dir, "tenants")))...)
}

// unfinished are the moves that may have been interrupted.
func (ts *Tenants) unfinished(ctx context.Context) (map[string]string, error) {
	moves := map[string]string{}
	rows, err := ts.DB.Query(ctx, `select t.id, t.name, coalesce(a.name, '') from tenant t left join alias a on a.tenant = t.id and a.until > ?
		where t.state = 'active' and (a.name is not null or t.id in (select cast(value as integer) from json_each(?)))`, ts.Clock.Now().UnixMilli(), ts.left(".restore-"))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var id int64
		var name, old string
		if err := rows.Scan(&id, &name, &old); err != nil {
			return nil, err
		}
		moves[ts.restoring(id)] = ts.Folder(name)
		if old != "" {
			moves[ts.Folder(old)] = ts.Folder(name)
		}
	}
	return moves, rows.Err()
}

// left are the numbers behind a prefix of folders in tenants/, as JSON.
func (ts *Tenants) left(prefix string) string {
	entries, _ := filepath.Glob(filepath.Join(ts.Dir, "tenants", prefix+"*"))
	var ids []string
	for _, e := range entries {
		ids = append(ids, strings.TrimLeft(strings.TrimPrefix(filepath.Base(e), prefix), "0"))
	}
	if len(ids) == 0 {
		return "[]"
	}
	return `["` + strings.Join(ids, `","`) + `"]`
}
