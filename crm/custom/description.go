// Package custom is a CRM module described as data: read, checked, and made into entities and tables.
package custom

import (
	"encoding/json"
	"strconv"
)

// Description is a module as its file has it. docs/modules.md explains every key.
type Description struct {
	Format   int                 `json:"rowhouse_module"` // 1
	Name     string              `json:"name"`
	Version  int                 `json:"version"`
	Label    string              `json:"label"`
	About    string              `json:"about"`
	Entities []Entity            `json:"entities"`
	Choices  map[string][]Choice `json:"choices"` // lists that tenants edit, by name
}

// Entity describes what the module keeps in one table.
type Entity struct {
	Name      string     `json:"name"`
	One       string     `json:"one"`
	Many      string     `json:"many"`
	Path      string     `json:"path"`
	Icon      string     `json:"icon"`
	Group     string     `json:"group"`
	Fields    []Field    `json:"fields"`
	Title     string     `json:"title"`
	Subtitle  string     `json:"subtitle"`
	List      []string   `json:"list"`
	Sort      string     `json:"sort"`
	Board     Board      `json:"board"`
	Due       string     `json:"due"`
	Contacted string     `json:"contacted"`
	Owners    []string   `json:"owners"`
	Via       string     `json:"via"`
	Public    string     `json:"public"`
	Twins     []string   `json:"twins"`
	Tiles     []Tile     `json:"tiles"`
	Children  []Child    `json:"children"`
	Views     []View     `json:"views"`
	Rights    Rights     `json:"rights"`
	Templates []Template `json:"templates"`
}

// Field describes what a record holds in one place.
type Field struct {
	Name     string   `json:"name"`
	Label    string   `json:"label"`
	Kind     string   `json:"kind"`
	Hint     string   `json:"hint"`
	Section  string   `json:"section"`
	Required bool     `json:"required"`
	Hidden   bool     `json:"hidden"`
	Default  Value    `json:"default"`
	Options  []Option `json:"options"` // of the kinds select and multi
	List     string   `json:"list"`    // of the kind pick: which of the choices
	To       string   `json:"to"`      // of the kind link: an entity of the module, or a built-in one
}

// Option is one of the words of a select. They are the host's, not the tenant's.
type Option struct {
	Key    string `json:"key"`
	Label  string `json:"label"`
	Colour int    `json:"colour"` // 0 to 11
}

// Choice is a row that a list begins with. The tenant may change it.
type Choice struct {
	Label   string `json:"label"`
	Colour  int    `json:"colour"`
	Kind    string `json:"kind"` // of the columns of a board: open, won, lost, junk
	Default bool   `json:"default"`
}

// Board is the list drawn as columns.
type Board struct {
	By     string `json:"by"`
	Sum    string `json:"sum"`
	Reason string `json:"reason"`
}

// Tile is a number on the dashboard.
type Tile struct {
	Label  string          `json:"label"`
	Filter json.RawMessage `json:"filter"`
}

// Child is a list of another entity's records on this one's page.
type Child struct {
	Entity string `json:"entity"`
	By     string `json:"by"`
}

// View is a saved list that every tenant begins with.
type View struct {
	Name  string `json:"name"`
	Query string `json:"query"`
}

// Rights are what the roles may do that every CRM begins with; what is not said is as for leads.
type Rights struct {
	Manager *Right `json:"manager"`
	Member  *Right `json:"member"`
}

// Right is what a role may do. The levels are none, own, team and all.
type Right struct {
	View   string `json:"view"`
	Edit   string `json:"edit"`
	Delete string `json:"delete"`
	Create bool   `json:"create"`
	Export bool   `json:"export"`
	Import bool   `json:"import"`
}

// Template is a named set of first values.
type Template struct {
	Name   string           `json:"name"`
	Values map[string]Value `json:"values"`
}

// Value is what would be typed into a field: a text, a number, yes or no, or several texts.
type Value struct {
	Texts []string
	wrong bool // it is none of these: the check says so, with its place
}

// UnmarshalJSON takes a text, a number, true or false, or a list of texts.
func (v *Value) UnmarshalJSON(b []byte) error {
	var said any
	if err := json.Unmarshal(b, &said); err != nil {
		return err
	}
	switch x := said.(type) {
	case string:
		v.Texts = []string{x}
	case bool:
		v.Texts = []string{map[bool]string{true: "1", false: "0"}[x]}
	case float64:
		v.Texts = []string{strconv.FormatFloat(x, 'f', -1, 64)}
	case []any:
		for _, one := range x {
			s, ok := one.(string)
			v.Texts, v.wrong = append(v.Texts, s), v.wrong || !ok
		}
	default:
		v.wrong = said != nil
	}
	return nil
}
