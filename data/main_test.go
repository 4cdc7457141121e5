package data

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
)

var long = flag.Bool("long", false, "run the long fault tests")

// TestMain lets the test binary also be one of the processes that tests kill or starve.
func TestMain(m *testing.M) {
	switch os.Getenv("ROWHOUSE_CHILD") {
	case "writer":
		childWrites(os.Getenv("ROWHOUSE_FILE"))
	case "crowd":
		childCrowd(os.Getenv("ROWHOUSE_FILE"))
	case "lock":
		childLocks(os.Getenv("ROWHOUSE_FILE"))
	default:
		os.Exit(m.Run())
	}
}

// child is this test binary as another process.
func child(kind, path string, more ...string) *exec.Cmd {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), append(more, "ROWHOUSE_CHILD="+kind, "ROWHOUSE_FILE="+path)...)
	cmd.Stderr = os.Stderr
	return cmd
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// leads is a schema of one table, with a canary: a count of the rows that the file began with.
func leads() Schema {
	return Schema{{Name: "lead", Files: fstest.MapFS{
		"0001_lead.sql": {Data: []byte(`create table lead (id integer primary key, name text not null unique) strict;`)},
	}}}
}

// sample makes a tenant's file with some leads.
func sample(ctx context.Context, dir, name string, rows int) error {
	if err := os.MkdirAll(filepath.Join(dir, name), 0o700); err != nil {
		return err
	}
	db, err := Create(ctx, filepath.Join(dir, name, FileName))
	if err != nil {
		return err
	}
	defer db.Close()
	if err := leads().Migrate(ctx, db, nil); err != nil {
		return err
	}
	_, err = db.Exec(ctx, `insert into lead (name)
		with recursive n(i) as (select 1 union all select i + 1 from n where i < ?)
		select ? || ' lead ' || i from n`, rows, name)
	if err == nil {
		_, err = db.Exec(ctx, `insert into meta values ('tenant', ?)`, name)
	}
	return err
}

// copies makes n tenants' files out of one.
func copies(ctx context.Context, dir string, n int) error {
	t := &Template{Dir: filepath.Join(dir, "template"), Schema: leads()}
	for i := range n {
		folder := filepath.Join(dir, tenant(i))
		if err := os.MkdirAll(folder, 0o700); err != nil {
			return err
		}
		if err := t.CopyTo(ctx, filepath.Join(folder, FileName)); err != nil {
			return err
		}
	}
	return nil
}

func tenant(i int) string { return fmt.Sprintf("tenant-%d", i) }

// made is a DB with the schema of leads.
func made(t testing.TB) *DB {
	t.Helper()
	db, err := Create(t.Context(), filepath.Join(t.TempDir(), "a.db"))
	must(t, err)
	t.Cleanup(func() { db.Close() })
	must(t, leads().Migrate(t.Context(), db, nil))
	return db
}

func count(ctx context.Context, db *DB) (n int, err error) {
	err = db.QueryRow(ctx, `select count(*) from lead`).Scan(&n)
	return n, err
}

// listing names the files of a folder.
func listing(t testing.TB, dir string) string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	must(t, err)
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return strings.Join(names, " ")
}
