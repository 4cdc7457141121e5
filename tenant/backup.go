package tenant

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"rowhouse/data"
	"rowhouse/data/fault"
)

// stamp is how the folder of a backup is called: when it was made, in UTC.
const stamp = "2006-01-02T150405.000Z"

// Backup is a copy of a tenant's file and uploads, in a folder of its own.
type Backup struct {
	Name string // of its folder
	Made time.Time
	Size int64 // bytes; uploads are shared with the tenant as long as it has them
}

// BackUp copies a running tenant's file and uploads, and reads every page of the copy. Nobody has to wait for it.
func (ts *Tenants) BackUp(ctx context.Context, name, actor string) error {
	t, err := ts.ByName(ctx, name)
	if err != nil {
		return err
	}
	if t.State != Active {
		return fault.New(fault.Conflict, "%s is not running.", name)
	}
	db, done, err := ts.Files.Use(ctx, name)
	if err != nil {
		return err
	}
	defer done()
	if err := ts.save(ctx, t, db, ts.Folder(name)); err != nil {
		return fmt.Errorf("back up %s: %w", name, err)
	}
	return ts.DB.Tx(ctx, func(tx *sql.Tx) error { return ts.Audit(ctx, tx, actor, "back up", name, "") })
}

// backUp is BackUp for a folder whose file is closed.
func (ts *Tenants) backUp(ctx context.Context, t Tenant, folder string) error {
	db, err := data.Open(ctx, filepath.Join(folder, data.FileName))
	if err != nil {
		return err
	}
	return errors.Join(ts.save(ctx, t, db, folder), db.Close())
}

// save makes a backup under a name that is no backup's, and gives it its own when it is whole.
func (ts *Tenants) save(ctx context.Context, t Tenant, db *data.DB, folder string) error {
	all, state := ts.backups(t), fileState(folder) // before the copy: what is written meanwhile is a change
	made := ts.Clock.Now().UTC()
	name := made.Format(stamp)
	for there(filepath.Join(all, name)) { // two within a millisecond, or a clock that stands still
		made = made.Add(time.Millisecond)
		name = made.Format(stamp)
	}
	work := filepath.Join(all, ".new-"+name)
	if err := os.MkdirAll(work, 0o700); err != nil {
		return err
	}
	err := ts.copyHouse(ctx, db, folder, work)
	if err == nil {
		err = errors.Join(os.Rename(work, filepath.Join(all, name)), data.SyncDir(all))
	}
	if err != nil {
		return errors.Join(err, os.RemoveAll(work))
	}
	return ts.noteBackup(ctx, t.ID, filepath.Join(all, name), made, state)
}

// there tells whether something is at a path.
func there(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

// copyHouse copies a file and its uploads into an empty folder, and reads every page of the copy.
func (ts *Tenants) copyHouse(ctx context.Context, db *data.DB, folder, to string) error {
	path := filepath.Join(to, data.FileName)
	if err := db.CopyTo(ctx, path); err != nil {
		return err
	}
	if err := copyFiles(filepath.Join(folder, "files"), filepath.Join(to, "files")); err != nil {
		return err
	}
	saved, err := data.Open(ctx, path)
	if err != nil {
		return err
	}
	return errors.Join(saved.Verify(ctx), saved.Close())
}

// backups is where a tenant's backups are.
func (ts *Tenants) backups(t Tenant) string { return filepath.Join(ts.Dir, "backups", t.UID) }

// Backups returns a tenant's backups, the newest first.
func (ts *Tenants) Backups(t Tenant) ([]Backup, error) {
	entries, err := os.ReadDir(ts.backups(t))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var list []Backup
	for _, e := range entries {
		made, err := time.Parse(stamp, e.Name())
		if err != nil || !e.IsDir() {
			continue // half made, or somebody else's
		}
		size, err := sizeOf(filepath.Join(ts.backups(t), e.Name()))
		if err != nil {
			return nil, err
		}
		list = append(list, Backup{e.Name(), made, size})
	}
	slices.Reverse(list)
	return list, nil
}

// sizeOf is how many bytes are in a folder.
func sizeOf(folder string) (int64, error) {
	var size int64
	err := filepath.WalkDir(folder, func(_ string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err == nil {
			size += info.Size()
		}
		return err
	})
	return size, err
}
