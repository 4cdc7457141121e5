package page

import (
	"html/template"
	"net/http"
	"slices"
	"strings"

	"rowhouse/crm/entity"
	"rowhouse/ui"
)

// filter draws the conditions as chips and as rows of the form.
func (b *Bar) filter(d *Desk, e *entity.Entity, s state) {
	draw := d.Store.Draw()
	list, any := s.filter.Flat()
	b.Any = any
	for i, c := range list {
		if c.F == "" {
			b.Deep = true
			b.Chips = append(b.Chips, Chip{Field: draw.T("several conditions"), Without: s.without(list, any, i)})
			continue
		}
		f, _ := e.Field(c.F)
		op, _ := entity.OpOf(f, c.Op)
		b.Chips = append(b.Chips, Chip{draw.T(f.Label), draw.T(op.Label), valuesInWords(draw, f, c), s.without(list, any, i)})
		b.FilterRows = append(b.FilterRows, filterRow(draw, e, c))
	}
	b.EmptyRow = filterRow(draw, e, entity.Filter{F: e.Title})
	if len(b.FilterRows) == 0 {
		first := e.Title
		if e.Board.By != "" {
			first = e.Board.By
		}
		b.FilterRows = []template.HTML{filterRow(draw, e, entity.Filter{F: first})}
	}
}

// without is the address with one condition less.
func (s state) without(list []entity.Filter, any bool, i int) string {
	rest := slices.Delete(slices.Clone(list), i, i+1)
	f := entity.Filter{And: rest}
	if any {
		f = entity.Filter{Or: rest}
	}
	if len(rest) == 1 {
		f = rest[0]
	}
	return s.with("filter", f.String(), "after", "before")
}

// valuesInWords says what a condition compares with, as the reader would.
func valuesInWords(d *entity.Draw, f entity.Field, c entity.Filter) string {
	var words []string
	for _, v := range c.V {
		said := v
		switch f.Kind.Class() {
		case entity.Chosen, entity.Person_:
			if parsed, err := f.Kind.Parse([]string{v}, &entity.Env{Labels: d.Labels, Self: d.Self, Look: d.Look, Past: true}); err == nil {
				said = f.Kind.Text(parsed, d)
			}
		case entity.Day, entity.Time:
			said = d.Day(v)
		}
		words = append(words, said)
	}
	return strings.Join(words, ", ")
}

// filterRow draws one row of the filter's form.
func filterRow(d *entity.Draw, e *entity.Entity, c entity.Filter) template.HTML {
	var h ui.HTML
	f, _ := e.Field(c.F)
	h.Tag(`<div class="filter-row" data-filter-target="line"><select name="f" data-action="filter#field" aria-label="`).Text(d.T("Field")).Tag(`">`)
	for _, o := range e.Shown() {
		option(&h, o.Name, d.T(o.Label), o.Name == f.Name)
	}
	h.Tag(`</select><select name="op" aria-label="`).Text(d.T("Comparison")).Tag(`">`)
	for _, op := range entity.Ops(f) {
		option(&h, op.Key, d.T(op.Label), op.Key == c.Op)
	}
	h.Tag(`</select>`)
	var v, w string
	if len(c.V) > 0 {
		v = c.V[0]
	}
	if len(c.V) > 1 {
		w = c.V[1]
	}
	filterValue(&h, d, f, v, w)
	h.Tag(`<button type="button" class="btn ic js" data-action="filter#remove" aria-label="`).Text(d.T("Remove")).Tag(`">`).Icon("x").Tag(`</button></div>`)
	return h.String()
}

// filterValue draws what a condition compares with, as the kind of the field asks for it.
func filterValue(h *ui.HTML, d *entity.Draw, f entity.Field, v, w string) {
	label := d.T("Value")
	list := func(options [][2]string) {
		h.Tag(`<select name="v" aria-label="`).Text(label).Tag(`">`)
		for _, o := range options {
			option(h, o[0], o[1], o[0] == v)
		}
		h.Tag(`</select><input type="hidden" name="w">`)
	}
	switch k := f.Kind.(type) {
	case entity.Pick:
		var options [][2]string
		for _, c := range d.Labels.Choices(k.List) {
			options = append(options, [2]string{itoa(c.ID), c.Label})
		}
		list(options)
	case entity.Select:
		list(optionPairs(d, k.Of))
	case entity.Multi:
		list(optionPairs(d, k.Of))
	case entity.Staff:
		var options [][2]string
		for _, p := range d.Labels.Staff() {
			options = append(options, [2]string{itoa(p.ID), p.Name})
		}
		list(options)
	case entity.Country:
		list(entity.CountryPairs(d))
	case entity.Bool:
		h.Tag(`<input type="hidden" name="v"><input type="hidden" name="w">`)
	default:
		typed := "text"
		second := f.Kind.Class() == entity.Count
		h.Tag(`<input type="`).Text(typed).Tag(`" name="v" maxlength="200" aria-label="`).Text(label).Tag(`" value="`).Text(v).Tag(`"`)
		if f.Kind.Class() == entity.Day || f.Kind.Class() == entity.Time {
			second = true
			h.Tag(` placeholder="2026-11-22"`)
		}
		h.Tag(`><input name="w" maxlength="200" type="`)
		if second {
			h.Tag(`text" placeholder="`).Text(d.T("and")).Tag(`" aria-label="`).Text(d.T("Second value, for between")).Tag(`" value="`).Text(w).Tag(`">`)
		} else {
			h.Tag(`hidden">`)
		}
	}
}

func optionPairs(d *entity.Draw, of []entity.Option) [][2]string {
	var pairs [][2]string
	for _, o := range of {
		pairs = append(pairs, [2]string{o.Key, d.T(o.Label)})
	}
	return pairs
}

func option(h *ui.HTML, value, label string, chosen bool) {
	h.Tag(`<option value="`).Text(value).Tag(`"`)
	if chosen {
		h.Tag(` selected`)
	}
	h.Tag(`>`).Text(label).Tag(`</option>`)
}

// filterRowPart answers the form's script with the row for another field.
func filterRowPart(w http.ResponseWriter, r *http.Request, d *Desk, e *entity.Entity) error {
	name := r.FormValue("field")
	if _, ok := e.Field(name); !ok {
		name = e.Title
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, err := w.Write([]byte(filterRow(d.Store.Draw(), e, entity.Filter{F: name})))
	return err
}
