package tenant

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"rowhouse/data/fault"
)

// Entry is one entry of the host's log.
type Entry struct {
	ID                         int64
	At                         time.Time
	Actor, Act, Tenant, Detail string
	hash                       string
}

// sum is the hash of an entry: of what it says and of the hash before it, so that none can be changed, taken out or put in
// without all later ones being wrong.
func (e Entry) sum(before string) string {
	said, err := json.Marshal([]any{before, e.At.UnixMilli(), e.Actor, e.Act, e.Tenant, e.Detail})
	if err != nil {
		panic(err) // texts and a number
	}
	hash := sha256.Sum256(said)
	return hex.EncodeToString(hash[:])
}

// Audit notes what somebody did to a tenant, or with an empty name to the host.
func (ts *Tenants) Audit(ctx context.Context, tx *sql.Tx, actor, act, tenant, detail string) error {
	var before string
	err := tx.QueryRowContext(ctx, `select hash from audit order by id desc limit 1`).Scan(&before)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	e := Entry{At: ts.Clock.Now(), Actor: actor, Act: act, Tenant: tenant, Detail: detail}
	_, err = tx.ExecContext(ctx, `insert into audit (at, actor, act, tenant, detail, hash) values (?, ?, ?, ?, ?, ?)`, e.At.UnixMilli(), e.Actor, e.Act, e.Tenant, e.Detail, e.sum(before))
	return err
}

// LogWish is which entries of the log are wanted.
type LogWish struct {
	Tenant int64  // 0 is all
	Actor  string // empty is everybody
	Before int64  // the last entry of the page before; 0 is the newest
	Limit  int
}

const entryColumns = `id, at, actor, act, tenant, detail, hash`

func scanEntry(row interface{ Scan(...any) error }) (Entry, error) {
	var e Entry
	var at int64
	err := row.Scan(&e.ID, &at, &e.Actor, &e.Act, &e.Tenant, &e.Detail, &e.hash)
	e.At = time.UnixMilli(at).UTC()
	return e, err
}

// Log returns entries of the host's log, the newest first. A tenant's are also those under its old names.
func (ts *Tenants) Log(ctx context.Context, w LogWish) ([]Entry, error) {
	if w.Before == 0 {
		w.Before = 1 << 62
	}
	rows, err := ts.DB.Query(ctx, `select `+entryColumns+` from audit where id < ?1 and (?2 = '' or actor = ?2)
		and (?3 = 0 or tenant in (select name from tenant where id = ?3 union all select name from alias where tenant = ?3)) order by id desc limit ?4`, w.Before, w.Actor, w.Tenant, w.Limit)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []Entry
	for rows.Next() {
		e, err := scanEntry(rows)
		if err != nil {
			return nil, err
		}
		list = append(list, e)
	}
	return list, rows.Err()
}

// VerifyLog reads the whole log and tells whether it is as it was written. The error is a fault.Damaged that names the first entry
// that is not; it can be removed from the end unseen, but not from before. How many entries vouch for each other is n.
func (ts *Tenants) VerifyLog(ctx context.Context) (n int64, err error) {
	rows, err := ts.DB.Query(ctx, `select `+entryColumns+` from audit order by id`)
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	before := ""
	for rows.Next() {
		e, err := scanEntry(rows)
		if err != nil {
			return n, err
		}
		if e.hash == "" && before == "" {
			continue // written before entries vouched for each other
		}
		if e.hash != e.sum(before) {
			return n, fault.New(fault.Damaged, "The log was changed: entry %s of %s is not as it was written, or the one before it is missing.", fmt.Sprint(e.ID), e.At.Format("2006-01-02 15:04:05"))
		}
		before = e.hash
		n++
	}
	return n, rows.Err()
}
