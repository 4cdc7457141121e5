package entity

import (
	"strings"
	"time"

	"rowhouse/data/fault"
	"rowhouse/ui"
)

// Kind is what a field can hold: how it is kept, understood, shown, and asked for.
type Kind interface {
	Word() string                                    // what a custom field's row calls it
	Columns() []Column                               // the columns it is kept in
	Store(v any) []any                               // a value as those columns keep it
	Scan(kept []any) any                             // the value of what was kept; nil or "" is empty
	Parse(in []string, env *Env) (any, error)        // from a form or an import
	In(v any, d *Draw) []string                      // a value as a form shows it
	Text(v any, d *Draw) string                      // in words: exports, the timeline
	Cell(h *ui.HTML, v any, d *Draw)                 // in a list
	Input(h *ui.HTML, f Field, in []string, d *Draw) // on a form
	Class() Class
}

// Column is one column of a field: Suffix is added to the field's name.
type Column struct{ Suffix, Type string }

// Class says how values compare, and so which filters fit.
type Class int

// The classes of kinds.
const (
	Words   Class = iota // text
	Count                // numbers
	Day                  // 2026-11-22
	Time                 // unix milliseconds
	Chosen               // one of some rows or words
	Many                 // several of some, kept as JSON
	Switch               // yes or no
	Link_                // another record
	Person_              // a member of staff
)

// Env is what parsing needs to know.
type Env struct {
	Labels   Labels
	Find     func(entity, text string) (int64, error) // the record that a text means
	Currency string                                   // where none is named
	Self     int64                                    // who is typing
	Look     *ui.Look                                 // the language and the zone they type in; nil is English and UTC
	Past     bool                                     // take also what can no longer be chosen: filters and imports speak of old records
}

// says tells whether a text is a word of ours, as the code has it or as the reader's language does.
func (e *Env) says(s, word string) bool {
	return strings.EqualFold(word, s) || e != nil && e.Look != nil && strings.EqualFold(e.Look.T(word), s)
}

// zone is the zone of who types.
func (e *Env) zone() *time.Location {
	if e == nil || e.Look == nil || e.Look.Zone == nil {
		return time.UTC
	}
	return e.Look.Zone
}

// Draw is what drawing needs to know.
type Draw struct {
	*ui.Look
	Labels   Labels
	Currency string
	Self     int64
}

// Labels knows the names of what ids stand for.
type Labels interface {
	Choices(list string) []Choice
	Choice(id int64) (Choice, bool)
	Staff() []Staffer
	Staffer(id int64) (Staffer, bool)
	URL(entity string, id int64) string
}

// Choice is one row of a list that the tenant edits: a status, a source.
type Choice struct {
	ID       int64
	List     string
	Label    string
	Hue      int    // 0 to 11
	Kind     string // what the product must know about it: open, won, lost, junk
	Position int
	Default  bool
	Archived bool
}

// Staffer is a member of staff, as other records show one.
type Staffer struct {
	ID     int64
	Name   string
	Active bool
}

// Ref is a link to another record, with its title.
type Ref struct {
	ID    int64
	Title string
}

// one returns the single value of a form's field.
func one(in []string) (string, error) {
	switch len(in) {
	case 0:
		return "", nil
	case 1:
		return in[0], nil
	}
	return "", fault.New(fault.Invalid, "Please send one value here.")
}

func text(v any) string { s, _ := v.(string); return s }
func whole(v any) (int64, bool) {
	n, ok := v.(int64)
	return n, ok
}

// Empty tells whether a value says nothing.
func Empty(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case string:
		return v == "" || v == "[]"
	case Ref:
		return v.ID == 0
	case []Entry:
		return len(v) == 0
	case []string:
		return len(v) == 0
	}
	return false
}

// plainText is shared by kinds that keep one column of text.
type plainText struct{}

func (plainText) Columns() []Column          { return []Column{{"", "text not null default ''"}} }
func (plainText) Store(v any) []any          { return []any{text(v)} }
func (plainText) Scan(kept []any) any        { return text(kept[0]) }
func (plainText) In(v any, _ *Draw) []string { return []string{text(v)} }
func (plainText) Text(v any, _ *Draw) string { return text(v) }
func (plainText) Class() Class               { return Words }

// plainInt is shared by kinds that keep one whole number or nothing.
type plainInt struct{}

func (plainInt) Columns() []Column { return []Column{{"", "integer"}} }
func (plainInt) Store(v any) []any { return []any{v} }
func (plainInt) Scan(kept []any) any {
	if n, ok := kept[0].(int64); ok {
		return n
	}
	return nil
}

// input begins an input element; the caller adds what its kind needs and closes it.
func input(h *ui.HTML, f Field, kind string) *ui.HTML {
	h.Tag(`<input class="input" type="`).Text(kind).Tag(`" name="`).Text(f.Name).Tag(`" id="f-`).Text(f.Name).Tag(`"`)
	if f.Required {
		h.Tag(` required`)
	}
	return h
}

func first(in []string) string {
	if len(in) == 0 {
		return ""
	}
	return in[0]
}
