package entity

import (
	"net/url"
	"strings"
	"unicode"

	"rowhouse/data/fault"
	"rowhouse/ui"
)

// Line is one line of text, of at most Max characters (200 if 0).
type Line struct {
	plainText
	Max int
}

// Word names the kind.
func (Line) Word() string { return "line" }

func (k Line) most() int {
	if k.Max == 0 {
		return 200
	}
	return k.Max
}

// Parse takes a line without control characters.
func (k Line) Parse(in []string, _ *Env) (any, error) {
	s, err := one(in)
	if err != nil {
		return nil, err
	}
	s = Plain(s)
	if n := len([]rune(s)); n > k.most() {
		return nil, fault.New(fault.Invalid, "Please use at most %d characters (these are %d).", k.most(), n)
	}
	return s, nil
}

// Plain is a text as one line, without what cannot be seen.
func Plain(s string) string { return strings.Join(strings.Fields(strings.Map(seen, s)), " ") }

// seen drops what cannot be seen, the signs that turn the direction of writing among it. Ends of lines and tabs stay.
func seen(r rune) rune {
	switch {
	case unicode.IsSpace(r):
		return r
	case unicode.IsControl(r), r >= 0x202a && r <= 0x202e, r >= 0x2060 && r <= 0x2069, r == 0x200b, r == 0x200e, r == 0x200f, r == 0x061c, r == 0xfeff:
		return -1
	}
	return r
}

// Lines is a text with equal ends of lines, without what cannot be seen.
func Lines(s string) string {
	s = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n").Replace(s)
	return strings.TrimSpace(strings.Map(seen, s))
}

// Cell draws the line.
func (Line) Cell(h *ui.HTML, v any, _ *Draw) { h.Tag(`<bdi>`).Text(text(v)).Tag(`</bdi>`) }

// Input asks for a line.
func (k Line) Input(h *ui.HTML, f Field, in []string, _ *Draw) {
	input(h, f, "text").Tag(` maxlength="`).Int(int64(k.most())).Tag(`" value="`).Text(first(in)).Tag(`">`)
}

// Long is text of several lines, of at most 20,000 characters.
type Long struct{ plainText }

// Word names the kind.
func (Long) Word() string { return "long" }

const longMost = 20000

// Parse takes text, with its line ends made equal.
func (Long) Parse(in []string, _ *Env) (any, error) {
	s, err := one(in)
	if err != nil {
		return nil, err
	}
	s = Lines(s)
	if n := len([]rune(s)); n > longMost {
		return nil, fault.New(fault.Invalid, "Please use at most %d characters (these are %d).", longMost, n)
	}
	return s, nil
}

// Cell draws the beginning of the text.
func (Long) Cell(h *ui.HTML, v any, _ *Draw) {
	s := []rune(text(v))
	if len(s) > 200 {
		s = append(s[:200], '…')
	}
	h.Tag(`<bdi class="long">`).Text(string(s)).Tag(`</bdi>`)
}

// Input asks for the text.
func (Long) Input(h *ui.HTML, f Field, in []string, _ *Draw) {
	h.Tag(`<textarea class="input" rows="4" maxlength="20000" name="`).Text(f.Name).Tag(`" id="f-`).Text(f.Name).Tag(`"`)
	if f.Required {
		h.Tag(` required`)
	}
	h.Tag(">\n").Text(first(in)).Tag(`</textarea>`)
}

// Web is the address of a site.
type Web struct{ plainText }

// Word names the kind.
func (Web) Word() string { return "web" }

// Parse takes an address and adds the https:// that people leave out.
func (Web) Parse(in []string, _ *Env) (any, error) {
	s, err := one(in)
	if err != nil {
		return nil, err
	}
	if s = Plain(s); s == "" {
		return "", nil
	}
	if !strings.Contains(s, "://") {
		s = "https://" + s
	}
	u, err := url.Parse(s)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || !strings.Contains(strings.Trim(u.Hostname(), "."), ".") || u.User != nil || len(s) > 500 {
		return nil, fault.New(fault.Invalid, "Please enter a web address like www.company.com.")
	}
	return s, nil
}

// Domain is the host of an address without www.
func Domain(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return strings.TrimPrefix(strings.ToLower(u.Hostname()), "www.")
}

// Cell draws a link that says only the host.
func (Web) Cell(h *ui.HTML, v any, _ *Draw) {
	if s := text(v); s != "" {
		if !ui.Safe(s) {
			h.Text(s)
			return
		}
		h.Tag(`<a class="out" rel="noopener noreferrer nofollow" target="_blank" href="`).Text(s).Tag(`">`).Text(Domain(s)).Tag(`</a>`)
	}
}

// Input asks for the address.
func (Web) Input(h *ui.HTML, f Field, in []string, _ *Draw) {
	input(h, f, "text").Tag(` inputmode="url" maxlength="500" placeholder="www.company.com" value="`).Text(first(in)).Tag(`">`)
}
