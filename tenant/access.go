package tenant

import (
	"context"
	"database/sql"
	"fmt"
	"net/http"
	"strings"
	"time"

	"rowhouse/data/fault"
)

// Level is how far a tenant's site is open. The zero value is wide open.
type Level int

// The levels, each stricter than the one before.
const (
	FullAccess  Level = iota
	ReadOnly          // looking, exporting, paying
	BillingOnly       // paying, exporting
	Blocked           // nothing
)

var levelNames = []string{"full", "read_only", "billing_only", "blocked"}

// String is the level as it is kept.
func (l Level) String() string { return levelNames[l] }

// LevelOf reads a level as it is kept.
func LevelOf(s string) Level {
	for i, name := range levelNames {
		if name == s {
			return Level(i)
		}
	}
	return Blocked // what we cannot read must not open a door
}

// The reasons for holds. Those of billing are set and taken away by it alone.
const (
	BillingSoft  = "billing_soft" // an invoice is late
	BillingHard  = "billing_hard" // an invoice is long late
	TrialEnded   = "trial_ended"  // and nobody has paid
	Manual       = "manual"       // the host has suspended it
	Abuse        = "abuse"
	QuotaStorage = "quota_storage"
	Maintenance  = "maintenance"
	LegalLock    = "legal_lock" // nothing may be put away or deleted either
)

// Hold is a reason to close a tenant's site, as far as its level says.
type Hold struct {
	Reason  string
	Level   Level
	Note    string // what the tenant's staff are told
	Created time.Time
}

// Access is the strictest of what the subscription and the holds allow, and the hold that made it so.
func (t Tenant) Access() (Level, Hold) {
	level, strictest := t.Level, Hold{Reason: "subscription", Level: t.Level}
	for _, h := range t.Holds {
		if h.Level > level {
			level, strictest = h.Level, h
		}
	}
	return level, strictest
}

// always is where writing is possible whatever the level: signing in and out, paying, and putting a notice away.
var always = []string{"/admin/login", "/admin/logout", "/admin/second-factor", "/admin/password", "/admin/billing", "/admin/notices"}

// gate refuses what a tenant's access level does not allow. It is the only place that does.
func (t Tenant) gate(r *http.Request) error {
	level, hold := t.Access()
	if level == Blocked {
		return blocked(hold)
	}
	if level == FullAccess || strings.HasPrefix(r.URL.Path, "/logo/") || within(r.URL.Path, always) {
		return nil
	}
	if level == BillingOnly && !within(r.URL.Path, []string{"/admin/billing", "/admin/export"}) {
		return fault.New(fault.Limit, "This CRM is closed until its subscription is paid. Its owner can do that on the billing page.")
	}
	if r.Method != http.MethodGet && r.Method != http.MethodHead && !strings.HasSuffix(r.URL.Path, "/export") {
		return fault.New(fault.Limit, "This CRM can only be read at the moment%s. Nothing was changed.", because(hold))
	}
	return nil
}

// leadsToBilling tells whether somebody who opens a page of a closed CRM is led to where it can be opened again.
func (t Tenant) leadsToBilling(r *http.Request) bool {
	level, _ := t.Access()
	return level == BillingOnly && r.Method == http.MethodGet && within(r.URL.Path, []string{"/admin"}) && !within(r.URL.Path, always) &&
		!within(r.URL.Path, []string{"/admin/export", "/admin/live"})
}

func because(h Hold) string {
	if h.Note == "" {
		return ""
	}
	return ": " + h.Note
}

func blocked(h Hold) error {
	if h.Reason == Maintenance {
		return &fault.Fault{Kind: fault.Busy, Format: "This CRM is being worked on and will be back soon%s.", Args: []any{because(h)}, Retry: 5 * time.Minute}
	}
	return fault.New(fault.Denied, "This CRM is closed%s. Please ask the provider.", because(h))
}

// within tells whether path is one of the roots or below one.
func within(path string, roots []string) bool {
	for _, root := range roots {
		if path == root || strings.HasPrefix(path, root+"/") {
			return true
		}
	}
	return false
}

func (ts *Tenants) holds(ctx context.Context, id int64) ([]Hold, error) {
	rows, err := ts.DB.Query(ctx, `select reason, level, note, created_at from hold where tenant = ?`, id)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var holds []Hold
	for rows.Next() {
		var h Hold
		var level string
		var created int64
		if err := rows.Scan(&h.Reason, &level, &h.Note, &created); err != nil {
			return nil, err
		}
		h.Level, h.Created = LevelOf(level), time.UnixMilli(created).UTC()
		holds = append(holds, h)
	}
	return holds, rows.Err()
}

// Hold closes a tenant's site for a reason. A second hold for the same reason replaces the first.
func (ts *Tenants) Hold(ctx context.Context, name string, h Hold, actor string) error {
	t, err := ts.ByName(ctx, name)
	if err != nil {
		return err
	}
	return ts.DB.Tx(ctx, func(tx *sql.Tx) error {
		if err := ts.HoldIn(ctx, tx, t.ID, h); err != nil {
			return err
		}
		return ts.Audit(ctx, tx, actor, "hold "+h.Reason, name, h.Level.String()+" "+h.Note)
	})
}

// HoldIn sets a hold in the caller's transaction.
func (ts *Tenants) HoldIn(ctx context.Context, tx *sql.Tx, id int64, h Hold) error {
	_, err := tx.ExecContext(ctx, `insert into hold (tenant, reason, level, note, created_at) values (?, ?, ?, ?, ?)
		on conflict (tenant, reason) do update set level = excluded.level, note = excluded.note`, id, h.Reason, h.Level.String(), h.Note, ts.Clock.Now().UnixMilli())
	if err != nil {
		return fmt.Errorf("hold tenant %d: %w", id, err)
	}
	return nil
}

// Release takes the hold for a reason away.
func (ts *Tenants) Release(ctx context.Context, name, reason, actor string) error {
	t, err := ts.ByName(ctx, name)
	if err != nil {
		return err
	}
	return ts.DB.Tx(ctx, func(tx *sql.Tx) error {
		held, err := ts.ReleaseIn(ctx, tx, t.ID, reason)
		if err != nil || !held {
			return fault.Because(err, fault.Missing, "%s is not suspended.", name)
		}
		return ts.Audit(ctx, tx, actor, "release "+reason, name, "")
	})
}

// ReleaseIn takes the holds for some reasons away in the caller's transaction, and tells whether there were any.
func (ts *Tenants) ReleaseIn(ctx context.Context, tx *sql.Tx, id int64, reasons ...string) (bool, error) {
	var held int64
	for _, reason := range reasons {
		done, err := tx.ExecContext(ctx, `delete from hold where tenant = ? and reason = ?`, id, reason)
		if err != nil {
			return false, fmt.Errorf("release tenant %d: %w", id, err)
		}
		n, err := done.RowsAffected()
		if err != nil {
			return false, err
		}
		held += n
	}
	return held > 0, nil
}
