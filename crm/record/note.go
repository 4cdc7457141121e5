package record

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"

	"rowhouse/crm/entity"
	"rowhouse/data/fault"
)

// Note is what somebody wrote on a record.
type Note struct {
	ID, Author int64
	Body       string
	At, Edited time.Time
}

const noteMost = 10000

// AddNote writes a note on a record that the actor may see, and returns who was mentioned in it.
func (s *Store) AddNote(ctx context.Context, e *entity.Entity, id int64, body string) (mentioned []int64, err error) {
	body = strings.TrimSpace(strings.ReplaceAll(body, "\r\n", "\n"))
	if body == "" || len([]rune(body)) > noteMost {
		return nil, fault.New(fault.Invalid, "A note needs some words, at most %d characters.", noteMost)
	}
	err = s.tx(ctx, func(tx *sql.Tx) error {
		if _, err := s.readTx(ctx, tx, e, id, s.Actor.Right(e).View, "seeing"); err != nil {
			return err
		}
		done, err := tx.ExecContext(ctx, `insert into note (entity, record, author, body, created_at) values (?, ?, ?, ?, ?)`, e.Name, id, s.Actor.ID, body, s.Now.UnixMilli())
		if err != nil {
			return err
		}
		note, err := done.LastInsertId()
		if err != nil {
			return err
		}
		for _, p := range s.mentions(body) {
			if _, err := tx.ExecContext(ctx, `insert or ignore into mention (note, staff) values (?, ?)`, note, p); err != nil {
				return err
			}
			mentioned = append(mentioned, p)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("note on %s %d: %w", e.Name, id, err)
	}
	s.publish(Topic(e, id))
	return mentioned, nil
}

// mentions are the staff whose names stand behind an @ in a text.
func (s *Store) mentions(body string) []int64 {
	var ids []int64
	low := strings.ToLower(body)
	for _, p := range s.Book.Staff() {
		if p.Active && p.Name != "" && strings.Contains(low, "@"+strings.ToLower(p.Name)) {
			ids = append(ids, p.ID)
		}
	}
	return ids
}

func (s *Store) notes(ctx context.Context, e *entity.Entity, id int64, limit int) ([]Note, error) {
	var notes []Note
	err := each(ctx, s.DB, func(scan func(...any) error) error {
		var n Note
		var at, edited int64
		if err := scan(&n.ID, &n.Author, &n.Body, &at, &edited); err != nil {
			return err
		}
		n.At = time.UnixMilli(at).UTC()
		if edited > 0 {
			n.Edited = time.UnixMilli(edited).UTC()
		}
		notes = append(notes, n)
		return nil
	}, `select id, author, body, created_at, coalesce(edited_at, 0) from note where entity = ? and record = ? and deleted_at is null order by id desc limit ?`, e.Name, id, limit)
	return notes, err
}

// DeleteNote removes one's own note; administrators may remove any.
func (s *Store) DeleteNote(ctx context.Context, e *entity.Entity, id, note int64) error {
	err := s.tx(ctx, func(tx *sql.Tx) error {
		if _, err := s.readTx(ctx, tx, e, id, s.Actor.Right(e).View, "seeing"); err != nil {
			return err
		}
		done, err := tx.ExecContext(ctx, `update note set deleted_at = ? where id = ? and entity = ? and record = ? and deleted_at is null and (author = ? or ?)`,
			s.Now.UnixMilli(), note, e.Name, id, s.Actor.ID, s.Actor.Admin)
		return oneRow(done, err, "This note does not exist, or was written by somebody else.")
	})
	if err == nil {
		s.publish(Topic(e, id))
	}
	return err
}

// oneRow is nil if a statement changed something, and else the fault that there was nothing.
func oneRow(done sql.Result, err error, otherwise string) error {
	if err != nil {
		return err
	}
	if n, err := done.RowsAffected(); err != nil || n == 0 {
		return fault.Because(err, fault.Missing, otherwise) //nolint:govet // a constant at every caller
	}
	return nil
}

// Mentioned is a note that mentions the actor.
type Mentioned struct {
	Note
	Entity *entity.Entity
	Record int64
	Seen   bool
}

// Mentions returns the newest notes that mention the actor, on records that he may see.
func (s *Store) Mentions(ctx context.Context, limit int) ([]Mentioned, error) {
	var list []Mentioned
	err := each(ctx, s.DB, func(scan func(...any) error) error {
		var m Mentioned
		var name string
		var at int64
		if err := scan(&m.ID, &m.Author, &m.Body, &at, &name, &m.Record, &m.Seen); err != nil {
			return err
		}
		m.At = time.UnixMilli(at).UTC()
		if m.Entity = s.Book.Entity(name); m.Entity != nil {
			list = append(list, m)
		}
		return nil
	}, `select n.id, n.author, n.body, n.created_at, n.entity, n.record, m.seen from mention m join note n on n.id = m.note
		where m.staff = ? and n.deleted_at is null order by n.id desc limit ?`, s.Actor.ID, limit)
	if err != nil {
		return nil, err
	}
	visible := list[:0]
	for _, m := range list {
		if _, err := s.Get(ctx, m.Entity, m.Record); err == nil {
			visible = append(visible, m)
		}
	}
	return visible, nil
}
