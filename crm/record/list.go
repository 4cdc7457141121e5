package record

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"rowhouse/crm/entity"
	"rowhouse/data/fault"
	"rowhouse/data/money"
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

// sortColumn is the expression a list is sorted by; it is never null, as a cursor must compare with it.
func sortColumn(f entity.Field) string {
	column := "t." + quote(f.Name)
	switch {
	case f.Name == "created_at" || f.Name == "updated_at":
		return column // never null, and with an index
	case f.Kind.Class() == entity.Chosen && f.Kind.Word() == "pick":
		return "coalesce((select position * 100000 + id from choice where id = " + column + "), 0)"
	case f.Kind.Class() == entity.Words:
		return column + " collate nocase"
	case strings.HasPrefix(f.Kind.Columns()[0].Type, "integer"):
		return "coalesce(" + column + ", -9e15)"
	}
	return column
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
		s.scope(e, level, "t", q)
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

// columns adds the columns of fields to a select; a link brings the title of the other record, if it may be seen.
func (s *Store) columns(e *entity.Entity, fields []entity.Field, q *query) {
	for _, f := range fields {
		for _, c := range f.Kind.Columns() {
			q.add(", t." + quote(f.Name+c.Suffix))
		}
		if link, ok := f.Kind.(entity.Link); ok {
			s.linkTitle(f, link, q)
		}
	}
}

func (s *Store) linkTitle(f entity.Field, link entity.Link, q *query) {
	to := s.Book.Entity(link.To)
	if to == nil {
		q.add(", ''")
		return
	}
	q.add(", (select l." + quote(to.Title) + " from " + quote(to.Name) + " l where l.id = t." + quote(f.Name) + " and l.deleted_at is null")
	if level := s.Actor.Right(to).View; level < All {
		q.add(" and ")
		s.scope(to, level, "l", q)
	}
	q.add(")")
}

// scan runs a select of id, version, deleted_at, key and columns.
func (s *Store) scan(ctx context.Context, q *query, fields []entity.Field) ([]Row, []any, error) {
	rows, err := s.DB.Query(ctx, q.String(), q.args...)
	if err != nil {
		return nil, nil, err
	}
	defer rows.Close()
	var list []Row
	var keys []any
	for rows.Next() {
		row, key, err := scanRow(rows.Scan, fields)
		if err != nil {
			return nil, nil, err
		}
		list = append(list, row)
		keys = append(keys, key)
	}
	return list, keys, rows.Err()
}

func scanRow(scan func(...any) error, fields []entity.Field) (Row, any, error) {
	width := 0
	for _, f := range fields {
		width += width1(f)
	}
	var deleted int64
	var key any
	row := Row{Fields: fields, Values: make([]any, len(fields))}
	kept := make([]any, width)
	into := make([]any, 0, 4+width)
	into = append(into, &row.ID, &row.Version, &deleted, &key)
	for i := range kept {
		into = append(into, &kept[i])
	}
	if err := scan(into...); err != nil {
		return row, nil, err
	}
	if deleted > 0 {
		row.Deleted = time.UnixMilli(deleted).UTC()
	}
	at := 0
	for i, f := range fields {
		n := width1(f)
		row.Values[i] = f.Kind.Scan(kept[at : at+n])
		at += n
	}
	return row, key, nil
}

// width1 is how many columns of a select a field takes.
func width1(f entity.Field) int {
	n := len(f.Kind.Columns())
	if _, ok := f.Kind.(entity.Link); ok {
		n++
	}
	return n
}

func cursor(key any, id int64) string {
	b, err := json.Marshal([]any{key, id})
	if err != nil {
		return ""
	}
	return base64.RawURLEncoding.EncodeToString(b)
}

func readCursor(s string) (key any, id int64, err error) {
	stale := fault.New(fault.Invalid, "This page of the list cannot be found any more. Please start from its first page.")
	b, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil || len(b) > 2000 {
		return nil, 0, stale
	}
	var pair []json.RawMessage
	if json.Unmarshal(b, &pair) != nil || len(pair) != 2 || json.Unmarshal(pair[1], &id) != nil {
		return nil, 0, stale
	}
	var n int64
	var text string
	var real float64
	switch {
	case json.Unmarshal(pair[0], &n) == nil:
		return n, id, nil
	case json.Unmarshal(pair[0], &real) == nil:
		return real, id, nil
	case json.Unmarshal(pair[0], &text) == nil:
		return text, id, nil
	}
	return nil, 0, stale
}

// Totals is how many records a query finds, and the sums of a field of money, one for each currency.
type Totals struct {
	Count int64
	Sums  []money.Amount
}

// Totals counts and adds up. It is worked out anew only after the file was written.
func (s *Store) Totals(ctx context.Context, e *entity.Entity, want Query, sum string) (Totals, error) {
	q := &query{}
	if sum == "" {
		q.add("select count(*), '', 0 from " + quote(e.Name) + " t where ")
	} else {
		q.add("select count(*), t." + quote(sum+"_currency") + ", coalesce(sum(t." + quote(sum) + "), 0) from " + quote(e.Name) + " t where ")
	}
	if err := s.conditions(e, want, q); err != nil {
		return Totals{}, err
	}
	if sum != "" {
		q.add(" group by 2 order by 3 desc")
	}
	made, err := s.DB.Memo("totals/"+q.String()+fmt.Sprint(q.args), func() (any, error) {
		var t Totals
		err := each(ctx, s.DB, func(scan func(...any) error) error {
			var n int64
			var a money.Amount
			if err := scan(&n, &a.Currency, &a.Minor); err != nil {
				return err
			}
			t.Count += n
			if a.Currency != "" {
				t.Sums = append(t.Sums, a)
			}
			return nil
		}, q.String(), q.args...)
		return t, err
	})
	if err != nil {
		return Totals{}, fmt.Errorf("totals of %s: %w", e.Name, err)
	}
	return made.(Totals), nil
}
