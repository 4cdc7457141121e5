package record

import (
	"context"
	"database/sql"
	"fmt"
	"slices"

	"rowhouse/crm/entity"
	"rowhouse/data/fault"
)

// MaxChoices is how many rows a list may have: more do not fit a select or a board.
const MaxChoices = 100

// StageKinds are what the product must know about a stage, with their names.
var StageKinds = []entity.Option{{Key: "open", Label: "Open", Hue: 7}, {Key: "won", Label: "Won", Hue: 4}, {Key: "lost", Label: "Lost", Hue: 0}, {Key: "junk", Label: "Junk", Hue: 11}}

// ChoiceList is a list that the tenant edits. Which there are follows from the fields that use them.
type ChoiceList struct {
	Name     string // lead.status
	Entity   *entity.Entity
	Field    entity.Field
	Stages   bool // its rows are the columns of a board, so each has a kind, and one is where records start
	Required bool // a field that uses it cannot be empty
}

// ChoiceLists returns the lists that the entities use, in the order of their fields.
func (b *Book) ChoiceLists() []ChoiceList {
	var lists []ChoiceList
	for _, e := range b.Entities {
		for _, f := range e.Fields {
			pick, ok := f.Kind.(entity.Pick)
			if !ok {
				continue
			}
			i := slices.IndexFunc(lists, func(l ChoiceList) bool { return l.Name == pick.List })
			if i < 0 {
				i = len(lists)
				lists = append(lists, ChoiceList{Name: pick.List, Entity: e, Field: f})
			}
			lists[i].Stages = lists[i].Stages || e.Board.By == f.Name
			lists[i].Required = lists[i].Required || f.Required
		}
	}
	return lists
}

// ChoiceList returns the list called name.
func (b *Book) ChoiceList(name string) (ChoiceList, bool) {
	lists := b.ChoiceLists()
	i := slices.IndexFunc(lists, func(l ChoiceList) bool { return l.Name == name })
	if i < 0 {
		return ChoiceList{}, false
	}
	return lists[i], true
}

// editList runs a change to a list, for administrators, with its entry in the log. A change after which
// a list of stages lacked what it had before, a start or a kind, is refused.
func (s *Store) editList(ctx context.Context, name, act, label string, work func(tx *sql.Tx, l ChoiceList) error) error {
	if err := s.admin(); err != nil {
		return err
	}
	l, ok := s.Book.ChoiceList(name)
	if !ok {
		return fault.New(fault.Missing, "This list does not exist.")
	}
	err := s.tx(ctx, func(tx *sql.Tx) error {
		before, err := standing(ctx, tx, l)
		if err != nil {
			return err
		}
		if err := work(tx, l); err != nil {
			return err
		}
		after, err := standing(ctx, tx, l)
		if err != nil {
			return err
		}
		for what := range before {
			if !after[what] {
				return lacking(what)
			}
		}
		return s.log(ctx, tx, act, &entity.Entity{Name: "choice"}, 0, label, nil)
	})
	s.DB.Forget()
	if err != nil {
		return fmt.Errorf("%s in %s: %w", act, name, err)
	}
	s.publish(l.Entity.Name)
	return nil
}

// standing is what a list of stages has: the kinds, and "start" if new records have an open choice to start with.
func standing(ctx context.Context, tx *sql.Tx, l ChoiceList) (map[string]bool, error) {
	has := map[string]bool{}
	if !l.Stages {
		return has, nil
	}
	rows, err := tx.QueryContext(ctx, `select distinct kind, kind = 'open' and main = 1 from choice where list = ? and archived = 0`, l.Name)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var kind string
		var start bool
		if err := rows.Scan(&kind, &start); err != nil {
			return nil, err
		}
		has[kind] = true
		if start {
			has["start"] = true
		}
	}
	return has, rows.Err()
}

func lacking(what string) error {
	if what == "start" {
		return fault.New(fault.Conflict, "New records start with this choice. Make another open one the default first.")
	}
	return fault.New(fault.Conflict, "This is the last choice of its kind. Add another one of this kind first.")
}

// SaveChoice changes a row of a list: its label, colour and kind. One without an id is added at the end.
func (s *Store) SaveChoice(ctx context.Context, c entity.Choice) error {
	act := "choice changed"
	if c.ID == 0 {
		act = "choice added"
	}
	return s.editList(ctx, c.List, act, c.Label, func(tx *sql.Tx, l ChoiceList) error {
		if err := checkChoice(ctx, tx, l, &c); err != nil {
			return err
		}
		if c.ID == 0 {
			return addChoice(ctx, tx, l, c)
		}
		done, err := tx.ExecContext(ctx, `update choice set label = ?, hue = ?, kind = ? where id = ? and list = ?`, c.Label, c.Hue, c.Kind, c.ID, c.List)
		return oneRow(done, err, "This choice does not exist any more.")
	})
}

func checkChoice(ctx context.Context, tx *sql.Tx, l ChoiceList, c *entity.Choice) error {
	problems := map[string]error{}
	label, err := entity.Line{Max: 60}.Parse([]string{c.Label}, nil)
	if err != nil {
		problems["label"] = err
	} else if c.Label = label.(string); c.Label == "" {
		problems["label"] = fault.New(fault.Invalid, "Please fill this in.")
	}
	var taken bool
	if err := tx.QueryRowContext(ctx, `select exists (select 1 from choice where list = ? and label = ? collate nocase and id <> ?)`, c.List, c.Label, c.ID).Scan(&taken); err != nil {
		return err
	}
	if taken {
		problems["label"] = fault.New(fault.Invalid, "The list has a choice with this name already.")
	}
	if c.Hue < 0 || c.Hue > 11 {
		problems["hue"] = fault.New(fault.Invalid, "Please choose one of the colours.")
	}
	if !l.Stages {
		c.Kind = ""
	} else if !slices.ContainsFunc(StageKinds, func(o entity.Option) bool { return o.Key == c.Kind }) {
		problems["kind"] = fault.New(fault.Invalid, "Please choose one of the list.")
	}
	if len(problems) > 0 {
		return &fault.Fault{Kind: fault.Invalid, Format: "Please correct the marked fields.", Fields: problems}
	}
	return nil
}

func addChoice(ctx context.Context, tx *sql.Tx, l ChoiceList, c entity.Choice) error {
	var n int
	if err := tx.QueryRowContext(ctx, `select count(*) from choice where list = ?`, c.List).Scan(&n); err != nil {
		return err
	}
	if n >= MaxChoices {
		return fault.New(fault.Limit, "A list can have at most %d choices.", MaxChoices)
	}
	// The first open stage is where new records start, until somebody says otherwise.
	_, err := tx.ExecContext(ctx, `insert into choice (list, label, hue, kind, position, main)
		values (?, ?, ?, ?, (select coalesce(max(position), 0) + 1 from choice where list = ?), ? and not exists (select 1 from choice where list = ? and main = 1))`,
		c.List, c.Label, c.Hue, c.Kind, c.List, l.Stages && c.Kind == "open", c.List)
	return err
}

// choice returns a row by its id.
func (s *Store) choice(id int64) (entity.Choice, error) {
	if c, ok := s.Book.Choice(id); ok {
		return c, nil
	}
	return entity.Choice{}, fault.New(fault.Missing, "This choice does not exist any more.")
}

// MoveChoice puts a row of a list one place up or down.
func (s *Store) MoveChoice(ctx context.Context, id int64, up bool) error {
	c, err := s.choice(id)
	if err != nil {
		return err
	}
	return s.editList(ctx, c.List, "choice moved", c.Label, func(tx *sql.Tx, l ChoiceList) error {
		step := 1.5 // past its neighbour, before the one behind
		if up {
			step = -step
		}
		_, err := tx.ExecContext(ctx, `with stepped as (select id, row_number() over (order by position, id) + iif(id = ?, ?, 0) as place from choice where list = ?),
			placed as (select id, row_number() over (order by place) as place from stepped)
			update choice set position = (select place from placed where placed.id = choice.id) where list = ?`, id, step, c.List, c.List)
		return err
	})
}

// MainChoice makes a row the one that new records get, or lets them get none.
func (s *Store) MainChoice(ctx context.Context, id int64, main bool) error {
	c, err := s.choice(id)
	if err != nil {
		return err
	}
	return s.editList(ctx, c.List, "choice changed", c.Label, func(tx *sql.Tx, l ChoiceList) error {
		if _, err := tx.ExecContext(ctx, `update choice set main = 0 where list = ?`, c.List); err != nil || !main {
			return err
		}
		if c.Archived || (l.Stages && c.Kind != "open") {
			return fault.New(fault.Conflict, "Only an open choice that is not archived can be the default.")
		}
		_, err := tx.ExecContext(ctx, `update choice set main = 1 where id = ?`, id)
		return err
	})
}

// ArchiveChoice takes a row out of what can be chosen, or back; the records that have it keep it.
func (s *Store) ArchiveChoice(ctx context.Context, id int64, archived bool) error {
	c, err := s.choice(id)
	if err != nil {
		return err
	}
	return s.editList(ctx, c.List, "choice changed", c.Label, func(tx *sql.Tx, l ChoiceList) error {
		done, err := tx.ExecContext(ctx, `update choice set archived = ?, main = iif(?, 0, main) where id = ?`, archived, archived, id)
		return oneRow(done, err, "This choice does not exist any more.")
	})
}
