package data

import (
	"bytes"
	"context"
	"errors"
	"os"
	"strings"
	"testing"
	"testing/fstest"
)

// schema makes one of names and texts: "part/file", "sql", …
func schema(pairs ...string) Schema {
	var s Schema
	for i := 0; i < len(pairs); i += 2 {
		part, file, _ := strings.Cut(pairs[i], "/")
		if len(s) == 0 || s[len(s)-1].Name != part {
			s = append(s, Part{part, fstest.MapFS{}})
		}
		s[len(s)-1].Files.(fstest.MapFS)[file] = &fstest.MapFile{Data: []byte(pairs[i+1])}
	}
	return s
}

func TestMigrationsRunOnceInOrderAndAreRecorded(t *testing.T) {
	db := made(t)
	s := append(leads(), schema("lead2/0002.sql", `alter table lead add column city text`,
		"lead2/0010.sql", `alter table lead rename column city to town`)...)
	pending, err := s.Pending(t.Context(), db)
	must(t, err)
	if strings.Join(pending, " ") != "lead2/0002.sql lead2/0010.sql" {
		t.Fatal(pending)
	}
	var copied []string
	before := func(_ context.Context, pending []string) error {
		copied = append(copied, pending...)
		return nil
	}
	must(t, s.Migrate(t.Context(), db, before))
	must(t, s.Migrate(t.Context(), db, before))
	if len(copied) != 2 {
		t.Error("before:", copied)
	}
	var version, named int
	must(t, db.QueryRow(t.Context(), `pragma user_version`).Scan(&version))
	must(t, db.QueryRow(t.Context(), `select count(*) from migration where at like '20__-%Z'`).Scan(&named))
	if version != 3 || named != 3 {
		t.Error(version, named)
	}
}

func TestBeforeIsNotCalledForANewFileAndStopsAnOldOne(t *testing.T) {
	db, err := Create(t.Context(), t.TempDir()+"/a.db")
	must(t, err)
	defer db.Close()
	no := func(context.Context, []string) error { return errors.New("no room for a copy") }
	must(t, leads().Migrate(t.Context(), db, no))
	s := append(leads(), schema("x/1.sql", `create table x (y) `)...)
	if err := s.Migrate(t.Context(), db, no); err == nil {
		t.Fatal("migrated without a copy")
	}
	if pending, _ := s.Pending(t.Context(), db); len(pending) != 1 {
		t.Error(pending)
	}
}

func TestAFailingMigrationLeavesNothingOfItselfBehind(t *testing.T) {
	db := made(t)
	s := append(leads(), schema("a/1.sql", `create table a (b)`,
		"a/2.sql", `create table c (d); insert into nowhere values (1)`)...)
	if err := s.Migrate(t.Context(), db, nil); err == nil || !strings.Contains(err.Error(), "a/2.sql") {
		t.Fatal(err)
	}
	var tables string
	must(t, db.QueryRow(t.Context(), `select group_concat(name) from
		(select name from sqlite_schema where name in ('a', 'c') order by name)`).Scan(&tables))
	if tables != "a" {
		t.Error(tables)
	}
	if pending, err := s.Pending(t.Context(), db); len(pending) != 1 || err != nil {
		t.Error(pending, err)
	}
}

func TestAMigrationMayRebuildATableThatOthersReferTo(t *testing.T) {
	db := made(t)
	s := append(leads(), schema("note/1.sql", `create table note (lead integer references lead (id) on delete cascade) strict;
		insert into lead values (1, 'Asha'); insert into note values (1);`)...)
	must(t, s.Migrate(t.Context(), db, nil))
	s = append(s, schema("x/1.sql", `create table lead2 (id integer primary key, name text) strict;
		insert into lead2 select * from lead; drop table lead; alter table lead2 rename to lead`)...)
	must(t, s.Migrate(t.Context(), db, nil))
	var notes int
	must(t, db.QueryRow(t.Context(), `select count(*) from note`).Scan(&notes))
	if notes != 1 {
		t.Error(notes)
	}
	s = append(s, schema("y/1.sql", `delete from lead`)...)
	if err := s.Migrate(t.Context(), db, nil); err == nil {
		t.Error("a migration left orphans")
	}
	must(t, db.Verify(t.Context()))
}

func TestANewerFileIsRefusedWithoutAByteWritten(t *testing.T) {
	db := made(t)
	newer := append(leads(), schema("z/1.sql", `create table z (y)`)...)
	must(t, newer.Migrate(t.Context(), db, nil))
	must(t, db.Close())
	was, err := os.ReadFile(db.Path)
	must(t, err)

	db, err = Open(t.Context(), db.Path)
	must(t, err)
	other := append(leads(), schema("other/1.sql", `create table o (y)`, "other/2.sql", `create table p (y)`)...)
	for _, s := range []Schema{leads(), other} {
		if err := s.Migrate(t.Context(), db, nil); !errors.Is(err, ErrNewer) {
			t.Error(err)
		}
	}
	must(t, db.Close())
	is, err := os.ReadFile(db.Path)
	must(t, err)
	if !bytes.Equal(was, is) {
		t.Error("the file was written")
	}
}

func TestTheHashChangesWithNamesAndTexts(t *testing.T) {
	a := schema("a/1.sql", "x").Hash()
	if len(a) != 16 || a != schema("a/1.sql", "x").Hash() {
		t.Error(a)
	}
	if a == schema("a/1.sql", "y").Hash() || a == schema("a/2.sql", "x").Hash() || a == schema("b/1.sql", "x").Hash() {
		t.Error("the same")
	}
}

func TestMetaIsWhatAFileSaysAboutItself(t *testing.T) {
	db := made(t)
	for _, want := range []string{"", "acme", "zenith"} {
		if want != "" {
			_, err := db.Exec(t.Context(), `insert into meta values ('tenant', ?) on conflict do update set value = excluded.value`, want)
			must(t, err)
		}
		if got, err := Meta(t.Context(), db, "tenant"); got != want || err != nil {
			t.Error(got, err)
		}
	}
}
