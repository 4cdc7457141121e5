package data

import (
	"context"
	"database/sql"
	"errors"
)

// Meta returns what the file says about itself under key, "" if nothing.
func Meta(ctx context.Context, db *DB, key string) (string, error) {
	var value string
	err := db.QueryRow(ctx, `select value from meta where key = ?`, key).Scan(&value)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return value, err
}

// SetMeta lets the file say value about itself under key.
func SetMeta(ctx context.Context, tx *sql.Tx, key, value string) error {
	_, err := tx.ExecContext(ctx, `insert into meta (key, value) values (?, ?)
		on conflict (key) do update set value = excluded.value`, key, value)
	return err
}
