package admin

import (
	"html/template"
	"net/http"
	"net/url"
	"strconv"

	"rowhouse/crm/custom"
	"rowhouse/crm/entity"
	"rowhouse/data/fault"
	"rowhouse/ui"
)

var modulePage = ui.Parse[moduleSheet](files, ui.App, "module.html")

// moduleSheet is a module: its versions, who has it, and its forms as tenants will see them.
type moduleSheet struct {
	ui.Frame
	M        *custom.Module
	Use      custom.Use
	Versions []custom.Version
	Forms    []moduleForm
}

// moduleForm is the form of one entity, drawn.
type moduleForm struct {
	Many, Icon string
	Fields     []moduleField
	Templates  []entity.Template
}

// moduleField is one of its fields.
type moduleField struct {
	ID, Label, Hint string
	Required        bool
	Input           template.HTML
}

func (p *Panel) module(w http.ResponseWriter, r *http.Request) error {
	m, err := p.Shelf.Named(r.Context(), r.PathValue("name"))
	if err != nil {
		return err
	}
	page := moduleSheet{Frame: p.below(w, r, "Module", "Modules", "/admin/modules"), M: m}
	page.Title = m.Label
	if page.Use, err = p.Shelf.Use(r.Context(), m.Name); err != nil {
		return err
	}
	if page.Versions, err = p.Shelf.Versions(r.Context(), m.Name); err != nil {
		return err
	}
	for _, e := range m.Tables {
		page.Forms = append(page.Forms, drawForm(page.Look, m, e))
	}
	return modulePage.Show(w, r, page)
}

// drawForm draws the fields of an entity as the form of a new record has them.
func drawForm(look *ui.Look, m *custom.Module, e entity.Entity) moduleForm {
	form := moduleForm{Many: e.Many, Icon: e.Icon, Templates: e.Templates}
	draw := &entity.Draw{Look: look, Labels: custom.Sample{Module: m}, Currency: "EUR"}
	for _, f := range e.Writable() {
		f.Name = e.Name + "-" + f.Name // an id of its own on a page with several forms
		var h ui.HTML
		f.Kind.Input(&h, f, nil, draw)
		form.Fields = append(form.Fields, moduleField{"f-" + f.Name, f.Label, f.Hint, f.Required, h.String()})
	}
	return form
}

// moduleText sends a version as it was uploaded.
func (p *Panel) moduleText(w http.ResponseWriter, r *http.Request) error {
	n, err := strconv.Atoi(r.PathValue("number"))
	if err != nil {
		return fault.New(fault.Missing, "There is no such module.")
	}
	text, err := p.Shelf.Text(r.Context(), r.PathValue("name"), n)
	if err != nil {
		return err
	}
	return sendModule(w, r.PathValue("name")+"-"+strconv.Itoa(n)+".json", text)
}

func (p *Panel) removeModule(w http.ResponseWriter, r *http.Request) error {
	return p.take(w, r, post{right: maySell, act: func(url.Values) (string, string, error) {
		return ui.LookOf(r).T("The module is removed."), "/admin/modules", p.Shelf.Remove(r.Context(), r.PathValue("name"), actor(r))
	}})
}
