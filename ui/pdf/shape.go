package pdf

import (
	"unicode"

	"github.com/go-text/typesetting/di"
	"github.com/go-text/typesetting/font"
	"github.com/go-text/typesetting/language"
	"github.com/go-text/typesetting/shaping"
	"golang.org/x/image/math/fixed"
)

// run is a stretch of text of one font, script and direction.
type run struct {
	face       *face
	script     language.Script
	level      int8
	start, end int       // runes of the paragraph
	clusters   []cluster // from left to right
}

// cluster is the glyphs that together show some runes, often one and one.
type cluster struct {
	start, end int // runes of the paragraph
	glyphs     []glyph
	width      float64 // in ems
}

// glyph is one shape and where it goes, in ems.
type glyph struct {
	id              font.GID
	advance, dx, dy float64
}

// shape turns a paragraph into runs of glyphs, in the order of the text.
func (d *Document) shape(text []rune, bold bool) []run {
	runs := d.itemize(text, bold)
	for i := range runs {
		d.shapeRun(text, &runs[i])
	}
	return runs
}

// itemize cuts a paragraph wherever the direction, the script or the font
// changes.
func (d *Document) itemize(text []rune, bold bool) []run {
	var runs []run
	depth := levels(text, baseLevel(text, d.info.RightToLeft))
	for i, r := range text {
		script := language.LookupScript(r)
		var last *run
		if len(runs) > 0 {
			last = &runs[len(runs)-1]
		}
		f := d.choose(r, last, depth[i], bold)
		if last != nil && last.face == f && last.level == depth[i] && joins(last, script) {
			last.end = i + 1
			continue
		}
		if !script.Strong() && last != nil && last.level == depth[i] {
			script = last.script
		}
		runs = append(runs, run{face: f, script: script, level: depth[i], start: i, end: i + 1})
	}
	return runs
}

// joins reports whether a rune of a script can go on a run. The first letter
// of a run that began with signs decides its script.
func joins(r *run, script language.Script) bool {
	if !script.Strong() || script == r.script {
		return true
	}
	if r.script.Strong() {
		return false
	}
	r.script = script
	return true
}

// choose returns the font for a rune. Marks, spaces and signs within
// right-to-left text stay with the font before them where it has them, so that
// they fit the letters; digits everywhere look the same.
func (d *Document) choose(r rune, last *run, level int8, bold bool) *face {
	all := d.faces[0]
	if bold {
		all = d.faces[1]
	}
	sticks := unicode.In(r, unicode.Mn, unicode.Mc, unicode.Me, unicode.Zs, unicode.Cf) ||
		level%2 == 1 && unicode.In(r, unicode.P, unicode.S)
	if last != nil && (unicode.Is(unicode.Cf, r) || sticks && last.face.has(r)) {
		return last.face
	}
	for _, f := range all {
		if f.has(r) {
			return f
		}
	}
	if last != nil && sticks {
		return last.face
	}
	return all[0]
}

// shapeRun fills in the glyphs of a run.
func (d *Document) shapeRun(text []rune, r *run) {
	direction := di.DirectionLTR
	if r.level%2 == 1 {
		direction = di.DirectionRTL
	}
	out := d.shaper.ShapeNoExtents(shaping.Input{
		Text: text, RunStart: r.start, RunEnd: r.end,
		Direction: direction, Face: r.face.shape,
		// One unit of the font is one point here, so nothing is rounded.
		Size:   fixed.I(int(r.face.upem)),
		Script: r.script, Language: d.lang,
	})
	em := func(v fixed.Int26_6) float64 { return float64(v) / 64 / r.face.upem }
	for i := 0; i < len(out.Glyphs); {
		first := out.Glyphs[i]
		c := cluster{start: first.TextIndex(), end: first.TextIndex() + first.RunesCount()}
		for ; i < len(out.Glyphs) && out.Glyphs[i].TextIndex() == c.start; i++ {
			g := out.Glyphs[i]
			c.glyphs = append(c.glyphs, glyph{g.GlyphID, em(g.Advance), em(g.XOffset), em(g.YOffset)})
			c.width += em(g.Advance)
		}
		c.end = max(c.start, min(c.end, r.end))
		if c.width != 0 || !invisible(text[c.start:c.end]) {
			r.clusters = append(r.clusters, c)
		}
	}
}

// bodies parts the glyphs with a width from the marks on them, which keep their
// place. If there are only marks they are the body.
func (c cluster) bodies() (bodies, marks []glyph) {
	if len(c.glyphs) == 1 {
		return c.glyphs, nil
	}
	x := 0.0
	var at []float64 // where each mark is
	for _, g := range c.glyphs {
		if g.advance == 0 && c.width != 0 {
			marks = append(marks, g)
			at = append(at, x)
		} else {
			bodies = append(bodies, g)
		}
		x += g.advance
	}
	for i := range marks {
		marks[i].dx += at[i] - c.width
	}
	return bodies, marks
}

// invisible reports whether a text is only marks of direction and the like,
// which have done their work once the text is shaped.
func invisible(text []rune) bool {
	for _, r := range text {
		if !unicode.Is(unicode.Cf, r) {
			return false
		}
	}
	return true
}
