package data

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
)

// Tx does work in one transaction: all of it, or none if work fails.
// It holds the only writer of the file from the beginning, so work must be short,
// and must not write to the same file by any other way than its argument.
func (db *DB) Tx(ctx context.Context, work func(*sql.Tx) error) error {
	writer, err := db.pen()
	if err != nil {
		return err
	}
	return db.within(ctx, writer, work)
}

func (db *DB) within(ctx context.Context, writer *sql.DB, work func(*sql.Tx) error) error {
	tx, err := writer.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if err := work(tx); err != nil {
		return err
	}
	// Also counted if it fails: nobody knows then how far it came.
	defer db.writes.Add(1)
	db.watched()
	defer db.watched()
	return tx.Commit()
}

func (db *DB) watched() {
	if db.OnCommit != nil {
		db.OnCommit()
	}
}

// Exec runs one statement as a transaction of its own.
func (db *DB) Exec(ctx context.Context, query string, args ...any) (sql.Result, error) {
	writer, err := db.pen()
	if err != nil {
		return nil, err
	}
	defer db.writes.Add(1)
	db.watched()
	defer db.watched()
	return writer.ExecContext(ctx, query, args...)
}

// Query reads rows. The statement stays prepared. A file serves as many open rows
// as it has readers, and the next caller waits: close them, and do not nest them.
func (db *DB) Query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	return db.readers.QueryContext(ctx, query, args...)
}

// QueryRow reads one row, as Query.
func (db *DB) QueryRow(ctx context.Context, query string, args ...any) *sql.Row {
	return db.readers.QueryRowContext(ctx, query, args...)
}

// Snapshot lets read see the file as it is at one moment, whatever is written meanwhile.
func (db *DB) Snapshot(ctx context.Context, read func(*sql.Tx) error) error {
	tx, err := db.readers.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return err
	}
	defer tx.Rollback()
	return read(tx)
}

// Writes says how often this file was written since it was opened.
func (db *DB) Writes() int64 { return db.writes.Load() }

// Verify reads the whole file and says what is wrong with it: pages, indexes, foreign keys.
func (db *DB) Verify(ctx context.Context) error {
	var wrong []string
	err := db.Snapshot(ctx, func(tx *sql.Tx) error {
		found, err := column(ctx, tx, `pragma integrity_check(20)`)
		if len(found) != 1 || found[0] != "ok" {
			wrong = append(wrong, found...)
		}
		orphans, orphanErr := orphans(ctx, tx)
		wrong = append(wrong, orphans...)
		return errors.Join(err, orphanErr)
	})
	if err != nil {
		return fmt.Errorf("verify %s: %w", db.Path, err)
	}
	if len(wrong) > 0 {
		return fmt.Errorf("verify %s: %w: %s", db.Path, errDamaged, strings.Join(wrong, "; "))
	}
	return nil
}

// orphans says which rows, 20 at the most, refer to rows that do not exist.
func orphans(ctx context.Context, tx *sql.Tx) ([]string, error) {
	return column(ctx, tx, `select format('row %s of %s refers to no %s', rowid, "table", parent)
		from pragma_foreign_key_check limit 20`)
}

// column reads the only column of a query.
func column(ctx context.Context, tx *sql.Tx, query string) ([]string, error) {
	rows, err := tx.QueryContext(ctx, query)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []string
	for rows.Next() {
		var one string
		if err := rows.Scan(&one); err != nil {
			return all, err
		}
		all = append(all, one)
	}
	return all, rows.Err()
}
