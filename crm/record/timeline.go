package record

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"rowhouse/crm/entity"
)

// log enters what was done into the activity log.
func (s *Store) log(ctx context.Context, tx *sql.Tx, act string, e *entity.Entity, id int64, title string, changes Changes) error {
	text := ""
	if len(changes) > 0 {
		b, err := json.Marshal(changes)
		if err != nil {
			return err
		}
		text = string(b)
	}
	return Log(ctx, tx, s.Now, Act{Staff: s.Actor.ID, Act: act, Entity: e.Name, Record: id, Title: title, Changes: text, IP: s.IP})
}

// Act is one entry of the activity log.
type Act struct {
	ID, Staff   int64
	Act, Entity string
	Record      int64
	Title       string
	Changes     string // JSON of Changes
	IP          string
	At          time.Time
}

// Log enters an act into the log, in the transaction of what it tells about.
func Log(ctx context.Context, tx *sql.Tx, now time.Time, a Act) error {
	var staff any
	if a.Staff != 0 {
		staff = a.Staff
	}
	_, err := tx.ExecContext(ctx, `insert into activity (at, staff, act, entity, record, title, changes, ip) values (?, ?, ?, ?, ?, ?, ?, ?)`,
		now.UnixMilli(), staff, a.Act, a.Entity, a.Record, a.Title, a.Changes, a.IP)
	return err
}

// Acts returns the entries of the log before the one with the id before (0: the newest), for administrators.
func (s *Store) Acts(ctx context.Context, before int64, limit int) ([]Act, error) {
	if before == 0 {
		before = 1 << 62
	}
	return s.acts(ctx, `where id < ? order by id desc limit ?`, before, limit)
}

func (s *Store) acts(ctx context.Context, rest string, args ...any) ([]Act, error) {
	var list []Act
	err := each(ctx, s.DB, func(scan func(...any) error) error {
		var a Act
		var at int64
		if err := scan(&a.ID, &at, &a.Staff, &a.Act, &a.Entity, &a.Record, &a.Title, &a.Changes, &a.IP); err != nil {
			return err
		}
		a.At = time.UnixMilli(at).UTC()
		list = append(list, a)
		return nil
	}, `select id, at, coalesce(staff, 0), act, entity, record, title, changes, ip from activity `+rest, args...)
	return list, err
}

// Event is one entry of a record's timeline: a change, a note or a file.
type Event struct {
	At      time.Time
	Staff   int64
	Act     string // created, updated, deleted, restored, note, file
	Changes Changes
	Note    *Note
	File    *File
}

// Timeline returns what happened to a record that the caller has read with Get, the newest first.
func (s *Store) Timeline(ctx context.Context, e *entity.Entity, id int64, limit int) ([]Event, error) {
	acts, err := s.acts(ctx, `where entity = ? and record = ? order by id desc limit ?`, e.Name, id, limit)
	if err != nil {
		return nil, fmt.Errorf("timeline of %s %d: %w", e.Name, id, err)
	}
	var events []Event
	for _, a := range acts {
		ev := Event{At: a.At, Staff: a.Staff, Act: a.Act}
		if a.Changes != "" {
			if err := json.Unmarshal([]byte(a.Changes), &ev.Changes); err != nil {
				return nil, err
			}
		}
		events = append(events, ev)
	}
	notes, err := s.notes(ctx, e, id, limit)
	if err != nil {
		return nil, err
	}
	for _, n := range notes {
		events = append(events, Event{At: n.At, Staff: n.Author, Act: "note", Note: &n})
	}
	files, err := s.FilesOf(ctx, e, id)
	if err != nil {
		return nil, err
	}
	for _, f := range files {
		events = append(events, Event{At: f.At, Staff: f.Author, Act: "file", File: &f})
	}
	slices.SortStableFunc(events, func(a, b Event) int { return b.At.Compare(a.At) })
	return events[:min(len(events), limit)], nil
}
