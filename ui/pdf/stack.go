package pdf

// stack is things below each other that may part at a page's end between any
// two of them.
type stack []slice

// slice is one line, or several beside each other. It does not part.
type slice struct {
	height float64
	texts  []placed
	rules  []stroke
}

// placed is a line of text with its baseline's beginning, from the slice's top
// left corner.
type placed struct {
	line
	x, y float64
}

// stroke is a horizontal rule.
type stroke struct{ x, y, width, thickness, ink float64 }

// add puts lines below the others, aligned in a box that is x from the left.
func (s *stack) add(d *Document, lines []line, x, width float64) {
	for _, l := range lines {
		*s = append(*s, slice{height: l.style.leading(), texts: []placed{d.align(l, x, width)}})
	}
}

// align puts a line in its place in a box.
func (d *Document) align(l line, x, width float64) placed {
	room := width - l.width
	switch {
	case l.style.Align == Center:
		x += room / 2
	case (l.style.Align == End) != d.info.RightToLeft:
		x += room
	}
	return placed{l, x, l.style.ascent()}
}

func (s stack) height() (total float64) {
	for _, p := range s {
		total += p.height
	}
	return total
}

// draw draws as much as fits into room and returns the rest.
func (s stack) draw(d *Document, c *canvas, x, y, room float64) stack {
	for len(s) > 0 && s[0].height <= room {
		for _, t := range s[0].texts {
			d.text(c, t.line, x+t.x, y+t.y)
		}
		for _, r := range s[0].rules {
			c.rule(x+r.x, y+r.y, r.width, r.thickness, r.ink)
		}
		y, room = y+s[0].height, room-s[0].height
		s = s[1:]
	}
	return s
}

func (s stack) drawAll(d *Document, c *canvas, x, y float64) {
	s.draw(d, c, x, y, pageHeight)
}

// flow draws a stack at the cursor, and on as many pages as it needs.
func (d *Document) flow(s stack) {
	for d.err == nil {
		before := s.height()
		s = s.draw(d, &d.page().canvas, marginSide, d.y, d.left())
		d.y += before - s.height()
		if len(s) == 0 {
			return
		}
		d.newPage()
	}
}

// beside draws stacks beside each other. They stay on one page if one page can
// hold them. Each new page calls again, for what is to be repeated on it.
func (d *Document) beside(stacks []stack, again func()) {
	height := tallest(stacks)
	if height > d.left() && height <= d.bottom-marginTop {
		d.newPage()
		again()
	}
	for d.err == nil {
		rest, before := 0.0, height
		for i, s := range stacks {
			stacks[i] = s.draw(d, &d.page().canvas, marginSide, d.y, d.left())
		}
		if rest = tallest(stacks); rest == 0 {
			d.y += before
			return
		}
		height = rest
		d.newPage()
		again()
	}
}

func tallest(stacks []stack) (height float64) {
	for _, s := range stacks {
		height = max(height, s.height())
	}
	return height
}
