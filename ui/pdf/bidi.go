package pdf

import (
	"slices"

	"golang.org/x/text/unicode/bidi"
)

// baseLevel is the direction of a paragraph: 0 is left-to-right, 1 is
// right-to-left. In a right-to-left document one letter of such a script is
// enough, so that a sentence may begin with a foreign name; a paragraph of
// signs and Western digits alone stays left-to-right, as telephone numbers are
// written that way in every script.
func baseLevel(text []rune, rightToLeft bool) int8 {
	for _, r := range text {
		p, _ := bidi.LookupRune(r)
		switch p.Class() {
		case bidi.R, bidi.AL:
			return 1
		case bidi.AN:
			if rightToLeft {
				return 1
			}
		case bidi.L:
			if !rightToLeft {
				return 0
			}
		}
	}
	return 0
}

// levels returns the embedding level of each rune of a paragraph after the
// Unicode bidirectional algorithm (UAX 9). The explicit embeddings are gone
// from cleaned text, which leaves isolates: each is a paragraph of its own
// within the other, so the rules are applied once for each.
func levels(text []rune, base int8) []int8 {
	out := make([]int8, len(text))
	classes := make([]bidi.Class, len(text))
	simple := base == 0
	for i, r := range text {
		p, _ := bidi.LookupRune(r)
		classes[i] = p.Class()
		switch classes[i] {
		case bidi.L, bidi.EN, bidi.ES, bidi.ET, bidi.CS, bidi.WS, bidi.ON, bidi.NSM, bidi.BN:
		default:
			simple = false
		}
	}
	if !simple {
		p := paragraph{text: text, classes: classes, levels: out}
		p.isolate(0, len(text), base, 0)
	}
	return out
}

// maxDepth is how deep isolates nest; those deeper are treated as signs.
const maxDepth = 60

type paragraph struct {
	text    []rune
	classes []bidi.Class
	levels  []int8
}

// isolate resolves text[from:to] at a level and the isolates within it.
func (p *paragraph) isolate(from, to int, level int8, depth int) {
	var seq []int
	for i := from; i < to; i++ {
		seq = append(seq, i)
		c := p.classes[i]
		if depth < maxDepth && (c == bidi.LRI || c == bidi.RLI || c == bidi.FSI) {
			end := p.matching(i, to)
			p.isolate(i+1, end, p.inner(i, end, level), depth+1)
			i = end - 1
		}
	}
	s := sequence{p: p, at: seq, level: level, is: make([]bidi.Class, len(seq))}
	for k, i := range seq {
		s.is[k] = p.classes[i]
	}
	s.resolve()
}

// matching returns the index of the end of the isolate that begins at i, or to.
func (p *paragraph) matching(i, to int) int {
	open := 1
	for k := i + 1; k < to; k++ {
		switch p.classes[k] {
		case bidi.LRI, bidi.RLI, bidi.FSI:
			open++
		case bidi.PDI:
			if open--; open == 0 {
				return k
			}
		}
	}
	return to
}

// inner returns the level within the isolate from i to end.
func (p *paragraph) inner(i, end int, level int8) int8 {
	right := p.classes[i] == bidi.RLI
	if p.classes[i] == bidi.FSI {
		right = baseLevel(p.text[i+1:end], false) == 1
	}
	if right {
		return (level + 1) | 1
	}
	return (level + 2) &^ 1
}

// reorder puts the runs of a line in the order they are drawn in, from left to
// right (rule L2).
func reorder(runs []run) {
	var highest int8
	for _, r := range runs {
		highest = max(highest, r.level)
	}
	for level := highest; level > 0; level-- {
		for i := 0; i < len(runs); i++ {
			k := i
			for k < len(runs) && runs[k].level >= level {
				k++
			}
			slices.Reverse(runs[i:k])
			i = k
		}
	}
}
