package entity

import (
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"strings"

	"rowhouse/data/fault"
)

// Filter is a condition on a field, or several conditions with and or or between them.
type Filter struct {
	And []Filter `json:"and,omitempty"`
	Or  []Filter `json:"or,omitempty"`
	F   string   `json:"f,omitempty"`
	Op  string   `json:"op,omitempty"`
	V   []string `json:"v,omitempty"`
}

// Bounds of a filter that somebody sends.
const (
	maxConditions = 40
	maxDepth      = 4
	maxFilterText = 8000
)

// Empty tells whether the filter lets everything through.
func (f Filter) Empty() bool { return f.F == "" && len(f.And) == 0 && len(f.Or) == 0 }

// String is the filter as the address of a page carries it.
func (f Filter) String() string {
	if f.Empty() {
		return ""
	}
	b, err := json.Marshal(f)
	if err != nil {
		return ""
	}
	return string(b)
}

// ParseFilter reads a filter and refuses one that e does not understand.
func ParseFilter(e *Entity, s string) (Filter, error) {
	var f Filter
	if s == "" {
		return f, nil
	}
	if len(s) > maxFilterText {
		return f, fault.New(fault.Invalid, "This filter is too long.")
	}
	d := json.NewDecoder(strings.NewReader(s))
	d.DisallowUnknownFields()
	err := d.Decode(&f)
	if err == nil && d.More() {
		err = errors.New("more than one filter")
	}
	if err != nil {
		return Filter{}, fault.Because(err, fault.Invalid, "This filter could not be read.")
	}
	n := 0
	if err := f.check(e, 0, &n); err != nil {
		return Filter{}, err
	}
	return f, nil
}

func (f Filter) check(e *Entity, depth int, n *int) error {
	if *n++; *n > maxConditions || depth > maxDepth {
		return fault.New(fault.Invalid, "This filter has too many conditions.")
	}
	// One thing only: what else it said would be left unread, and the list show more than was asked for.
	if said := f.F != "" || f.Op != "" || len(f.V) > 0; said && f.F == "" || said && len(f.And)+len(f.Or) > 0 || len(f.And) > 0 && len(f.Or) > 0 {
		return fault.New(fault.Invalid, "This filter could not be read.")
	}
	for _, sub := range slices.Concat(f.And, f.Or) {
		if err := sub.check(e, depth+1, n); err != nil {
			return err
		}
	}
	if f.F == "" {
		return nil
	}
	field, ok := e.Field(f.F)
	if !ok || field.Hidden {
		return fault.New(fault.Invalid, "There is no field %q to filter by.", f.F)
	}
	op, ok := OpOf(field, f.Op)
	if !ok {
		return fault.New(fault.Invalid, "%s cannot be filtered that way.", field.Label)
	}
	if len(f.V) > 200 || (op.Values >= 0 && len(f.V) != op.Values) || (op.Values < 0 && len(f.V) == 0) {
		return fault.New(fault.Invalid, "The filter on %s lacks its value.", field.Label)
	}
	if slices.Contains(f.V, "") && field.Kind.Class() != Words && field.Kind.Class() != Link_ {
		return fault.New(fault.Invalid, "The filter on %s lacks its value.", field.Label)
	}
	if op.Number {
		if n, err := strconv.Atoi(f.V[0]); err != nil || n < 0 || n > 10000 {
			return fault.New(fault.Invalid, "Please enter a whole number.")
		}
	}
	return nil
}

// Op is a way to compare. Values says how many values it takes; -1 is one or more.
type Op struct {
	Key, Label string
	Values     int
	Number     bool // its value is a number of days
}

var empties = []Op{{Key: "empty", Label: "is empty"}, {Key: "nempty", Label: "is not empty"}}

var days = append([]Op{{Key: "eq", Label: "is on", Values: 1}, {Key: "lt", Label: "is before", Values: 1}, {Key: "gt", Label: "is after", Values: 1},
	{Key: "between", Label: "is between", Values: 2}, {Key: "today", Label: "is today"}, {Key: "past", Label: "has passed"}, {Key: "this_week", Label: "is this week"},
	{Key: "this_month", Label: "is this month"}, {Key: "last_n_days", Label: "is in the last … days", Values: 1, Number: true},
	{Key: "next_n_days", Label: "is in the next … days", Values: 1, Number: true}}, empties...)

var ops = map[Class][]Op{
	Words: append([]Op{{Key: "contains", Label: "contains", Values: 1}, {Key: "starts", Label: "starts with", Values: 1}, {Key: "eq", Label: "is", Values: 1},
		{Key: "ne", Label: "is not", Values: 1}}, empties...),
	Count: append([]Op{{Key: "eq", Label: "is", Values: 1}, {Key: "ne", Label: "is not", Values: 1}, {Key: "gt", Label: "is more than", Values: 1},
		{Key: "ge", Label: "is at least", Values: 1}, {Key: "lt", Label: "is less than", Values: 1}, {Key: "le", Label: "is at most", Values: 1},
		{Key: "between", Label: "is between", Values: 2}}, empties...),
	Day:     days,
	Time:    days,
	Chosen:  append([]Op{{Key: "in", Label: "is one of", Values: -1}, {Key: "nin", Label: "is none of", Values: -1}}, empties...),
	Many:    append([]Op{{Key: "in", Label: "has one of", Values: -1}, {Key: "nin", Label: "has none of", Values: -1}}, empties...),
	Switch:  {{Key: "yes", Label: "is yes"}, {Key: "no", Label: "is no"}},
	Link_:   append([]Op{{Key: "eq", Label: "is", Values: 1}, {Key: "contains", Label: "contains", Values: 1}}, empties...),
	Person_: append([]Op{{Key: "me", Label: "is me"}, {Key: "my_team", Label: "is in my team"}, {Key: "in", Label: "is one of", Values: -1}, {Key: "nin", Label: "is none of", Values: -1}}, empties...),
}

// Ops returns the ways to compare a field.
func Ops(f Field) []Op { return ops[f.Kind.Class()] }

// OpOf returns the way called key to compare a field.
func OpOf(f Field, key string) (Op, bool) {
	for _, op := range Ops(f) {
		if op.Key == key {
			return op, true
		}
	}
	return Op{}, false
}

// Flat returns the conditions if they stand in one row with the same word between them, as the filter's form shows them.
func (f Filter) Flat() (conditions []Filter, any bool) {
	switch {
	case f.F != "":
		return []Filter{f}, false
	case len(f.Or) > 0 && len(f.And) == 0:
		return f.Or, true
	}
	return f.And, false
}
