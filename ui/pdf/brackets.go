package pdf

import (
	"strings"

	"golang.org/x/text/unicode/bidi"
)

// pairs are the brackets that prose and bills use, each beside its partner.
const pairs = "()[]{}⟨⟩⟦⟧⁅⁆⁽⁾「」『』【】〈〉《》"

// maxBrackets is how many brackets may be open at once (rule BD16).
const maxBrackets = 63

// brackets gives both brackets of a pair one direction (rule N0), so that
// "Kabel (3 m)" keeps its brackets around what they enclose.
func (s *sequence) brackets() {
	for _, pair := range s.bracketPairs() {
		if c, found := s.within(pair[0], pair[1]); found {
			s.is[pair[0]], s.is[pair[1]] = c, c
		}
	}
}

// bracketPairs finds the pairs, in the order of their opening brackets.
func (s *sequence) bracketPairs() [][2]int {
	type opening struct {
		partner rune
		index   int
	}
	var open []opening
	partner := make(map[int]int)
	for k, i := range s.at {
		r := s.p.text[i]
		at := strings.IndexRune(pairs, r)
		if at < 0 || s.is[k] != bidi.ON {
			continue
		}
		if p := partnerOf(r); p != 0 {
			if len(open) == maxBrackets {
				break
			}
			open = append(open, opening{p, k})
			continue
		}
		for n := len(open) - 1; n >= 0; n-- {
			if open[n].partner == r {
				partner[open[n].index] = k
				open = open[:n]
				break
			}
		}
	}
	var out [][2]int
	for k := range s.is {
		if end, ok := partner[k]; ok {
			out = append(out, [2]int{k, end})
		}
	}
	return out
}

// partnerOf returns the closing bracket of an opening one, or 0.
func partnerOf(r rune) rune {
	before := rune(0)
	for i, p := range []rune(pairs) {
		if i%2 == 1 && before == r {
			return p
		}
		before = p
	}
	return 0
}

// within returns the direction of a pair of brackets, if what they enclose or
// what stands before them has one.
func (s *sequence) within(from, to int) (bidi.Class, bool) {
	side, other := s.side(), bidi.Class(bidi.ON)
	for k := from + 1; k < to; k++ {
		switch c := strongOf(s.is[k]); c {
		case side:
			return side, true
		case bidi.L, bidi.R:
			other = c
		}
	}
	if other == bidi.ON {
		return 0, false
	}
	for k := from - 1; k >= 0; k-- {
		if c := strongOf(s.is[k]); c == bidi.L || c == bidi.R {
			return c, true
		}
	}
	return side, true
}
