package settings

import (
	"net/http"
	"net/url"
	"strconv"

	"rowhouse/crm/entity"
	"rowhouse/crm/page"
	"rowhouse/crm/record"
	"rowhouse/data/fault"
	"rowhouse/ui"
)

var choicePage = ui.Parse[choiceSheet](files, ui.App, "choice.html", "choice-form.html", "parts.html")

// choiceSheet is the page of one row of a list.
type choiceSheet struct {
	Sheet
	Head, URL, Back string
	Choice          entity.Choice
	Stages          bool
	Use             string
	Form            choiceForm
}

// choiceForm asks for the words, the colour and the kind of a row.
type choiceForm struct {
	Label, Kind Input
	Hues        []hueOption
	HueLabel    string
	HueErr      string
	Stages      bool
}

// hueOption is one colour to choose, with its name for those who do not see it.
type hueOption struct {
	Hue    int
	Name   string
	Chosen bool
}

// hueNames are the names of the hues c0 to c11, as the style sheet has them.
func hueNames(look *ui.Look) []string {
	return []string{look.T("Red"), look.T("Orange"), look.T("Yellow"), look.T("Lime"), look.T("Green"), look.T("Turquoise"),
		look.T("Sky"), look.T("Blue"), look.T("Violet"), look.T("Purple"), look.T("Pink"), look.T("Grey")}
}

func newChoiceForm(s *Sheet, l record.ChoiceList, c entity.Choice, typed url.Values) choiceForm {
	inputs := []Input{{Name: "label", Label: s.T("Name"), Type: "text", Required: true, Max: 60, Value: c.Label}}
	if l.Stages {
		kind := Input{Name: "kind", Label: s.T("Kind"), Type: "select", Required: true, Value: c.Kind, Hint: s.T("What reports and reminders take it for.")}
		for _, k := range record.StageKinds {
			kind.Options = append(kind.Options, Option{Value: k.Key, Label: s.T(k.Label)})
		}
		inputs = append(inputs, kind)
	}
	s.fill(inputs, typed)
	f := choiceForm{Label: inputs[0], HueLabel: s.T("Colour"), HueErr: s.Wrong.Say(s.Look, "hue"), Stages: l.Stages}
	if l.Stages {
		f.Kind = inputs[1]
	}
	if hue, err := strconv.Atoi(typed.Get("hue")); err == nil {
		c.Hue = hue
	}
	for hue, name := range hueNames(s.Look) {
		f.Hues = append(f.Hues, hueOption{hue, name, hue == c.Hue})
	}
	return f
}

// choiceOf returns the row that the path names, and its list.
func choiceOf(r *http.Request, d *page.Desk) (entity.Choice, record.ChoiceList, error) {
	id, err := number(r)
	if err != nil {
		return entity.Choice{}, record.ChoiceList{}, err
	}
	c, found := d.Store.Book.Choice(id)
	l, ok := d.Store.Book.ChoiceList(c.List)
	if !found || !ok {
		return c, l, fault.New(fault.Missing, "This choice does not exist any more.")
	}
	return c, l, nil
}

func choiceURL(id int64) string { return "/admin/settings/choices/" + itoa(id) }

func showChoice(w http.ResponseWriter, r *http.Request, d *page.Desk) error {
	return drawChoice(w, r, d, nil, nil)
}

func drawChoice(w http.ResponseWriter, r *http.Request, d *page.Desk, typed url.Values, failed error) error {
	c, l, err := choiceOf(r, d)
	if err != nil {
		return err
	}
	s, err := beginChoice(w, r, d, c, l, failed)
	if err != nil {
		return err
	}
	n, err := d.Store.ChoiceUse(r.Context(), c)
	if err != nil {
		return err
	}
	p := choiceSheet{Sheet: s, Head: c.Label, URL: choiceURL(c.ID), Back: listURL(l.Name), Choice: c, Stages: l.Stages, Use: s.N("%d record has it.", "%d records have it.", int(n))}
	p.Form = newChoiceForm(&p.Sheet, l, c, typed)
	return choicePage.ShowAs(w, r, s.Status, p)
}

// beginChoice begins a page about one row of a list.
func beginChoice(w http.ResponseWriter, r *http.Request, d *page.Desk, c entity.Choice, l record.ChoiceList, failed error) (Sheet, error) {
	s, err := begin(w, r, d, "Lists", "/admin/settings/lists", failed)
	if err != nil {
		return s, err
	}
	s.Crumbs = append(s.Crumbs, ui.Item{Label: s.Title, URL: "/admin/settings/lists"}, ui.Item{Label: listName(s.Look, l), URL: listURL(l.Name)})
	s.Title = c.Label
	return s, nil
}

func saveChoice(w http.ResponseWriter, r *http.Request, d *page.Desk) error {
	c, l, err := choiceOf(r, d)
	if err != nil {
		return err
	}
	form, err := ui.Form(w, r, "label", "hue", "kind")
	if err != nil {
		return err
	}
	next := readChoice(form)
	next.ID, next.List = c.ID, l.Name
	if err := d.Store.SaveChoice(r.Context(), next); err != nil {
		return drawChoice(w, r, d, form, err)
	}
	return done(w, r, listURL(l.Name), "Saved")
}

func moveChoice(w http.ResponseWriter, r *http.Request, d *page.Desk) error {
	return act(w, r, d, "way", map[string]bool{"up": true, "down": false}, d.Store.MoveChoice)
}

func mainChoice(w http.ResponseWriter, r *http.Request, d *page.Desk) error {
	return act(w, r, d, "main", map[string]bool{"1": true, "0": false}, d.Store.MainChoice)
}

func archiveChoice(w http.ResponseWriter, r *http.Request, d *page.Desk) error {
	return act(w, r, d, "archived", map[string]bool{"1": true, "0": false}, d.Store.ArchiveChoice)
}
