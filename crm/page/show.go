package page

import (
	"encoding/json"
	"html/template"
	"net/http"
	"strings"

	"rowhouse/crm/entity"
	"rowhouse/crm/record"
	"rowhouse/ui"
)

var showPage = ui.Parse[Show](files, ui.App, "show.html")

// Show is the page of one record, and the panel beside a list.
type Show struct {
	ui.Frame
	E            *entity.Entity
	Row          *record.Row
	ID           int64
	One          string
	Name         string
	Subtitle     template.HTML
	Amount       template.HTML
	Edit, Remove bool
	Stages       []Stage
	Stage        entity.Choice
	Props        []PropGroup
	Events       []Event
	Files        []record.File
	Children     []ChildList
	People       string // JSON for the @ of the composer
	NoteBody     string
	NoteError    string
}

// Stage is one step of the board, as the record's page shows it.
type Stage struct {
	entity.Choice
	Done, Current bool
}

// PropGroup is a part of what a record holds.
type PropGroup struct {
	Label string
	Props []Prop
}

// Prop is one value with its label.
type Prop struct {
	Label, Icon string
	Value       template.HTML
}

// ChildList is the list of another entity's records that belong to this one.
type ChildList struct {
	Label, New string
	Rows       []ChildRow
	More       string
}

// ChildRow is one of them.
type ChildRow struct{ Title, Subtitle, URL string }

func show(w http.ResponseWriter, r *http.Request, d *Desk, e *entity.Entity, id int64) error {
	return showWith(w, r, d, e, id, http.StatusOK, "", "")
}

// showWith draws the record, with a note that was typed and what is wrong with it.
func showWith(w http.ResponseWriter, r *http.Request, d *Desk, e *entity.Entity, id int64, status int, note, problem string) error {
	p, err := newShow(w, r, d, e, id)
	if err != nil {
		return err
	}
	p.NoteBody, p.NoteError = note, problem
	if ui.InFrame(r, "peek") {
		return showPage.Part(w, "peek", status, p)
	}
	return showPage.ShowAs(w, r, status, p)
}

func newShow(w http.ResponseWriter, r *http.Request, d *Desk, e *entity.Entity, id int64) (Show, error) {
	row, err := d.Store.Get(r.Context(), e, id)
	if err != nil {
		return Show{}, err
	}
	draw := d.Store.Draw()
	p := Show{E: e, Row: row, ID: id, One: draw.T(e.One), Name: d.Store.Title(e, row), People: people(d)}
	p.Frame = d.Frame(w, r, p.Name, e.URL())
	p.Crumbs = []ui.Item{{Label: draw.T(e.Many), URL: e.URL()}}
	p.Topics = record.Topic(e, id)
	if p.Edit, p.Remove, err = d.Store.May(r.Context(), e, id); err != nil {
		return p, err
	}
	p.stages(d, e, row)
	p.props(draw, e, row)
	events, err := d.Store.Timeline(r.Context(), e, id, 100)
	if err != nil {
		return p, err
	}
	for _, ev := range events {
		p.Events = append(p.Events, p.event(d, e, ev))
	}
	return p, p.children(r, d, e, id)
}

func (p *Show) stages(d *Desk, e *entity.Entity, row *record.Row) {
	by, ok := e.Field(e.Board.By)
	if !ok {
		return
	}
	current, _ := row.Value(e.Board.By).(int64)
	p.Stage, _ = d.Store.Book.Choice(current)
	passed := true
	for _, c := range d.Store.Book.Choices(by.Kind.(entity.Pick).List) {
		if c.Archived && c.ID != current {
			continue
		}
		p.Stages = append(p.Stages, Stage{c, passed, c.ID == current})
		if c.ID == current {
			passed = false
		}
	}
}

var propIcons = map[string]string{"staff": "user-round", "emails": "mail", "phones": "phone", "web": "globe", "date": "calendar", "moment": "clock", "money": "banknote",
	"link": "link-2", "country": "flag", "tags": "tag", "pick": "circle-dot", "select": "list", "multi": "list", "bool": "toggle-left", "number": "hash", "long": "text-cursor-input"}

func (p *Show) props(d *entity.Draw, e *entity.Entity, row *record.Row) {
	for _, f := range append(e.Shown(), entity.Field{}) {
		if f.Name == "" || f.Name == e.Title {
			continue
		}
		v := row.Value(f.Name)
		if entity.Empty(v) && f.Section != "" || f.Name == "created_by" || f.Name == "updated_by" || f.Name == e.Board.By {
			continue
		}
		var h ui.HTML
		f.Kind.Cell(&h, v, d)
		if f.Kind.Word() == "long" {
			h = ui.HTML{}
			lines(&h, f.Kind.Text(v, d))
		}
		icon := propIcons[f.Kind.Word()]
		if icon == "" {
			icon = "type"
		}
		p.prop(d.T(f.Section), Prop{d.T(f.Label), icon, h.String()})
		switch f.Name {
		case e.Subtitle:
			p.Subtitle = h.String()
		case e.Board.Sum:
			p.Amount = h.String()
		}
	}
}

func (p *Show) prop(section string, one Prop) {
	for i := range p.Props {
		if p.Props[i].Label == section {
			p.Props[i].Props = append(p.Props[i].Props, one)
			return
		}
	}
	p.Props = append(p.Props, PropGroup{section, []Prop{one}})
}

// lines draws text with its line ends and nothing else of it.
func lines(h *ui.HTML, s string) {
	for i, line := range strings.Split(s, "\n") {
		if i > 0 {
			h.Tag(`<br>`)
		}
		h.Text(line)
	}
}

func people(d *Desk) string {
	type person struct {
		ID   int64  `json:"id"`
		Name string `json:"name"`
	}
	list := []person{}
	for _, s := range activeStaff(d) {
		list = append(list, person{s.ID, s.Name})
	}
	b, err := json.Marshal(list)
	if err != nil {
		return "[]"
	}
	return string(b)
}

// children lists the records of other entities that belong to this one.
func (p *Show) children(r *http.Request, d *Desk, e *entity.Entity, id int64) error {
	for _, c := range e.Children {
		child := d.Store.Book.Entity(c.Entity)
		if child == nil || d.Store.Actor.Right(child).View == record.None {
			continue
		}
		only := entity.Filter{F: c.By, Op: "eq", V: []string{"#" + itoa(id)}}
		page, err := d.Store.List(r.Context(), child, record.Query{Filter: only, Fields: []string{child.Title, "title", "emails"}, Sort: child.Title, Size: 20})
		if err != nil {
			return err
		}
		look := d.Store.Look
		list := ChildList{Label: look.T(child.Many)}
		if d.Store.Actor.Right(child).Create {
			list.New = child.URL() + "/new?" + c.By + "=%23" + itoa(id)
		}
		for _, row := range page.Rows {
			title := d.Store.Title(child, &row)
			list.Rows = append(list.Rows, ChildRow{title, kindText(d.Store.Draw(), &row, "title"), child.URL() + "/" + itoa(row.ID)})
		}
		if page.Further != "" {
			list.More = state{at: child.URL()}.with("filter", only.String())
		}
		p.Children = append(p.Children, list)
	}
	return nil
}
