package record

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"strings"

	"rowhouse/crm/entity"
	"rowhouse/data/fault"
	"rowhouse/ui"
)

// Values are the values of some of a record's fields, by name.
type Values map[string]any

// env is what parsing may ask.
func (s *Store) env() *entity.Env {
	return &entity.Env{Labels: s.Book, Find: s.find, Currency: s.Book.Currency, Self: s.Actor.ID, Look: s.Look}
}

// FormNames are the names under which fields come in a form.
func FormNames(fields []entity.Field) []string {
	var names []string
	for _, f := range fields {
		names = append(names, f.Name, f.Name+"[]")
	}
	return names
}

// Parse reads the named fields of a form. Fields that the form does not hold are left alone.
func (s *Store) Parse(fields []entity.Field, form url.Values) (Values, ui.Problems) {
	values, problems := Values{}, ui.Problems{}
	for _, f := range fields {
		in, ok := form[f.Name]
		if list, many := form[f.Name+"[]"]; many {
			in, ok = list, true
		}
		if !ok {
			continue
		}
		v, err := f.Kind.Parse(in, s.env())
		switch {
		case err != nil:
			problems[f.Name] = err
		case f.Required && entity.Empty(v):
			problems.Add(f.Name, "Please fill this in.")
		default:
			values[f.Name] = v
		}
	}
	return values, problems
}

// require adds what is wrong with a new record that lacks something.
func require(e *entity.Entity, values Values) error {
	problems := ui.Problems{}
	for _, f := range e.Writable() {
		if f.Required && entity.Empty(values[f.Name]) {
			problems.Add(f.Name, "Please fill this in.")
		}
	}
	return problems.Err()
}

// fill gives a new record what nobody has said.
func (s *Store) fill(e *entity.Entity, values Values) {
	for _, f := range e.Fields {
		if !entity.Empty(values[f.Name]) {
			continue
		}
		switch k := f.Kind.(type) {
		case entity.Pick:
			if main := s.Book.Main(k.List); main != 0 {
				values[f.Name] = main
			}
		default:
			if _, said := values[f.Name]; said || f.Default == "" {
				continue // who empties a field that was filled in means it
			}
			if v, err := f.Kind.Parse([]string{f.Default}, s.env()); err == nil {
				values[f.Name] = v
			}
		}
	}
}

// Create keeps a new record and returns its id.
func (s *Store) Create(ctx context.Context, e *entity.Entity, values Values) (int64, error) {
	if !s.Actor.Right(e).Create {
		return 0, denied("creating", e)
	}
	s.fill(e, values)
	if err := require(e, values); err != nil {
		return 0, err
	}
	if err := s.demandReason(e, values); err != nil {
		return 0, err
	}
	var id int64
	err := s.tx(ctx, func(tx *sql.Tx) error {
		var err error
		id, err = s.insert(ctx, tx, e, values)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("create %s: %w", e.Name, err)
	}
	s.publish(e.Name)
	return id, nil
}

// insert writes a new record, what finds it again, and its entry in the log.
func (s *Store) insert(ctx context.Context, tx *sql.Tx, e *entity.Entity, values Values) (int64, error) {
	if err := s.free(ctx, tx, e); err != nil {
		return 0, err
	}
	now := s.Now.UnixMilli()
	columns := []string{"created_at", "created_by", "updated_at", "updated_by", "place"}
	args := []any{now, s.by(), now, s.by(), now}
	for _, f := range e.Fields {
		if v, ok := values[f.Name]; ok {
			kept := f.Kind.Store(v)
			for i, c := range f.Kind.Columns() {
				columns = append(columns, quote(f.Name+c.Suffix))
				args = append(args, kept[i])
			}
		}
	}
	done, err := tx.ExecContext(ctx, "insert into "+quote(e.Name)+" ("+strings.Join(columns, ", ")+") values (?"+strings.Repeat(", ?", len(columns)-1)+")", args...)
	if err != nil {
		return 0, err
	}
	id, err := done.LastInsertId()
	if err != nil {
		return 0, err
	}
	if err := s.refind(ctx, tx, e, id, values); err != nil {
		return 0, err
	}
	if err := s.tellOwner(ctx, tx, e, id, values, true); err != nil {
		return 0, err
	}
	return id, s.log(ctx, tx, "created", e, id, s.titleOf(e, values), nil)
}

// by is who acts; nobody if it is the product.
// free refuses one more record than the plan includes. It is asked in the transaction that makes it: of many who make the last one
// at once, one does.
func (s *Store) free(ctx context.Context, tx *sql.Tx, e *entity.Entity) error {
	most, limited := s.Records[e.Module]
	if !limited {
		return nil
	}
	var n int64
	err := tx.QueryRowContext(ctx, "select count(*) from (select 1 from "+quote(e.Name)+" where deleted_at is null limit ?)", most).Scan(&n)
	if err == nil && n >= most {
		return fault.New(fault.Limit, "Your plan includes %d of these records, and all are taken. Delete some, or choose a larger plan.", most)
	}
	return err
}

func (s *Store) by() any {
	if s.Actor.ID == 0 {
		return nil
	}
	return s.Actor.ID
}

func (s *Store) titleOf(e *entity.Entity, values Values) string {
	f, _ := e.Field(e.Title)
	return f.Kind.Text(values[e.Title], s.Draw())
}

// refind brings the full-text index and the twins' keys up to date.
func (s *Store) refind(ctx context.Context, tx *sql.Tx, e *entity.Entity, id int64, values Values) error {
	if err := index(ctx, tx, e, id, values, s.Draw()); err != nil {
		return err
	}
	return keepTwins(ctx, tx, e, id, values)
}
