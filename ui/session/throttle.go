package session

import (
	"context"
	"database/sql"
	"time"

	"rowhouse/data/fault"
)

// Limit is how often something may be tried.
type Limit struct {
	Kind string
	Who  string
	Most int
	In   time.Duration
}

// Allow refuses when one of the limits is reached. It counts nothing.
func Allow(ctx context.Context, tx *sql.Tx, now time.Time, limits ...Limit) error {
	for _, l := range limits {
		var n int
		err := tx.QueryRowContext(ctx, `select count(*) from attempt where kind = ? and who = ? and at > ?`,
			l.Kind, l.Who, now.Add(-l.In).UnixMilli()).Scan(&n)
		if err != nil {
			return err
		}
		if n >= l.Most {
			return &fault.Fault{Kind: fault.TooMany, Format: "Too many tries. Please wait %d minutes and try again.",
				Args: []any{int(l.In.Minutes())}, Retry: l.In}
		}
	}
	return nil
}

// Count notes one try for each limit.
func Count(ctx context.Context, tx *sql.Tx, now time.Time, limits ...Limit) error {
	for _, l := range limits {
		if _, err := tx.ExecContext(ctx, `insert into attempt (kind, who, at) values (?, ?, ?)`, l.Kind, l.Who, now.UnixMilli()); err != nil {
			return err
		}
	}
	return nil
}

// Uncount takes one try back for each limit: who did it right has used none of what others share.
func Uncount(ctx context.Context, tx *sql.Tx, limits ...Limit) error {
	for _, l := range limits {
		_, err := tx.ExecContext(ctx, `delete from attempt where rowid = (select rowid from attempt where kind = ? and who = ? order by at desc limit 1)`, l.Kind, l.Who)
		if err != nil {
			return err
		}
	}
	return nil
}

// Pardon forgets the tries of who, after a success.
func Pardon(ctx context.Context, tx *sql.Tx, kind, who string) error {
	_, err := tx.ExecContext(ctx, `delete from attempt where kind = ? and who = ?`, kind, who)
	return err
}
