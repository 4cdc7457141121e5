package tenant

import (
	"context"
	"database/sql"

	"rowhouse/data/fault"
)

// Describe keeps how the host's letters and lists name a tenant and its owner. What the tenant's own file says is the tenant's.
func (ts *Tenants) Describe(ctx context.Context, name, company, owner, email, actor string) error {
	if company == "" || owner == "" || len([]rune(company)) > 100 || len([]rune(owner)) > 100 {
		return fault.New(fault.Invalid, "Please say the company and its owner.")
	}
	return ts.DB.Tx(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `update tenant set company = ?, owner_name = ?, owner_email = ? where name = ? and state <> 'purged'`, company, owner, email, name)
		if err != nil {
			return err
		}
		return ts.Audit(ctx, tx, actor, "edit", name, company+", "+owner+", "+email)
	})
}
