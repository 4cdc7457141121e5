package custom

import (
	"bytes"
	"context"
	"database/sql"
	"embed"
	"encoding/json"
	"fmt"
	"log/slog"
	"strconv"
	"strings"

	"rowhouse/crm/entity"
	"rowhouse/data"
	"rowhouse/data/clock"
	"rowhouse/data/fault"
)

// Schema is the host's table of descriptions.
//
//go:embed *_shelf.sql
var Schema embed.FS

// Shelf is where the host keeps the descriptions of modules, each version as it was uploaded.
type Shelf struct {
	DB      *data.DB
	Clock   clock.Clock
	Builtin []entity.Entity // to which modules may link
	// Audit notes who did what, in its transaction. Nil: nobody is told.
	Audit func(ctx context.Context, tx *sql.Tx, actor, act, detail string) error
}

// newest is one row of the shelf: the newest version of a module.
type newest struct {
	id      int64
	name    string
	version int
}

// Newest returns the newest version of every module, by name. It is asked for every page of tenants that have one,
// so the list is kept until the host's file changes, and what was read of a description as long as the program runs.
func (s *Shelf) Newest(ctx context.Context) ([]*Module, error) {
	kept, err := s.DB.Memo("modules", func() (any, error) {
		rows, err := s.rows(ctx)
		if err != nil {
			return nil, err
		}
		var list []*Module
		for _, row := range rows {
			m, err := s.parsed(ctx, row)
			if err != nil {
				slog.Warn("a module on the shelf cannot be read", "module", row.name, "version", row.version, "err", err)
				continue
			}
			list = append(list, m)
		}
		return list, nil
	})
	if err != nil {
		return nil, fmt.Errorf("modules: %w", err)
	}
	return kept.([]*Module), nil
}

func (s *Shelf) rows(ctx context.Context) ([]newest, error) {
	rows, err := s.DB.Query(ctx, `select id, name, max(version) from module group by name order by name`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []newest
	for rows.Next() {
		var n newest
		if err := rows.Scan(&n.id, &n.name, &n.version); err != nil {
			return nil, err
		}
		list = append(list, n)
	}
	return list, rows.Err()
}

// parsed reads a row's description once: rows are never changed.
func (s *Shelf) parsed(ctx context.Context, row newest) (*Module, error) {
	kept, err := s.DB.Keep("module/"+strconv.FormatInt(row.id, 10), func() (any, error) {
		var text string
		if err := s.DB.QueryRow(ctx, `select description from module where id = ?`, row.id).Scan(&text); err != nil {
			return nil, err
		}
		m, err := Parse([]byte(text), s.Builtin)
		if err != nil {
			return nil, err
		}
		m.row = row.id
		return m, nil
	})
	if err != nil {
		return nil, err
	}
	return kept.(*Module), nil
}

// Of returns the modules that a plan names. Names that nobody has uploaded are left out.
func (s *Shelf) Of(ctx context.Context, keys []string) (*Set, error) {
	kept, err := s.DB.Memo("modules/"+strings.Join(keys, ","), func() (any, error) {
		all, err := s.Newest(ctx)
		if err != nil {
			return nil, err
		}
		set := &Set{}
		for _, m := range all {
			for _, key := range keys {
				if key == m.Key() {
					set.Modules = append(set.Modules, m)
					set.Key += strconv.FormatInt(m.row, 10) + ","
					break
				}
			}
		}
		return set, nil
	})
	if err != nil {
		return nil, err
	}
	return kept.(*Set), nil
}

// Named returns the newest version of a module.
func (s *Shelf) Named(ctx context.Context, name string) (*Module, error) {
	all, err := s.Newest(ctx)
	if err != nil {
		return nil, err
	}
	for _, m := range all {
		if m.Name == name {
			return m, nil
		}
	}
	return nil, fault.New(fault.Missing, "There is no such module.")
}

// Add puts a description on the shelf and returns what was read of it. fresh is false if the newest version says the same.
// What is wrong with it is a *Refused.
func (s *Shelf) Add(ctx context.Context, text []byte, actor string) (m *Module, fresh bool, err error) {
	if m, err = Parse(text, s.Builtin); err != nil {
		return nil, false, err
	}
	err = s.DB.Tx(ctx, func(tx *sql.Tx) error {
		var before string
		err := tx.QueryRowContext(ctx, `select description from module where name = ? order by version desc limit 1`, m.Name).Scan(&before)
		if err != nil && err != sql.ErrNoRows {
			return err
		}
		if before != "" {
			if same([]byte(before), []byte(m.Text)) {
				return nil
			}
			old, err := Parse([]byte(before), s.Builtin)
			if err != nil {
				return err
			}
			if err := m.Follow(old); err != nil {
				return err
			}
		}
		fresh = true
		if _, err := tx.ExecContext(ctx, `insert into module (name, version, label, description, uploaded_at, uploaded_by) values (?, ?, ?, ?, ?, ?)`,
			m.Name, m.Version, m.Label, m.Text, s.Clock.Now().UnixMilli(), actor); err != nil {
			return err
		}
		return s.note(ctx, tx, actor, "module uploaded", fmt.Sprintf("%s %d", m.Name, m.Version))
	})
	return m, fresh && err == nil, err
}

// same tells whether two descriptions say the same, however they are written.
func same(a, b []byte) bool {
	var x, y any
	if json.Unmarshal(a, &x) != nil || json.Unmarshal(b, &y) != nil {
		return false
	}
	one, err := json.Marshal(x)
	other, wrong := json.Marshal(y)
	return err == nil && wrong == nil && bytes.Equal(one, other)
}

// Remove takes a module off the shelf with all its versions, unless a plan or a tenant has it. The tables in tenants' files stay.
func (s *Shelf) Remove(ctx context.Context, name, actor string) error {
	return s.DB.Tx(ctx, func(tx *sql.Tx) error {
		var plans, tenants int
		err := tx.QueryRowContext(ctx, `select (select count(*) from plan where instr(',' || modules || ',', ?1)), (select count(*) from tenant where state <> 'purged' and instr(',' || modules || ',', ?1))`,
			","+Prefix+name+",").Scan(&plans, &tenants)
		if err != nil {
			return err
		}
		if plans+tenants > 0 {
			return fault.New(fault.Conflict, "%d plans and %d tenants have this module. Take it out of the plans first.", plans, tenants)
		}
		done, err := tx.ExecContext(ctx, `delete from module where name = ?`, name)
		if err != nil {
			return err
		}
		if n, err := done.RowsAffected(); err != nil || n == 0 {
			return fault.Because(err, fault.Missing, "There is no such module.")
		}
		return s.note(ctx, tx, actor, "module removed", name)
	})
}

func (s *Shelf) note(ctx context.Context, tx *sql.Tx, actor, act, detail string) error {
	if s.Audit == nil {
		return nil
	}
	return s.Audit(ctx, tx, actor, act, detail)
}
