package tenant

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"rowhouse/data"
)

// bringUp brings a tenant's file to this program's schema. Before the first change a copy is made,
// which stays beside the backups.
func (ts *Tenants) bringUp(ctx context.Context, uid string, db *data.DB) error {
	return ts.CRM.Schema.Migrate(ctx, db, func(ctx context.Context, pending []string) error {
		folder := filepath.Join(ts.Dir, "backups", uid)
		if err := os.MkdirAll(folder, 0o700); err != nil {
			return err
		}
		to := filepath.Join(folder, "before-"+ts.Clock.Now().Format("2006-01-02T150405.000Z")+".db")
		if err := db.CopyTo(ctx, to); err != nil {
			return fmt.Errorf("copy before migrating %s: %w", uid, err)
		}
		return nil
	})
}
