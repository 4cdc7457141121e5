package page

import (
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"strconv"

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
		in := typed[f.Name]
		if list, ok := typed[f.Name+"[]"]; ok {
			in = list
		}
		var h ui.HTML
		f.Kind.Input(&h, f, in, draw)
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
	typed := url.Values{}
	for _, f := range e.Writable() {
		if f.Default != "" {
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
	ui.Say(w, d.Store.Look.T("%s created", d.Store.Look.T(e.One)), e.URL()+"/"+itoa(id)+"/deletion")
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

func showEdit(w http.ResponseWriter, r *http.Request, d *Desk, e *entity.Entity, id int64) error {
	row, err := d.Store.Get(r.Context(), e, id)
	if err != nil {
		return err
	}
	if edit, _, err := d.Store.May(r.Context(), e, id); err != nil || !edit {
		return fault.Because(err, fault.Denied, "Your role does not include changing this record.")
	}
	typed := url.Values{}
	for _, f := range e.Writable() {
		in := f.Kind.In(row.Value(f.Name), d.Store.Draw())
		typed[f.Name], typed[f.Name+"[]"] = in, in
	}
	p := editForm(w, r, d, e, id, typed, nil)
	p.Version = row.Version
	return formPage.Show(w, r, p)
}

func editForm(w http.ResponseWriter, r *http.Request, d *Desk, e *entity.Entity, id int64, typed url.Values, problems ui.Problems) Form {
	p := newForm(w, r, d, e, d.Store.Look.T("Edit %s", d.Store.Look.Noun(d.Store.Look.T(e.One))), typed, problems)
	p.Action = e.URL() + "/" + itoa(id)
	p.Cancel = p.Action
	return p
}

func update(w http.ResponseWriter, r *http.Request, d *Desk, e *entity.Entity, id int64) error {
	form, err := ui.Form(w, r, append(record.FormNames(e.Writable()), "version")...)
	if err != nil {
		return err
	}
	version, err := strconv.ParseInt(form.Get("version"), 10, 64)
	if err != nil || version <= 0 {
		return fault.New(fault.Invalid, "The form is incomplete. Please open it again.")
	}
	values, problems := d.Store.Parse(e.Writable(), form)
	err = problems.Err()
	if err == nil {
		_, err = d.Store.Update(r.Context(), e, id, version, values)
	}
	conflict := fault.Is(err, fault.Conflict)
	if wrong := ui.Wrong(err); wrong != nil || conflict {
		p := editForm(w, r, d, e, id, form, wrong)
		p.Problem, p.Version = sayProblem(d, err), version
		status := http.StatusUnprocessableEntity
		if conflict {
			row, err := d.Store.Get(r.Context(), e, id)
			if err != nil {
				return err
			}
			status, p.Version = http.StatusConflict, row.Version
		}
		return formPage.ShowAs(w, r, status, p)
	}
	if err != nil {
		return err
	}
	ui.Say(w, d.Store.Look.T("Saved"), "")
	return ui.Back(w, r, e.URL()+"/"+itoa(id))
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

// bulk changes many records at once.
func bulk(w http.ResponseWriter, r *http.Request, d *Desk, e *entity.Entity) error {
	form, err := ui.Form(w, r, "id[]", "do", "stage", "owner", "tag", "back")
	if err != nil {
		return err
	}
	var ids []int64
	for _, s := range form["id[]"] {
		n, err := strconv.ParseInt(s, 10, 64)
		if err != nil {
			return fault.New(fault.Invalid, "This form has a record that does not exist.")
		}
		ids = append(ids, n)
	}
	typed := url.Values{}
	if v := form.Get("stage"); v != "" {
		typed.Set(e.Board.By, v)
	}
	if v := form.Get("owner"); v != "" {
		typed.Set("owner", v)
	}
	values, problems := d.Store.Parse(e.Writable(), typed)
	if err := problems.Err(); err != nil {
		return err
	}
	tag, remove := form.Get("tag"), form.Get("do") == "delete"
	if !remove && tag == "" && len(values) == 0 {
		return fault.New(fault.Invalid, "Please choose what to change: stage, owner or tag.")
	}
	done, skipped, err := d.Store.Bulk(r.Context(), e, ids, values, tag, remove)
	if err != nil {
		return err
	}
	text := d.Store.Look.N("%d record changed", "%d records changed", done)
	if remove {
		text = d.Store.Look.N("%d record moved to the trash", "%d records moved to the trash", done)
	}
	if skipped > 0 {
		text += " " + fmt.Sprintf("(%s)", d.Store.Look.T("%d skipped, as your role does not include them", skipped))
	}
	ui.Say(w, text, "")
	return ui.Back(w, r, ui.LocalPath(form.Get("back"), e.URL()))
}
