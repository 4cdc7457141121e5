package record

import (
	"context"
	"database/sql"
	"encoding/json"
	"strconv"

	"rowhouse/crm/entity"
	"rowhouse/data/fault"
)

// AddField adds a tenant's own field to an entity: real columns of its table.
func (s *Store) AddField(ctx context.Context, e *entity.Entity, c entity.Custom) error {
	if err := s.admin(); err != nil {
		return err
	}
	c.Entity = e.Name
	made := c.Key == ""
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
		if err := freeKey(ctx, tx, &c, made); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `insert into field (entity, key, label, kind, options, hint, section, required, hidden, position) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			e.Name, c.Key, c.Label, c.Kind, c.OptionsJSON(), c.Hint, c.Section, c.Required, c.Hidden, c.Position)
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

// freeKey refuses a field whose key or name is taken. A key that was made of the name gets a number instead:
// names that are written in other letters all make the same one.
func freeKey(ctx context.Context, tx *sql.Tx, c *entity.Custom, made bool) error {
	stem := c.Key[:min(len(c.Key), 36)]
	for i := 2; ; i++ {
		columns := []string{}
		for _, column := range c.Field().Kind.Columns() {
			columns = append(columns, entity.CustomPrefix+c.Key+column.Suffix)
		}
		list, err := json.Marshal(columns)
		if err != nil {
			return err
		}
		var named, taken bool
		err = tx.QueryRowContext(ctx, `select exists (select 1 from field where entity = ? and override = 0 and label = ? collate nocase),
			exists (select 1 from pragma_table_info(?) where name in (select value from json_each(?)))`, c.Entity, c.Label, c.Entity, string(list)).Scan(&named, &taken)
		if err != nil || !named && !taken {
			return err
		}
		if named || !made || i > 2*entity.MaxCustom {
			return &fault.Fault{Kind: fault.Invalid, Format: "Please correct the marked fields.",
				Fields: map[string]error{"label": fault.New(fault.Invalid, "There is a field with this key already.")}}
		}
		c.Key = stem + "_" + strconv.Itoa(i)
	}
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
