package settings

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"rowhouse/crm/entity"
	"rowhouse/crm/page"
	"rowhouse/data/fault"
	"rowhouse/ui"
)

var fieldPage = ui.Parse[fieldSheet](files, ui.App, "field.html", "parts.html")

// fieldSheet is the form of one field: a new one of the tenant's own, one of those, or one of the product's.
type fieldSheet struct {
	Sheet
	Head, Lead     string
	Action, Cancel string
	Kind           Input // only for a new one
	Top, Rest      []Input
	Choices        Input // of a select
	Listed         bool  // the choices are asked for
	New            bool
}

// fieldNames are the fields that the form of a field may hold.
var fieldNames = []string{"label", "kind", "options", "hint", "section", "required", "hidden", "position"}

func newField(w http.ResponseWriter, r *http.Request, d *page.Desk) error {
	return drawNewField(w, r, d, nil, nil)
}

func drawNewField(w http.ResponseWriter, r *http.Request, d *page.Desk, typed url.Values, failed error) error {
	e, err := entityOf(r, d)
	if err != nil {
		return err
	}
	s, err := beginField(w, r, d, e, failed)
	if err != nil {
		return err
	}
	s.Title = s.T("New field")
	p := fieldSheet{Sheet: s, Head: s.T("New field of %s", s.T(e.Many)), Lead: s.T("It gets a column in lists, filters, imports and exports. What it holds cannot be changed later."),
		Action: fieldsURL(e), Cancel: fieldsURL(e), New: true, Listed: true}
	p.set(entity.Custom{Kind: "line"}, typed)
	return fieldPage.ShowAs(w, r, s.Status, p)
}

func beginField(w http.ResponseWriter, r *http.Request, d *page.Desk, e *entity.Entity, failed error) (Sheet, error) {
	s, err := begin(w, r, d, "Fields", "/admin/settings/fields", failed)
	if err == nil {
		s.Crumbs = append(s.Crumbs, ui.Item{Label: s.Title, URL: "/admin/settings/fields"}, ui.Item{Label: s.T(e.Many), URL: fieldsURL(e)})
	}
	return s, err
}

// set fills the form with a field, or with what was typed. Of the product's fields, hint and section are fixed.
func (p *fieldSheet) set(c entity.Custom, typed url.Values) {
	p.Top = []Input{{Name: "label", Label: p.T("Name"), Type: "text", Required: true, Max: 60, Value: c.Label}}
	var lines []string
	for _, o := range c.Options {
		lines = append(lines, o.Label)
	}
	kind := []Input{{Name: "kind", Label: p.T("Holds"), Type: "select", Required: true, Value: c.Kind, Options: kinds(p.Look)}}
	choices := []Input{{Name: "options", Label: p.T("Choices"), Type: "area", Wide: true, Value: strings.Join(lines, "\n"), Hint: p.T("One on each line. Records keep what they hold when a choice is renamed or left out.")}}
	if !c.Override {
		p.Rest = []Input{{Name: "hint", Label: p.T("Hint"), Type: "text", Max: 200, Value: c.Hint, Hint: p.T("Stands below the field, as this does.")},
			{Name: "section", Label: p.T("Section"), Type: "text", Max: 60, Value: c.Section, Hint: p.T("The heading it stands under on the form.")}}
	}
	p.Rest = append(p.Rest, Input{Name: "position", Label: p.T("Place"), Type: "number", Value: strconv.Itoa(c.Position), Hint: p.T("Smaller numbers stand first. 0 keeps the order in which fields were made.")},
		Input{Name: "required", Label: p.T("Required"), Type: "check", On: c.Required, Hint: p.T("No record is saved without it.")},
		Input{Name: "hidden", Label: p.T("Hidden"), Type: "check", On: c.Hidden, Hint: p.T("It is on no page. What it holds is kept. A required field is never hidden.")})
	p.fill(p.Top, typed)
	p.Kind, p.Choices, p.Rest = p.fill(kind, typed)[0], p.fill(choices, typed)[0], p.fill(p.Rest, typed)
}

func addField(w http.ResponseWriter, r *http.Request, d *page.Desk) error {
	e, err := entityOf(r, d)
	if err != nil {
		return err
	}
	form, err := ui.Form(w, r, fieldNames...)
	if err != nil {
		return err
	}
	c, err := readField(form, entity.Custom{Kind: form.Get("kind")})
	if err == nil {
		err = d.Store.AddField(r.Context(), e, c)
	}
	if err != nil {
		return drawNewField(w, r, d, form, err)
	}
	return done(w, r, fieldsURL(e), "Added: %s", c.Label)
}

// readField reads a form over what is known of the field.
func readField(form url.Values, c entity.Custom) (entity.Custom, error) {
	problems := ui.Problems{}
	line := func(name string, most int) string {
		v, err := entity.Line{Max: most}.Parse([]string{form.Get(name)}, nil)
		if err != nil {
			problems[name] = err
			return ""
		}
		return v.(string)
	}
	var err error
	if c.Label = line("label", 60); c.Label == "" {
		problems.Add("label", "Please fill this in.")
	}
	c.Hint, c.Section = line("hint", 200), line("section", 60)
	c.Required, c.Hidden = form.Get("required") != "", form.Get("hidden") != ""
	if c.Position, err = place(form.Get("position")); err != nil {
		problems["position"] = err
	}
	if c.Kind == "select" || c.Kind == "multi" {
		if c.Options, err = readOptions(form.Get("options"), c); err != nil {
			problems["options"] = err
		}
	}
	return c, problems.Err()
}

// readOptions reads the choices of a select. One that was there before keeps its key, so that records keep their value.
func readOptions(lines string, c entity.Custom) ([]entity.Option, error) {
	var clean []string
	for _, s := range strings.Split(lines, "\n") {
		v, err := entity.Line{Max: 100}.Parse([]string{s}, nil)
		if err != nil {
			return nil, err
		}
		if line := v.(string); line != "" && !slices.ContainsFunc(clean, func(other string) bool { return strings.EqualFold(other, line) }) {
			clean = append(clean, line)
		}
	}
	if len(clean) == 0 || len(clean) > 200 {
		return nil, fault.New(fault.Invalid, "Please enter the choices, one on each line.")
	}
	options := entity.Choices(strings.Join(clean, "\n"))
	for i := range options {
		// Several choices come as one text with commas between them in an import.
		if c.Kind == "multi" && strings.Contains(options[i].Key, ",") {
			return nil, fault.New(fault.Invalid, "A choice cannot have a comma: %s", options[i].Key)
		}
		for _, old := range c.Options {
			if old.Label == options[i].Label {
				options[i] = old
			}
		}
	}
	return options, nil
}

// fieldOf returns the field that the path names, as the row that keeps the tenant's own or changes the product's.
func fieldOf(r *http.Request, d *page.Desk, e *entity.Entity) (entity.Custom, error) {
	name := r.PathValue("field")
	for _, f := range e.Fields {
		if f.Name != name {
			continue
		}
		if !f.Custom {
			return entity.Custom{Entity: e.Name, Key: f.Name, Label: f.Label, Required: f.Required, Hidden: f.Hidden, Position: f.Position, Override: true}, nil
		}
		for _, c := range d.Store.Book.Customs {
			if c.Entity == e.Name && !c.Override && entity.CustomPrefix+c.Key == name {
				return c, nil
			}
		}
	}
	return entity.Custom{}, fault.New(fault.Missing, "This field does not exist.")
}

func showField(w http.ResponseWriter, r *http.Request, d *page.Desk) error {
	return drawField(w, r, d, nil, nil)
}

func drawField(w http.ResponseWriter, r *http.Request, d *page.Desk, typed url.Values, failed error) error {
	e, err := entityOf(r, d)
	if err != nil {
		return err
	}
	c, err := fieldOf(r, d, e)
	if err != nil {
		return err
	}
	s, err := beginField(w, r, d, e, failed)
	if err != nil {
		return err
	}
	if c.Override {
		c.Label = s.T(c.Label)
	}
	s.Title = c.Label
	f, _ := e.Field(r.PathValue("field"))
	p := fieldSheet{Sheet: s, Head: c.Label, Lead: s.T("Holds: %s", kindName(s.Look, f)), Action: fieldsURL(e) + "/" + f.Name, Cancel: fieldsURL(e), Listed: c.Kind == "select" || c.Kind == "multi"}
	p.set(c, typed)
	return fieldPage.ShowAs(w, r, s.Status, p)
}

func saveField(w http.ResponseWriter, r *http.Request, d *page.Desk) error {
	e, err := entityOf(r, d)
	if err != nil {
		return err
	}
	c, err := fieldOf(r, d, e)
	if err != nil {
		return err
	}
	form, err := ui.Form(w, r, slices.DeleteFunc(slices.Clone(fieldNames), func(name string) bool { return name == "kind" })...)
	if err != nil {
		return err
	}
	before := c.Label
	if c, err = readField(form, c); err == nil {
		if c.Override && c.Label == ui.LookOf(r).T(before) {
			c.Label = before // so that the others still read it in their language
		}
		err = d.Store.ChangeField(r.Context(), e, c)
	}
	if err != nil {
		return drawField(w, r, d, form, err)
	}
	return done(w, r, fieldsURL(e), "Saved")
}
