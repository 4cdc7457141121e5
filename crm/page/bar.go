package page

import (
	"html/template"
	"net/http"
	"net/url"
	"slices"

	"rowhouse/crm/entity"
	"rowhouse/crm/record"
	"rowhouse/ui"
)

// Bar is what stands above a list and a board: views, filter, columns, acts.
type Bar struct {
	E          *entity.Entity
	One, Many  string
	Mode       string // list or board
	ListURL    string
	BoardURL   string
	Right      record.Right
	Views      []ViewItem
	ViewName   string
	Chips      []Chip
	FilterRows []template.HTML
	EmptyRow   template.HTML
	Any        bool
	Deep       bool // the filter is nested and cannot be shown as rows
	FilterText string
	Q, Sort    string
	Col        string
	Choices    template.HTML // a box for each column that can be shown
	Query      string        // the address's words, for saving as a view
	Bulkable   bool
}

// ViewItem is a saved view in the menu.
type ViewItem struct {
	record.View
	URL           string
	Current, Mine bool
}

// Chip is one condition of the filter, with the address without it.
type Chip struct{ Field, Op, Value, Without string }

// ColumnItem is a column that can be shown or not.
type ColumnItem struct {
	Name, Label string
	Shown       bool
}

func newBar(r *http.Request, d *Desk, e *entity.Entity, s state, mode string) (Bar, error) {
	look := d.Store.Look
	b := Bar{E: e, One: look.T(e.One), Many: look.T(e.Many), Mode: mode, Right: d.Store.Actor.Right(e), Q: s.values.Get("q"), Sort: s.values.Get("sort"),
		Col: s.values.Get("col"), FilterText: s.values.Get("filter")}
	b.ListURL, b.BoardURL = e.URL(), ""
	shared := state{values: pick(s.values, "filter", "q")}
	shared.at = e.URL()
	b.ListURL = shared.with("", "")
	if e.Board.By != "" {
		shared.at = e.URL() + "/board"
		b.BoardURL = shared.with("", "")
	}
	b.Query = pick(s.values, "filter", "q", "sort", "col").Encode()
	b.Bulkable = b.Right.Edit > record.None || b.Right.Delete > record.None
	views, err := d.Store.Views(r.Context(), e)
	if err != nil {
		return b, err
	}
	b.ViewName = look.T("All %s", look.Noun(b.Many))
	for _, v := range views {
		item := ViewItem{View: v, URL: s.at + "?" + v.Query, Current: v.Query == b.Query && v.Query != "", Mine: v.Owner == d.Person.ID || d.Person.Admin}
		if item.Current {
			b.ViewName = v.Name
		}
		b.Views = append(b.Views, item)
	}
	b.filter(d, e, s)
	if mode == "list" {
		b.Choices = columnBoxes(look, e, s.cols)
	}
	return b, nil
}

// columnBoxes draws a box for each column that the list can show.
func columnBoxes(look *ui.Look, e *entity.Entity, shown []string) template.HTML {
	var h ui.HTML
	for _, f := range e.Shown() {
		if f.Name == e.Title {
			continue
		}
		h.Tag(`<label class="check"><input type="checkbox" name="col[]" value="`).Text(f.Name).Tag(`"`)
		if slices.Contains(shown, f.Name) {
			h.Tag(` checked`)
		}
		h.Tag(`><span>`).Text(look.T(f.Label)).Tag(`</span></label>`)
	}
	return h.String()
}

func pick(v url.Values, names ...string) url.Values {
	picked := url.Values{}
	for _, n := range names {
		if s := v.Get(n); s != "" {
			picked.Set(n, s)
		}
	}
	return picked
}
