package mail

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"rowhouse/data"
	"rowhouse/data/fault"
)

// Wish is which letters of the outbox are wanted.
type Wish struct {
	State  string // waiting, dead, sent, or empty for all; one that was dropped is only among all
	To     string // a part of the recipient's address
	Before int64  // the last letter of the page before; 0 is the newest
	Limit  int
}

// Dropped tells whether somebody has taken a letter back. Its text is gone, so that nothing can send it any more, and its row stays:
// the key keeps it from being posted again.
func (k Kept) Dropped() bool { return k.State == "dead" && k.Text == "" }

// List returns letters, the newest first.
func List(ctx context.Context, db *data.DB, w Wish) ([]Kept, error) {
	if w.Before == 0 {
		w.Before = 1 << 62
	}
	return read(ctx, db, `where id < ?1 and (?2 = '' or state = ?2 and (?2 <> 'dead' or text <> '')) and (?3 = '' or instr(lower(recipient), lower(?3)) > 0) order by id desc limit ?4`, w.Before, w.State, w.To, w.Limit)
}

// ByID returns one letter. The error is a fault.Missing if there is none.
func ByID(ctx context.Context, db *data.DB, id int64) (Kept, error) {
	found, err := read(ctx, db, `where id = ?`, id)
	if err == nil && len(found) == 0 {
		err = fault.New(fault.Missing, "There is no such letter.")
	}
	if err != nil {
		return Kept{}, err
	}
	return found[0], nil
}

// Counts is how many letters wait, and how many were given up.
func Counts(ctx context.Context, db *data.DB) (waiting, dead int64, err error) {
	err = db.QueryRow(ctx, `select (select count(*) from outbox where state = 'waiting'), (select count(*) from outbox where state = 'dead' and text <> '')`).Scan(&waiting, &dead)
	return waiting, dead, err
}

// Again sends a letter that waits, or was given up, at the next turn, in the caller's transaction. It has all its tries again.
func Again(ctx context.Context, tx *sql.Tx, now time.Time, id int64) (to string, err error) {
	err = tx.QueryRowContext(ctx, `update outbox set state = 'waiting', tries = 0, due_at = ? where id = ? and state in ('waiting', 'dead') and text <> '' returning recipient`, now.UnixMilli(), id).Scan(&to)
	return to, over(err)
}

// AgainAll does so with all that were given up, and tells how many these are.
func AgainAll(ctx context.Context, tx *sql.Tx, now time.Time) (int64, error) {
	done, err := tx.ExecContext(ctx, `update outbox set state = 'waiting', tries = 0, due_at = ? where state = 'dead' and text <> ''`, now.UnixMilli())
	if err != nil {
		return 0, err
	}
	return done.RowsAffected()
}

// Drop takes back a letter that waits, in the caller's transaction.
func Drop(ctx context.Context, tx *sql.Tx, id int64) (to string, err error) {
	err = tx.QueryRowContext(ctx, `update outbox set state = 'dead', text = '', error = '' where id = ? and state = 'waiting' returning recipient`, id).Scan(&to)
	return to, over(err)
}

// over makes of a missing row words for the person.
func over(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return fault.New(fault.Conflict, "This letter has gone out meanwhile, or was dropped.")
	}
	return err
}
