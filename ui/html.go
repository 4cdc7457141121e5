package ui

import (
	"html/template"
	"net/url"
	"strconv"
	"strings"
)

// HTML is drawn by code where a template would be too slow: the cells of a list.
// Every word goes through Text and every link through Link; there is no way to write a bare string
// that is not a constant of this program.
type HTML struct{ b strings.Builder }

type constant string

// Grow makes room for n more bytes.
func (h *HTML) Grow(n int) { h.b.Grow(n) }

// Tag writes markup that stands in the source.
func (h *HTML) Tag(s constant) *HTML { h.b.WriteString(string(s)); return h }

// Text writes words, escaped; it is right in an attribute in double quotes, too.
func (h *HTML) Text(s string) *HTML {
	last := 0
	for i := 0; i < len(s); i++ {
		var esc string
		switch s[i] {
		case '<':
			esc = "&lt;"
		case '>':
			esc = "&gt;"
		case '&':
			esc = "&amp;"
		case '"':
			esc = "&#34;"
		case '\'':
			esc = "&#39;"
		case 0:
			esc = "\uFFFD"
		default:
			continue
		}
		h.b.WriteString(s[last:i])
		h.b.WriteString(esc)
		last = i + 1
	}
	h.b.WriteString(s[last:])
	return h
}

// Int writes a whole number.
func (h *HTML) Int(n int64) *HTML {
	var buf [20]byte
	h.b.Write(strconv.AppendInt(buf[:0], n, 10))
	return h
}

// Link draws a link, or plain words if the address could run something.
func (h *HTML) Link(address, words string) *HTML {
	if !Safe(address) {
		return h.Text(words)
	}
	return h.Tag(`<a href="`).Text(address).Tag(`">`).Text(words).Tag(`</a>`)
}

// Icon draws one of the sprite's icons.
func (h *HTML) Icon(name string) *HTML {
	return h.Tag(`<svg class="i" aria-hidden="true"><use href="/static/vendor/icons.svg#i-`).Text(name).Tag(`"/></svg>`)
}

// Add appends what another HTML has drawn.
func (h *HTML) Add(other template.HTML) *HTML { h.b.WriteString(string(other)); return h }

// String returns what was drawn.
func (h *HTML) String() template.HTML { return template.HTML(h.b.String()) }

// Safe tells whether following address can only lead somewhere, not run something.
func Safe(address string) bool {
	u, err := url.Parse(address)
	if err != nil {
		return false
	}
	switch u.Scheme {
	case "", "http", "https", "mailto", "tel":
		return true
	}
	return false
}

// LocalPath returns next if it is a path on this site, else fallback. It stops a link from
// sending somebody who has just signed in to a stranger's page.
func LocalPath(next, fallback string) string {
	if !strings.HasPrefix(next, "/") || strings.HasPrefix(next, "//") || strings.ContainsAny(next, "\\\t\r\n") {
		return fallback
	}
	u, err := url.Parse(next)
	if err != nil || u.Host != "" || u.Scheme != "" || strings.HasPrefix(u.Path, "//") {
		return fallback
	}
	return next
}

// Hue gives a text one of the twelve colours, always the same one.
func Hue(s string) int {
	sum := uint32(2166136261)
	for i := 0; i < len(s); i++ {
		sum = (sum ^ uint32(s[i])) * 16777619
	}
	return int(sum % 11)
}

// Initials are the first letters of a name's first and last word.
func Initials(name string) string {
	words := strings.Fields(name)
	if len(words) == 0 {
		return "?"
	}
	first := []rune(words[0])[:1]
	if len(words) > 1 {
		first = append(first, []rune(words[len(words)-1])[0])
	}
	return strings.ToUpper(string(first))
}

// Avatar draws the initials of a person, or with square of a company.
func (h *HTML) Avatar(name string, square bool) *HTML {
	h.Tag(`<span class="av`)
	letters := Initials(name)
	if square {
		h.Tag(` sq`)
		letters = string([]rune(letters)[:1])
	}
	return h.Tag(` c`).Int(int64(Hue(name))).Tag(`" aria-hidden="true">`).Text(letters).Tag(`</span>`)
}
