package custom

import (
	"context"
	"database/sql"
	"time"

	"rowhouse/data/fault"
)

// Version is one upload of a module.
type Version struct {
	Number int
	At     time.Time
	By     string
}

// Versions are the uploads of a module, the newest first.
func (s *Shelf) Versions(ctx context.Context, name string) ([]Version, error) {
	rows, err := s.DB.Query(ctx, `select version, uploaded_at, uploaded_by from module where name = ? order by version desc`, name)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []Version
	for rows.Next() {
		var v Version
		var at int64
		if err := rows.Scan(&v.Number, &at, &v.By); err != nil {
			return nil, err
		}
		v.At = time.UnixMilli(at).UTC()
		list = append(list, v)
	}
	return list, rows.Err()
}

// Text is a version of a module as it was uploaded.
func (s *Shelf) Text(ctx context.Context, name string, version int) (text string, err error) {
	err = s.DB.QueryRow(ctx, `select description from module where name = ? and version = ?`, name, version).Scan(&text)
	if err == sql.ErrNoRows {
		return "", fault.New(fault.Missing, "There is no such module.")
	}
	return text, err
}
