package record

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"rowhouse/crm/entity"
	"rowhouse/data/fault"
)

// readTx reads a record inside a transaction. One that may be seen but not touched at level is denied.
func (s *Store) readTx(ctx context.Context, tx *sql.Tx, e *entity.Entity, id int64, level Level, what string) (*Row, error) {
	q := (&query{}).add("select t.id, t.version, coalesce(t.deleted_at, 0), (")
	if what == "seeing" {
		s.sees(e, "t", q)
	} else {
		s.scope(e, level, "t", q)
	}
	q.add(")")
	s.columns(e, e.Fields, q)
	q.add(" from "+quote(e.Name)+" t where t.id = ? and t.deleted_at is null and ", id)
	s.sees(e, "t", q)
	row, allowed, err := scanRow(tx.QueryRowContext(ctx, q.String(), q.args...).Scan, e.Fields)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return nil, missing(e)
	case err != nil:
		return nil, err
	case allowed != int64(1):
		return nil, denied(what, e)
	}
	return &row, nil
}

// Get reads a record with all its fields, and whether the actor may edit and delete it.
func (s *Store) Get(ctx context.Context, e *entity.Entity, id int64) (*Row, error) {
	q := (&query{}).add("select t.id, t.version, coalesce(t.deleted_at, 0), 0")
	fields := append(slices.Clone(e.Fields), entity.Base...)
	s.columns(e, fields, q)
	q.add(" from "+quote(e.Name)+" t where t.id = ? and t.deleted_at is null and ", id)
	s.sees(e, "t", q)
	rows, _, err := s.scan(ctx, q, fields)
	if err != nil {
		return nil, fmt.Errorf("read %s %d: %w", e.Name, id, err)
	}
	if len(rows) == 0 {
		return nil, missing(e)
	}
	return &rows[0], nil
}

// May tells whether the actor may edit and delete a record that he sees.
func (s *Store) May(ctx context.Context, e *entity.Entity, id int64) (edit, remove bool, err error) {
	r := s.Actor.Right(e)
	if r.Edit == All && r.Delete == All {
		return true, true, nil
	}
	q := (&query{}).add("select (")
	s.scope(e, r.Edit, "t", q)
	q.add("), (")
	s.scope(e, r.Delete, "t", q)
	q.add(") from "+quote(e.Name)+" t where t.id = ?", id)
	err = s.DB.QueryRow(ctx, q.String(), q.args...).Scan(&edit, &remove)
	return edit, remove, err
}

// find returns the id of the record that a text means: "#12", "12", a title that only one has, or "Title #12".
// A title may itself end like an id, or be a number.
func (s *Store) find(name, text string) (int64, error) {
	e := s.Book.Entity(name)
	if e == nil || s.Actor.Right(e).View == None {
		return 0, fault.New(fault.Invalid, "This cannot be linked here.")
	}
	at := strings.LastIndexByte(text, '#')
	id, err := strconv.ParseInt(text[at+1:], 10, 64)
	byID := func() ([]int64, error) {
		if err != nil {
			return nil, nil
		}
		return s.linkable(e, "t.id = ?", id)
	}
	byTitle := func() ([]int64, error) {
		return s.linkable(e, "t."+quote(e.Title)+" = ? collate nocase", text)
	}
	ways := []func() ([]int64, error){byTitle, byID}
	if at <= 0 {
		slices.Reverse(ways)
	}
	for _, way := range ways {
		switch ids, err := way(); {
		case err != nil:
			return 0, err
		case len(ids) == 1:
			return ids[0], nil
		case len(ids) > 1:
			return 0, fault.New(fault.Invalid, "Several have this name. Please choose one of the suggestions.")
		}
	}
	return 0, fault.New(fault.Invalid, "No %s has this name. Please choose one of the suggestions.", e.One)
}

// linkable returns the ids of at most two records that the actor may see and to which a condition applies.
func (s *Store) linkable(e *entity.Entity, condition string, arg any) (ids []int64, err error) {
	q := (&query{}).add("select t.id from "+quote(e.Name)+" t where t.deleted_at is null and "+condition+" and ", arg)
	s.sees(e, "t", q)
	q.add(" limit 2")
	err = each(context.Background(), s.DB, func(scan func(...any) error) error {
		ids = append(ids, 0)
		return scan(&ids[len(ids)-1])
	}, q.String(), q.args...)
	return ids, err
}

// MayFollow tells whether the actor may be told that a topic changed: "lead", "lead-7", "import-3".
func (s *Store) MayFollow(ctx context.Context, topic string) bool {
	name, number, one := strings.Cut(topic, "-")
	e := s.Book.Entity(name)
	switch {
	case name == "import":
		return true // tells only that some import goes on
	case e == nil || s.Actor.Right(e).View == None:
		return false
	case !one:
		return true
	}
	id, err := strconv.ParseInt(number, 10, 64)
	if err != nil {
		return false
	}
	_, err = s.Get(ctx, e, id)
	return err == nil
}
