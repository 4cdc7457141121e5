package tenant

import (
	"context"
	"database/sql"

	"rowhouse/data/fault"
)

// RunAgain sends a tenant whose provisioning failed through it once more; steps that are done are not repeated.
func (ts *Tenants) RunAgain(ctx context.Context, name, actor string) error {
	return ts.leaveFailed(ctx, name, actor, "run provisioning again", Provisioning)
}

// MarkActive opens the doors of a tenant whose provisioning failed. Its file is opened and its login page asked for first,
// unless the host insists.
func (ts *Tenants) MarkActive(ctx context.Context, name, actor string, insist bool) error {
	t, err := ts.ByName(ctx, name)
	if err != nil {
		return err
	}
	if err := ts.smoke(ctx, &Newcomer{Tenant: t}); err != nil && !insist {
		return fault.Because(err, fault.Conflict, "The CRM of %s does not answer yet, so it was not marked as active: %s", name, err.Error())
	}
	return ts.leaveFailed(ctx, name, actor, "mark as active", Active)
}

func (ts *Tenants) leaveFailed(ctx context.Context, name, actor, act string, to State) error {
	return ts.DB.Tx(ctx, func(tx *sql.Tx) error {
		done, err := tx.ExecContext(ctx, `update tenant set state = ?, tries = 0, due_at = 0, activated_at = iif(? = 'active', ?, activated_at)
			where name = ? and state in ('provision_failed', 'provisioning')`, to, to, ts.Clock.Now().UnixMilli(), name)
		if err != nil {
			return err
		}
		if n, err := done.RowsAffected(); err != nil || n == 0 {
			return fault.Because(err, fault.Conflict, "%s is not waiting for its provisioning.", name)
		}
		if to == Active {
			var id int64
			if err := tx.QueryRowContext(ctx, `select id from tenant where name = ?`, name).Scan(&id); err != nil {
				return err
			}
			if err := ts.activated(ctx, tx, id); err != nil {
				return err
			}
		}
		return ts.Audit(ctx, tx, actor, act, name, "")
	})
}
