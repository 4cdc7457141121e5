package record

import (
	"context"
	"database/sql"
	"encoding/json"

	"rowhouse/crm/entity"
	"rowhouse/data/fault"
)

// choiceColumn is a column that holds ids of choices. entity is nil if the plan does not include its module.
type choiceColumn struct {
	entity        *entity.Entity
	table, column string
}

// choiceColumns finds every column that may hold a row of the list: those of the entities that use it, and by
// their foreign keys those of modules that the plan does not include, whose rows are kept.
func (s *Store) choiceColumns(ctx context.Context, tx *sql.Tx, list string) ([]choiceColumn, error) {
	var columns []choiceColumn
	for _, e := range s.Book.Entities {
		for _, f := range e.Fields {
			if pick, ok := f.Kind.(entity.Pick); ok && pick.List == list {
				columns = append(columns, choiceColumn{e, e.Name, f.Name})
			}
		}
	}
	rows, err := tx.QueryContext(ctx, `select m.name, f."from" from sqlite_schema m, pragma_foreign_key_list(m.name) f where m.type = 'table' and f."table" = 'choice' order by 1, 2`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var c choiceColumn
		if err := rows.Scan(&c.table, &c.column); err != nil {
			return nil, err
		}
		if s.Book.Entity(c.table) == nil {
			columns = append(columns, c)
		}
	}
	return columns, rows.Err()
}

// ChoiceUse counts the records that have a row of a list, those in the trash included.
func (s *Store) ChoiceUse(ctx context.Context, c entity.Choice) (n int64, err error) {
	err = s.DB.Snapshot(ctx, func(tx *sql.Tx) error {
		columns, err := s.choiceColumns(ctx, tx, c.List)
		if err != nil {
			return err
		}
		n, err = choiceUse(ctx, tx, columns, c.ID)
		return err
	})
	return n, err
}

func choiceUse(ctx context.Context, tx *sql.Tx, columns []choiceColumn, id int64) (n int64, err error) {
	for _, at := range columns {
		var some int64
		if err := tx.QueryRowContext(ctx, "select count(*) from "+quote(at.table)+" where "+quote(at.column)+" = ?", id).Scan(&some); err != nil {
			return 0, err
		}
		n += some
	}
	return n, nil
}

// DeleteChoice removes a row of a list. The records that have it get the row to instead, or with 0 nothing.
func (s *Store) DeleteChoice(ctx context.Context, id, to int64) error {
	c, err := s.choice(id)
	if err != nil {
		return err
	}
	target, err := s.target(c, to)
	if err != nil {
		return err
	}
	return s.editList(ctx, c.List, "choice deleted", c.Label, func(tx *sql.Tx, l ChoiceList) error {
		columns, err := s.choiceColumns(ctx, tx, c.List)
		if err != nil {
			return err
		}
		n, err := choiceUse(ctx, tx, columns, id)
		if err != nil {
			return err
		}
		if n > 0 && to == 0 && l.Required {
			return wrongTarget("Records have this choice. Please choose what they get instead.")
		}
		for _, at := range columns {
			if err := s.replaceChoice(ctx, tx, at, c, target); err != nil {
				return err
			}
		}
		done, err := tx.ExecContext(ctx, `delete from choice where id = ? and list = ?`, id, c.List)
		return oneRow(done, err, "This choice does not exist any more.")
	})
}

// target is the row that takes the place of another; the zero Choice is none.
func (s *Store) target(c entity.Choice, to int64) (entity.Choice, error) {
	if to == 0 {
		return entity.Choice{}, nil
	}
	target, ok := s.Book.Choice(to)
	if !ok || target.List != c.List || target.ID == c.ID || target.Archived {
		return entity.Choice{}, wrongTarget("Please choose one of the list.")
	}
	return target, nil
}

func wrongTarget(sentence string) error {
	return &fault.Fault{Kind: fault.Invalid, Format: "Please correct the marked fields.", Fields: map[string]error{"to": fault.New(fault.Invalid, sentence)}}
}

// replaceChoice gives the records that have one row in a column another one, and each an entry in its timeline.
func (s *Store) replaceChoice(ctx context.Context, tx *sql.Tx, at choiceColumn, from, to entity.Choice) error {
	var next any
	if to.ID != 0 {
		next = to.ID
	}
	table, column := quote(at.table), quote(at.column)
	if at.entity == nil {
		_, err := tx.ExecContext(ctx, "update "+table+" set "+column+" = ? where "+column+" = ?", next, from.ID)
		return err
	}
	if err := s.logReplaced(ctx, tx, at, from, to); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, "update "+table+" set "+column+" = ?, version = version + 1, updated_at = ?, updated_by = ? where "+column+" = ?", next, s.Now.UnixMilli(), s.by(), from.ID)
	return err
}

// logReplaced enters the change into the timeline of every record that it meets, in one statement: there may be many.
func (s *Store) logReplaced(ctx context.Context, tx *sql.Tx, at choiceColumn, from, to entity.Choice) error {
	changes, err := json.Marshal(Changes{at.column: {from.Label, to.Label}})
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, "insert into activity (at, staff, act, entity, record, title, changes, ip) select ?, ?, 'updated', ?, id, "+quote(at.entity.Title)+", ?, ? from "+
		quote(at.table)+" where "+quote(at.column)+" = ?", s.Now.UnixMilli(), s.by(), at.entity.Name, string(changes), s.IP, from.ID)
	return err
}
