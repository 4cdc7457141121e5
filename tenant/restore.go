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
	if _, busy := ts.restores.LoadOrStore(t.ID, true); busy {
		return fault.New(fault.Conflict, "A backup of %s is being restored just now.", name)
	}
	defer ts.restores.Delete(t.ID)
	beside := ts.restoring(t.ID)
	if err := ts.ready(ctx, t, from, beside); err != nil {
		return errors.Join(fault.Because(err, fault.Conflict, "This backup cannot be restored, and nothing was changed: %s", err.Error()), os.RemoveAll(beside))
	}
	if err := ts.Files.Alone(ctx, name, func(folder string) error { return ts.swap(ctx, t, beside, folder) }); err != nil {
		return errors.Join(fmt.Errorf("restore %s: %w", name, err), os.RemoveAll(beside))
	}
	return ts.DB.Tx(ctx, func(tx *sql.Tx) error { return ts.Audit(ctx, tx, actor, "restore", name, backup) })
}

// swap puts what was made ready into a tenant's place, if it is still there: meanwhile it may have been renamed or put away.
func (ts *Tenants) swap(ctx context.Context, t Tenant, beside, folder string) error {
	if err := ts.still(ctx, t); err != nil {
		return err
	}
	aside := ts.trash(t.UID)
	if err := os.Rename(folder, aside); err != nil {
		return err
	}
	if err := os.Rename(beside, folder); err != nil {
		return errors.Join(err, os.Rename(aside, folder))
	}
	return data.SyncDir(filepath.Dir(folder))
}

// still refuses to go on with a tenant that has another name by now, or does not run any more.
func (ts *Tenants) still(ctx context.Context, t Tenant) error {
	now, err := ts.ByName(ctx, t.Name)
	if err != nil || now.ID != t.ID || now.State != Active {
		return fault.Because(err, fault.Conflict, "%s was changed meanwhile. Nothing was done.", t.Name)
	}
	return nil
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
		if err := ts.bringUp(ctx, t.UID, db); err != nil {
			return err
		}
		return errors.Join(ts.CRM.Scrub(ctx, db), ts.carry(ctx, t, db))
	}
	return errors.Join(work(), db.Close())
}

// carry takes over from the file that is in use what must not become again what it was.
func (ts *Tenants) carry(ctx context.Context, t Tenant, to *data.DB) error {
	if ts.CRM.Carry == nil {
		return nil
	}
	from, done, err := ts.Files.Use(ctx, t.Name)
	if err != nil {
		slog.Warn("nothing is carried over from a file that cannot be opened", "tenant", t.Name, "err", err)
		return nil
	}
	defer done()
	return ts.CRM.Carry(ctx, from, to)
}

// restoring is where a backup is made ready.
func (ts *Tenants) restoring(id int64) string {
	return filepath.Join(ts.Dir, "tenants", fmt.Sprintf(".restore-%d", id))
}

// trash is where something of a tenant is put that is not wanted any more: by its own number, so that a purge finds it.
func (ts *Tenants) trash(uid string) string {
	for at := ts.Clock.Now().UTC(); ; at = at.Add(time.Millisecond) {
		if path := filepath.Join(ts.Dir, "trash", uid+"-"+at.Format(trashStamp)); !there(path) {
			return path
		}
	}
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
