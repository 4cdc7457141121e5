package pdf

import "golang.org/x/text/unicode/bidi"

// sequence is the runes of one isolating run sequence and their classes, which
// the rules rewrite one after the other.
type sequence struct {
	p     *paragraph
	at    []int // indexes into the paragraph
	is    []bidi.Class
	level int8
}

// side is the class that the sequence's own direction stands for; it is also
// what text before and after the sequence counts as.
func (s *sequence) side() bidi.Class {
	if s.level%2 == 1 {
		return bidi.R
	}
	return bidi.L
}

func (s *sequence) resolve() {
	s.marks()
	s.numbers()
	s.separators()
	s.latinNumbers()
	s.brackets()
	s.neutrals()
	s.implicit()
}

// marks are as what they stand on (rule W1).
func (s *sequence) marks() {
	before := s.side()
	for i, c := range s.is {
		switch c {
		case bidi.NSM, bidi.BN:
			s.is[i] = before
		case bidi.LRI, bidi.RLI, bidi.FSI, bidi.PDI:
			before = bidi.ON
		default:
			before = c
		}
	}
}

// numbers after Arabic letters are Arabic (W2), and those letters are then
// right-to-left like all others (W3).
func (s *sequence) numbers() {
	strong := s.side()
	for i, c := range s.is {
		switch c {
		case bidi.L, bidi.R, bidi.AL:
			strong = c
		case bidi.EN:
			if strong == bidi.AL {
				s.is[i] = bidi.AN
			}
		}
	}
	for i, c := range s.is {
		if c == bidi.AL {
			s.is[i] = bidi.R
		}
	}
}

// separators within a number and signs beside it belong to it (W4, W5); any
// others are neutral (W6).
func (s *sequence) separators() {
	for i := 1; i+1 < len(s.is); i++ {
		c, a, b := s.is[i], s.is[i-1], s.is[i+1]
		if a == b && (c == bidi.CS && (a == bidi.EN || a == bidi.AN) || c == bidi.ES && a == bidi.EN) {
			s.is[i] = a
		}
	}
	s.spans(func(c bidi.Class) bool { return c == bidi.ET }, func(before, after bidi.Class) bidi.Class {
		if before == bidi.EN || after == bidi.EN {
			return bidi.EN
		}
		return bidi.ON
	})
	for i, c := range s.is {
		if c == bidi.ES || c == bidi.CS {
			s.is[i] = bidi.ON
		}
	}
}

// latinNumbers are numbers after left-to-right letters (W7).
func (s *sequence) latinNumbers() {
	strong := s.side()
	for i, c := range s.is {
		switch {
		case c == bidi.L || c == bidi.R:
			strong = c
		case c == bidi.EN && strong == bidi.L:
			s.is[i] = bidi.L
		}
	}
}

// neutrals take the direction that both their neighbours have, or else that of
// the sequence (N1, N2).
func (s *sequence) neutrals() {
	s.spans(isNeutral, func(before, after bidi.Class) bidi.Class {
		if a, b := strongOf(before), strongOf(after); a == b {
			return a
		}
		return s.side()
	})
}

// implicit gives each rune its level (I1, I2).
func (s *sequence) implicit() {
	for k, i := range s.at {
		level := s.level
		switch c := s.is[k]; {
		case s.level%2 == 1 && c != bidi.R:
			level++
		case s.level%2 == 0 && c == bidi.R:
			level++
		case s.level%2 == 0 && c != bidi.L:
			level += 2
		}
		s.p.levels[i] = level
	}
}

// spans gives each stretch of runes of a kind the class that follows from the
// classes around it.
func (s *sequence) spans(kind func(bidi.Class) bool, class func(before, after bidi.Class) bidi.Class) {
	before := s.side()
	for i := 0; i < len(s.is); i++ {
		if !kind(s.is[i]) {
			before = s.is[i]
			continue
		}
		end := i
		for end < len(s.is) && kind(s.is[end]) {
			end++
		}
		after := s.side()
		if end < len(s.is) {
			after = s.is[end]
		}
		c := class(before, after)
		for ; i < end; i++ {
			s.is[i] = c
		}
		i--
		before = c
	}
}

// strongOf is the direction that a class counts as beside a neutral: numbers
// count as right-to-left.
func strongOf(c bidi.Class) bidi.Class {
	if c == bidi.EN || c == bidi.AN {
		return bidi.R
	}
	return c
}

func isNeutral(c bidi.Class) bool {
	return c != bidi.L && c != bidi.R && c != bidi.EN && c != bidi.AN
}
