package entity

import (
	"slices"
	"strings"

	"rowhouse/data/fault"
	"rowhouse/ui"
)

// Tags are free words. The value is a []string.
type Tags struct{ Multi }

// Word names the kind.
func (Tags) Word() string { return "tags" }

// Parse takes words with commas between.
func (Tags) Parse(in []string, _ *Env) (any, error) {
	var tags []string
	for _, cell := range in {
		for _, s := range strings.Split(cell, ",") {
			s = Plain(s)
			if s == "" || slices.ContainsFunc(tags, func(t string) bool { return strings.EqualFold(t, s) }) {
				continue
			}
			if len([]rune(s)) > 40 {
				return nil, fault.New(fault.Invalid, "A tag may have at most %d characters.", 40)
			}
			tags = append(tags, s)
		}
	}
	if len(tags) > 20 {
		return nil, fault.New(fault.Invalid, "Please use at most %d tags.", 20)
	}
	return tags, nil
}

// In shows the words with commas.
func (Tags) In(v any, _ *Draw) []string {
	tags, _ := v.([]string)
	return []string{strings.Join(tags, ", ")}
}

// Text says the words.
func (k Tags) Text(v any, d *Draw) string { return first(k.In(v, d)) }

// Cell draws the words in their colours.
func (Tags) Cell(h *ui.HTML, v any, _ *Draw) {
	tags, _ := v.([]string)
	for _, t := range tags {
		h.Tag(`<span class="tag c`).Int(int64(ui.Hue(t))).Tag(`"><bdi>`).Text(t).Tag(`</bdi></span> `)
	}
}

// Input is a line; a script makes chips of it.
func (Tags) Input(h *ui.HTML, f Field, in []string, d *Draw) {
	h.Tag(`<span data-controller="tags" data-tags-remove-value="`).Text(d.T("Remove %s", "%s")).Tag(`">`)
	input(h, f, "text").Tag(` data-tags-target="input" maxlength="500" autocomplete="off" placeholder="`).Text(d.T("Words with commas between")).Tag(`" value="`).Text(strings.Join(in, ", ")).Tag(`"></span>`)
}
