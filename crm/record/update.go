package record

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"rowhouse/crm/entity"
	"rowhouse/data/fault"
	"rowhouse/ui"
)

// Update changes some fields of a record. version is the one that the person saw; if it is no longer the
// newest, nothing is changed and the fault says who changed what. Version 0 does not compare.
func (s *Store) Update(ctx context.Context, e *entity.Entity, id, version int64, values Values) (int64, error) {
	var next int64
	err := s.tx(ctx, func(tx *sql.Tx) error {
		var err error
		next, err = s.update(ctx, tx, e, id, version, values)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("update %s %d: %w", e.Name, id, err)
	}
	s.publish(e.Name, Topic(e, id))
	return next, nil
}

// Topic is what an open page of one record listens to.
func Topic(e *entity.Entity, id int64) string { return e.Name + "-" + strconv.FormatInt(id, 10) }

func (s *Store) update(ctx context.Context, tx *sql.Tx, e *entity.Entity, id, version int64, values Values) (int64, error) {
	old, err := s.forEdit(ctx, tx, e, id)
	if err != nil {
		return 0, err
	}
	if version != 0 && version != old.Version {
		return 0, s.stale(ctx, tx, e, old)
	}
	all, changed, changes, err := s.merge(e, old, values)
	if err != nil {
		return 0, err
	}
	if len(changes) == 0 {
		return old.Version, nil
	}
	if _, moved := changes[e.Board.By]; moved {
		if err := s.demandReason(e, all); err != nil {
			return 0, err
		}
	}
	q := (&query{}).add("update "+quote(e.Name)+" set version = version + 1, updated_at = ?, updated_by = ?", s.Now.UnixMilli(), s.by())
	for _, f := range changed {
		kept := f.Kind.Store(all[f.Name])
		for i, c := range f.Kind.Columns() {
			q.add(", "+quote(f.Name+c.Suffix)+" = ?", kept[i])
		}
	}
	q.add(" where id = ?", id)
	if _, err := tx.ExecContext(ctx, q.String(), q.args...); err != nil {
		return 0, err
	}
	if err := s.refind(ctx, tx, e, id, all); err != nil {
		return 0, err
	}
	_, given := changes["owner"]
	if err := s.tellOwner(ctx, tx, e, id, all, given); err != nil {
		return 0, err
	}
	return old.Version + 1, s.log(ctx, tx, "updated", e, id, s.titleOf(e, all), changes)
}

// Changes are fields and what they held before and hold now, in words.
type Changes map[string][2]string

// merge lays values over a record and returns what it holds then, which fields change, and how.
func (s *Store) merge(e *entity.Entity, old *Row, values Values) (Values, []entity.Field, Changes, error) {
	all, changes := Values{}, Changes{}
	var changed []entity.Field
	problems := ui.Problems{}
	for _, f := range e.Fields {
		before := old.Value(f.Name)
		all[f.Name] = before
		after, ok := values[f.Name]
		if !ok || slices.Equal(f.Kind.Store(before), f.Kind.Store(after)) {
			continue
		}
		if f.Required && entity.Empty(after) {
			problems.Add(f.Name, "Please fill this in.")
		}
		all[f.Name] = after
		changed = append(changed, f)
		changes[f.Name] = [2]string{f.Kind.Text(before, s.Draw()), f.Kind.Text(after, s.Draw())}
	}
	return all, changed, changes, problems.Err()
}

// forEdit reads a record that the actor may change.
func (s *Store) forEdit(ctx context.Context, tx *sql.Tx, e *entity.Entity, id int64) (*Row, error) {
	return s.readTx(ctx, tx, e, id, s.Actor.Right(e).Edit, "changing")
}

// stale says who changed a record since it was shown.
func (s *Store) stale(ctx context.Context, tx *sql.Tx, e *entity.Entity, old *Row) error {
	var staff sql.NullInt64
	err := tx.QueryRowContext(ctx, `select staff from activity where entity = ? and record = ? and act = 'updated' order by id desc limit 1`, e.Name, old.ID).Scan(&staff)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	if p, ok := s.Book.Staffer(staff.Int64); ok && staff.Int64 != s.Actor.ID {
		return fault.New(fault.Conflict, "%s changed this %s while you were typing. What you typed is below; save again to put it over the newest version.", p.Name, e.One)
	}
	return fault.New(fault.Conflict, "This %s was changed in another window while you were typing. What you typed is below; save again to put it over the newest version.", e.One)
}
