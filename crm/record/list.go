package record

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"rowhouse/crm/entity"
)

// Query says which records of a list, and how.
type Query struct {
	Filter entity.Filter
	Search string
	Sort   string   // field, with - before it for the largest first
	Fields []string // what to read; empty is what the list shows
	Size   int
	After  string // the cursor of the page before, or empty
	Before string // the cursor of the page behind, or empty
}

// Page is a part of a list, with the cursors of its ends: empty where there is no more.
type Page struct {
	Rows           []Row
	Newer, Further string
}

// MaxPage is the largest page.
const MaxPage = 100

// List returns one page of the records that the actor may see.
func (s *Store) List(ctx context.Context, e *entity.Entity, want Query) (Page, error) {
	if s.Actor.Right(e).View == None {
		return Page{}, denied("seeing", e)
	}
	size := min(max(want.Size, 1), MaxPage)
	fields := e.Pick(want.Fields)
	sort, desc := want.order(e)
	q, err := s.listSQL(e, want, fields, sort, desc, size)
	if err != nil {
		return Page{}, err
	}
	rows, keys, err := s.scan(ctx, q, fields)
	if err != nil {
		return Page{}, fmt.Errorf("list %s: %w", e.Name, err)
	}
	more := len(rows) > size
	if more {
		rows, keys = rows[:size], keys[:size]
	}
	if want.Before != "" {
		slices.Reverse(rows)
		slices.Reverse(keys)
	}
	page := Page{Rows: rows}
	if n := len(rows); n > 0 {
		if want.Before != "" && more || want.After != "" {
			page.Newer = cursor(keys[0], rows[0].ID)
		}
		if want.Before != "" || more {
			page.Further = cursor(keys[n-1], rows[n-1].ID)
		}
	}
	return page, nil
}

// order is the field to sort by: one that e has, or e's own.
func (want Query) order(e *entity.Entity) (entity.Field, bool) {
	for _, sort := range []string{want.Sort, e.Sort, "-created_at"} {
		if f, ok := e.Field(strings.TrimPrefix(sort, "-")); ok && sort != "" && !f.Hidden {
			return f, strings.HasPrefix(sort, "-")
		}
	}
	panic("record: every entity has created_at")
}

func (s *Store) listSQL(e *entity.Entity, want Query, fields []entity.Field, sort entity.Field, desc bool, size int) (*query, error) {
	q := &query{}
	key := sortColumn(sort)
	q.add("select t.id, t.version, coalesce(t.deleted_at, 0), " + key)
	s.columns(e, fields, q)
	q.add(" from " + quote(e.Name) + " t where ")
	if err := s.conditions(e, want, q); err != nil {
		return nil, err
	}
	at := want.After
	if want.Before != "" {
		at, desc = want.Before, !desc
	}
	sign, way := ">", ""
	if desc {
		sign, way = "<", " desc"
	}
	if at != "" {
		value, id, err := readCursor(at)
		if err != nil {
			return nil, err
		}
		q.add(" and ("+key+", t.id) "+sign+" (?, ?)", value, id)
	}
	// The limit is written out: the sizes are few, and a bound one would have the statement planned anew each time.
	q.add(" order by " + key + way + ", t.id" + way + " limit " + strconv.Itoa(size+1))
	return q, nil
}

// conditions are those of rights, trash, filter and search; every list, count, sum and export has them from here.
func (s *Store) conditions(e *entity.Entity, want Query, q *query) error {
	q.add("t.deleted_at is null")
	if level := s.Actor.Right(e).View; level < All {
		q.add(" and ")
		s.sees(e, "t", q)
	}
	if want.Search != "" {
		match := matchAll(want.Search)
		if match == "" {
			q.add(" and 0")
		} else {
			q.add(" and t.id in (select rowid from "+quote(e.Name+"_search")+" where "+quote(e.Name+"_search")+" match ?)", match)
		}
	}
	if want.Filter.Empty() {
		return nil
	}
	q.add(" and ")
	return s.where(e, want.Filter, q)
}
