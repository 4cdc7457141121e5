package data

import (
	"database/sql"
	"fmt"
	"path/filepath"
	"testing"
)

func BenchmarkOpen(b *testing.B) {
	db := made(b)
	must(b, db.Close())
	for b.Loop() {
		db, err := Open(b.Context(), db.Path)
		must(b, err)
		_, err = count(b.Context(), db)
		must(b, err)
		must(b, db.Close())
	}
}

func BenchmarkInsert(b *testing.B) {
	db := made(b)
	for i := 0; b.Loop(); i++ {
		_, err := db.Exec(b.Context(), `insert into lead (name) values (?)`, i)
		must(b, err)
	}
}

// BenchmarkInsertFloor is the plain driver with the same settings.
func BenchmarkInsertFloor(b *testing.B) {
	path := filepath.Join(b.TempDir(), "a.db")
	db, err := sql.Open("sqlite", "file:"+path+"?_pragma=journal_mode(wal)&_pragma=synchronous(full)")
	must(b, err)
	defer db.Close()
	db.SetMaxOpenConns(1)
	_, err = db.Exec(`create table lead (id integer primary key, name text not null unique) strict`)
	must(b, err)
	for i := 0; b.Loop(); i++ {
		_, err := db.Exec(`insert into lead (name) values (?)`, fmt.Sprint(i))
		must(b, err)
	}
}

func BenchmarkQueryRow(b *testing.B) {
	db := made(b)
	_, err := db.Exec(b.Context(), `insert into lead (name) values ('Asha')`)
	must(b, err)
	for b.Loop() {
		var name string
		must(b, db.QueryRow(b.Context(), `select name from lead where id = ?`, 1).Scan(&name))
	}
}

func BenchmarkTemplateCopy(b *testing.B) {
	dir := b.TempDir()
	t := &Template{Dir: filepath.Join(dir, "template"), Schema: leads()}
	_, err := t.Path(b.Context())
	must(b, err)
	for i := 0; b.Loop(); i++ {
		must(b, t.CopyTo(b.Context(), filepath.Join(dir, fmt.Sprint(i))))
	}
}
