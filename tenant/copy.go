package tenant

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"rowhouse/data"
	"rowhouse/data/fault"
)

// Copy makes a new tenant of another one's file and uploads. Sessions, one-time links and letters stay behind, and
// the copy has an identity of its own: nothing that opens the one opens the other.
func (ts *Tenants) Copy(ctx context.Context, from, to, actor string) error {
	t, err := ts.ByName(ctx, from)
	if err != nil {
		return err
	}
	order := Order{Name: to, Company: t.Company, OwnerName: t.OwnerName, OwnerEmail: t.OwnerEmail, Language: t.Language, Limits: t.Limits}
	return ts.admit(ctx, order, actor, "copy of "+from, func(folder string) error {
		db, done, err := ts.Files.Use(ctx, from)
		if err != nil {
			return err
		}
		defer done()
		if err := os.MkdirAll(folder, 0o700); err != nil {
			return err
		}
		if err := db.CopyTo(ctx, filepath.Join(folder, data.FileName)); err != nil {
			return err
		}
		return copyFiles(filepath.Join(ts.Folder(from), "files"), filepath.Join(folder, "files"))
	})
}

// copyFiles links the uploads: they are kept by hash and never change, so both may share them on the disk.
func copyFiles(from, to string) error {
	if err := os.MkdirAll(to, 0o700); err != nil {
		return err
	}
	list, err := os.ReadDir(from)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	for _, f := range list {
		if f.Type().IsRegular() {
			if err := os.Link(filepath.Join(from, f.Name()), filepath.Join(to, f.Name())); err != nil {
				return err
			}
		}
	}
	return nil
}

// Adopt takes a folder that somebody has put into tenants/ for a new tenant. It is checked first, and gets an identity of its own.
func (ts *Tenants) Adopt(ctx context.Context, o Order, actor string) error {
	there := ts.Folder(o.Name)
	if info, err := os.Lstat(filepath.Join(there, data.FileName)); err != nil || !info.Mode().IsRegular() {
		return fault.Because(err, fault.Missing, "There is no file %s/%s to adopt.", there, data.FileName)
	}
	return ts.admit(ctx, o, actor, "adopt", func(folder string) error { return os.Rename(there, folder) })
}

// admit makes a tenant of a folder that fill puts in place: the file is checked, brought up to date and marked before anybody is served from it.
func (ts *Tenants) admit(ctx context.Context, o Order, actor, detail string, fill func(folder string) error) error {
	var id int64
	err := ts.DB.Tx(ctx, func(tx *sql.Tx) error {
		var err error
		id, err = ts.Reserve(ctx, tx, o)
		return err
	})
	if err != nil {
		return err
	}
	work := filepath.Join(ts.Dir, "tenants", fmt.Sprintf(".new-%d", id))
	uid := rand.Text()
	if err = fill(work); err == nil {
		err = ts.mark(ctx, o.Name, work, uid)
	}
	if err == nil {
		err = os.Rename(work, ts.Folder(o.Name))
	}
	if err != nil {
		_, gone := ts.DB.Exec(ctx, `delete from tenant where id = ?`, id)
		return errors.Join(fmt.Errorf("%s: %w", detail, err), gone, ts.putBack(work, o.Name, detail))
	}
	return ts.DB.Tx(ctx, func(tx *sql.Tx) error {
		now := ts.Clock.Now().UnixMilli()
		if _, err := tx.ExecContext(ctx, `update tenant set uid = ?, state = 'active', reserved_to = null, activated_at = ? where id = ?`, uid, now, id); err != nil {
			return err
		}
		return ts.Audit(ctx, tx, actor, detail, o.Name, o.Company)
	})
}

// putBack undoes a failed admission: an adopted folder returns to where it was, a copy is removed.
func (ts *Tenants) putBack(work, name, detail string) error {
	if detail == "adopt" {
		err := os.Rename(work, ts.Folder(name))
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		return err
	}
	return os.RemoveAll(work)
}

// mark checks a file, brings it up to date and makes it the new tenant's.
func (ts *Tenants) mark(ctx context.Context, name, folder, uid string) error {
	db, err := data.Open(ctx, filepath.Join(folder, data.FileName))
	if err != nil {
		return err
	}
	work := func() error {
		if old, err := data.Meta(ctx, db, "tenant"); err != nil || old == "" {
			return fault.Because(err, fault.Invalid, "The file is not that of a tenant.")
		}
		if err := db.Verify(ctx); err != nil {
			return err
		}
		if err := ts.bringUp(ctx, uid, db); err != nil {
			return err
		}
		if err := ts.CRM.Scrub(ctx, db); err != nil {
			return err
		}
		return db.Tx(ctx, func(tx *sql.Tx) error { return data.SetMeta(ctx, tx, "tenant", uid) })
	}
	return errors.Join(work(), db.Close())
}

// Verify opens a tenant's file and checks every page of it.
func (ts *Tenants) Verify(ctx context.Context, name string) error {
	if _, err := ts.ByName(ctx, name); err != nil {
		return err
	}
	db, done, err := ts.Files.Use(ctx, name)
	if err != nil {
		return err
	}
	defer done()
	return db.Verify(ctx)
}
