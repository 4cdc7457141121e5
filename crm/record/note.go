package record

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

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

// AddNote writes a note on a record that the actor may see, and returns its id and who else was mentioned in it.
func (s *Store) AddNote(ctx context.Context, e *entity.Entity, id int64, body string) (note int64, mentioned []int64, err error) {
	if body = entity.Lines(body); body == "" || len([]rune(body)) > noteMost {
		return 0, nil, fault.New(fault.Invalid, "A note needs some words, at most %d characters.", noteMost)
	}
	err = s.tx(ctx, func(tx *sql.Tx) error {
		if _, err := s.readTx(ctx, tx, e, id, s.Actor.Right(e).View, "seeing"); err != nil {
			return err
		}
		done, err := tx.ExecContext(ctx, `insert into note (entity, record, author, body, created_at) values (?, ?, ?, ?, ?)`, e.Name, id, s.Actor.ID, body, s.Now.UnixMilli())
		if err != nil {
			return err
		}
		if note, err = done.LastInsertId(); err != nil {
			return err
		}
		mentioned = s.mentioned(body)
		for _, p := range mentioned {
			if _, err := tx.ExecContext(ctx, `insert into mention (note, staff) values (?, ?)`, note, p); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return 0, nil, fmt.Errorf("note on %s %d: %w", e.Name, id, err)
	}
	s.publish(Topic(e, id))
	return note, mentioned, nil
}

// mentioned are the active staff whose names stand behind an @ in a text, each once, without who writes it.
func (s *Store) mentioned(body string) []int64 {
	var ids []int64
	for _, m := range s.Book.InText(body) {
		if m.Active && m.ID != s.Actor.ID && !slices.Contains(ids, m.ID) {
			ids = append(ids, m.ID)
		}
	}
	return ids
}

// InText is a member of staff whose name stands in a text, from the byte From (the @) to the byte To.
type InText struct {
	entity.Staffer
	From, To int
}

// InText finds the names of staff behind an @ in a text, in its order. Of names that begin alike the longest counts,
// and an @ inside a word, as in an address, does not.
func (b *Book) InText(text string) []InText {
	var found []InText
	for from := 0; ; {
		i := strings.IndexByte(text[from:], '@')
		if i < 0 {
			return found
		}
		at := from + i
		from = at + 1
		if before, _ := utf8.DecodeLastRuneInString(text[:at]); isWord(before) {
			continue
		}
		best := InText{}
		for _, p := range b.staff {
			to := at + 1 + len(p.Name)
			if p.Name == "" || to > len(text) || to <= best.To || !strings.EqualFold(text[at+1:to], p.Name) {
				continue
			}
			if after, _ := utf8.DecodeRuneInString(text[to:]); !isWord(after) {
				best = InText{p, at, to}
			}
		}
		if best.To > 0 {
			found, from = append(found, best), best.To
		}
	}
}

func isWord(r rune) bool { return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r)) }

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
