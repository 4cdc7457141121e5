package record

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"rowhouse/crm/entity"
)

// TrashLife is how long deleted records can be brought back.
const TrashLife = 30 * 24 * time.Hour

// Delete puts a record into the trash.
func (s *Store) Delete(ctx context.Context, e *entity.Entity, id int64) error {
	err := s.tx(ctx, func(tx *sql.Tx) error { return s.delete(ctx, tx, e, id) })
	if err != nil {
		return fmt.Errorf("delete %s %d: %w", e.Name, id, err)
	}
	s.publish(e.Name, Topic(e, id))
	return nil
}

func (s *Store) delete(ctx context.Context, tx *sql.Tx, e *entity.Entity, id int64) error {
	row, err := s.readTx(ctx, tx, e, id, s.Actor.Right(e).Delete, "deleting")
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, "update "+quote(e.Name)+" set deleted_at = ?, deleted_by = ?, version = version + 1 where id = ?", s.Now.UnixMilli(), s.by(), id); err != nil {
		return err
	}
	if err := unindex(ctx, tx, e, id); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `delete from twin where entity = ? and record = ?`, e.Name, id); err != nil {
		return err
	}
	return s.log(ctx, tx, "deleted", e, id, s.Title(e, row), nil)
}

// Restore brings a record back from the trash. Who may delete it may restore it.
func (s *Store) Restore(ctx context.Context, e *entity.Entity, id int64) error {
	err := s.tx(ctx, func(tx *sql.Tx) error {
		q := (&query{}).add("select t.id, t.version, coalesce(t.deleted_at, 0), 0")
		s.columns(e, e.Fields, q)
		q.add(" from "+quote(e.Name)+" t where t.id = ? and t.deleted_at is not null and ", id)
		s.scope(e, s.Actor.Right(e).Delete, "t", q)
		row, _, err := scanRow(tx.QueryRowContext(ctx, q.String(), q.args...).Scan, e.Fields)
		if err == sql.ErrNoRows {
			return missing(e)
		}
		if err != nil {
			return err
		}
		if err := s.free(ctx, tx, e); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, "update "+quote(e.Name)+" set deleted_at = null, deleted_by = null, version = version + 1 where id = ?", id); err != nil {
			return err
		}
		if err := s.refind(ctx, tx, e, id, row.values()); err != nil {
			return err
		}
		return s.log(ctx, tx, "restored", e, id, s.Title(e, &row), nil)
	})
	if err != nil {
		return fmt.Errorf("restore %s %d: %w", e.Name, id, err)
	}
	s.publish(e.Name, Topic(e, id))
	return nil
}

func (r *Row) values() Values {
	v := Values{}
	for i, f := range r.Fields {
		v[f.Name] = r.Values[i]
	}
	return v
}

// Trashed is one deleted record.
type Trashed struct {
	Entity  *entity.Entity
	ID      int64
	Title   string
	At      time.Time
	By      int64
	EndsDay time.Time // when it is purged
}

// Trash lists the newest deleted records that the actor may restore.
func (s *Store) Trash(ctx context.Context, limit int) ([]Trashed, error) {
	var list []Trashed
	for _, e := range s.Book.Entities {
		level := s.Actor.Right(e).Delete
		if level == None {
			continue
		}
		q := (&query{}).add("select t.id, t." + quote(e.Title) + ", t.deleted_at, coalesce(t.deleted_by, 0) from " + quote(e.Name) + " t where t.deleted_at is not null and ")
		s.scope(e, level, "t", q)
		q.add(" order by t.deleted_at desc limit ?", limit)
		err := each(ctx, s.DB, func(scan func(...any) error) error {
			t := Trashed{Entity: e}
			var at int64
			if err := scan(&t.ID, &t.Title, &at, &t.By); err != nil {
				return err
			}
			t.At = time.UnixMilli(at).UTC()
			t.EndsDay = t.At.Add(TrashLife)
			list = append(list, t)
			return nil
		}, q.String(), q.args...)
		if err != nil {
			return nil, fmt.Errorf("trash of %s: %w", e.Name, err)
		}
	}
	return list, nil
}
