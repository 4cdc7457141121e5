package page

import (
	"html/template"
	"net/http"
	"strconv"

	"rowhouse/crm/entity"
	"rowhouse/crm/record"
	"rowhouse/data/fault"
	"rowhouse/ui"
)

var boardPage = ui.Parse[Board](files, ui.App, "board.html", "bar.html")

// Board is the page of an entity's board.
type Board struct {
	ui.Frame
	Bar
	Columns []BoardColumn
}

// BoardColumn is one column, drawn.
type BoardColumn struct {
	ID         int64
	Label      string
	Hue, Share int
	Count      int64
	Sum        template.HTML
	Cards      template.HTML
	More       string // the list of all, if there are more cards than shown
}

func showBoard(w http.ResponseWriter, r *http.Request, d *Desk, e *entity.Entity) error {
	s, err := readState(d, e, r)
	if err != nil {
		return err
	}
	if s.fresh != "" {
		return ui.Back(w, r, e.URL()+"/board?"+s.fresh)
	}
	want := s.query()
	want.Fields = cardFields(e)
	columns, err := d.Store.Board(r.Context(), e, want)
	if err != nil {
		return err
	}
	bar, err := newBar(r, d, e, s, "board")
	if err != nil {
		return err
	}
	p := Board{Frame: d.Frame(w, r, bar.Many, e.URL()), Bar: bar}
	p.Topics = e.Name
	draw := d.Store.Draw()
	for i, c := range columns {
		p.Columns = append(p.Columns, boardColumn(draw, e, s, c, share(c.Choice, i, len(columns)), bar.Right.Edit > record.None))
	}
	return boardPage.Show(w, r, p)
}

// share is how full the ring of a column is drawn, in percent.
func share(c entity.Choice, i, n int) int {
	if c.Kind == "won" || c.Kind == "lost" || c.Kind == "junk" {
		return 100
	}
	return (i + 1) * 100 / (n + 1) / 5 * 5
}

func boardColumn(d *entity.Draw, e *entity.Entity, s state, c record.Column, share int, edit bool) BoardColumn {
	b := BoardColumn{ID: c.Choice.ID, Label: c.Choice.Label, Hue: c.Choice.Hue, Share: share, Count: c.Totals.Count}
	b.Sum = sumHTML(d, c.Totals)
	var h ui.HTML
	for i := range c.Rows {
		card(&h, d, e, &c.Rows[i], edit, c.Choice.Kind == "open" || c.Choice.Kind == "")
	}
	b.Cards = h.String()
	if c.Totals.Count > int64(len(c.Rows)) {
		only := entity.Filter{F: e.Board.By, Op: "in", V: []string{itoa(c.Choice.ID)}}
		if !s.filter.Empty() {
			only = entity.Filter{And: []entity.Filter{s.filter, only}}
		}
		list := state{values: s.values, at: e.URL()}
		b.More = list.with("filter", only.String())
	}
	return b
}

func sumHTML(d *entity.Draw, t record.Totals) template.HTML {
	var h ui.HTML
	for i, a := range t.Sums {
		if i > 0 {
			h.Tag(` + `)
		}
		h.Text(d.Money(a.Minor, a.Currency))
	}
	return h.String()
}

// cardFields are what a card shows: name, subtitle, sum, owner, next step, tags.
func cardFields(e *entity.Entity) []string {
	return []string{e.Title, e.Subtitle, e.Board.Sum, "owner", e.Due, "next_step", "tags"}
}

// card draws one card. Of an open one it says what is to be done next.
func card(h *ui.HTML, d *entity.Draw, e *entity.Entity, row *record.Row, edit, open bool) {
	at := e.URL() + "/" + itoa(row.ID)
	title, subtitle := kindText(d, row, e.Title), kindText(d, row, e.Subtitle)
	h.Tag(`<article class="card" id="`).Text(e.Name).Tag(`-`).Int(row.ID).Tag(`" data-id="`).Int(row.ID).Tag(`" data-version="`).Int(row.Version).
		Tag(`" data-move="`).Text(at).Tag(`/position" tabindex="0" data-action="keydown->board#key"`)
	if !edit {
		h.Tag(` data-board-fixed`)
	}
	h.Tag(`><div class="r">`)
	if subtitle != "" {
		h.Avatar(subtitle, true).Tag(`<bdi class="co">`).Text(subtitle).Tag(`</bdi>`)
	} else {
		h.Avatar(title, true).Tag(`<bdi class="co">–</bdi>`)
	}
	h.Tag(`<span class="grow"></span>`)
	if tags, _ := row.Value("tags").([]string); len(tags) > 0 {
		h.Tag(`<span class="tag c`).Int(int64(ui.Hue(tags[0]))).Tag(`"><bdi>`).Text(tags[0]).Tag(`</bdi></span>`)
	}
	h.Tag(`</div><h3><a href="`).Text(at).Tag(`" data-turbo-frame="peek" tabindex="-1"><bdi>`).Text(title).Tag(`</bdi></a></h3><div class="r">`)
	kindCell(h, d, row, e.Board.Sum)
	h.Tag(`<span class="grow"></span>`)
	cardDue(h, d, e, row)
	h.Tag(`</div><div class="ft">`)
	if open {
		nextStep(h, d, e, row)
	}
	if owner := kindText(d, row, "owner"); owner != "" {
		h.Tag(`<span class="x"><span class="av c`).Int(int64(ui.Hue(owner))).Tag(`" title="`).Text(owner).Tag(`">`).Text(ui.Initials(owner)).Tag(`</span></span>`)
	}
	h.Tag(`</div></article>`)
}

func cardDue(h *ui.HTML, d *entity.Draw, e *entity.Entity, row *record.Row) {
	for i, f := range row.Fields {
		if f.Name == e.Due && !entity.Empty(row.Values[i]) {
			h.Icon("calendar")
			f.Kind.Cell(h, row.Values[i], d)
		}
	}
}

// nextStep says what is to be done next, or that nothing is planned.
func nextStep(h *ui.HTML, d *entity.Draw, e *entity.Entity, row *record.Row) {
	step := kindText(d, row, "next_step")
	switch {
	case step != "":
		h.Tag(`<span class="next">`).Icon("circle-check").Tag(`<bdi>`).Text(step).Tag(`</bdi></span>`)
	case kindText(d, row, e.Due) != "":
		h.Tag(`<span class="next">`).Icon("clock").Text(d.T("Follow up")).Tag(`</span>`)
	default:
		h.Tag(`<span class="next"><span class="soon">`).Icon("circle-dot").Tag(`</span> `).Text(d.T("Nothing planned")).Tag(`</span>`)
	}
}

func kindText(d *entity.Draw, row *record.Row, name string) string {
	for i, f := range row.Fields {
		if f.Name == name {
			return f.Kind.Text(row.Values[i], d)
		}
	}
	return ""
}

func kindCell(h *ui.HTML, d *entity.Draw, row *record.Row, name string) {
	for i, f := range row.Fields {
		if f.Name == name {
			f.Kind.Cell(h, row.Values[i], d)
		}
	}
}

// move puts a card into a column. A script gets the new counts and sums, a form the page it came from.
func move(w http.ResponseWriter, r *http.Request, d *Desk, e *entity.Entity, id int64) error {
	form, err := ui.Form(w, r, "value", "before", "version")
	if err != nil {
		return err
	}
	value, err1 := strconv.ParseInt(form.Get("value"), 10, 64)
	version, _ := strconv.ParseInt(form.Get("version"), 10, 64)
	before, _ := strconv.ParseInt(form.Get("before"), 10, 64)
	if err1 != nil {
		return fault.New(fault.Invalid, "This column does not exist any more.")
	}
	m, err := d.Store.Move(r.Context(), e, id, version, value, before)
	if err != nil {
		return err
	}
	if !ui.WantsJSON(r) {
		return ui.Back(w, r, e.URL()+"/"+itoa(id))
	}
	columns, err := d.Store.Board(r.Context(), e, record.Query{})
	if err != nil {
		return err
	}
	type told struct {
		Value string        `json:"value"`
		Count int64         `json:"count"`
		Sum   template.HTML `json:"sum"`
	}
	answer := struct {
		Version int64             `json:"version"`
		Undo    map[string]string `json:"undo"`
		Columns []told            `json:"columns"`
	}{Version: m.Version, Undo: map[string]string{"value": itoa(m.From), "before": ""}}
	if m.Before != 0 {
		answer.Undo["before"] = itoa(m.Before)
	}
	for _, c := range columns {
		if c.Choice.ID == value || c.Choice.ID == m.From {
			answer.Columns = append(answer.Columns, told{itoa(c.Choice.ID), c.Totals.Count, sumHTML(d.Store.Draw(), c.Totals)})
		}
	}
	return ui.JSON(w, http.StatusOK, answer)
}
