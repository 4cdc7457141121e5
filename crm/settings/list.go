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

var (
	listsPage = ui.Parse[listsSheet](files, ui.App, "lists.html", "parts.html")
	listPage  = ui.Parse[listSheet](files, ui.App, "list.html", "choice-form.html", "parts.html")
)

// listsSheet shows all lists, each with its rows.
type listsSheet struct {
	Sheet
	Lists []listRow
}

type listRow struct {
	Label, Hint, URL string
	Choices          []entity.Choice
}

// listSheet is the page of one list.
type listSheet struct {
	Sheet
	Head, Lead, URL string
	Stages          bool
	Rows            []choiceRow
	Add             choiceForm
}

// choiceRow is one row of a list, with what can be done to it.
type choiceRow struct {
	entity.Choice
	KindName    string
	First, Last bool
}

func listURL(name string) string { return "/admin/settings/lists/" + url.PathEscape(name) }

// listName says whose list it is: Leads: Status.
func listName(look *ui.Look, l record.ChoiceList) string {
	return look.T("%s: %s", look.T(l.Entity.Many), look.T(l.Field.Label))
}

func showLists(w http.ResponseWriter, r *http.Request, d *page.Desk) error {
	s, err := begin(w, r, d, "Lists", "/admin/settings/lists", nil)
	if err != nil {
		return err
	}
	p := listsSheet{Sheet: s}
	for _, l := range d.Store.Book.ChoiceLists() {
		row := listRow{Label: listName(s.Look, l), URL: listURL(l.Name)}
		for _, c := range d.Store.Book.Choices(l.Name) {
			if !c.Archived {
				row.Choices = append(row.Choices, c)
			}
		}
		row.Hint = s.N("%d choice", "%d choices", len(row.Choices))
		p.Lists = append(p.Lists, row)
	}
	return listsPage.Show(w, r, p)
}

// listOf returns the list that the path names.
func listOf(r *http.Request, d *page.Desk) (record.ChoiceList, error) {
	l, ok := d.Store.Book.ChoiceList(r.PathValue("list"))
	if !ok {
		return l, fault.New(fault.Missing, "Nothing is at this address.")
	}
	return l, nil
}

func showList(w http.ResponseWriter, r *http.Request, d *page.Desk) error {
	l, err := listOf(r, d)
	if err != nil {
		return err
	}
	return drawList(w, r, d, l, nil, nil)
}

func drawList(w http.ResponseWriter, r *http.Request, d *page.Desk, l record.ChoiceList, typed url.Values, failed error) error {
	s, err := begin(w, r, d, "Lists", "/admin/settings/lists", failed)
	if err != nil {
		return err
	}
	s.Crumbs = append(s.Crumbs, ui.Item{Label: s.Title, URL: "/admin/settings/lists"})
	s.Title = listName(s.Look, l)
	p := listSheet{Sheet: s, Head: s.Title, URL: listURL(l.Name), Stages: l.Stages, Rows: choiceRows(s.Look, d, l)}
	p.Lead = s.T("What can be chosen there, in this order.")
	if l.Stages {
		p.Lead = s.T("The columns of the board, in this order. New records start with the default.")
	}
	p.Add = newChoiceForm(&p.Sheet, l, entity.Choice{Hue: len(p.Rows) % 11, Kind: "open"}, typed)
	return listPage.ShowAs(w, r, s.Status, p)
}

func choiceRows(look *ui.Look, d *page.Desk, l record.ChoiceList) []choiceRow {
	var rows []choiceRow
	choices := d.Store.Book.Choices(l.Name)
	for i, c := range choices {
		row := choiceRow{Choice: c, First: i == 0, Last: i == len(choices)-1}
		for _, k := range record.StageKinds {
			if k.Key == c.Kind && l.Stages {
				row.KindName = look.T(k.Label)
			}
		}
		rows = append(rows, row)
	}
	return rows
}

func addChoice(w http.ResponseWriter, r *http.Request, d *page.Desk) error {
	l, err := listOf(r, d)
	if err != nil {
		return err
	}
	form, err := ui.Form(w, r, "label", "hue", "kind")
	if err != nil {
		return err
	}
	c := readChoice(form)
	c.List = l.Name
	if err := d.Store.SaveChoice(r.Context(), c); err != nil {
		return drawList(w, r, d, l, form, err)
	}
	return done(w, r, listURL(l.Name), "Added")
}

// readChoice reads what a form says about a row. A colour that is none is told by the engine.
func readChoice(form url.Values) entity.Choice {
	hue, err := strconv.Atoi(form.Get("hue"))
	if err != nil {
		hue = -1
	}
	return entity.Choice{Label: form.Get("label"), Hue: hue, Kind: form.Get("kind")}
}
