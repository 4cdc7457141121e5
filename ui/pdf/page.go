package pdf

import "strconv"

// A4 and its margins, in points.
const (
	pageWidth    = 595.276
	pageHeight   = 841.89
	marginSide   = 62.0
	marginTop    = 62.0
	marginBottom = 40.0
	textWidth    = pageWidth - 2*marginSide
)

// page is what is drawn on one page, apart from its footer.
type page struct {
	canvas
	images []*picture
}

// newPage begins a page. Past the limit it begins no more, and what follows is
// drawn over the last one, whose document is never given out.
func (d *Document) newPage() {
	d.y = marginTop
	if len(d.pages) == maxPages {
		d.fail(ErrTooLong)
		return
	}
	d.pages = append(d.pages, &page{})
}

func (d *Document) fail(err error) {
	if d.err == nil {
		d.err = err
	}
}

func (d *Document) page() *page { return d.pages[len(d.pages)-1] }

// left is the room left on the page.
func (d *Document) left() float64 { return d.bottom - d.y }

// place returns the left edge of a thing of some width that is offset from the
// start of a box.
func (d *Document) place(offset, width, box float64) float64 {
	if d.info.RightToLeft {
		return box - offset - width
	}
	return offset
}

// footerStyle is small and muted: it is there to be found, not to be read.
var footerStyle = Style{Size: sizeFooter, Grey: true}

// Space around the footer.
const (
	footerGap  = 26.0 // between the text of the page and the rule
	footerPad  = 9.0  // between the rule and the footer
	footerPart = 14.0 // between its columns
	numberWide = 46.0 // for "12 / 34"
)

// footerLines lays out the columns of the footer.
func (d *Document) footerLines() [][]line {
	n := min(len(d.info.Footer), 6)
	width := footerColumn(n)
	out := make([][]line, n)
	for i := range out {
		lines := d.lines(clean(d.info.Footer[i], maxLabel), footerStyle, width)
		out[i] = lines[:min(len(lines), 12)]
	}
	return out
}

// footerColumn is the width of one of n columns.
func footerColumn(n int) float64 {
	return (textWidth-numberWide)/float64(max(n, 1)) - footerPart
}

// footerHeight is the room that a footer takes, with what is above it.
func footerHeight(columns [][]line) float64 {
	most := 1
	for _, lines := range columns {
		most = max(most, len(lines))
	}
	return footerGap + footerPad + float64(most)*footerStyle.leading()
}

// drawFooter draws the footer of the page number i, from 0 on.
func (d *Document) drawFooter(c *canvas, i int) {
	y := d.bottom + footerGap
	c.rule(marginSide, y, textWidth, 0.5, ruleFair)
	y += footerPad
	width := footerColumn(len(d.footer))
	for k, lines := range d.footer {
		s := stack{}
		s.add(d, lines, d.place(float64(k)*(width+footerPart), width, textWidth), width)
		s.drawAll(d, c, marginSide, y)
	}
	number := []rune(strconv.Itoa(i+1) + " / " + strconv.Itoa(len(d.pages)))
	style := footerStyle
	style.Align = End
	s := stack{}
	s.add(d, d.lines(number, style, numberWide), d.place(textWidth-numberWide, numberWide, textWidth), numberWide)
	s.drawAll(d, c, marginSide, y)
}
