package page

import (
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"rowhouse/crm/entity"
	"rowhouse/crm/record"
	"rowhouse/data/fault"
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

// state is what the address of a list says.
type state struct {
	values url.Values
	at     string
	filter entity.Filter
	cols   []string
	fresh  string // the address in its short form, if the filter's form was sent
}

// known are the words that the address of a list may hold.
var known = []string{"filter", "q", "sort", "after", "before", "view", "col", "col[]", "f", "op", "v", "w", "any"}

func readState(d *Desk, e *entity.Entity, r *http.Request) (state, error) {
	s := state{values: url.Values{}, at: r.URL.Path, cols: e.List}
	asked := r.URL.Query()
	for name, list := range asked {
		if !slices.Contains(known, name) || (len(list) > 1 && !slices.Contains([]string{"col[]", "f", "op", "v", "w"}, name)) {
			return s, fault.New(fault.Invalid, "This address has something that a list does not know: %s", name)
		}
		if list[0] != "" {
			s.values[name] = list
		}
	}
	if asked.Has("f") {
		filter := fromRows(asked)
		keep := url.Values{}
		for _, name := range []string{"q", "sort", "col"} {
			if v := asked.Get(name); v != "" {
				keep.Set(name, v)
			}
		}
		if text := filter.String(); text != "" {
			keep.Set("filter", text)
		}
		s.fresh = keep.Encode()
		if s.fresh == "" {
			s.fresh = "sort="
		}
	}
	var err error
	if s.filter, err = entity.ParseFilter(e, asked.Get("filter")); err != nil {
		return s, err
	}
	if len(asked["col[]"]) > 0 {
		s.values.Set("col", strings.Join(asked["col[]"], ","))
		s.values.Del("col[]")
	}
	if cols := s.values.Get("col"); cols != "" {
		s.cols = append([]string{e.Title}, slices.DeleteFunc(strings.Split(cols, ","), func(c string) bool { return c == e.Title })...)
		s.cols = s.cols[:min(len(s.cols), 30)]
	}
	return s, nil
}

// plain tells that everything is shown.
func (s state) plain() bool {
	return s.filter.Empty() && s.values.Get("q") == "" && s.values.Get("after") == "" && s.values.Get("before") == ""
}

func (s state) query() record.Query {
	return record.Query{Filter: s.filter, Search: s.values.Get("q"), Sort: s.values.Get("sort"), After: s.values.Get("after"), Before: s.values.Get("before")}
}

func (s state) sortOr(e *entity.Entity) string {
	if sort := s.values.Get("sort"); sort != "" {
		return sort
	}
	return e.Sort
}

// with is the address with one word changed and some left out.
func (s state) with(name, value string, without ...string) string {
	v := url.Values{}
	for k, list := range s.values {
		if k != name && !slices.Contains(without, k) {
			v[k] = list
		}
	}
	if value != "" {
		v.Set(name, value)
	}
	if len(v) == 0 {
		return s.at
	}
	return s.at + "?" + v.Encode()
}

// fromRows makes a filter of the form's rows: f[i] op[i] v[i] w[i].
func fromRows(v url.Values) entity.Filter {
	var list []entity.Filter
	get := func(name string, i int) string {
		if i < len(v[name]) {
			return v[name][i]
		}
		return ""
	}
	for i, f := range v["f"] {
		c := entity.Filter{F: f, Op: get("op", i)}
		if f == "" || c.Op == "" {
			continue
		}
		for _, value := range []string{get("v", i), get("w", i)} {
			if value != "" {
				c.V = append(c.V, value)
			}
		}
		if noValue(c.Op) {
			c.V = nil
		} else if c.Op != "between" && len(c.V) > 1 {
			c.V = c.V[:1]
		}
		list = append(list, c)
	}
	switch {
	case len(list) == 0:
		return entity.Filter{}
	case len(list) == 1:
		return list[0]
	case v.Get("any") == "1":
		return entity.Filter{Or: list}
	}
	return entity.Filter{And: list}
}

func noValue(op string) bool {
	return slices.Contains([]string{"empty", "nempty", "today", "past", "this_week", "this_month", "yes", "no", "me", "my_team"}, op)
}

func itoa(n int64) string { return strconv.FormatInt(n, 10) }

// ListURL is the address of an entity's list behind a filter.
func ListURL(e *entity.Entity, f entity.Filter) string {
	return state{at: e.URL()}.with("filter", f.String())
}
