package pdf

import (
	"unicode"

	"github.com/go-text/typesetting/segmenter"
)

// line is one line of text, ready to be drawn.
type line struct {
	text  []rune // the whole paragraph, which the runs refer to
	runs  []run  // from left to right
	width float64
	style Style
}

// lines shapes a text and breaks it into lines of at most width points. Each
// newline begins a line, and an empty one is kept.
func (d *Document) lines(text []rune, style Style, width float64) []line {
	var out []line
	for _, paragraph := range splitLines(text) {
		w := wrapper{text: paragraph, style: style, limit: width/style.size() + 0.001}
		w.runs = d.shape(paragraph, style.Bold)
		w.measure()
		out = append(out, w.wrap()...)
	}
	return out
}

// wrapper breaks one paragraph. All its lengths are in ems.
type wrapper struct {
	text  []rune
	style Style
	limit float64
	runs  []run
	width []float64 // of the cluster that begins at each rune
	begin []bool    // whether a cluster begins there
	out   []line
}

func (w *wrapper) measure() {
	w.width = make([]float64, len(w.text))
	w.begin = make([]bool, len(w.text))
	for _, r := range w.runs {
		for _, c := range r.clusters {
			w.width[c.start] += c.width
			w.begin[c.start] = true
		}
	}
}

// wrap fills each line with as many pieces between two places to break as it
// holds.
func (w *wrapper) wrap() []line {
	var seg segmenter.Segmenter
	seg.Init(w.text)
	start, used := 0, 0.0
	for pieces := seg.LineIterator(); pieces.Next(); {
		piece := pieces.Line()
		from, to := piece.Offset, piece.Offset+len(piece.Text)
		full := w.sum(from, to)
		ink := w.sum(from, w.trim(from, to))
		if used > 0 && used+ink > w.limit {
			w.emit(start, from)
			start, used = from, 0
		}
		if ink > w.limit {
			start, used = w.force(start, to)
			continue
		}
		used += full
	}
	w.emit(start, len(w.text))
	return w.out
}

// force breaks a piece that is wider than a line between any two clusters. It
// returns where the last line begins and how wide that is so far.
func (w *wrapper) force(start, to int) (int, float64) {
	used := 0.0
	for i := start; i < to; i++ {
		if w.begin[i] && i > start && used+w.width[i] > w.limit {
			w.emit(start, i)
			start, used = i, 0
		}
		used += w.width[i]
	}
	return start, used
}

func (w *wrapper) sum(from, to int) (total float64) {
	for _, v := range w.width[from:to] {
		total += v
	}
	return total
}

// trim returns the end of text[from:to] without the spaces there.
func (w *wrapper) trim(from, to int) int {
	for to > from && unicode.IsSpace(w.text[to-1]) && w.text[to-1] != '\u00A0' {
		to--
	}
	return to
}

// emit makes a line of text[from:to].
func (w *wrapper) emit(from, to int) {
	to = w.trim(from, to)
	l := line{text: w.text, style: w.style}
	for _, r := range w.runs {
		if r.end <= from || r.start >= to {
			continue
		}
		part := r
		part.clusters = nil
		for _, c := range r.clusters {
			if c.start >= from && c.start < to {
				part.clusters = append(part.clusters, c)
				l.width += c.width * w.style.size()
			}
		}
		l.runs = append(l.runs, part)
	}
	reorder(l.runs)
	w.out = append(w.out, l)
}
