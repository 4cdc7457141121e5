package pdf

// Column is a column of a table.
type Column struct {
	Title string
	Width float64 // its share of the width; 0 is 1
	Align Align   // of the title and of all cells
}

// Row is a row of a table: a text for each column, those missing are empty.
// A bold one has a darker rule above it, as a total does. Each cell is cut at
// 4,000 characters, which an ellipsis shows.
type Row struct {
	Cells []string
	Bold  bool
}

// Space in a table, in points.
const (
	cellGap = 12.0 // between two columns
	cellPad = 5.0  // above and below the text of a row
)

// Table adds a table over the full width. Its titles are repeated on each page;
// if all are empty there are none. A row is on one page unless it is taller
// than a page.
func (d *Document) Table(columns []Column, rows ...Row) {
	if len(columns) == 0 {
		return
	}
	shares := make([]float64, len(columns))
	titles := Row{}
	titled := false
	for i, c := range columns {
		shares[i] = c.Width
		titles.Cells = append(titles.Cells, c.Title)
		titled = titled || c.Title != ""
	}
	t := table{d: d, columns: columns, boxes: split(shares, cellGap)}
	if titled {
		t.head = t.cells(titles, Style{Size: sizeLabel, Grey: true}, maxLabel)
	}
	t.draw(rows)
}

// table is a table while it is drawn.
type table struct {
	d       *Document
	columns []Column
	boxes   []box
	head    []stack
}

func (t *table) draw(rows []Row) {
	d := t.d
	first := []stack(nil)
	if len(rows) > 0 {
		first = t.row(rows[0])
	}
	// Titles at the foot of a page without a row below them say nothing.
	if need := t.headHeight() + tallest(first); need > d.left() && need <= d.bottom-marginTop {
		d.newPage()
	}
	t.titles()
	for i, r := range rows {
		if d.err != nil {
			return
		}
		stacks := first
		if i > 0 {
			stacks = t.row(r)
		}
		t.above(i, r.Bold, tallest(stacks))
		d.beside(stacks, t.titles)
	}
}

// above draws the rule above a row, unless the row goes to the next page.
func (t *table) above(i int, bold bool, height float64) {
	d := t.d
	switch c := &d.page().canvas; {
	case height > d.left():
	case bold:
		c.rule(marginSide, d.y, textWidth, 0.75, ruleDark)
	case i > 0:
		c.rule(marginSide, d.y, textWidth, 0.5, ruleFair)
	}
}

// row lays out a row with the space above and below its text.
func (t *table) row(r Row) []stack {
	stacks := t.cells(r, Style{Size: sizeTable, Bold: r.Bold}, maxCell)
	for i, s := range stacks {
		pad := slice{height: cellPad}
		stacks[i] = append(append(stack{pad}, s...), pad)
	}
	return stacks
}

// cells lays out the text of each cell of a row.
func (t *table) cells(r Row, style Style, limit int) []stack {
	stacks := make([]stack, len(t.columns))
	for i, b := range t.boxes {
		if i >= len(r.Cells) || r.Cells[i] == "" {
			continue
		}
		style.Align = t.columns[i].Align
		lines := t.d.lines(clean(r.Cells[i], limit), style, b.width)
		stacks[i].add(t.d, lines, t.d.place(b.offset, b.width, textWidth), b.width)
	}
	return stacks
}

func (t *table) headHeight() float64 { return tallest(t.head) + 2*cellPad }

// titles draws the head of the table at the cursor.
func (t *table) titles() {
	height := tallest(t.head)
	if height == 0 || height > t.d.left()/2 {
		return
	}
	d, c := t.d, &t.d.page().canvas
	for _, s := range t.head {
		s.drawAll(d, c, marginSide, d.y+height-s.height())
	}
	d.y += height + cellPad
	c.rule(marginSide, d.y, textWidth, 0.75, ruleDark)
	d.y++
}
