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

	"rowhouse/data"
	"rowhouse/data/fault"
)

// Archive puts a closed tenant's folder away, after a copy of it has been made and every page of the copy been read. What was begun
// and interrupted is finished by a second call. done is called in the transaction in which the tenant becomes archived.
func (ts *Tenants) Archive(ctx context.Context, name, actor string, done func(tx *sql.Tx) error) error {
	t, err := ts.ByName(ctx, name)
	if err != nil {
		return err
	}
	if t.State != Active {
		return fault.New(fault.Conflict, "%s is not running.", name)
	}
	if err := t.Unlocked(); err != nil {
		return err
	}
	away := ts.away(t.UID)
	err = ts.Files.Alone(ctx, name, func(folder string) error {
		if _, err := os.Lstat(folder); errors.Is(err, fs.ErrNotExist) {
			_, err = os.Lstat(away) // an earlier call has moved it
			return err
		}
		if err := ts.backUp(ctx, t, folder); err != nil {
			return err
		}
		if err := os.MkdirAll(filepath.Dir(away), 0o700); err != nil {
			return err
		}
		return errors.Join(os.Rename(folder, away), data.SyncDir(filepath.Dir(folder)), data.SyncDir(filepath.Dir(away)))
	})
	if err != nil {
		return fmt.Errorf("archive %s: %w", name, err)
	}
	return ts.turn(ctx, t, Archived, actor, "archive", done)
}

// Unlocked refuses what a legal lock forbids.
func (t Tenant) Unlocked() error {
	if slices.ContainsFunc(t.Holds, func(h Hold) bool { return h.Reason == LegalLock }) {
		return fault.New(fault.Conflict, "%s is locked for legal reasons and stays as it is.", t.Name)
	}
	return nil
}

// turn writes that a tenant's folder was moved, with what the caller does about it.
func (ts *Tenants) turn(ctx context.Context, t Tenant, to State, actor, act string, done func(tx *sql.Tx) error) error {
	return ts.DB.Tx(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `update tenant set state = ? where id = ?`, to, t.ID); err != nil {
			return err
		}
		if err := ts.Audit(ctx, tx, actor, act, t.Name, ""); err != nil {
			return err
		}
		return done(tx)
	})
}

// away is where an archived tenant's folder is: by its own number, as its name may be given to somebody else later.
func (ts *Tenants) away(uid string) string { return filepath.Join(ts.Dir, "archive", uid) }

// Unarchive brings an archived tenant back as it was.
func (ts *Tenants) Unarchive(ctx context.Context, name, actor string, done func(tx *sql.Tx) error) error {
	t, err := ts.ByName(ctx, name)
	if err != nil {
		return err
	}
	if t.State != Archived {
		return fault.New(fault.Conflict, "%s is not archived.", name)
	}
	err = ts.Files.Alone(ctx, name, func(folder string) error {
		if _, err := os.Lstat(folder); err == nil {
			return nil // an earlier call has moved it
		}
		return errors.Join(os.Rename(ts.away(t.UID), folder), data.SyncDir(filepath.Dir(folder)), data.SyncDir(filepath.Dir(ts.away(t.UID))))
	})
	if err != nil {
		return fmt.Errorf("bring %s back: %w", name, err)
	}
	return ts.turn(ctx, t, Active, actor, "bring back", done)
}

// Purge deletes an archived tenant's data and its backups. The row stays, without the name, so that its number is never another's.
func (ts *Tenants) Purge(ctx context.Context, name, actor string, done func(tx *sql.Tx) error) error {
	t, err := ts.ByName(ctx, name)
	if err != nil {
		return err
	}
	if t.State != Archived {
		return fault.New(fault.Conflict, "%s is not archived.", name)
	}
	if err := t.Unlocked(); err != nil {
		return err
	}
	if err := ts.removeStray(ctx, t); err != nil {
		return fmt.Errorf("purge %s: %w", name, err)
	}
	if err := errors.Join(os.RemoveAll(ts.away(t.UID)), os.RemoveAll(filepath.Join(ts.Dir, "backups", t.UID)), ts.emptyTrashOf(t.UID)); err != nil {
		return fmt.Errorf("purge %s: %w", name, err)
	}
	return ts.DB.Tx(ctx, func(tx *sql.Tx) error {
		if err := done(tx); err != nil { // first: its letter still knows the name
			return err
		}
		if err := errors.Join(ts.Abandon(ctx, tx, t.ID), forgetBackups(ctx, tx, t.ID)); err != nil {
			return err
		}
		return ts.Audit(ctx, tx, actor, "purge", name, "")
	})
}

// removeStray deletes a folder of an archived tenant that was moved back by an act which was then interrupted.
func (ts *Tenants) removeStray(ctx context.Context, t Tenant) error {
	folder := ts.Folder(t.Name)
	db, err := data.Open(ctx, filepath.Join(folder, data.FileName))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	uid, err := data.Meta(ctx, db, "tenant")
	if err = errors.Join(err, db.Close()); err != nil || uid != t.UID {
		return err
	}
	return os.RemoveAll(folder)
}

// Abandon frees a tenant's name, in the caller's transaction. The row stays for what refers to it.
func (ts *Tenants) Abandon(ctx context.Context, tx *sql.Tx, id int64) error {
	_, err := tx.ExecContext(ctx, `update tenant set state = 'purged', name = '~' || id, password_hash = '', owner_name = '', owner_email = '', reserved_to = null
		where id = ? and state in ('reserved', 'provision_failed', 'archived')`, id)
	if err != nil {
		return fmt.Errorf("abandon tenant %d: %w", id, err)
	}
	return nil
}
