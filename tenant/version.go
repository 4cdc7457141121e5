package tenant

import (
	"context"
	"log/slog"
	"time"

	"rowhouse/data"
)

// Version is how many tenants have a file of one version: of so many migrations run.
type Version struct {
	Number, Tenants int64
}

// Versions counts the running tenants by the version of their files, the newest first.
func (ts *Tenants) Versions(ctx context.Context) ([]Version, error) {
	rows, err := ts.DB.Query(ctx, `select version, count(*) from tenant where state = 'active' group by version order by version desc`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []Version
	for rows.Next() {
		var v Version
		if err := rows.Scan(&v.Number, &v.Tenants); err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	return list, rows.Err()
}

// noteVersion keeps for the host which version a file has come to, and why it came no further.
func (ts *Tenants) noteVersion(ctx context.Context, t Tenant, db *data.DB, failure error) {
	var version int64
	if err := db.QueryRow(ctx, `pragma user_version`).Scan(&version); err != nil {
		return // the file cannot be read, which is said elsewhere
	}
	why := ""
	if failure != nil {
		why = failure.Error()
	}
	// Not as the caller knows it: its file may have been opened since.
	if now, err := ts.ByName(ctx, t.Name); err == nil && now.Version == version && now.Failure == why {
		return
	}
	if _, err := ts.DB.Exec(ctx, `update tenant set version = ?, failure = ? where id = ?`, version, why, t.ID); err != nil {
		slog.Error("version not noted", "tenant", t.Name, "err", err)
	}
}

// NotePresence keeps when somebody of a tenant's staff was there last, and how many were in the last 30 days.
func (ts *Tenants) NotePresence(ctx context.Context, name string, seen time.Time, people int64) error {
	at := int64(0)
	if !seen.IsZero() {
		at = seen.UnixMilli()
	}
	var changed bool // a write for each tenant and hour would cost a sync of the disk each
	err := ts.DB.QueryRow(ctx, `select exists (select 1 from tenant where name = ? and (seen_at <> ? or people <> ?))`, name, at, people).Scan(&changed)
	if err != nil || !changed {
		return err
	}
	_, err = ts.DB.Exec(ctx, `update tenant set seen_at = ?, people = ? where name = ?`, at, people, name)
	return err
}
