package record

import (
	"strconv"
	"strings"
	"time"

	"rowhouse/crm/entity"
	"rowhouse/data/fault"
)

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
