package session

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"time"

	"rowhouse/data/fault"
)

// Issue makes a one-time link's secret for a person. Older ones of the same kind end.
func Issue(ctx context.Context, tx *sql.Tx, kind string, person int64, until time.Time) (string, error) {
	if _, err := tx.ExecContext(ctx, `delete from ticket where kind = ? and person = ?`, kind, person); err != nil {
		return "", err
	}
	secret := rand.Text()
	_, err := tx.ExecContext(ctx, `insert into ticket (hash, kind, person, expires_at) values (?, ?, ?, ?)`,
		hash(secret), kind, person, until.UnixMilli())
	return secret, err
}

// errStale says the same to everybody whose link does not work, whatever the reason.
var errStale = fault.New(fault.Gone, "This link has been used or has run out. Please ask for a new one.")

// Holder returns whose link it is without using it up, to show the form behind it.
func Holder(ctx context.Context, tx *sql.Tx, kind, secret string, now time.Time) (int64, error) {
	var person int64
	err := tx.QueryRowContext(ctx, `select person from ticket where hash = ? and kind = ? and expires_at > ?`,
		hash(secret), kind, now.UnixMilli()).Scan(&person)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, errStale
	}
	return person, err
}

// Redeem uses a link up and returns whose it was. Of many at once, one succeeds.
func Redeem(ctx context.Context, tx *sql.Tx, kind, secret string, now time.Time) (int64, error) {
	var person int64
	err := tx.QueryRowContext(ctx, `delete from ticket where hash = ? and kind = ? and expires_at > ? returning person`,
		hash(secret), kind, now.UnixMilli()).Scan(&person)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, errStale
	}
	return person, err
}
