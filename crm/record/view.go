package record

import (
	"context"
	"database/sql"
	"strings"

	"rowhouse/crm/entity"
	"rowhouse/data"
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
	v.Name = strings.TrimSpace(v.Name)
	if v.Name == "" || len([]rune(v.Name)) > 60 {
		return fault.New(fault.Invalid, "Please enter a name of at most %d characters.", 60)
	}
	if len(v.Query) > 10000 {
		return fault.New(fault.Invalid, "This filter is too long.")
	}
	return s.tx(ctx, func(tx *sql.Tx) error {
		var n int
		if err := tx.QueryRowContext(ctx, `select count(*) from view where owner = ?`, s.Actor.ID).Scan(&n); err != nil {
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

// AddField adds a tenant's own field to an entity: real columns of its table.
func (s *Store) AddField(ctx context.Context, e *entity.Entity, c entity.Custom) error {
	if err := s.admin(); err != nil {
		return err
	}
	c.Entity = e.Name
	if err := c.Check(); err != nil {
		return err
	}
	err := s.tx(ctx, func(tx *sql.Tx) error {
		var n int
		if err := tx.QueryRowContext(ctx, `select count(*) from field where entity = ? and override = 0`, e.Name).Scan(&n); err != nil {
			return err
		}
		if n >= entity.MaxCustom {
			return fault.New(fault.Limit, "There can be at most %d fields of your own.", entity.MaxCustom)
		}
		_, err := tx.ExecContext(ctx, `insert into field (entity, key, label, kind, options, hint, section, required, hidden, position) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			e.Name, c.Key, c.Label, c.Kind, c.OptionsJSON(), c.Hint, c.Section, c.Required, c.Hidden, c.Position)
		if data.Unique(err) {
			return &fault.Fault{Kind: fault.Invalid, Format: "Please correct the marked fields.",
				Fields: map[string]error{"label": fault.New(fault.Invalid, "There is a field with this key already.")}}
		}
		if err != nil {
			return err
		}
		f := c.Field()
		for _, column := range f.Kind.Columns() {
			if _, err := tx.ExecContext(ctx, "alter table "+quote(e.Name)+" add column "+quote(f.Name+column.Suffix)+" "+column.Type); err != nil {
				return err
			}
		}
		return s.log(ctx, tx, "field added", e, 0, c.Label, nil)
	})
	if err == nil {
		s.DB.Forget()
	}
	return err
}

// ChangeField changes the words of a field: of the tenant's own by its id, or of the product's by an override.
// The key, the kind and the column stay.
func (s *Store) ChangeField(ctx context.Context, e *entity.Entity, c entity.Custom) error {
	if err := s.admin(); err != nil {
		return err
	}
	c.Entity = e.Name
	if err := c.Check(); err != nil {
		return err
	}
	err := s.tx(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `insert into field (entity, key, label, kind, options, hint, section, required, hidden, position, override) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
			on conflict (entity, key, override) do update set label = excluded.label, options = excluded.options, hint = excluded.hint, section = excluded.section,
			required = excluded.required, hidden = excluded.hidden, position = excluded.position`,
			e.Name, c.Key, c.Label, c.Kind, c.OptionsJSON(), c.Hint, c.Section, c.Required, c.Hidden, c.Position, c.Override)
		if err != nil {
			return err
		}
		return s.log(ctx, tx, "field changed", e, 0, c.Label, nil)
	})
	if err == nil {
		s.DB.Forget()
	}
	return err
}

func (s *Store) admin() error {
	if !s.Actor.Admin {
		return fault.New(fault.Denied, "Only administrators can change the settings.")
	}
	return nil
}
