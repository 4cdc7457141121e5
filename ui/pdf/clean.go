package pdf

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// clean makes a string fit to be drawn: valid, without control characters, no
// longer than limit runes, its lines parted by '\n' alone.
func clean(s string, limit int) []rune {
	out := make([]rune, 0, min(len(s), limit))
	for i, r := range s {
		if len(out) == limit {
			out = append(out[:limit-1], '…')
			break
		}
		if r == '\r' && strings.HasPrefix(s[i+1:], "\n") {
			continue
		}
		if r = plain(r); r >= 0 {
			out = append(out, r)
		}
	}
	return out
}

// plain returns the rune to draw for r, or -1 for none. Embeddings and
// overrides of direction are dropped: they let a text look like another one,
// and isolates do their honest work. Soft hyphens go as well, as words are not
// broken.
func plain(r rune) rune {
	switch {
	case r == '\n', r == '\r', r == '\u0085', r == '\u2028', r == '\u2029':
		return '\n'
	case r == '\t':
		return ' '
	case r >= '\u202A' && r <= '\u202E', r == '\uFEFF', r == '\u00AD', unicode.Is(unicode.Cc, r):
		return -1
	case r == utf8.RuneError, r >= 0xFFF0 && r <= 0xFFFF && r != 0xFFFC:
		return utf8.RuneError
	}
	return r
}

// shorten returns at most limit runes of s on one line.
func shorten(s string, limit int) string {
	return strings.TrimSpace(strings.ReplaceAll(string(clean(s, limit)), "\n", " "))
}

// splitLines cuts cleaned text at its newlines.
func splitLines(text []rune) [][]rune {
	var out [][]rune
	start := 0
	for i, r := range text {
		if r == '\n' {
			out = append(out, text[start:i])
			start = i + 1
		}
	}
	return append(out, text[start:])
}
