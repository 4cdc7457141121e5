package record

import (
	"context"
	"database/sql"

	"rowhouse/crm/entity"
	"rowhouse/data"
	"rowhouse/data/fault"
)

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
