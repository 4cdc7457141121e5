package entity

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"

	"rowhouse/data/fault"
)

// Custom is a field that a tenant added, or with an Override of true a change to one of the product's.
type Custom struct {
	ID       int64
	Entity   string
	Key      string
	Label    string
	Kind     string
	Options  []Option
	Hint     string
	Section  string
	Required bool
	Hidden   bool
	Position int
	Override bool
}

// CustomPrefix begins the column of every custom field, so that it can never meet one of the product's.
const CustomPrefix = "x_"

// MaxCustom is how many fields a tenant may add to one entity: SQLite takes 2,000 columns, forms and people fewer.
const MaxCustom = 100

var keyShape = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}$`)

// CustomKinds are the kinds that a tenant's field may have, with their names.
var CustomKinds = []Option{{Key: "line", Label: "Text, one line"}, {Key: "long", Label: "Text, several lines"}, {Key: "number", Label: "Number"},
	{Key: "money", Label: "Amount of money"}, {Key: "date", Label: "Day"}, {Key: "moment", Label: "Day and time"}, {Key: "bool", Label: "Yes or no"},
	{Key: "select", Label: "One of a list"}, {Key: "multi", Label: "Several of a list"}, {Key: "emails", Label: "E-mail addresses"},
	{Key: "phones", Label: "Telephone numbers"}, {Key: "web", Label: "Web address"}, {Key: "country", Label: "Country"}, {Key: "staff", Label: "Member of staff"}}

// KindOf makes the kind that a word of CustomKinds names; nil if there is no such kind.
func KindOf(word string, options []Option) Kind {
	switch word {
	case "line":
		return Line{}
	case "long":
		return Long{}
	case "number":
		return Number{}
	case "money":
		return Money{}
	case "date":
		return Date{}
	case "moment":
		return Moment{}
	case "bool":
		return Bool{}
	case "select":
		return Select{Of: options}
	case "multi":
		return Multi{Of: options}
	case "emails":
		return Emails{}
	case "phones":
		return Phones{}
	case "web":
		return Web{}
	case "country":
		return Country{}
	case "staff":
		return Staff{}
	}
	return nil
}

// Check refuses a custom field that cannot be.
func (c *Custom) Check() error {
	problems := map[string]error{}
	note := func(name, format string, args ...any) {
		problems[name] = fault.New(fault.Invalid, format, args...)
	}
	if c.Label = strings.TrimSpace(c.Label); c.Label == "" || len([]rune(c.Label)) > 60 {
		note("label", "Please enter a name of at most %d characters.", 60)
	}
	if c.Key == "" {
		c.Key = KeyOf(c.Label)
	}
	if !keyShape.MatchString(c.Key) {
		note("key", "Please use small letters, digits and _ only, with a letter first.")
	}
	if !c.Override && KindOf(c.Kind, nil) == nil {
		note("kind", "Please choose one of the list.")
	}
	if (c.Kind == "select" || c.Kind == "multi") && (len(c.Options) == 0 || len(c.Options) > 200) {
		note("options", "Please enter the choices, one on each line.")
	}
	if len(problems) > 0 {
		return &fault.Fault{Kind: fault.Invalid, Format: "Please correct the marked fields.", Fields: problems}
	}
	return nil
}

// KeyOf makes a field's key of its label: "Birth day" becomes birth_day.
func KeyOf(label string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(label) {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9' && b.Len() > 0:
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "_"):
			b.WriteByte('_')
		}
	}
	key := strings.Trim(b.String(), "_")
	if key == "" {
		return "field"
	}
	return key[:min(len(key), 40)]
}

// Choices reads the choices of a select from lines of text.
func Choices(lines string) []Option {
	var options []Option
	for i, line := range strings.Split(lines, "\n") {
		if line = strings.TrimSpace(line); line != "" {
			options = append(options, Option{Key: line, Label: line, Hue: i % 11})
		}
	}
	return options
}

// OptionsJSON is how choices are kept.
func (c *Custom) OptionsJSON() string {
	b, err := json.Marshal(c.Options)
	if err != nil || c.Options == nil {
		return "[]"
	}
	return string(b)
}

// Field is the field that the custom row describes.
func (c *Custom) Field() Field {
	return Field{Name: CustomPrefix + c.Key, Label: c.Label, Hint: c.Hint, Section: c.Section, Kind: KindOf(c.Kind, c.Options),
		Required: c.Required, Hidden: c.Hidden, Custom: true, Position: c.Position}
}

// Merge returns the description with a tenant's additions and changes.
func (e Entity) Merge(rows []Custom) *Entity {
	e.Fields = slices.Clone(e.Fields)
	for _, c := range rows {
		switch {
		case c.Entity != e.Name:
		case c.Override:
			for i := range e.Fields {
				if f := &e.Fields[i]; f.Name == c.Key {
					f.Label, f.Position = c.Label, c.Position
					f.Required = f.Required || c.Required
					f.Hidden = f.Hidden || c.Hidden && !f.Required // what a description hides stays hidden
				}
			}
		default:
			if f := c.Field(); f.Kind != nil {
				e.Fields = append(e.Fields, f)
			}
		}
	}
	slices.SortStableFunc(e.Fields, func(a, b Field) int { return a.Position - b.Position })
	return &e
}
