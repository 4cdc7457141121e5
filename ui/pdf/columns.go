package pdf

// Paragraph is a text and how it looks. Of more than 20,000 characters the
// rest is cut off, which an ellipsis shows.
type Paragraph struct {
	Text  string
	Style Style
}

// Fact is a value and what it is: an invoice's number, a sum. A bold one has a
// rule above it, as a total does. Each of its texts is cut at 4,000 characters.
type Fact struct {
	Label string
	Value string
	Bold  bool
}

// Block is one of the columns of Columns: paragraphs, and facts below them.
type Block struct {
	Width      float64 // its share of the width; 0 is 1
	Paragraphs []Paragraph
	Facts      []Fact
}

// columnGap is the space between two columns, in points.
const columnGap = 28.0

// Columns adds blocks beside each other, the first at the start. They are kept
// on one page if one page can hold them.
func (d *Document) Columns(blocks ...Block) {
	if len(blocks) == 0 {
		return
	}
	shares := make([]float64, len(blocks))
	for i, b := range blocks {
		shares[i] = b.Width
	}
	stacks := make([]stack, len(blocks))
	for i, box := range split(shares, columnGap) {
		x := d.place(box.offset, box.width, textWidth)
		for _, p := range blocks[i].Paragraphs {
			stacks[i].add(d, d.lines(clean(p.Text, maxText), p.Style, box.width), x, box.width)
		}
		for _, f := range blocks[i].Facts {
			stacks[i].fact(d, f, x, box.width)
		}
	}
	d.beside(stacks, func() {})
}

// Facts adds labels at the start and their values at the end of the full
// width. In Columns they are in a part of it.
func (d *Document) Facts(facts ...Fact) {
	d.Columns(Block{Facts: facts})
}

// box is a part of a width.
type box struct{ offset, width float64 }

// split divides the width of the page by shares, with a gap between any two
// parts. A share that is not above 0 is 1.
func split(shares []float64, gap float64) []box {
	total := 0.0
	for i, s := range shares {
		if !(s > 0 && s < 1e6) {
			shares[i] = 1
		}
		total += shares[i]
	}
	gap = min(gap, textWidth/2/float64(len(shares)))
	room := textWidth - gap*float64(len(shares)-1)
	out := make([]box, len(shares))
	at := 0.0
	for i, s := range shares {
		out[i] = box{at, room * s / total}
		at += out[i].width + gap
	}
	return out
}

// fact puts a label and its value below the others.
func (s *stack) fact(d *Document, f Fact, x, width float64) {
	const gap = 10
	label := Style{Size: sizeTable, Grey: !f.Bold, Bold: f.Bold}
	value := Style{Size: sizeTable, Bold: f.Bold, Align: End}
	values := d.lines(clean(f.Value, maxCell), value, width*0.62)
	wide := 0.0
	for _, l := range values {
		wide = max(wide, l.width)
	}
	rest := max(width-wide-gap, width*0.2)
	labels := d.lines(clean(f.Label, maxCell), label, rest)
	if f.Bold {
		*s = append(*s, slice{height: 9, rules: []stroke{{x, 5, width, 0.75, ruleDark}}})
	}
	for i := range max(len(labels), len(values)) {
		p := slice{height: label.leading() + 1.5}
		if i < len(labels) {
			p.texts = append(p.texts, d.align(labels[i], x+d.place(0, rest, width), rest))
		}
		if i < len(values) {
			p.texts = append(p.texts, d.align(values[i], x+d.place(width-wide, wide, width), wide))
		}
		*s = append(*s, p)
	}
}
