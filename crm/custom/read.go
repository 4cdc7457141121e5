package custom

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"unicode/utf8"

	"rowhouse/crm/entity"
	"rowhouse/data/fault"
)

// MaxSize is how many bytes a description may have.
const MaxSize = 256 << 10

// Module is a description that was found good.
type Module struct {
	Description
	Text   string          // the JSON that it was read from
	Tables []entity.Entity // its entities as the CRM knows them
	row    int64           // on the shelf
}

// Prefix begins the key of every custom module in a plan, and the names of its tables.
const Prefix = "x_"

// Key is what a plan calls the module: x_fleet.
func (m *Module) Key() string { return Prefix + m.Name }

// Parse reads a description and refuses one that is not good in every place. The error is a *Refused then.
// builtin are the entities that links may lead to beside the module's own.
func Parse(text []byte, builtin []entity.Entity) (*Module, error) {
	if len(text) > MaxSize {
		return nil, refuse("", fault.New(fault.Invalid, "The description has %d KB. At most %d KB are taken.", len(text)>>10, MaxSize>>10))
	}
	if !utf8.Valid(text) || bytes.IndexByte(text, 0) >= 0 {
		return nil, refuse("", fault.New(fault.Invalid, "The description is not text in UTF-8."))
	}
	text = bytes.TrimPrefix(text, []byte("\ufeff"))
	w := &walk{refused: &Refused{}}
	if err := w.all(text); err != nil {
		return nil, err
	}
	m := &Module{Text: string(text)}
	if err := json.Unmarshal(text, &m.Description); err != nil {
		wrongType(w, err)
		return nil, w.refused
	}
	c := &checker{Refused: w.refused, d: &m.Description, builtin: builtin}
	c.module()
	if err := c.err(); err != nil {
		return nil, err
	}
	m.Tables = m.entities()
	c.filters(m.Tables)
	return m, c.err()
}

// wrongType says where a value is of another type than its key has.
func wrongType(w *walk, err error) {
	var kind *json.UnmarshalTypeError
	if errors.As(err, &kind) {
		w.refused.Add(w.placeAt(kind.Offset), "This is %s, but %s is wanted.", inWords(strings.Fields(kind.Value)[0]), inWords(kind.Type.Kind().String()))
		return
	}
	w.refused.Add("", "The description could not be read: %s", err.Error())
}

// inWords names a type of JSON or of ours.
func inWords(kind string) string {
	switch kind {
	case "slice", "array":
		return "a list"
	case "struct", "map", "object", "ptr":
		return "an object"
	case "int", "number":
		return "a whole number"
	case "bool":
		return "true or false"
	}
	return "a text"
}
