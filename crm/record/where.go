package record

import (
	"strconv"
	"strings"
	"time"

	"rowhouse/crm/entity"
	"rowhouse/data/fault"
)

// where puts a filter into SQL. Fields and operators were checked when the filter was read;
// values are only ever arguments.
func (s *Store) where(e *entity.Entity, f entity.Filter, q *query) error {
	switch {
	case f.F != "":
		return s.condition(e, f, q)
	case len(f.And) > 0:
		return s.group(e, f.And, " and ", q)
	case len(f.Or) > 0:
		return s.group(e, f.Or, " or ", q)
	}
	q.add("1")
	return nil
}

func (s *Store) group(e *entity.Entity, parts []entity.Filter, word string, q *query) error {
	q.add("(")
	for i, part := range parts {
		if i > 0 {
			q.add(word)
		}
		if err := s.where(e, part, q); err != nil {
			return err
		}
	}
	q.add(")")
	return nil
}

func (s *Store) condition(e *entity.Entity, c entity.Filter, q *query) error {
	f, ok := e.Field(c.F)
	if !ok {
		return fault.New(fault.Invalid, "There is no field %q to filter by.", c.F)
	}
	column := "t." + quote(f.Name)
	class := f.Kind.Class()
	switch c.Op {
	case "empty":
		q.add("(" + column + " is null or " + column + " in ('', '[]'))")
		return nil
	case "nempty":
		q.add("(" + column + " is not null and " + column + " not in ('', '[]'))")
		return nil
	case "yes", "no":
		q.add(column+" = ?", c.Op == "yes")
		return nil
	case "in", "nin":
		return s.among(f, c, column, q)
	case "me":
		q.add(column+" = ?", s.Actor.ID)
		return nil
	case "my_team":
		mates := entity.Filter{F: c.F, Op: "in"}
		for _, id := range append(s.Actor.Mates, s.Actor.ID) {
			mates.V = append(mates.V, strconv.FormatInt(id, 10))
		}
		return s.among(f, mates, column, q)
	}
	switch class {
	case entity.Day, entity.Time:
		return s.period(f, c, column, q)
	case entity.Count:
		return s.count(f, c, column, q)
	case entity.Link_:
		return s.linked(f, c, column, q)
	}
	return words(c, column, q)
}

func words(c entity.Filter, column string, q *query) error {
	switch c.Op {
	case "eq":
		q.add(column+" = ? collate nocase", c.V[0])
	case "ne":
		q.add(column+" <> ? collate nocase", c.V[0])
	case "starts":
		q.add(column+` like ? escape '\'`, like(c.V[0])+"%")
	default:
		q.add(column+` like ? escape '\'`, "%"+like(c.V[0])+"%")
	}
	return nil
}

func like(s string) string { return strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`).Replace(s) }

// among is a list of values: labels or ids of choices, people, keys.
func (s *Store) among(f entity.Field, c entity.Filter, column string, q *query) error {
	not, many := c.Op == "nin", f.Kind.Class() == entity.Many
	switch {
	case many && not:
		q.add("(not exists (select 1 from json_each(" + column + ") j where j.value in (")
	case many:
		q.add("(exists (select 1 from json_each(" + column + ") j where j.value in (")
	case not:
		q.add("(" + column + " is null or " + column + " not in (")
	default:
		q.add("(" + column + " in (") // bare, so that an index can serve it
	}
	for i, v := range c.V {
		if i > 0 {
			q.add(", ")
		}
		arg, err := s.value(f, v)
		if err != nil {
			return err
		}
		q.add("?", arg)
	}
	if many {
		q.add(")")
	}
	q.add("))")
	return nil
}

// value is what a column holds for a value that somebody typed.
func (s *Store) value(f entity.Field, v string) (any, error) {
	if f.Kind.Class() == entity.Many {
		return v, nil
	}
	parsed, err := f.Kind.Parse([]string{v}, s.env())
	if err != nil {
		return nil, err
	}
	return f.Kind.Store(parsed)[0], nil
}

func (s *Store) count(f entity.Field, c entity.Filter, column string, q *query) error {
	signs := map[string]string{"eq": " = ?", "ne": " <> ?", "gt": " > ?", "ge": " >= ?", "lt": " < ?", "le": " <= ?", "between": " between ? and ?"}
	var args []any
	for _, v := range c.V {
		arg, err := s.value(f, v)
		if err != nil {
			return err
		}
		args = append(args, arg)
	}
	q.add(column+signs[c.Op], args...)
	return nil
}

func (s *Store) linked(f entity.Field, c entity.Filter, column string, q *query) error {
	if c.Op == "eq" {
		arg, err := s.value(f, c.V[0])
		if err != nil {
			return err
		}
		q.add(column+" = ?", arg)
		return nil
	}
	to := s.Book.Entity(f.Kind.(entity.Link).To)
	if to == nil {
		q.add("0")
		return nil
	}
	q.add(column+" in (select id from "+quote(to.Name)+" where "+quote(to.Title)+` like ? escape '\')`, "%"+like(c.V[0])+"%")
	return nil
}

// period turns the words for spans of days into two bounds.
func (s *Store) period(f entity.Field, c entity.Filter, column string, q *query) error {
	from, to, err := s.span(c)
	if err != nil {
		return err
	}
	bound := func(sign string, t time.Time) {
		if f.Kind.Class() == entity.Day {
			q.add(column+sign, t.Format(time.DateOnly))
		} else {
			q.add(column+sign, t.UnixMilli())
		}
	}
	if f.Kind.Class() == entity.Day {
		q.add("(" + column + " <> ''")
	} else {
		q.add("(" + column + " is not null")
	}
	if !from.IsZero() {
		q.add(" and ")
		bound(" >= ?", from)
	}
	if !to.IsZero() {
		q.add(" and ")
		bound(" < ?", to)
	}
	q.add(")")
	return nil
}

// span is the first moment that a condition on days lets through, and the first after it that it does not.
// The zero time is without bound.
func (s *Store) span(c entity.Filter) (from, to time.Time, err error) {
	now := s.Now.In(s.Look.Zone)
	today := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, now.Location())
	at := make([]time.Time, len(c.V))
	n := 0
	for i, v := range c.V {
		if strings.HasSuffix(c.Op, "_n_days") {
			n, err = strconv.Atoi(v)
		} else {
			at[i], err = time.ParseInLocation(time.DateOnly, v, now.Location())
		}
		if err != nil {
			return from, to, fault.New(fault.Invalid, "Please enter a day like 2026-11-22.")
		}
	}
	switch c.Op {
	case "eq":
		from, to = at[0], at[0].AddDate(0, 0, 1)
	case "lt":
		to = at[0]
	case "gt":
		from = at[0].AddDate(0, 0, 1)
	case "between":
		from, to = at[0], at[1].AddDate(0, 0, 1)
	case "today":
		from, to = today, today.AddDate(0, 0, 1)
	case "past":
		to = today
	case "this_week":
		from = today.AddDate(0, 0, -(int(today.Weekday())+6)%7) // a week begins on Monday
		to = from.AddDate(0, 0, 7)
	case "this_month":
		from = today.AddDate(0, 0, 1-today.Day())
		to = from.AddDate(0, 1, 0)
	case "last_n_days":
		from, to = today.AddDate(0, 0, -n), today.AddDate(0, 0, 1)
	case "next_n_days":
		from, to = today, today.AddDate(0, 0, n+1)
	}
	return from, to, nil
}
