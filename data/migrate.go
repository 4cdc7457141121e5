package data

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
)

// ours are the two tables that every file has.
const ours = `
create table if not exists migration (name text primary key, at text not null) strict;
create table if not exists meta (key text primary key, value text not null) strict;
`

// Migrate runs the migrations that db has not run yet, each in one transaction:
// a failing one leaves nothing behind, and those before it stay.
// If db has run some before, then before is called first, once: the moment to make a copy.
// A file that is newer than this program is ErrNewer, and not written.
//
// Foreign keys are not acted on while a migration runs, so that it can rebuild a table,
// but it fails if they are violated at its end.
func (s Schema) Migrate(ctx context.Context, db *DB, before func(ctx context.Context, pending []string) error) error {
	pending, any, err := s.pending(ctx, db)
	if err != nil {
		return fmt.Errorf("migrate %s: %w", db.Path, err)
	}
	if len(pending) == 0 {
		return nil
	}
	if any && before != nil {
		if err := before(ctx, pending); err != nil {
			return fmt.Errorf("before migrating %s: %w", db.Path, err)
		}
	}
	if err := s.run(ctx, db, pending); err != nil {
		return fmt.Errorf("migrate %s: %w", db.Path, err)
	}
	return nil
}

// run runs the pending migrations on a connection of their own.
func (s Schema) run(ctx context.Context, db *DB, pending []string) (err error) {
	writer := sql.OpenDB(connector{path: db.Path, mode: migrating})
	writer.SetMaxOpenConns(1)
	defer func() { err = errors.Join(err, writer.Close()) }()
	defer db.Forget()
	for _, name := range pending {
		text, err := s.text(name)
		if err == nil {
			err = db.within(ctx, writer, func(tx *sql.Tx) error { return apply(ctx, tx, name, text) })
		}
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

// apply runs one migration, unless somebody else has run it meanwhile.
func apply(ctx context.Context, tx *sql.Tx, name, text string) error {
	if _, err := tx.ExecContext(ctx, ours); err != nil {
		return err
	}
	done, err := tx.ExecContext(ctx, `insert or ignore into migration (name, at)
		values (?, strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))`, name)
	if err != nil {
		return err
	}
	if n, err := done.RowsAffected(); err != nil || n == 0 {
		return err
	}
	if _, err := tx.ExecContext(ctx, text); err != nil {
		return err
	}
	wrong, err := orphans(ctx, tx)
	if err != nil {
		return err
	}
	if len(wrong) > 0 {
		return errors.New(strings.Join(wrong, "; "))
	}
	var count int
	if err := tx.QueryRowContext(ctx, `select count(*) from migration`).Scan(&count); err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, fmt.Sprintf(`pragma user_version = %d`, count)) // takes no parameter
	return err
}
