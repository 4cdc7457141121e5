package pdf

import (
	"math"

	"github.com/go-text/typesetting/font"
)

// says reports whether readers find the text of a cluster by its glyph alone,
// and takes the text for what the glyph means if it means nothing yet. Where
// several glyphs make up a letter, the widest one means it, for readers that
// know nothing better.
func (f *face) says(glyphs []glyph, text []rune) bool {
	if len(text) == 0 {
		return true
	}
	widest := glyphs[0]
	for _, g := range glyphs {
		if g.advance > widest.advance {
			widest = g
		}
	}
	if widest.id == 0 || !f.drawable(widest.id) {
		return false
	}
	meaning, known := f.means[widest.id]
	if !known {
		meaning = string(text)
		f.means[widest.id] = meaning
	}
	return len(glyphs) == 1 && meaning == string(text)
}

// width is how far a glyph moves the reader's position, in thousandths of an em.
func (f *face) width(g font.GID) float64 {
	hmtx, long := f.tabs["hmtx"], int(be.Uint16(f.tabs["hhea"][34:]))
	at := 4 * min(int(g), long-1)
	if at < 0 || at+2 > len(hmtx) {
		return 0
	}
	return math.Round(float64(be.Uint16(hmtx[at:]))*100000/f.upem) / 100
}

// drawable reports whether a glyph number is one of the font's; the shaper
// uses others for spaces that a font lacks.
func (f *face) drawable(g font.GID) bool {
	return int(g) < int(be.Uint16(f.tabs["maxp"][4:]))
}
