package custom

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"

	"rowhouse/crm/entity"
)

// install makes what a file lacks of a module, in the caller's transaction: tables, columns, indexes, and the rows that a
// module begins with. old is what the file has of it; nil if nothing. What a tenant has changed since stays.
func (m *Module) install(ctx context.Context, tx *sql.Tx, old *Module, now time.Time) error {
	for i := range m.Tables {
		e := &m.Tables[i]
		was := old.entity(m.Entities[i].Name)
		if err := table(ctx, tx, e, was); err != nil {
			return fmt.Errorf("table %s: %w", e.Name, err)
		}
		if err := m.views(ctx, tx, i, was); err != nil {
			return err
		}
		if was == nil {
			if err := m.rights(ctx, tx, i); err != nil {
				return err
			}
		}
	}
	if err := m.choices(ctx, tx, old); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `insert or replace into installed (module, version, description, at) values (?, ?, ?, ?)`, m.Name, m.Version, m.Text, now.UnixMilli())
	return err
}

// entity returns the description of one of the module's entities; nil if it has none of the name.
func (m *Module) entity(name string) *Entity {
	if m == nil {
		return nil
	}
	for i := range m.Entities {
		if m.Entities[i].Name == name {
			return &m.Entities[i]
		}
	}
	return nil
}

// quote makes a name safe in SQL. Names of descriptions are checked; this is the second lock.
func quote(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

// table makes the table of an entity, or the columns that it lacks.
func table(ctx context.Context, tx *sql.Tx, e *entity.Entity, was *Entity) error {
	var todo, columns []string
	for _, f := range e.Fields {
		if was != nil && was.field(f.Name) != nil {
			continue
		}
		for _, c := range f.Kind.Columns() {
			columns = append(columns, quote(f.Name+c.Suffix)+" "+c.Type+references(f.Kind))
		}
	}
	if was == nil {
		todo = append(todo, "create table "+quote(e.Name)+` (
			id integer primary key, version integer not null default 1, created_at integer not null, created_by integer, updated_at integer not null, updated_by integer,
			deleted_at integer, deleted_by integer, place real not null default 0, `+strings.Join(columns, ", ")+") strict",
			"create virtual table "+quote(e.Name+"_search")+` using fts5 (title, body, content = '', contentless_delete = 1, tokenize = "unicode61 remove_diacritics 2", prefix = '2 3')`)
	} else {
		for _, column := range columns {
			todo = append(todo, "alter table "+quote(e.Name)+" add column "+column)
		}
	}
	for _, q := range append(todo, indexes(e)...) {
		if _, err := tx.ExecContext(ctx, q); err != nil {
			return err
		}
	}
	return nil
}

// references is what a column that points elsewhere demands. A link to what is purged becomes empty, also where
// the program that purges does not know of it.
func references(k entity.Kind) string {
	switch k := k.(type) {
	case entity.Pick:
		return " references choice (id)"
	case entity.Link:
		return " references " + quote(k.To) + " (id) on delete set null"
	}
	return ""
}

// indexes serve what lists are sorted and found by, as those of leads do.
func indexes(e *entity.Entity) []string {
	make := func(name, columns, where string) string {
		return "create index if not exists " + quote("i_"+e.Name+"."+name) + " on " + quote(e.Name) + " (" + columns + ") where " + where
	}
	const alive = "deleted_at is null"
	all := []string{make("created_at", "created_at, id", alive), make("updated_at", "updated_at, id", alive), make(e.Title, quote(e.Title)+" collate nocase, id", alive),
		make("deleted_at", "deleted_at", "deleted_at is not null")}
	if e.Board.By != "" {
		all = append(all, make(e.Board.By+".board", quote(e.Board.By)+", place, id", alive))
	}
	for _, owner := range e.Owners {
		all = append(all, make(owner, quote(owner), alive))
	}
	for _, f := range e.Fields {
		if _, ok := f.Kind.(entity.Link); ok {
			all = append(all, make(f.Name+".all", quote(f.Name), quote(f.Name)+" is not null"))
		}
	}
	return all
}
