package tenant

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"rowhouse/data"
)

// stale is how old the newest backup of a running tenant may be.
const stale = 7 * 24 * time.Hour

// Kept is what is known of one tenant's backups.
type Kept struct {
	ID            int64
	UID           string
	Name, Company string
	State         State
	Newest        time.Time // zero: there is none
	Size          int64     // of the newest, in bytes
	Count         int64
	Stale         bool
}

// Lacking is which tenants are wanted by their backups.
type Lacking string

// The ways to narrow the list of backups.
const (
	AnyBackup Lacking = ""
	OldBackup Lacking = "old"   // older than 7 days
	NoBackup  Lacking = "never" // running without any
)

// KeptBackups returns tenants by name with what is known of their backups. after is the last name of the page before.
// What is known is compared with the disk for these.
func (ts *Tenants) KeptBackups(ctx context.Context, want Lacking, after string, limit int) ([]Kept, error) {
	list, err := ts.keptRows(ctx, want, after, limit)
	if err != nil {
		return nil, err
	}
	changed := false
	for _, k := range list {
		c, err := ts.checkBackups(ctx, Tenant{ID: k.ID, UID: k.UID})
		if err != nil {
			return nil, err
		}
		changed = changed || c
	}
	if changed {
		return ts.keptRows(ctx, want, after, limit)
	}
	return list, nil
}

func (ts *Tenants) keptRows(ctx context.Context, want Lacking, after string, limit int) ([]Kept, error) {
	before := ts.Clock.Now().Add(-stale).UnixMilli()
	rows, err := ts.DB.Query(ctx, `select * from (select t.id, t.uid, t.name, t.company, t.state, coalesce((select max(made_at) from backup where tenant = t.id), 0) as newest,
		coalesce((select size from backup where tenant = t.id order by made_at desc limit 1), 0), (select count(*) from backup where tenant = t.id)
		from tenant t where t.state in ('active', 'archived') and t.name > ?1)
		where ?2 = '' or state = 'active' and (?2 = 'never' and newest = 0 or ?2 = 'old' and newest > 0 and newest < ?3) order by name limit ?4`, after, want, before, limit)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []Kept
	for rows.Next() {
		var k Kept
		var newest int64
		if err := rows.Scan(&k.ID, &k.UID, &k.Name, &k.Company, &k.State, &newest, &k.Size, &k.Count); err != nil {
			return nil, err
		}
		if newest > 0 {
			k.Newest = time.UnixMilli(newest).UTC()
		}
		k.Stale = k.State == Active && newest < before
		list = append(list, k)
	}
	return list, rows.Err()
}

// BackupSum is what is known of all backups together.
type BackupSum struct {
	Tenants, Backups, Size int64
	Old, Never             int64 // of the tenants that run
}

// BackupTotals sums up what is known.
func (ts *Tenants) BackupTotals(ctx context.Context) (BackupSum, error) {
	var s BackupSum
	err := ts.DB.QueryRow(ctx, `select count(*), coalesce(sum(n), 0), coalesce(sum(size), 0), coalesce(sum(state = 'active' and newest > 0 and newest < ?), 0), coalesce(sum(state = 'active' and newest = 0), 0)
		from (select t.state as state, count(b.made_at) as n, coalesce(sum(b.size), 0) as size, coalesce(max(b.made_at), 0) as newest
		from tenant t left join backup b on b.tenant = t.id where t.state in ('active', 'archived') group by t.id)`, ts.Clock.Now().Add(-stale).UnixMilli()).
		Scan(&s.Tenants, &s.Backups, &s.Size, &s.Old, &s.Never)
	return s, err
}

// noteBackup keeps what is known of a backup that was made.
func (ts *Tenants) noteBackup(ctx context.Context, id int64, folder string, made time.Time, state string) error {
	size, err := sizeOf(folder)
	if err != nil {
		return err
	}
	_, err = ts.DB.Exec(ctx, `insert or replace into backup (tenant, made_at, size, state) values (?, ?, ?, ?)`, id, made.UnixMilli(), size, state)
	return err
}

// forgetBackups drops what is known of a tenant's backups, in the caller's transaction: they are gone.
func forgetBackups(ctx context.Context, tx *sql.Tx, id int64) error {
	_, err := tx.ExecContext(ctx, `delete from backup where tenant = ?`, id)
	return err
}

// checkBackups brings what is known of a tenant's backups in line with the names of the folders, and tells whether it was not.
func (ts *Tenants) checkBackups(ctx context.Context, t Tenant) (changed bool, err error) {
	known, err := ts.knownBackups(ctx, t.ID)
	if err != nil {
		return false, err
	}
	there, err := ts.backupNames(t)
	if err != nil {
		return false, err
	}
	for _, made := range there {
		if known[made.UnixMilli()] {
			delete(known, made.UnixMilli())
			continue
		}
		changed = true
		if err := ts.noteBackup(ctx, t.ID, filepath.Join(ts.backups(t), made.Format(stamp)), made, ""); err != nil {
			return changed, err
		}
	}
	for at := range known {
		changed = true
		if _, err := ts.DB.Exec(ctx, `delete from backup where tenant = ? and made_at = ?`, t.ID, at); err != nil {
			return changed, err
		}
	}
	return changed, nil
}

func (ts *Tenants) knownBackups(ctx context.Context, id int64) (map[int64]bool, error) {
	rows, err := ts.DB.Query(ctx, `select made_at from backup where tenant = ?`, id)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	known := map[int64]bool{}
	for rows.Next() {
		var at int64
		if err := rows.Scan(&at); err != nil {
			return nil, err
		}
		known[at] = true
	}
	return known, rows.Err()
}

// backupNames are when the backups in a tenant's folder were made, the oldest first.
func (ts *Tenants) backupNames(t Tenant) ([]time.Time, error) {
	entries, err := os.ReadDir(ts.backups(t))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	var list []time.Time
	for _, e := range entries {
		if made, err := time.Parse(stamp, e.Name()); err == nil && e.IsDir() {
			list = append(list, made)
		}
	}
	return list, nil
}

// fileState stands for the content of a tenant's file: it is another after each write. Looking does not change it.
func fileState(folder string) string {
	state := ""
	for _, name := range []string{data.FileName, data.FileName + "-wal"} {
		if info, err := os.Stat(filepath.Join(folder, name)); err == nil && info.Size() > 0 {
			state += fmt.Sprintf("%d@%d ", info.Size(), info.ModTime().UnixNano())
		}
	}
	return state
}
