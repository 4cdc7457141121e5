package main

import (
	"context"
	"database/sql"
	"net/http"
	"time"
)

// The floor's SQL: what the list, the record's page and the form run, without rights, merging and logs.
const (
	floorList = `select id, version, name, company, status, value, value_currency, emails, phones, source, owner, next_follow_up, created_at
		from lead where deleted_at is null order by created_at desc, id desc limit 51`
	floorInsert = `insert into lead (created_at, created_by, updated_at, updated_by, place, name, company, emails, status, owner) values (?, 1, ?, 1, ?, ?, 'Floor', '[]', 1, 1)`
)

// startFloor serves the plain database: a copy of the same file, one prepared statement, an empty answer.
func (b *bench) startFloor(ctx context.Context, path string) error {
	db, done, err := b.app.tenants.Files.Use(ctx, "acme")
	if err != nil {
		return err
	}
	defer done()
	if err := db.CopyTo(ctx, path); err != nil {
		return err
	}
	if b.plain, err = sql.Open("sqlite", "file:"+path+"?_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=foreign_keys(1)&_pragma=busy_timeout(5000)"); err != nil {
		return err
	}
	list, err := b.plain.PrepareContext(ctx, floorList)
	if err != nil {
		return err
	}
	insert, err := b.plain.PrepareContext(ctx, floorInsert)
	if err != nil {
		return err
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /list", func(w http.ResponseWriter, r *http.Request) { fail(w, readAll(r.Context(), list)) })
	mux.HandleFunc("POST /create", func(w http.ResponseWriter, r *http.Request) {
		now := time.Now().UnixMilli()
		_, err := insert.ExecContext(r.Context(), now, now, now, "Floor")
		fail(w, err)
	})
	b.floor, b.base, err = serveOn(mux)
	return err
}

func fail(w http.ResponseWriter, err error) {
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
	}
}

func readAll(ctx context.Context, s *sql.Stmt) error {
	rows, err := s.QueryContext(ctx)
	if err != nil {
		return err
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return err
	}
	into := make([]any, len(columns))
	for i := range into {
		into[i] = new(any)
	}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return err
		}
	}
	return rows.Err()
}

func (b *bench) floorOf(method, path string) func() error {
	return func() error {
		r, err := http.NewRequest(method, b.base+path, nil)
		if err != nil {
			return err
		}
		return b.send(r, http.StatusOK)
	}
}
