package pdf

import "math"

// pen writes the glyphs of a run as TJ operators.
type pen struct {
	c    *canvas
	face *face
	size float64
	open bool    // within the array of a TJ
	hex  bool    // within a string of it
	rise float64 // in ems
	lag  float64 // how far the reader's position is behind, in ems
}

// cluster writes glyphs so that readers can tell their text: by the glyph alone
// where it always means the same, or else by saying so around it. The text is
// that of the glyphs with a width; readers would take the place of a dot or
// vowel sign for that of the letter, so these come last and mean nothing.
func (p *pen) cluster(k cluster, text []rune) {
	bodies, marks := k.bodies()
	p.span(bodies, string(text), !p.face.says(bodies, text))
	p.span(marks, "", len(marks) > 0)
}

// span writes glyphs, within a mark that says their text if they do not.
func (p *pen) span(glyphs []glyph, text string, say bool) {
	if say {
		p.close()
		p.c.WriteString("/Span<</ActualText")
		writeText(p.c, text)
		p.c.WriteString(">>BDC ")
	}
	for _, g := range glyphs {
		p.glyph(g)
	}
	if say {
		p.close()
		p.c.WriteString("EMC ")
	}
}

func (p *pen) glyph(g glyph) {
	if g.dy != p.rise {
		p.close()
		p.c.num(g.dy * p.size)
		p.c.WriteString("Ts ")
		p.rise = g.dy
	}
	if !p.face.drawable(g.id) {
		p.lag += g.advance
		return
	}
	p.move(p.lag + g.dx)
	if !p.open {
		p.c.WriteByte('[')
		p.open = true
	}
	if !p.hex {
		p.c.WriteByte('<')
		p.hex = true
	}
	p.c.Write(appendHex(p.c.AvailableBuffer(), uint16(g.id)))
	p.face.used[g.id] = true
	p.lag = g.advance - g.dx - p.face.width(g.id)/1000
}

// move shifts the place of the next glyph to the right.
func (p *pen) move(ems float64) {
	if math.Abs(ems) < 0.0005 {
		return
	}
	if p.hex {
		p.c.WriteByte('>')
		p.hex = false
	}
	if !p.open {
		p.c.WriteByte('[')
		p.open = true
	}
	p.c.Write(appendNumber(p.c.AvailableBuffer(), -1000*ems))
}

func (p *pen) close() {
	if p.hex {
		p.c.WriteByte('>')
	}
	if p.open {
		p.c.WriteString("]TJ\n")
	}
	p.hex, p.open = false, false
}

// end leaves the run as the next one expects it.
func (p *pen) end() {
	p.close()
	if p.rise != 0 {
		p.c.WriteString("0 Ts\n")
	}
}
