package custom

import (
	"context"
	"database/sql"
	"slices"
	"strings"

	"rowhouse/crm/record"
)

// The roles that every CRM begins with.
const (
	managers = 2
	members  = 3
)

// rights gives the first roles what the description says, if they are still there and nobody has said anything yet.
func (m *Module) rights(ctx context.Context, tx *sql.Tx, i int) error {
	given := map[int]record.Right{
		managers: rightOf(m.Entities[i].Rights.Manager, record.Full),
		members:  rightOf(m.Entities[i].Rights.Member, record.Right{View: record.Own, Edit: record.Own, Create: true}),
	}
	for role, r := range given {
		_, err := tx.ExecContext(ctx, `insert into role_right (role, entity, view, edit, remove, make, export, import)
			select id, ?, ?, ?, ?, ?, ?, ? from role where id = ? and admin = 0 on conflict do nothing`,
			m.Tables[i].Name, r.View, min(r.Edit, r.View), min(r.Delete, r.View), r.Create, r.Export, r.Import, role)
		if err != nil {
			return err
		}
	}
	return nil
}

// rightOf reads a right of the description; where there is none, it is as for leads.
func rightOf(r *Right, otherwise record.Right) record.Right {
	if r == nil {
		return otherwise
	}
	level := func(word string) record.Level { return record.Level(max(slices.Index(levels(), word), 0)) }
	return record.Right{View: level(r.View), Edit: level(r.Edit), Delete: level(r.Delete), Create: r.Create, Export: r.Export, Import: r.Import}
}

// views makes the shared views that the version before did not have.
func (m *Module) views(ctx context.Context, tx *sql.Tx, i int, was *Entity) error {
	for _, v := range m.Entities[i].Views {
		if was != nil && slices.ContainsFunc(was.Views, func(old View) bool { return old.Name == v.Name }) {
			continue
		}
		_, err := tx.ExecContext(ctx, `insert into view (entity, owner, name, shared, query) values (?, 0, ?, 1, ?) on conflict do nothing`, m.Tables[i].Name, v.Name, v.Query)
		if err != nil {
			return err
		}
	}
	return nil
}

// choices makes the rows of lists that the version before did not have.
func (m *Module) choices(ctx context.Context, tx *sql.Tx, old *Module) error {
	for _, name := range sorted(m.Choices) {
		var before []Choice
		if old != nil {
			before = old.Choices[name]
		}
		main := slices.IndexFunc(m.Choices[name], func(c Choice) bool { return c.Default })
		if main < 0 && m.onBoard(name) {
			main = slices.IndexFunc(m.Choices[name], func(c Choice) bool { return c.Kind == "open" })
		}
		for i, c := range m.Choices[name] {
			if slices.ContainsFunc(before, func(o Choice) bool { return strings.EqualFold(o.Label, c.Label) }) {
				continue
			}
			_, err := tx.ExecContext(ctx, `insert into choice (list, label, hue, kind, position, main)
				select ?1, ?2, ?3, ?4, (select coalesce(max(position), 0) + 1 from choice where list = ?1), ?5 and not exists (select 1 from choice where list = ?1 and main = 1)
				where not exists (select 1 from choice where list = ?1 and label = ?2 collate nocase)`, m.list(name), c.Label, c.Colour, c.Kind, i == main)
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// onBoard tells whether a list makes the columns of a board.
func (m *Module) onBoard(list string) bool {
	return slices.ContainsFunc(m.Entities, func(e Entity) bool {
		f := e.field(e.Board.By)
		return f != nil && f.List == list
	})
}
