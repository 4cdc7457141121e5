package ui

import (
	"html/template"
	"regexp"
	"strings"
)

// marks are what Rich knows: **bold** and [words](address).
var marks = regexp.MustCompile(`\*\*([^*\n]+)\*\*|\[([^\]\n]+)\]\(([^)\s]+)\)`)

// Rich draws words that a host has written: **bold** and [words](address) as what they mean, all else as it was typed.
// An address that could run something stays plain words.
func Rich(text string) template.HTML {
	var h HTML
	for {
		at := marks.FindStringSubmatchIndex(text)
		if at == nil {
			return h.Text(text).String()
		}
		h.Text(text[:at[0]])
		if at[2] >= 0 {
			h.Tag(`<b>`).Text(text[at[2]:at[3]]).Tag(`</b>`)
		} else {
			h.Link(text[at[6]:at[7]], text[at[4]:at[5]])
		}
		text = text[at[1]:]
	}
}

// Plain is what Rich would draw, for a letter: a link is its words and its address behind.
func Plain(text string) string {
	return strings.TrimSpace(marks.ReplaceAllStringFunc(text, func(m string) string {
		at := marks.FindStringSubmatch(m)
		if at[1] != "" {
			return at[1]
		}
		return at[2] + " (" + at[3] + ")"
	}))
}
