package record

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"rowhouse/crm/entity"
	"rowhouse/data/fault"
	"rowhouse/ui"
)

// Values are the values of some of a record's fields, by name.
type Values map[string]any

// env is what parsing may ask.
func (s *Store) env() *entity.Env {
	return &entity.Env{Labels: s.Book, Find: s.find, Currency: s.Book.Currency, Self: s.Actor.ID}
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
			if f.Default == "" {
				continue
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
	return id, s.log(ctx, tx, "created", e, id, s.titleOf(e, values), nil)
}

// by is who acts; nobody if it is the product.
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

// Update changes some fields of a record. version is the one that the person saw; if it is no longer the
// newest, nothing is changed and the fault says who changed what. Version 0 does not compare.
func (s *Store) Update(ctx context.Context, e *entity.Entity, id, version int64, values Values) (int64, error) {
	var next int64
	err := s.tx(ctx, func(tx *sql.Tx) error {
		var err error
		next, err = s.update(ctx, tx, e, id, version, values)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("update %s %d: %w", e.Name, id, err)
	}
	s.publish(e.Name, Topic(e, id))
	return next, nil
}

// Topic is what an open page of one record listens to.
func Topic(e *entity.Entity, id int64) string { return e.Name + "-" + strconv.FormatInt(id, 10) }

func (s *Store) update(ctx context.Context, tx *sql.Tx, e *entity.Entity, id, version int64, values Values) (int64, error) {
	old, err := s.forEdit(ctx, tx, e, id)
	if err != nil {
		return 0, err
	}
	if version != 0 && version != old.Version {
		return 0, s.stale(ctx, tx, e, old)
	}
	all, changed, changes, err := s.merge(e, old, values)
	if err != nil {
		return 0, err
	}
	if len(changes) == 0 {
		return old.Version, nil
	}
	q := (&query{}).add("update "+quote(e.Name)+" set version = version + 1, updated_at = ?, updated_by = ?", s.Now.UnixMilli(), s.by())
	for _, f := range changed {
		kept := f.Kind.Store(all[f.Name])
		for i, c := range f.Kind.Columns() {
			q.add(", "+quote(f.Name+c.Suffix)+" = ?", kept[i])
		}
	}
	q.add(" where id = ?", id)
	if _, err := tx.ExecContext(ctx, q.String(), q.args...); err != nil {
		return 0, err
	}
	if err := s.refind(ctx, tx, e, id, all); err != nil {
		return 0, err
	}
	return old.Version + 1, s.log(ctx, tx, "updated", e, id, s.titleOf(e, all), changes)
}

// Changes are fields and what they held before and hold now, in words.
type Changes map[string][2]string

// merge lays values over a record and returns what it holds then, which fields change, and how.
func (s *Store) merge(e *entity.Entity, old *Row, values Values) (Values, []entity.Field, Changes, error) {
	all, changes := Values{}, Changes{}
	var changed []entity.Field
	problems := ui.Problems{}
	for _, f := range e.Fields {
		before := old.Value(f.Name)
		all[f.Name] = before
		after, ok := values[f.Name]
		if !ok || slices.Equal(f.Kind.Store(before), f.Kind.Store(after)) {
			continue
		}
		if f.Required && entity.Empty(after) {
			problems.Add(f.Name, "Please fill this in.")
		}
		all[f.Name] = after
		changed = append(changed, f)
		changes[f.Name] = [2]string{f.Kind.Text(before, s.Draw()), f.Kind.Text(after, s.Draw())}
	}
	return all, changed, changes, problems.Err()
}

// forEdit reads a record that the actor may change.
func (s *Store) forEdit(ctx context.Context, tx *sql.Tx, e *entity.Entity, id int64) (*Row, error) {
	return s.readTx(ctx, tx, e, id, s.Actor.Right(e).Edit, "changing")
}

// readTx reads a record inside a transaction. One that may be seen but not touched at level is denied.
func (s *Store) readTx(ctx context.Context, tx *sql.Tx, e *entity.Entity, id int64, level Level, what string) (*Row, error) {
	q := (&query{}).add("select t.id, t.version, coalesce(t.deleted_at, 0), (")
	s.scope(e, level, "t", q)
	q.add(")")
	s.columns(e, e.Fields, q)
	q.add(" from "+quote(e.Name)+" t where t.id = ? and t.deleted_at is null and ", id)
	s.scope(e, s.Actor.Right(e).View, "t", q)
	row, allowed, err := scanRow(tx.QueryRowContext(ctx, q.String(), q.args...).Scan, e.Fields)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return nil, missing(e)
	case err != nil:
		return nil, err
	case allowed != int64(1):
		return nil, denied(what, e)
	}
	return &row, nil
}

// stale says who changed a record since it was shown.
func (s *Store) stale(ctx context.Context, tx *sql.Tx, e *entity.Entity, old *Row) error {
	var staff sql.NullInt64
	err := tx.QueryRowContext(ctx, `select staff from activity where entity = ? and record = ? and act = 'updated' order by id desc limit 1`, e.Name, old.ID).Scan(&staff)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	if p, ok := s.Book.Staffer(staff.Int64); ok && staff.Int64 != s.Actor.ID {
		return fault.New(fault.Conflict, "%s changed this %s while you were typing. What you typed is below; save again to put it over the newest version.", p.Name, e.One)
	}
	return fault.New(fault.Conflict, "This %s was changed in another window while you were typing. What you typed is below; save again to put it over the newest version.", e.One)
}

// Get reads a record with all its fields, and whether the actor may edit and delete it.
func (s *Store) Get(ctx context.Context, e *entity.Entity, id int64) (*Row, error) {
	q := (&query{}).add("select t.id, t.version, coalesce(t.deleted_at, 0), 0")
	fields := append(slices.Clone(e.Fields), entity.Base...)
	s.columns(e, fields, q)
	q.add(" from "+quote(e.Name)+" t where t.id = ? and t.deleted_at is null and ", id)
	s.scope(e, s.Actor.Right(e).View, "t", q)
	rows, _, err := s.scan(ctx, q, fields)
	if err != nil {
		return nil, fmt.Errorf("read %s %d: %w", e.Name, id, err)
	}
	if len(rows) == 0 {
		return nil, missing(e)
	}
	return &rows[0], nil
}

// May tells whether the actor may edit and delete a record that he sees.
func (s *Store) May(ctx context.Context, e *entity.Entity, id int64) (edit, remove bool, err error) {
	r := s.Actor.Right(e)
	if r.Edit == All && r.Delete == All {
		return true, true, nil
	}
	q := (&query{}).add("select (")
	s.scope(e, r.Edit, "t", q)
	q.add("), (")
	s.scope(e, r.Delete, "t", q)
	q.add(") from "+quote(e.Name)+" t where t.id = ?", id)
	err = s.DB.QueryRow(ctx, q.String(), q.args...).Scan(&edit, &remove)
	return edit, remove, err
}

// find returns the id of the record that a text means: "Title #12", "#12", "12", or a title that only one has.
func (s *Store) find(name, text string) (int64, error) {
	e := s.Book.Entity(name)
	if e == nil || s.Actor.Right(e).View == None {
		return 0, fault.New(fault.Invalid, "This cannot be linked here.")
	}
	ctx := context.Background()
	if i := strings.LastIndexByte(text, '#'); i >= 0 {
		text = text[i+1:]
	}
	q := (&query{}).add("select t.id from " + quote(e.Name) + " t where t.deleted_at is null and ")
	s.scope(e, s.Actor.Right(e).View, "t", q)
	if id, err := strconv.ParseInt(text, 10, 64); err == nil {
		q.add(" and t.id = ?", id)
	} else {
		q.add(" and t."+quote(e.Title)+" = ? collate nocase", text)
	}
	q.add(" limit 2")
	var ids []int64
	err := each(ctx, s.DB, func(scan func(...any) error) error {
		ids = append(ids, 0)
		return scan(&ids[len(ids)-1])
	}, q.String(), q.args...)
	switch {
	case err != nil:
		return 0, err
	case len(ids) == 0:
		return 0, fault.New(fault.Invalid, "No %s has this name. Please choose one of the suggestions.", e.One)
	case len(ids) > 1:
		return 0, fault.New(fault.Invalid, "Several have this name. Please choose one of the suggestions.")
	}
	return ids[0], nil
}
