package record

import (
	"context"
	"database/sql"
	"fmt"

	"rowhouse/crm/entity"
	"rowhouse/data/fault"
)

// CardsPerColumn is how many cards a column of a board shows; the list has the others.
const CardsPerColumn = 40

// Column is one column of a board.
type Column struct {
	Choice entity.Choice
	Totals Totals
	Rows   []Row
}

// Board returns the columns of an entity's board, each with its first cards.
func (s *Store) Board(ctx context.Context, e *entity.Entity, want Query) ([]Column, error) {
	if s.Actor.Right(e).View == None {
		return nil, denied("seeing", e)
	}
	by, ok := e.Field(e.Board.By)
	if !ok {
		return nil, fault.New(fault.Missing, "%s have no board.", e.Many)
	}
	fields := e.Pick(want.Fields)
	var columns []Column
	for _, c := range s.Book.Choices(by.Kind.(entity.Pick).List) {
		column, err := s.column(ctx, e, want, c, fields)
		if err != nil {
			return nil, fmt.Errorf("board of %s: %w", e.Name, err)
		}
		if !c.Archived || column.Totals.Count > 0 {
			columns = append(columns, column)
		}
	}
	return columns, nil
}

func (s *Store) column(ctx context.Context, e *entity.Entity, want Query, c entity.Choice, fields []entity.Field) (Column, error) {
	only := entity.Filter{F: e.Board.By, Op: "in", V: []string{fmt.Sprint(c.ID)}}
	if want.Filter.Empty() {
		want.Filter = only
	} else {
		want.Filter = entity.Filter{And: []entity.Filter{want.Filter, only}}
	}
	q := (&query{}).add("select t.id, t.version, 0, 0")
	s.columns(e, fields, q)
	q.add(" from " + quote(e.Name) + " t where ")
	if err := s.conditions(e, want, q); err != nil {
		return Column{}, err
	}
	q.add(" order by t.place desc, t.id desc limit ?", CardsPerColumn)
	rows, _, err := s.scan(ctx, q, fields)
	if err != nil {
		return Column{}, err
	}
	totals, err := s.Totals(ctx, e, want, e.Board.Sum)
	return Column{c, totals, rows}, err
}

// Moved is what a move on the board has done, and how to take it back.
type Moved struct {
	Version int64
	From    int64 // the choice of the column it was in
	Before  int64 // the card that stood below it, or 0: it was the last
}

// Move puts a record into a column of the board, above the record before, or at the column's end if that is 0.
func (s *Store) Move(ctx context.Context, e *entity.Entity, id, version, choice, before int64) (Moved, error) {
	by, ok := e.Field(e.Board.By)
	if !ok {
		return Moved{}, fault.New(fault.Missing, "%s have no board.", e.Many)
	}
	if c, ok := s.Book.Choice(choice); !ok || c.List != by.Kind.(entity.Pick).List {
		return Moved{}, fault.New(fault.Invalid, "This column does not exist any more.")
	}
	if version <= 0 || before == id {
		return Moved{}, fault.New(fault.Invalid, "The form is incomplete. Please open it again.")
	}
	var m Moved
	err := s.tx(ctx, func(tx *sql.Tx) error {
		old, err := s.forEdit(ctx, tx, e, id)
		if err != nil {
			return err
		}
		m.From, _ = old.Value(e.Board.By).(int64)
		if m.Before, err = s.below(ctx, tx, e, id, m.From); err != nil {
			return err
		}
		if m.Version, err = s.update(ctx, tx, e, id, version, Values{e.Board.By: choice}); err != nil {
			return err
		}
		place, err := s.place(ctx, tx, e, id, choice, before)
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, "update "+quote(e.Name)+" set place = ? where id = ?", place, id)
		return err
	})
	if err != nil {
		return Moved{}, fmt.Errorf("move %s %d: %w", e.Name, id, err)
	}
	s.publish(e.Name, Topic(e, id))
	return m, nil
}

// below is the card under a record in its column.
func (s *Store) below(ctx context.Context, tx *sql.Tx, e *entity.Entity, id, choice int64) (int64, error) {
	var next int64
	err := tx.QueryRowContext(ctx, "select id from "+quote(e.Name)+" where "+quote(e.Board.By)+" = ? and deleted_at is null and (place, id) < (select place, id from "+
		quote(e.Name)+" where id = ?) order by place desc, id desc limit 1", choice, id).Scan(&next)
	if err == sql.ErrNoRows {
		return 0, nil
	}
	return next, err
}

// place is a number between those of the two cards that a third is put between.
func (s *Store) place(ctx context.Context, tx *sql.Tx, e *entity.Entity, id, choice, before int64) (float64, error) {
	table := quote(e.Name)
	where := " where " + quote(e.Board.By) + " = ? and deleted_at is null and id <> ?"
	var low, high sql.NullFloat64
	if err := tx.QueryRowContext(ctx, "select min(place), max(place) from "+table+where, choice, id).Scan(&low, &high); err != nil || !low.Valid {
		return float64(s.Now.UnixMilli()), err
	}
	if before == 0 {
		return low.Float64 - step, nil
	}
	top := high.Float64 + step
	for range 2 {
		err := tx.QueryRowContext(ctx, "select place from "+table+where+" and id = ?", choice, id, before).Scan(&low)
		if err == sql.ErrNoRows {
			return top, nil // that card has moved away meanwhile
		}
		if err != nil {
			return 0, err
		}
		err = tx.QueryRowContext(ctx, "select place from "+table+where+" and (place, id) > (?, ?) order by place, id limit 1", choice, id, low.Float64, before).Scan(&high)
		if err == sql.ErrNoRows {
			return top, nil
		}
		between := (low.Float64 + high.Float64) / 2
		if err != nil || low.Float64 < between && between < high.Float64 {
			return between, err
		}
		if err := s.spread(ctx, tx, e, choice); err != nil {
			return 0, err
		}
	}
	return 0, fmt.Errorf("no place above %s %d", e.Name, before)
}

// step is how far apart cards are put.
const step = 1000

// spread puts the cards of a column apart, in the order they have, so that there is a number between any two.
func (s *Store) spread(ctx context.Context, tx *sql.Tx, e *entity.Entity, choice int64) error {
	table, by := quote(e.Name), quote(e.Board.By)
	_, err := tx.ExecContext(ctx, "with line as (select id, max(place) over () - ? * row_number() over (order by place desc, id desc) as place from "+table+" where "+by+
		" = ? and deleted_at is null) update "+table+" set place = line.place from line where line.id = "+table+".id", step, choice)
	return err
}
