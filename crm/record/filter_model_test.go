package record_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"time"

	"rowhouse/crm/entity"
)

// said is a row as the test has made it, to compare with what the database finds.
type said map[string]any

func pick[T any](r *rand.Rand, of ...T) T { return of[r.IntN(len(of))] }

var names = []string{"Ada", "ADA", "ada lovelace", "Bob's 100%", "under_score", `back\slash`, "a'b", `q"q`, "Zoë", "x); drop table lead; --", "%", "_"}

// sowRandom makes rows of random values, of every class of kind.
func sowRandom(c *company, r *rand.Rand, n int) []said {
	var rows []said
	for range n {
		row := said{"name": pick(r, names...), "company": pick(r, append(names, "")...), "emails": pick(r, []string{}, []string{"a@x.example"}, []string{"b@y.example", "a@x.example"}, []string{"o'h@x.example"}),
			"status": pick(r, "1", "2", "3"), "source": pick(r, "", "4", "5"), "owner": pick(r, "", "1", "2", "4"), "next_follow_up": pick(r, "", "2026-11-21", "2026-11-22", "2026-11-23", "2026-11-29", "2026-12-01", "2026-10-31"),
			"tags": pick(r, []string{}, []string{"vip"}, []string{"a b", "VIP"}, []string{"x"}), "is_public": pick(r, "0", "1"), "value": pick(r, "", "0 EUR", "100 EUR", "99.99 USD", "100 JPY", "-5 EUR", "1000.5 BHD"), "x_n": pick(r, "", "0", "-3", "7", "100")}
		s, e := c.as(ada), c.entity("lead")
		typed := map[string][]string{}
		for k, v := range row {
			switch v := v.(type) {
			case string:
				typed[k] = []string{v}
			case []string:
				typed[k] = []string{strings.Join(v, ",")}
			}
		}
		values, problems := s.Parse(e.Writable(), typed)
		if err := problems.Err(); err != nil {
			c.Fatal(err)
		}
		id, err := s.Create(c.Context(), e, values)
		if err != nil {
			c.Fatal(err)
		}
		row["id"] = id
		rows = append(rows, row)
	}
	return rows
}

// low folds as the database does: ASCII only.
func low(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'A' && r <= 'Z' {
			return r + 32
		}
		return r
	}, s)
}

// holds is the filter once more, by hand.
func holds(row said, f entity.Filter) bool {
	switch {
	case len(f.And) > 0:
		return !slices.ContainsFunc(f.And, func(g entity.Filter) bool { return !holds(row, g) })
	case len(f.Or) > 0:
		return slices.ContainsFunc(f.Or, func(g entity.Filter) bool { return holds(row, g) })
	}
	v, list := "", []string(nil)
	switch x := row[f.F].(type) {
	case string:
		if v = x; x != "" {
			list = []string{x}
		}
	case []string:
		list = x
	}
	has := slices.ContainsFunc(list, func(s string) bool {
		return slices.ContainsFunc(f.V, func(w string) bool { return low(s) == low(w) })
	})
	switch f.Op {
	case "empty":
		return len(list) == 0
	case "nempty":
		return len(list) > 0
	case "yes", "no":
		return (v == "1") == (f.Op == "yes")
	case "me":
		return v == "1"
	case "my_team":
		return v == "1"
	case "in", "nin":
		return has == (f.Op == "in")
	}
	switch f.F {
	case "value", "x_n":
		return compares(v, f)
	case "next_follow_up":
		return v != "" && within(v, f)
	}
	if row[f.F] == nil || list == nil && f.F != "emails" {
		list = []string{""}
	}
	fits := func(test func(string) bool) bool {
		return slices.ContainsFunc(list, func(s string) bool { return test(low(s)) })
	}
	w := low(f.V[0])
	switch f.Op {
	case "eq":
		return fits(func(s string) bool { return s == w })
	case "ne":
		return !fits(func(s string) bool { return s == w })
	case "starts":
		return fits(func(s string) bool { return strings.HasPrefix(s, w) })
	case "contains":
		return fits(func(s string) bool { return strings.Contains(s, w) })
	}
	panic(f.Op)
}

// compares counts in thousandths; a currency that is named must be the same.
func compares(v string, f entity.Filter) bool {
	number := func(s string) (int64, string) {
		amount, currency, _ := strings.Cut(s, " ")
		x, _ := strconv.ParseFloat(amount, 64)
		return int64(x*1000 + 0.5*map[bool]float64{true: 1, false: -1}[x >= 0]), currency
	}
	if v == "" {
		return f.Op == "ne"
	}
	n, in := number(v)
	a, named := number(f.V[0])
	if named != "" && named != in {
		return f.Op == "ne"
	}
	switch f.Op {
	case "eq":
		return n == a
	case "ne":
		return n != a
	case "gt":
		return n > a
	case "ge":
		return n >= a
	case "lt":
		return n < a
	case "le":
		return n <= a
	}
	b, _ := number(f.V[1])
	return a <= n && n <= b
}

// within knows that today is Sunday, 22 November 2026.
func within(v string, f entity.Filter) bool {
	span := map[string][2]string{"today": {"2026-11-22", "2026-11-22"}, "past": {"", "2026-11-21"}, "this_week": {"2026-11-16", "2026-11-22"}, "this_month": {"2026-11-01", "2026-11-30"}}
	s, ok := span[f.Op]
	if !ok {
		switch f.Op {
		case "eq":
			s = [2]string{f.V[0], f.V[0]}
		case "lt":
			return v < f.V[0]
		case "gt":
			return v > f.V[0]
		case "between":
			s = [2]string{f.V[0], f.V[1]}
		default:
			n, _ := strconv.Atoi(f.V[0])
			today := time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)
			s = [2]string{today.AddDate(0, 0, -n).Format(time.DateOnly), "2026-11-22"}
			if f.Op == "next_n_days" {
				s = [2]string{"2026-11-22", today.AddDate(0, 0, n).Format(time.DateOnly)}
			}
		}
	}
	return s[0] <= v && v <= s[1]
}

// someFilter is a random filter, nested now and then.
func someFilter(r *rand.Rand, e *entity.Entity, depth int) entity.Filter {
	if depth < 3 && r.IntN(3) == 0 {
		var parts []entity.Filter
		for range 1 + r.IntN(3) {
			parts = append(parts, someFilter(r, e, depth+1))
		}
		if r.IntN(2) == 0 {
			return entity.Filter{Or: parts}
		}
		return entity.Filter{And: parts}
	}
	f, _ := e.Field(pick(r, "name", "company", "emails", "status", "source", "owner", "next_follow_up", "tags", "is_public", "value", "x_n"))
	op := pick(r, entity.Ops(f)...)
	c := entity.Filter{F: f.Name, Op: op.Key}
	n := op.Values
	if n < 0 {
		n = 1 + r.IntN(3)
	}
	for range n {
		switch {
		case op.Number:
			c.V = append(c.V, pick(r, "0", "1", "7", "30"))
		default:
			c.V = append(c.V, map[string]func() string{"name": func() string { return pick(r, append(names, "a", "lace", "Bob")...) }, "company": func() string { return pick(r, append(names, "a", "1")...) }, "status": func() string { return pick(r, "1", "2", "3") }, "source": func() string { return pick(r, "4", "5") }, "owner": func() string { return pick(r, "1", "2", "4") },
				"next_follow_up": func() string { return pick(r, "2026-11-21", "2026-11-22", "2026-11-30") }, "tags": func() string { return pick(r, "vip", "a b", "none") }, "x_n": func() string { return pick(r, "0", "-3", "7", "8") },
				"value": func() string { return pick(r, "100", "0", "99.99", "100 EUR") }, "emails": func() string { return pick(r, "a@x.example", "x.example", "value", "b", "'") }}[f.Name]())
		}
	}
	if f.Name == "value" && len(c.V) == 2 {
		c.V = []string{"-5", "100"}
	}
	return c
}

func differ(rows []said, got, want []int64) string {
	for _, row := range rows {
		id := row["id"].(int64)
		if slices.Contains(got, id) != slices.Contains(want, id) {
			b, _ := json.Marshal(row)
			return fmt.Sprintf("found %v: %s", slices.Contains(got, id), b)
		}
	}
	return ""
}
