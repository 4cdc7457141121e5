package tenant

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"rowhouse/data"
	"rowhouse/data/fault"
)

// aliasLife is how long an old name leads to the new one, and is nobody else's.
const aliasLife = 90 * 24 * time.Hour

// Rename gives a running tenant another subdomain. The old one leads to it for 90 days, and everybody has to sign in again,
// as cookies belong to a name.
func (ts *Tenants) Rename(ctx context.Context, from, to, actor string) error {
	t, err := ts.ByName(ctx, from)
	if err != nil {
		return err
	}
	if t.State != Active {
		return fault.New(fault.Conflict, "%s is not running.", from)
	}
	// Before anybody is kept out: a name that cannot be had must shut neither this tenant nor the one that has it.
	if err := ts.DB.Snapshot(ctx, func(tx *sql.Tx) error { return ts.checkNewName(ctx, tx, t, to) }); err != nil {
		return err
	}
	return ts.Files.Alone(ctx, from, func(old string) error {
		return ts.Files.Alone(ctx, to, func(folder string) error {
			if err := ts.still(ctx, t); err != nil {
				return err
			}
			// The row first: what then goes wrong, or a stop, is finished by finishMoves.
			if err := ts.DB.Tx(ctx, func(tx *sql.Tx) error { return ts.renameIn(ctx, tx, t, to, actor) }); err != nil {
				return err
			}
			if err := os.Rename(old, folder); err != nil {
				return fmt.Errorf("rename %s: %w", from, errors.Join(err, ts.DB.Tx(ctx, func(tx *sql.Tx) error { return ts.renameBack(ctx, tx, t, to) })))
			}
			return data.SyncDir(filepath.Dir(folder))
		})
	})
}

// checkNewName refuses a name that a tenant cannot take. Its own old one may be taken back.
func (ts *Tenants) checkNewName(ctx context.Context, tx *sql.Tx, t Tenant, to string) error {
	var own bool
	err := tx.QueryRowContext(ctx, `select exists (select 1 from alias where name = ? and tenant = ?)`, to, t.ID).Scan(&own)
	if err != nil || own {
		return err
	}
	return ts.CheckName(ctx, tx, to)
}

func (ts *Tenants) renameIn(ctx context.Context, tx *sql.Tx, t Tenant, to, actor string) error {
	// Its own old name may be taken back.
	if _, err := tx.ExecContext(ctx, `delete from alias where name = ? and tenant = ?`, to, t.ID); err != nil {
		return err
	}
	if err := ts.CheckName(ctx, tx, to); err != nil {
		return err
	}
	if _, err := os.Lstat(ts.Folder(to)); err == nil {
		return fault.New(fault.Conflict, "There is a folder tenants/%s already. Move it away, or adopt it with rowhouse tenant adopt.", to)
	}
	if _, err := tx.ExecContext(ctx, `update tenant set name = ? where id = ?`, to, t.ID); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `insert or replace into alias (name, tenant, until) values (?, ?, ?)`, t.Name, t.ID, ts.Clock.Now().Add(aliasLife).UnixMilli()); err != nil {
		return err
	}
	return ts.Audit(ctx, tx, actor, "rename", to, t.Name+" → "+to)
}

func (ts *Tenants) renameBack(ctx context.Context, tx *sql.Tx, t Tenant, to string) error {
	if _, err := tx.ExecContext(ctx, `delete from alias where name = ?`, t.Name); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `update tenant set name = ? where id = ? and name = ?`, t.Name, t.ID, to); err != nil {
		return err
	}
	return ts.Audit(ctx, tx, "system", "rename failed", t.Name, to)
}

// moved leads a visitor of an old name to the new one.
func (ts *Tenants) moved(w http.ResponseWriter, r *http.Request, name string) (bool, error) {
	found, err := ts.DB.Memo("alias/"+name, func() (any, error) {
		var now string
		err := ts.DB.QueryRow(r.Context(), `select t.name from alias a join tenant t on t.id = a.tenant where a.name = ? and a.until > ? and t.state = 'active'`,
			name, ts.Clock.Now().UnixMilli()).Scan(&now)
		if errors.Is(err, sql.ErrNoRows) {
			err = nil
		}
		return now, err
	})
	if err != nil || found.(string) == "" {
		return false, err
	}
	w.Header().Set("Cache-Control", "no-store") // the old name can be taken back, and a browser that remembers would go in a circle
	http.Redirect(w, r, ts.URL(found.(string))+r.URL.RequestURI(), http.StatusMovedPermanently)
	return true, nil
}
