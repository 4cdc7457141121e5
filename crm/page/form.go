package page

import (
	"html/template"
	"net/http"
	"net/url"

	"rowhouse/crm/entity"
	"rowhouse/crm/record"
	"rowhouse/data/fault"
	"rowhouse/ui"
)

var formPage = ui.Parse[Form](files, ui.App, "form.html")

// Form is the page on which a record is typed.
type Form struct {
	ui.Frame
	E        *entity.Entity
	One      string
	Action   string
	Cancel   string
	Version  int64
	Sections []Section
	Twins    []TwinItem
	Block    bool // the twins forbid saving
	Problem  string
	New      bool
	Ways     []ui.Item // templates to begin with
}

// Section is the fields below one heading.
type Section struct {
	Label  string
	Fields []FieldItem
}

// FieldItem is one field of the form, drawn.
type FieldItem struct {
	Name, Label, Hint, Err string
	Required, Wide         bool
	Input                  template.HTML
}

// TwinItem is a record that may be the same.
type TwinItem struct{ Title, URL, One, Shared string }

// newForm draws a form of the entity with what is in typed.
func newForm(w http.ResponseWriter, r *http.Request, d *Desk, e *entity.Entity, title string, typed url.Values, problems ui.Problems) Form {
	draw := d.Store.Draw()
	p := Form{Frame: d.Frame(w, r, title, e.URL()), E: e, One: draw.T(e.One)}
	p.Crumbs = []ui.Item{{Label: draw.T(e.Many), URL: e.URL()}}
	for _, f := range e.Writable() {
		f.Label = draw.T(f.Label)
		var h ui.HTML
		f.Kind.Input(&h, f, typedIn(typed, f), draw)
		word := f.Kind.Word()
		item := FieldItem{Name: f.Name, Label: f.Label, Hint: draw.T(f.Hint), Err: problems.Say(d.Store.Look, f.Name), Required: f.Required,
			Wide: word == "long" || word == "tags" || word == "multi", Input: h.String()}
		if f.Hint == "" {
			item.Hint = ""
		}
		p.add(draw.T(f.Section), item)
	}
	return p
}

func (p *Form) add(section string, item FieldItem) {
	for i := range p.Sections {
		if p.Sections[i].Label == section {
			p.Sections[i].Fields = append(p.Sections[i].Fields, item)
			return
		}
	}
	p.Sections = append(p.Sections, Section{section, []FieldItem{item}})
}

// showNew asks for a new record. The address may say some values: a column's button does.
func showNew(w http.ResponseWriter, r *http.Request, d *Desk, e *entity.Entity) error {
	if !d.Store.Actor.Right(e).Create {
		return fault.New(fault.Denied, "Your role does not include creating %s. An administrator can change that.", e.Many)
	}
	typed, chosen := begun(r, d, e)
	for _, f := range e.Writable() {
		if f.Default != "" && !typed.Has(f.Name) {
			typed.Set(f.Name, f.Default)
		}
		if v := r.URL.Query().Get(f.Name); v != "" {
			typed.Set(f.Name, v)
		}
		if f.Kind.Word() == "staff" && typed.Get(f.Name) == "me" {
			typed.Set(f.Name, itoa(d.Person.ID))
		}
		if f.Kind.Word() == "bool" && typed.Get(f.Name) != "" {
			typed[f.Name+"[]"] = []string{typed.Get(f.Name)}
		}
	}
	p := newForm(w, r, d, e, d.Store.Look.T("New %s", d.Store.Look.Noun(d.Store.Look.T(e.One))), typed, nil)
	p.Action, p.Cancel, p.New = e.URL(), e.URL(), true
	p.Ways = ways(d, e, chosen)
	return formPage.Show(w, r, p)
}

func create(w http.ResponseWriter, r *http.Request, d *Desk, e *entity.Entity) error {
	form, err := ui.Form(w, r, append(record.FormNames(e.Writable()), "force")...)
	if err != nil {
		return err
	}
	values, problems := d.Store.Parse(e.Writable(), form)
	again := func(status int, problems ui.Problems, said error) (Form, int) {
		p := newForm(w, r, d, e, d.Store.Look.T("New %s", d.Store.Look.Noun(d.Store.Look.T(e.One))), form, problems)
		p.Action, p.Cancel, p.New = e.URL(), e.URL(), true
		p.Problem = sayProblem(d, said)
		return p, status
	}
	if len(problems) > 0 {
		p, status := again(http.StatusUnprocessableEntity, problems, problems.Err())
		return formPage.ShowAs(w, r, status, p)
	}
	twins, block, err := d.Store.Twins(r.Context(), e, 0, values)
	if err != nil {
		return err
	}
	if len(twins) > 0 && (block || form.Get("force") == "") && d.Store.Actor.Right(e).Create {
		p, status := again(http.StatusUnprocessableEntity, nil, nil)
		p.Block = block
		p.Twins = twinItems(d, twins)
		return formPage.ShowAs(w, r, status, p)
	}
	id, err := d.Store.Create(r.Context(), e, values)
	if wrong := ui.Wrong(err); wrong != nil {
		p, status := again(http.StatusUnprocessableEntity, wrong, err)
		return formPage.ShowAs(w, r, status, p)
	}
	if err != nil {
		return err
	}
	undo := ""
	if _, may, err := d.Store.May(r.Context(), e, id); err == nil && may {
		undo = e.URL() + "/" + itoa(id) + "/deletion"
	}
	ui.Say(w, d.Store.Look.T("%s created", d.Store.Look.T(e.One)), undo)
	return ui.Back(w, r, e.URL()+"/"+itoa(id))
}

func sayProblem(d *Desk, err error) string {
	if err == nil {
		return ""
	}
	f := fault.Of(err)
	return d.Store.Look.T(f.Format, f.Args...)
}

func twinItems(d *Desk, twins []record.Twin) []TwinItem {
	shared := map[string]string{"email": "the same e-mail address", "phone": "the same telephone number", "domain": "the same website", "name": "the same name"}
	look := d.Store.Look
	var items []TwinItem
	for _, t := range twins {
		item := TwinItem{Title: t.Title, URL: t.Entity.URL() + "/" + itoa(t.ID), One: look.T(t.Entity.One), Shared: look.T(shared[t.Kind])}
		if t.Hidden {
			item.Title, item.URL = look.T("a record that you may not see"), ""
		}
		items = append(items, item)
	}
	return items
}

func remove(w http.ResponseWriter, r *http.Request, d *Desk, e *entity.Entity, id int64) error {
	if err := d.Store.Delete(r.Context(), e, id); err != nil {
		return err
	}
	ui.Say(w, d.Store.Look.T("%s moved to the trash", d.Store.Look.T(e.One)), e.URL()+"/"+itoa(id)+"/restoration")
	return ui.Back(w, r, e.URL())
}

func restore(w http.ResponseWriter, r *http.Request, d *Desk, e *entity.Entity, id int64) error {
	if err := d.Store.Restore(r.Context(), e, id); err != nil {
		return err
	}
	ui.Say(w, d.Store.Look.T("%s is back", d.Store.Look.T(e.One)), "")
	return ui.Back(w, r, e.URL()+"/"+itoa(id))
}
