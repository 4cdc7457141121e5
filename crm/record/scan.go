package record

import (
	"context"
	"time"

	"rowhouse/crm/entity"
)

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
		s.sees(to, "l", q)
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
