package data

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"strings"
)

// ErrNewer means that a file was written by a newer binary than this one.
var ErrNewer = errors.New("the file is newer than this program")

// Part is the migrations of one module: *.sql files, in the order of their names.
type Part struct {
	Name  string
	Files fs.FS
}

// Schema is all parts, in order.
type Schema []Part

// names lists all migrations in the order in which they run.
func (s Schema) names() ([]string, error) {
	var all []string
	for _, part := range s {
		names, err := fs.Glob(part.Files, "*.sql")
		if err != nil {
			return nil, fmt.Errorf("migrations of %s: %w", part.Name, err)
		}
		for _, name := range names {
			all = append(all, part.Name+"/"+name)
		}
	}
	return all, nil
}

// Count is how many migrations there are.
func (s Schema) Count() (int, error) {
	names, err := s.names()
	return len(names), err
}

// text reads one migration.
func (s Schema) text(name string) (string, error) {
	dir, file, _ := strings.Cut(name, "/")
	for _, part := range s {
		if part.Name != dir {
			continue
		}
		if text, err := fs.ReadFile(part.Files, file); !errors.Is(err, fs.ErrNotExist) {
			return string(text), err
		}
	}
	return "", fs.ErrNotExist
}

// Hash is 16 hex digits that stand for the names and texts of all migrations.
func (s Schema) Hash() string {
	sum := sha256.New()
	names, err := s.names()
	for _, name := range names {
		text, wrong := s.text(name)
		err = errors.Join(err, wrong)
		fmt.Fprintf(sum, "%s %d %s\n", name, len(text), text)
	}
	if err != nil { // an embedded file always reads; any other gets a hash that fits nothing
		fmt.Fprintln(sum, err)
	}
	return hex.EncodeToString(sum.Sum(nil))[:16]
}

// Pending lists the migrations that db has not run yet, as "lead/0001_lead.sql".
// The error is ErrNewer if it has run one that this program does not know.
func (s Schema) Pending(ctx context.Context, db *DB) ([]string, error) {
	pending, _, err := s.pending(ctx, db)
	return pending, err
}

// pending also says whether db has run any migration at all.
func (s Schema) pending(ctx context.Context, db *DB) (pending []string, any bool, err error) {
	names, err := s.names()
	if err != nil {
		return nil, false, err
	}
	var version int
	if err := db.QueryRow(ctx, `pragma user_version`).Scan(&version); err != nil {
		return nil, false, err
	}
	if version == len(names) {
		return nil, version > 0, nil
	}
	run, err := recorded(ctx, db)
	if err != nil {
		return nil, false, err
	}
	any = len(run) > 0
	for _, name := range names {
		if !run[name] {
			pending = append(pending, name)
		}
		delete(run, name)
	}
	for name := range run {
		return nil, any, fmt.Errorf("%w: it has run %s", ErrNewer, name)
	}
	return pending, any, nil
}

// recorded reads the names of the migrations that db has run.
func recorded(ctx context.Context, db *DB) (map[string]bool, error) {
	run := map[string]bool{}
	var tables int
	err := db.QueryRow(ctx, `select count(*) from sqlite_schema where type = 'table' and name = 'migration'`).Scan(&tables)
	if err != nil || tables == 0 {
		return run, err
	}
	rows, err := db.Query(ctx, `select name from migration`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, err
		}
		run[name] = true
	}
	return run, rows.Err()
}
