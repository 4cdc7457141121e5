package crm

import (
	"net/http"
	"strings"

	"rowhouse/crm/entity"
	"rowhouse/crm/page"
	"rowhouse/crm/record"
	"rowhouse/crm/staff"
	"rowhouse/data/fault"
	"rowhouse/ui"
)

var dashboardPage = ui.Parse[Dashboard](files, ui.App, "dashboard.html")

// Dashboard is the first page: numbers that open the records they count, first steps, what is next.
type Dashboard struct {
	ui.Frame
	Hello    string
	Tiles    []Tile
	Steps    []FirstStep
	Done     int
	Share    int // of the first steps, in percent, in steps of five
	Agenda   []Due
	Mentions []Mention
}

// Tile is one number.
type Tile struct {
	Label, Icon, URL string
	Value            int64
}

// FirstStep is one of the things to do in a new CRM.
type FirstStep struct {
	Label, Hint, URL, Button string
	Done                     bool
}

// Due is a record with a next step.
type Due struct {
	Title, Subtitle, URL, Icon, When string
	Late, Soon                       bool
}

// Mention is a note that mentions the reader.
type Mention struct{ Who, Text, URL, When string }

func (c *CRM) dashboard(w http.ResponseWriter, r *http.Request, d *page.Desk) error {
	look := d.Store.Look
	p := Dashboard{Frame: d.Frame(w, r, look.T("Dashboard"), "/admin"), Hello: look.T("Hello %s", d.Person.First)}
	var topics []string
	for _, e := range d.Store.Book.Entities {
		if d.Store.Actor.Right(e).View == record.None {
			continue
		}
		topics = append(topics, e.Name)
		if err := p.tiles(r, d, e); err != nil {
			return err
		}
		if err := p.agenda(r, d, e); err != nil {
			return err
		}
	}
	p.Topics = strings.Join(topics, " ")
	if d.Person.Admin {
		if err := p.steps(r, d); err != nil {
			return err
		}
	}
	mentions, err := d.Store.Mentions(r.Context(), 5)
	if err != nil {
		return err
	}
	for _, m := range mentions {
		who, _ := d.Store.Book.Staffer(m.Author)
		p.Mentions = append(p.Mentions, Mention{who.Name, firstLine(m.Body), d.Store.Book.URL(m.Entity.Name, m.Record), look.Ago(m.At)})
	}
	return dashboardPage.Show(w, r, p)
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	if r := []rune(line); len(r) > 140 {
		return string(r[:140]) + "…"
	}
	return line
}

func (p *Dashboard) tiles(r *http.Request, d *page.Desk, e *entity.Entity) error {
	for _, t := range e.Tiles {
		filter, err := entity.ParseFilter(e, t.Filter)
		var totals record.Totals
		if err == nil {
			totals, err = d.Store.Totals(r.Context(), e, record.Query{Filter: filter}, "")
		}
		if fault.Is(err, fault.Invalid) {
			continue // the company has hidden the field, or renamed the choice, that a description counts by
		}
		if err != nil {
			return err
		}
		p.Tiles = append(p.Tiles, Tile{d.Store.Look.T(t.Label), e.Icon, page.ListURL(e, filter), totals.Count})
	}
	return nil
}

// agenda lists the reader's own records whose next step is near or late.
func (p *Dashboard) agenda(r *http.Request, d *page.Desk, e *entity.Entity) error {
	_, ok := e.Field(e.Due)
	if !ok {
		return nil
	}
	mine := entity.Filter{And: []entity.Filter{{F: e.Due, Op: "nempty"}, {F: "owner", Op: "me"}}}
	found, err := d.Store.List(r.Context(), e, record.Query{Filter: mine, Fields: []string{e.Title, e.Subtitle, e.Due, "next_step"}, Sort: e.Due, Size: 8})
	if err != nil {
		return err
	}
	look := d.Store.Look
	today := look.Now.In(look.Zone)
	for i := range found.Rows {
		row := &found.Rows[i]
		day, _ := row.Value(e.Due).(string)
		x := Due{Title: d.Store.Title(e, row), URL: d.Store.Book.URL(e.Name, row.ID), Icon: e.Icon, When: look.Day(day),
			Late: day < today.Format("2006-01-02"), Soon: day <= today.AddDate(0, 0, 1).Format("2006-01-02")}
		x.Subtitle, _ = row.Value(e.Subtitle).(string)
		if step, _ := row.Value("next_step").(string); step != "" {
			x.Subtitle = step + " · " + x.Subtitle
		}
		p.Agenda = append(p.Agenda, x)
	}
	return nil
}

// steps are the first things to do, each ticked off by what is in the file.
func (p *Dashboard) steps(r *http.Request, d *page.Desk) error {
	seats, err := staff.Seats(r.Context(), d.Site.DB)
	if err != nil {
		return err
	}
	look, settings := d.Store.Look, d.Store.Book.Settings
	has := func(name string) bool {
		e := d.Store.Book.Entity(name)
		if e == nil {
			return true
		}
		t, err := d.Store.Totals(r.Context(), e, record.Query{}, "")
		return err == nil && t.Count > 0
	}
	var steps []FirstStep
	add := func(label, hint, url, button string, done bool) {
		steps = append(steps, FirstStep{look.T(label), look.T(hint), url, look.T(button), done})
	}
	add("Say who you are", "Your company's address stands on everything you send.", "/admin/settings/company", "Set up", settings["company.street"] != "" || settings["company.city"] != "")
	add("Choose your colour", "One number colours everything, and your logo goes beside it.", "/admin/settings/brand", "Set up", settings["brand.hue"] != "" || settings["brand.logo"] != "")
	if len(d.Store.Book.Entities) > 0 {
		e := d.Store.Book.Entities[0]
		add("Bring your first records", "Type one, or import a file from your spreadsheet.", e.URL()+"/import", "Import", has(e.Name))
	}
	add("Invite a colleague", "They get a letter with a link.", "/admin/staff", "Invite", seats > 1)
	for _, s := range steps {
		if s.Done {
			p.Done++
		}
	}
	if p.Done < len(steps) {
		p.Steps, p.Share = steps, p.Done*100/len(steps)/5*5
	}
	return nil
}
