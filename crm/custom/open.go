package custom

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"rowhouse/crm/entity"
	"rowhouse/data"
)

// Installed is what a tenant's file knows of the modules that it has.
//
//go:embed *_installed.sql
var Installed embed.FS

// Set is some modules, each in its newest version.
type Set struct {
	Key     string // stands for the modules and their versions
	Modules []*Module
}

// Open returns the entities that a tenant works with: the built-in ones that its plan includes, and those of the set.
// What the file lacks of a module is made before, all of it or nothing. The answer is kept with the file.
func Open(ctx context.Context, db *data.DB, set *Set, included, builtin []entity.Entity, now time.Time) ([]entity.Entity, error) {
	have, err := read(ctx, db, builtin)
	if err != nil {
		return nil, err
	}
	var use []*Module
	changed := false
	for _, m := range set.Modules {
		there := have[m.Name]
		switch {
		case there != nil && there.Text == m.Text:
		case there != nil && !m.fits(there):
			// The file comes from another host, or the shelf was cleared meanwhile: its own description fits its tables.
			slog.Warn("a custom module is used as the tenant's file describes it", "module", m.Name, "version", there.Version, "uploaded", m.Version)
			m = there
		default:
			err := db.Tx(ctx, func(tx *sql.Tx) error { return m.install(ctx, tx, there, now) })
			if err != nil {
				return nil, fmt.Errorf("install %s: %w", m.Name, err)
			}
			changed = true
		}
		use = append(use, m)
	}
	if changed {
		db.Forget() // the lists and the rights
	}
	return combine(included, use), nil
}

// combine puts the entities of modules behind the built-in ones, and lists them on the pages of those to which they link.
func combine(included []entity.Entity, modules []*Module) []entity.Entity {
	all := slices.Clone(included)
	for _, m := range modules {
		for _, e := range m.Tables {
			for _, f := range e.Fields {
				link, ok := f.Kind.(entity.Link)
				i := slices.IndexFunc(included, func(e entity.Entity) bool { return ok && e.Name == link.To })
				if i >= 0 && !f.Hidden {
					all[i].Children = append(slices.Clip(all[i].Children), entity.Child{Entity: e.Name, By: f.Name})
				}
			}
		}
		all = append(all, m.Tables...)
	}
	return all
}

// read returns the modules that a file has, by name. One that this program cannot read is left out.
func read(ctx context.Context, db *data.DB, builtin []entity.Entity) (map[string]*Module, error) {
	rows, err := db.Query(ctx, `select module, description from installed order by module`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	have := map[string]*Module{}
	for rows.Next() {
		var name, text string
		if err := rows.Scan(&name, &text); err != nil {
			return nil, err
		}
		m, err := Parse([]byte(text), builtin)
		if err != nil {
			slog.Warn("a custom module of a tenant's file cannot be read", "module", name, "err", err)
			continue
		}
		have[name] = m
	}
	return have, rows.Err()
}

// Tables are the entities of every module that a file has, whatever its plan includes: for work on all that is kept.
func Tables(ctx context.Context, db *data.DB, builtin []entity.Entity) ([]entity.Entity, error) {
	have, err := read(ctx, db, builtin)
	if err != nil {
		return nil, err
	}
	var all []entity.Entity
	for _, name := range sorted(have) {
		all = append(all, have[name].Tables...)
	}
	return all, nil
}
