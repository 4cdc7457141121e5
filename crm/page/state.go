package page

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"rowhouse/crm/entity"
	"rowhouse/crm/record"
	"rowhouse/data/fault"
)

// state is what the address of a list says.
type state struct {
	values url.Values
	at     string
	filter entity.Filter
	cols   []string
	fresh  string // the address in its short form, if the filter's form was sent
}

// known are the words that the address of a list may hold.
var known = []string{"filter", "q", "sort", "after", "before", "view", "col", "col[]", "f", "op", "v", "w", "any"}

func readState(d *Desk, e *entity.Entity, r *http.Request) (state, error) {
	s := state{values: url.Values{}, at: r.URL.Path, cols: e.List}
	asked := r.URL.Query()
	for name, list := range asked {
		if !slices.Contains(known, name) || (len(list) > 1 && !slices.Contains([]string{"col[]", "f", "op", "v", "w"}, name)) {
			return s, fault.New(fault.Invalid, "This address has something that a list does not know: %s", name)
		}
		if list[0] != "" {
			s.values[name] = list
		}
	}
	if asked.Has("f") {
		filter := fromRows(asked)
		keep := url.Values{}
		for _, name := range []string{"q", "sort", "col"} {
			if v := asked.Get(name); v != "" {
				keep.Set(name, v)
			}
		}
		if text := filter.String(); text != "" {
			keep.Set("filter", text)
		}
		s.fresh = keep.Encode()
		if s.fresh == "" {
			s.fresh = "sort="
		}
	}
	var err error
	if s.filter, err = entity.ParseFilter(e, asked.Get("filter")); err != nil {
		return s, err
	}
	if len(asked["col[]"]) > 0 {
		s.values.Set("col", strings.Join(asked["col[]"], ","))
		s.values.Del("col[]")
	}
	if cols := s.values.Get("col"); cols != "" {
		s.cols = append([]string{e.Title}, slices.DeleteFunc(strings.Split(cols, ","), func(c string) bool { return c == e.Title })...)
		s.cols = s.cols[:min(len(s.cols), 30)]
	}
	return s, nil
}

// plain tells that everything is shown.
func (s state) plain() bool {
	return s.filter.Empty() && s.values.Get("q") == "" && s.values.Get("after") == "" && s.values.Get("before") == ""
}

func (s state) query() record.Query {
	return record.Query{Filter: s.filter, Search: s.values.Get("q"), Sort: s.values.Get("sort"), After: s.values.Get("after"), Before: s.values.Get("before")}
}

func (s state) sortOr(e *entity.Entity) string {
	if sort := s.values.Get("sort"); sort != "" {
		return sort
	}
	return e.Sort
}

// with is the address with one word changed and some left out.
func (s state) with(name, value string, without ...string) string {
	v := url.Values{}
	for k, list := range s.values {
		if k != name && !slices.Contains(without, k) {
			v[k] = list
		}
	}
	if value != "" {
		v.Set(name, value)
	}
	if len(v) == 0 {
		return s.at
	}
	return s.at + "?" + v.Encode()
}

// fromRows makes a filter of the form's rows: f[i] op[i] v[i] w[i].
func fromRows(v url.Values) entity.Filter {
	var list []entity.Filter
	get := func(name string, i int) string {
		if i < len(v[name]) {
			return v[name][i]
		}
		return ""
	}
	for i, f := range v["f"] {
		c := entity.Filter{F: f, Op: get("op", i)}
		if f == "" || c.Op == "" {
			continue
		}
		for _, value := range []string{get("v", i), get("w", i)} {
			if value != "" {
				c.V = append(c.V, value)
			}
		}
		if noValue(c.Op) {
			c.V = nil
		} else if c.Op != "between" && len(c.V) > 1 {
			c.V = c.V[:1]
		}
		list = append(list, c)
	}
	switch {
	case len(list) == 0:
		return entity.Filter{}
	case len(list) == 1:
		return list[0]
	case v.Get("any") == "1":
		return entity.Filter{Or: list}
	}
	return entity.Filter{And: list}
}

func noValue(op string) bool {
	return slices.Contains([]string{"empty", "nempty", "today", "past", "this_week", "this_month", "yes", "no", "me", "my_team"}, op)
}

// ListURL is the address of an entity's list behind a filter.
func ListURL(e *entity.Entity, f entity.Filter) string {
	return state{at: e.URL()}.with("filter", f.String())
}
