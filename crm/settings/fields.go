package settings

import (
	"net/http"
	"strconv"

	"rowhouse/crm/entity"
	"rowhouse/crm/page"
	"rowhouse/data/fault"
	"rowhouse/ui"
)

var fieldsPage = ui.Parse[fieldsSheet](files, ui.App, "fields.html", "parts.html")

// fieldsSheet lists the fields of one entity.
type fieldsSheet struct {
	Sheet
	Entities []ui.Item
	Head     string
	URL      string
	Rows     []fieldRow
}

type fieldRow struct {
	Label, Kind, Section, URL string
	Required, Hidden, Own     bool
}

func fieldsURL(e *entity.Entity) string { return "/admin/settings/fields/" + e.Name }

// entityOf returns the entity that the path names, or without a name the first one.
func entityOf(r *http.Request, d *page.Desk) (*entity.Entity, error) {
	name := r.PathValue("entity")
	if name == "" && len(d.Store.Book.Entities) > 0 {
		return d.Store.Book.Entities[0], nil
	}
	if e := d.Store.Book.Entity(name); e != nil {
		return e, nil
	}
	return nil, fault.New(fault.Missing, "Nothing is at this address.")
}

func showFields(w http.ResponseWriter, r *http.Request, d *page.Desk) error {
	e, err := entityOf(r, d)
	if err != nil {
		return err
	}
	s, err := begin(w, r, d, "Fields", "/admin/settings/fields", nil)
	if err != nil {
		return err
	}
	p := fieldsSheet{Sheet: s, Head: s.T(e.Many), URL: fieldsURL(e)}
	for _, other := range d.Store.Book.Entities {
		p.Entities = append(p.Entities, ui.Item{Label: s.T(other.Many), URL: fieldsURL(other), Icon: other.Icon, Current: other == e})
	}
	for _, f := range e.Fields {
		p.Rows = append(p.Rows, newFieldRow(s.Look, e, f))
	}
	return fieldsPage.Show(w, r, p)
}

func newFieldRow(look *ui.Look, e *entity.Entity, f entity.Field) fieldRow {
	row := fieldRow{Label: f.Label, Kind: kindName(look, f), Section: f.Section, URL: fieldsURL(e) + "/" + f.Name, Required: f.Required, Hidden: f.Hidden, Own: f.Custom}
	if !f.Custom {
		row.Label = look.T(f.Label)
		if f.Section != "" {
			row.Section = look.T(f.Section)
		}
	}
	return row
}

// kindName says what a field holds, in words.
func kindName(look *ui.Look, f entity.Field) string {
	word := f.Kind.Word()
	for _, o := range entity.CustomKinds {
		if o.Key == word {
			return look.T(o.Label)
		}
	}
	switch word {
	case "pick":
		return look.T("One of a list")
	case "tags":
		return look.T("Tags")
	case "link":
		return look.T("Another record")
	}
	return word
}

// kinds are what a field of one's own can hold.
func kinds(look *ui.Look) []Option {
	var options []Option
	for _, o := range entity.CustomKinds {
		options = append(options, Option{Value: o.Key, Label: look.T(o.Label)})
	}
	return options
}

// place reads where a field stands on the form: 0 leaves it where it is.
func place(s string) (int, error) {
	if s == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < -999 || n > 999 {
		return 0, fault.New(fault.Invalid, "Please enter a whole number from %d to %d.", -999, 999)
	}
	return n, nil
}
