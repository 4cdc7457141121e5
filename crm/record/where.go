package record

import (
	"strconv"
	"strings"

	"rowhouse/crm/entity"
	"rowhouse/data/fault"
	"rowhouse/data/money"
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
		mates := entity.Filter{F: c.F, Op: "in", V: []string{strconv.FormatInt(s.Actor.ID, 10)}}
		for _, id := range s.Actor.Mates {
			mates.V = append(mates.V, strconv.FormatInt(id, 10))
		}
		return s.among(f, mates, column, q)
	}
	switch class := f.Kind.Class(); class {
	case entity.Day, entity.Time:
		return s.period(f, c, column, q)
	case entity.Count:
		return s.count(f, c, column, q)
	case entity.Link_:
		return s.linked(f, c, column, q)
	}
	words(f, c, column, q)
	return nil
}

// words compares text. Of several addresses or numbers, one that fits is enough.
func words(f entity.Field, c entity.Filter, column string, q *query) {
	_, several := f.Kind.Scan([]any{"[]"}).([]entity.Entry)
	if several {
		if c.Op == "ne" {
			q.add("not ")
		}
		q.add("exists (select 1 from json_each(" + column + ") j where ")
		column = "(j.value ->> 'value')"
		defer q.add(")")
	}
	switch {
	case c.Op == "eq", c.Op == "ne" && several:
		q.add(column+" = ? collate nocase", c.V[0])
	case c.Op == "ne":
		q.add(column+" <> ? collate nocase", c.V[0])
	case c.Op == "starts":
		q.add(column+` like ? escape '\'`, like(c.V[0])+"%")
	default:
		q.add(column+` like ? escape '\'`, "%"+like(c.V[0])+"%")
	}
}

func like(s string) string { return strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`).Replace(s) }

// among is a list of values: labels or ids of choices, people, keys.
func (s *Store) among(f entity.Field, c entity.Filter, column string, q *query) error {
	not, many := c.Op == "nin", f.Kind.Class() == entity.Many
	switch {
	case many && not:
		q.add("(not exists (select 1 from json_each(" + column + ") j where j.value collate nocase in (")
	case many:
		q.add("(exists (select 1 from json_each(" + column + ") j where j.value collate nocase in (")
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
	env := s.env()
	env.Past = true
	parsed, err := f.Kind.Parse([]string{v}, env)
	if err != nil {
		return nil, err
	}
	kept := f.Kind.Store(parsed)[0]
	if kept == nil {
		return nil, fault.New(fault.Invalid, "The filter on %s lacks its value.", f.Label)
	}
	return kept, nil
}

func (s *Store) count(f entity.Field, c entity.Filter, column string, q *query) error {
	signs := map[string]string{"eq": " = ?", "ne": " is not ?", "gt": " > ?", "ge": " >= ?", "lt": " < ?", "le": " <= ?", "between": " between ? and ?"}
	if f.Kind.Word() == "money" {
		return s.amount(f, c, column, signs[c.Op], q)
	}
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

// amount compares amounts of money. Without a currency the numbers count, whatever currency stands behind them;
// with one, only amounts in it can be more or less.
func (s *Store) amount(f entity.Field, c entity.Filter, column, sign string, q *query) error {
	var args []any
	var currency string
	for _, v := range c.V {
		parsed, err := f.Kind.Parse([]string{v}, s.env())
		if err != nil {
			return err
		}
		a, ok := parsed.(money.Amount)
		if !ok {
			return fault.New(fault.Invalid, "The filter on %s lacks its value.", f.Label)
		}
		if money.Named(v) {
			currency = a.Currency
		}
		args = append(args, a.Minor*thousandths(a.Currency))
	}
	q.add("("+inThousandths(f.Name)+sign, args...)
	switch {
	case currency != "" && c.Op == "ne":
		q.add(" or t."+quote(f.Name+"_currency")+" <> ?", currency)
	case currency != "":
		q.add(" and t."+quote(f.Name+"_currency")+" = ?", currency)
	}
	q.add(")")
	return nil
}

// thousandths is how many thousandths of the whole one minor unit is: 10 for a cent, 1000 for a yen.
func thousandths(currency string) int64 {
	return map[int]int64{0: 1000, 2: 10, 3: 1}[money.Exponent(currency)]
}

// inThousandths is a field of money in thousandths, so that amounts of different currencies compare as numbers.
func inThousandths(name string) string {
	column, by := "t."+quote(name), map[int64][]string{}
	for _, c := range money.Currencies {
		by[thousandths(c)] = append(by[thousandths(c)], "'"+c+"'")
	}
	is := "t." + quote(name+"_currency") + " in ("
	return column + " * case when " + is + strings.Join(by[1000], ", ") + ") then 1000 when " + is + strings.Join(by[1], ", ") + ") then 1 else 10 end"
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
	q.add(column+" in (select l.id from "+quote(to.Name)+" l where l."+quote(to.Title)+` like ? escape '\' and l.deleted_at is null and `, "%"+like(c.V[0])+"%")
	s.sees(to, "l", q) // else a filter would tell the names of what may not be seen
	q.add(")")
	return nil
}
