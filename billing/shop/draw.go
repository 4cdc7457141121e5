package shop

import (
	"context"
	"strconv"

	"rowhouse/ui"
)

// drawn is a block as it stands on a page.
type drawn struct {
	*landingPage
	Kind             string
	ID               string // where the navigation leads, or empty
	Soft             bool
	Over, Head, Text string
	Items            []Block
	Paras            []para
	Buttons          []button
	Registers        bool // its first button leads to a registration
	Starts           bool // and can be followed now
	Source, Alt      string
	Width, Height    int
	Top, Last        bool // the first of a page; the last of a legal page
	Alone            bool // the built-in words about one plan that costs nothing
}

// button leads somewhere.
type button struct {
	Label, To string
	Main      bool
}

// anchors are the kinds of blocks that the navigation leads to.
var anchors = map[string]string{"features": "features", "prices": "prices", "questions": "questions"}

// fill puts the blocks of a page that are not hidden onto it.
func (s *Shop) fill(ctx context.Context, p *landingPage, page Page) error {
	used := map[string]bool{}
	for _, b := range page.Sections {
		if b.Hidden {
			continue
		}
		d := p.draw(b)
		if id := anchors[b.Kind]; id != "" && !used[id] {
			d.ID, used[id] = id, true
		}
		if err := s.illustrate(ctx, &d, b); err != nil {
			return err
		}
		p.Sections = append(p.Sections, d)
	}
	if n := len(p.Sections); n > 0 {
		p.Sections[0].Top = true
		p.Sections[n-1].Last = page.Slug == "terms" || page.Slug == "privacy" || page.Slug == "imprint"
	}
	p.Untitled = len(p.Sections) == 0 || p.Sections[0].Kind != "hero" && p.Sections[0].Kind != "text"
	return nil
}

// draw says the words of a block in the language of the page.
func (p *landingPage) draw(b Section) drawn {
	w := b.In(p.Tag)
	d := drawn{landingPage: p, Kind: b.Kind, Soft: b.Soft, Over: w.Over, Head: w.Title, Text: w.Text, Items: blocks(w.Items)}
	switch b.Kind {
	case "text":
		d.Paras = prose(w.Text)
	case "steps":
		for n := range d.Items {
			d.Items[n].Icon = strconv.Itoa(n + 1)
		}
	case "prices":
		d.Alone = p.OneFree() && w == Texts{}.home().Sections[5].In("en")
	}
	d.lead(b, w)
	return d
}

// lead puts the buttons onto a block. One that leads to a registration leads to that of the first free plan, and is left out while there is none.
func (d *drawn) lead(b Section, w Words) {
	for n, label := range []string{w.Button, w.Button2} {
		if n >= len(b.Links) || label == "" || b.Links[n] == "" {
			continue
		}
		to := b.Links[n]
		if to == "/register" {
			d.Registers = d.Registers || n == 0
			if to = d.First; to == "" {
				continue
			}
			d.Starts = true
		}
		d.Buttons = append(d.Buttons, button{label, to, n == 0})
	}
	if b.Kind == "call" && len(d.Buttons) > 1 {
		d.Buttons = d.Buttons[:1] // the second is for where the first cannot be followed
	}
}

// illustrate finds the picture of a block.
func (s *Shop) illustrate(ctx context.Context, d *drawn, b Section) error {
	w := b.In(d.Tag)
	d.Alt = d.T(w.Alt)
	if w.Alt == "" {
		d.Alt = ""
	}
	switch b.Picture {
	case "":
	case ProductPicture:
		d.Source, d.Width, d.Height = "/static/product.webp", 1440, 900
	default:
		width, height, err := s.pictureSize(ctx, b.Picture)
		if err != nil {
			return err
		}
		if width > 0 {
			d.Source, d.Width, d.Height = "/pictures/"+b.Picture, width, height
		}
	}
	return nil
}

// In are the words of a block in a language. What is not written in it is as in English, or in whichever language has it.
func (b Section) In(language string) Words {
	w := b.Words[language]
	for _, other := range append([]ui.Language{{Tag: "en"}}, ui.Languages...) {
		if other.Tag == language {
			continue
		}
		rest := b.Words[other.Tag]
		for _, field := range fieldNames {
			if mine := w.Field(field); *mine == "" {
				*mine = *rest.Field(field)
			}
		}
	}
	return w
}

// TitleIn is a page's title in a language, or in whichever there is.
func (p Page) TitleIn(language string) string {
	for _, tag := range []string{language, "en", "de"} {
		if t := p.Titles[tag]; t != "" {
			return t
		}
	}
	return p.Slug
}

var fieldNames = []string{"over", "title", "text", "items", "button", "button2", "alt"}
