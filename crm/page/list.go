package page

import (
	"html/template"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"rowhouse/crm/entity"
	"rowhouse/crm/record"
	"rowhouse/ui"
)

const pageSize = 50

var listPage = ui.Parse[List](files, ui.App, "list.html", "bar.html")

// List is the page of an entity's list.
type List struct {
	ui.Frame
	Bar
	Head, Rows     template.HTML
	Foot           template.HTML
	Cols           []string // width classes
	Empty          bool     // nothing fits the filter
	Bare           bool     // there is nothing at all yet
	Newer, Further string
	Staff          []entity.Staffer
	Stages         []entity.Choice
	By             string
	Listed         string
}

func showList(w http.ResponseWriter, r *http.Request, d *Desk, e *entity.Entity) error {
	state, err := readState(d, e, r)
	if err != nil {
		return err
	}
	if state.fresh != "" {
		return ui.Back(w, r, e.URL()+"?"+state.fresh)
	}
	columns := e.Pick(state.cols)
	want := state.query()
	want.Fields, want.Size = state.cols, pageSize
	page, err := d.Store.List(r.Context(), e, want)
	if err != nil {
		return err
	}
	sum := sumField(e, columns)
	totals, err := d.Store.Totals(r.Context(), e, want, sum)
	if err != nil {
		return err
	}
	bar, err := newBar(r, d, e, state, "list")
	if err != nil {
		return err
	}
	draw := d.Store.Draw()
	p := List{Frame: d.Frame(w, r, bar.Many, e.URL()), Bar: bar, Head: head(draw, e, columns, state), Cols: widths(columns),
		Rows: rows(draw, e, columns, page.Rows, bar.Right.Edit > record.None), Foot: foot(draw, e, columns, sum, totals),
		Empty: len(page.Rows) == 0, Staff: activeStaff(d)}
	p.Bare = p.Empty && state.plain() && totals.Count == 0
	p.Topics = e.Name
	p.Newer, p.Further = state.with("before", page.Newer, "after"), state.with("after", page.Further, "before")
	if page.Newer == "" {
		p.Newer = ""
	}
	if page.Further == "" {
		p.Further = ""
	}
	if by, ok := e.Field(e.Board.By); ok {
		p.By, p.Stages = by.Name, d.Store.Book.Choices(by.Kind.(entity.Pick).List)
	}
	p.Listed = d.Store.Look.N("%d record", "%d records", int(totals.Count))
	return listPage.Show(w, r, p)
}

func activeStaff(d *Desk) []entity.Staffer {
	return slices.DeleteFunc(slices.Clone(d.Store.Book.Staff()), func(p entity.Staffer) bool { return !p.Active })
}

// sumField is the first column of money, which the last row adds up.
func sumField(e *entity.Entity, columns []entity.Field) string {
	for _, f := range columns {
		if f.Kind.Word() == "money" {
			return f.Name
		}
	}
	return ""
}

func widths(columns []entity.Field) []string {
	var cols []string
	for i, f := range columns {
		switch {
		case i == 0:
			cols = append(cols, "w220")
		case f.Kind.Class() == entity.Day, f.Kind.Class() == entity.Time, f.Kind.Class() == entity.Count, f.Kind.Class() == entity.Switch:
			cols = append(cols, "w120")
		case f.Kind.Class() == entity.Chosen:
			cols = append(cols, "w140")
		case f.Kind.Word() == "emails":
			cols = append(cols, "w220")
		default:
			cols = append(cols, "w180")
		}
	}
	return cols
}

// head draws the headings, each a link that sorts.
func head(d *entity.Draw, e *entity.Entity, columns []entity.Field, s state) template.HTML {
	var h ui.HTML
	for i, f := range columns {
		h.Tag(`<th scope="col" class="`)
		if i == 0 {
			h.Tag(`nm`)
		}
		if f.Kind.Class() == entity.Count {
			h.Tag(` rt`)
		}
		h.Tag(`"`)
		next, icon := f.Name, ""
		switch strings.TrimPrefix(s.sortOr(e), "-") {
		case f.Name:
			icon = "arrow-up"
			if strings.HasPrefix(s.sortOr(e), "-") {
				icon = "arrow-down"
				h.Tag(` aria-sort="descending"`)
			} else {
				next = "-" + f.Name
				h.Tag(` aria-sort="ascending"`)
			}
		}
		h.Tag(`><a href="`).Text(s.with("sort", next, "after", "before")).Tag(`">`).Text(d.T(f.Label))
		if icon != "" {
			h.Tag(` `).Icon(icon)
		}
		h.Tag(`</a></th>`)
	}
	return h.String()
}

// rows draws the rows by code: a template would take longer than the database.
func rows(d *entity.Draw, e *entity.Entity, columns []entity.Field, list []record.Row, edit bool) template.HTML {
	var h ui.HTML
	h.Grow(len(list) * 1200)
	at, choose := e.URL()+"/", d.T("Select")
	for i := range list {
		row := &list[i]
		h.Tag(`<tr id="`).Text(e.Name).Tag(`-`).Int(row.ID).Tag(`" data-at="`).Text(at).Int(row.ID).Tag(`" data-list-target="row" tabindex="-1"><td><input type="checkbox" form="bulk" name="id[]" value="`).Int(row.ID).
			Tag(`" data-list-target="box" data-action="click->list#toggle" aria-label="`).Text(choose).Tag(` `).Int(row.ID).Tag(`"></td>`)
		for n, f := range columns {
			if n == 0 {
				nameCell(&h, d, at, row, f)
				continue
			}
			h.Tag(`<td`)
			if f.Kind.Class() == entity.Count {
				h.Tag(` class="rt"`)
			}
			if edit && !f.ReadOnly {
				h.Tag(` data-edit="`).Text(f.Name).Tag(`"`)
			}
			h.Tag(`>`)
			f.Kind.Cell(&h, row.Values[n], d)
			h.Tag(`</td>`)
		}
		h.Tag(`</tr>`)
	}
	return h.String()
}

// nameCell draws the first cell: the link that opens the record beside the list.
func nameCell(h *ui.HTML, d *entity.Draw, at string, row *record.Row, f entity.Field) {
	words := f.Kind.Text(row.Values[0], d)
	if words == "" {
		words = "–"
	}
	h.Tag(`<td class="nm"><a href="`).Text(at).Int(row.ID).Tag(`" data-turbo-frame="peek"><bdi>`).Text(words).Tag(`</bdi></a></td>`)
}

// foot draws the last row: the count and the sums, one for each currency.
func foot(d *entity.Draw, e *entity.Entity, columns []entity.Field, sum string, t record.Totals) template.HTML {
	var h ui.HTML
	h.Tag(`<td></td>`)
	for i, f := range columns {
		switch {
		case i == 0:
			h.Tag(`<td class="nm num">`).Text(d.Number(t.Count)).Tag(` `)
			if t.Count == 1 {
				h.Text(d.T(e.One))
			} else {
				h.Text(d.T(e.Many))
			}
			h.Tag(`</td>`)
		case f.Name == sum:
			h.Tag(`<td class="rt num">`)
			sums(&h, d, t)
			h.Tag(`</td>`)
		default:
			h.Tag(`<td></td>`)
		}
	}
	return h.String()
}

func sums(h *ui.HTML, d *entity.Draw, t record.Totals) {
	for i, a := range t.Sums {
		if i > 0 {
			h.Tag(` + `)
		}
		h.Tag(`<bdi dir="ltr"><b>`).Text(d.Money(a.Minor, a.Currency)).Tag(`</b></bdi>`)
	}
}

func itoa(n int64) string { return strconv.FormatInt(n, 10) }
