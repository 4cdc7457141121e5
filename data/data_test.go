package data

import (
	"database/sql"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

func TestAMissingFileIsAnErrorAndStaysMissing(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.db")
	if _, err := Open(t.Context(), path); !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	if got := listing(t, filepath.Dir(path)); got != "" {
		t.Fatal("made", got)
	}
}

func TestCreateRefusesAnExistingFile(t *testing.T) {
	db := made(t)
	if _, err := Create(t.Context(), db.Path); !errors.Is(err, fs.ErrExist) {
		t.Fatal(err)
	}
	if n, err := count(t.Context(), db); n != 0 || err != nil {
		t.Fatal(n, err)
	}
}

func TestANewFileIsForItsOwnerOnly(t *testing.T) {
	db := made(t)
	entries, err := os.ReadDir(filepath.Dir(db.Path))
	must(t, err)
	for _, e := range entries {
		if info, _ := e.Info(); info.Mode().Perm() != 0o600 {
			t.Error(e.Name(), info.Mode())
		}
	}
}

func TestClosingLeavesExactlyOneFileWithEverythingInIt(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "odd name? 100%#.db")
	db, err := Create(t.Context(), path)
	must(t, err)
	must(t, leads().Migrate(t.Context(), db, nil))
	_, err = db.Exec(t.Context(), `insert into lead (name) values ('Asha')`)
	must(t, err)
	must(t, db.Close())
	must(t, db.Close())
	for range 2 { // the second time without having written
		if got := listing(t, dir); got != filepath.Base(path) {
			t.Fatal(got)
		}
		db, err = Open(t.Context(), path)
		must(t, err)
		if n, err := count(t.Context(), db); n != 1 || err != nil {
			t.Fatal(n, err)
		}
		must(t, db.Close())
	}
	if _, err := db.Exec(t.Context(), `delete from lead`); err == nil {
		t.Fatal("wrote to a closed file")
	}
}

func TestAFileThatIsOnlyReadCostsOneConnection(t *testing.T) {
	db := made(t)
	db.trim()
	for range 10 {
		_, err := count(t.Context(), db)
		must(t, err)
	}
	if n := db.readers.Stats().OpenConnections; n != 1 {
		t.Error("readers:", n)
	}
	if db.writer != nil {
		t.Error("there is a writer")
	}
}

func TestTrimmingKeepsOneReaderAndHarmsNothing(t *testing.T) {
	db := made(t)
	var all []*sql.Rows
	for range maxReaders {
		rows, err := db.Query(t.Context(), `select 1 union select 2`)
		must(t, err)
		all = append(all, rows)
	}
	for _, rows := range all {
		must(t, rows.Close())
	}
	_, err := db.Exec(t.Context(), `insert into lead (name) values ('Asha')`)
	must(t, err)
	db.trim()
	if r, w := db.readers.Stats().OpenConnections, db.writer.Stats().OpenConnections; r != 1 || w != 0 {
		t.Error(r, w)
	}
	_, err = db.Exec(t.Context(), `insert into lead (name) values ('Binod')`)
	must(t, err)
}

func TestWritesAreDurableAndChecked(t *testing.T) {
	db := made(t)
	_, err := db.Exec(t.Context(), `delete from lead`)
	must(t, err)
	for pragma, want := range map[string]string{
		"synchronous": "2", "journal_mode": "wal", "foreign_keys": "1", "trusted_schema": "0",
		"cell_size_check": "1", "busy_timeout": "5000", "temp_store": "2", "query_only": "0",
	} {
		var got string
		must(t, db.writer.QueryRow("pragma "+pragma).Scan(&got))
		if got != want {
			t.Error("writer:", pragma, got)
		}
		must(t, db.QueryRow(t.Context(), "pragma "+pragma).Scan(&got))
		if got != want && pragma != "query_only" {
			t.Error("reader:", pragma, got)
		}
	}
}

func TestNoOtherFileCanBeReachedFromAServingConnection(t *testing.T) {
	db, other := made(t), made(t)
	target := filepath.Join(t.TempDir(), "out.db")
	for _, query := range []string{`attach '` + other.Path + `' as other`, `vacuum into '` + target + `'`} {
		if _, err := db.Exec(t.Context(), query); err == nil {
			t.Error("the writer did:", query)
		}
		if rows, err := db.Query(t.Context(), query); err == nil {
			rows.Close()
			t.Error("a reader did:", query)
		}
	}
	if _, err := os.Stat(target); err == nil {
		t.Error("something was written")
	}
}

func TestACopyIsWholeAndTheSource(t *testing.T) {
	db := made(t)
	_, err := db.Exec(t.Context(), `insert into lead (name) values ('Asha')`)
	must(t, err)
	dir := t.TempDir()
	path := filepath.Join(dir, "copy.db")
	must(t, db.CopyTo(t.Context(), path))
	if got := listing(t, dir); got != "copy.db" {
		t.Error(got)
	}
	if info, _ := os.Stat(path); info.Mode().Perm() != 0o600 {
		t.Error(info.Mode())
	}
	if err := db.CopyTo(t.Context(), path); !errors.Is(err, fs.ErrExist) {
		t.Error(err)
	}
	other, err := Open(t.Context(), path)
	must(t, err)
	defer other.Close()
	must(t, other.Verify(t.Context()))
	if n, err := count(t.Context(), other); n != 1 || err != nil {
		t.Error(n, err)
	}
	if pending, err := leads().Pending(t.Context(), other); len(pending) != 0 || err != nil {
		t.Error(pending, err)
	}
}
