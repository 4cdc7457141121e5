package tenant

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"rowhouse/data"
	"rowhouse/data/fault"
	"rowhouse/ui/mail"
)

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
	return ts.DB.Tx(ctx, func(tx *sql.Tx) error {
		now := ts.Clock.Now()
		if _, err := tx.ExecContext(ctx, `update tenant set state = 'active', password_hash = '', activated_at = ?, due_at = 0 where id = ?`, now.UnixMilli(), n.ID); err != nil {
			return err
		}
		if err := ts.activated(ctx, tx, n.ID); err != nil {
			return err
		}
		if ts.Welcome == nil {
			return nil
		}
		letter, err := ts.Welcome(ctx, tx, n.Tenant, link)
		if err != nil {
			return err
		}
		return mail.Post(ctx, tx, now, letter)
	})
}

// activated tells billing, in the transaction in which a tenant becomes active.
func (ts *Tenants) activated(ctx context.Context, tx *sql.Tx, id int64) error {
	if ts.Activated == nil {
		return nil
	}
	return ts.Activated(ctx, tx, id)
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
