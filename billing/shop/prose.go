package shop

import "strings"

// para is one piece of a long text: a heading, a paragraph or a list.
type para struct {
	Heading string
	Text    string
	Points  []string
}

// prose reads a long text: pieces with an empty line between, "# " before a heading, "- " before each point of a list.
func prose(text string) []para {
	var pieces []para
	for _, part := range strings.Split(text, "\n\n") {
		part = strings.TrimSpace(part)
		switch {
		case part == "":
		case strings.HasPrefix(part, "# "):
			pieces = append(pieces, para{Heading: strings.TrimSpace(part[2:])})
		case strings.HasPrefix(part, "- "):
			pieces = append(pieces, para{Points: strings.Split(part[2:], "\n- ")})
		default:
			pieces = append(pieces, para{Text: part})
		}
	}
	return pieces
}
