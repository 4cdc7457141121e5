package record

import (
	"context"
	"database/sql"

	"rowhouse/crm/entity"
	"rowhouse/data/fault"
)

// View is a list as somebody has saved it: its filter, order and columns.
type View struct {
	ID, Owner int64
	Name      string
	Shared    bool
	Query     string // as in the address of the list
}

// Views returns the actor's own views of an entity and the shared ones, by name.
func (s *Store) Views(ctx context.Context, e *entity.Entity) ([]View, error) {
	var views []View
	err := each(ctx, s.DB, func(scan func(...any) error) error {
		var v View
		if err := scan(&v.ID, &v.Owner, &v.Name, &v.Shared, &v.Query); err != nil {
			return err
		}
		views = append(views, v)
		return nil
	}, `select id, owner, name, shared, query from view where entity = ? and (owner = ? or shared = 1) order by shared, name`, e.Name, s.Actor.ID)
	return views, err
}

// SaveView keeps a view under a name; one's own view of the same name is replaced.
func (s *Store) SaveView(ctx context.Context, e *entity.Entity, v View) error {
	v.Name = entity.Plain(v.Name)
	if v.Name == "" || len([]rune(v.Name)) > 60 {
		return fault.New(fault.Invalid, "Please enter a name of at most %d characters.", 60)
	}
	if len(v.Query) > 10000 {
		return fault.New(fault.Invalid, "This filter is too long.")
	}
	return s.tx(ctx, func(tx *sql.Tx) error {
		var n int
		if err := tx.QueryRowContext(ctx, `select count(*) from view where owner = ? and not (entity = ? and name = ?)`, s.Actor.ID, e.Name, v.Name).Scan(&n); err != nil {
			return err
		}
		if n >= 100 {
			return fault.New(fault.Limit, "You have %d saved views. Delete one first.", n)
		}
		_, err := tx.ExecContext(ctx, `insert into view (entity, owner, name, shared, query) values (?, ?, ?, ?, ?)
			on conflict (entity, owner, name) do update set shared = excluded.shared, query = excluded.query`, e.Name, s.Actor.ID, v.Name, v.Shared, v.Query)
		return err
	})
}

// DeleteView removes one's own view; administrators may remove shared ones, too.
func (s *Store) DeleteView(ctx context.Context, e *entity.Entity, id int64) error {
	return s.tx(ctx, func(tx *sql.Tx) error {
		done, err := tx.ExecContext(ctx, `delete from view where id = ? and entity = ? and (owner = ? or (shared = 1 and ?))`, id, e.Name, s.Actor.ID, s.Actor.Admin)
		return oneRow(done, err, "This view does not exist, or belongs to somebody else.")
	})
}
