package settings

import (
	"html/template"
	"net/url"
	"strconv"
	"strings"

	"rowhouse/ui"
)

// Input is one field of a form, in the reader's words.
type Input struct {
	Name, Label, Hint  string
	Type               string // text, email, tel, password, number, select, area or check
	Value, Wrong       string
	Options            []Option // of a select
	Suggest            []string // of a text: what the browser offers
	Auto               string   // what the browser may fill in
	Required, Wide, On bool
	Max                int
}

// Option is one row of a select.
type Option struct {
	Value, Label string
	Chosen       bool
}

// Attributes are what all kinds of inputs have in common. Names are ours, so nothing typed gets in here.
func (in Input) Attributes() template.HTMLAttr {
	var list []string
	if in.Required {
		list = append(list, "required")
	}
	if in.Max > 0 {
		list = append(list, `maxlength="`+strconv.Itoa(in.Max)+`"`)
	}
	about := ""
	if in.Wrong != "" {
		list = append(list, `aria-invalid="true"`)
		about = "e-" + in.Name + " "
	}
	if in.Hint != "" {
		about += "h-" + in.Name
	}
	if about != "" {
		list = append(list, `aria-describedby="`+strings.TrimSpace(about)+`"`)
	}
	return template.HTMLAttr(strings.Join(list, " "))
}

// fill puts what was typed into the inputs, and beside each what is wrong with it. Passwords are typed anew.
func (s *Sheet) fill(inputs []Input, typed url.Values) []Input {
	for i := range inputs {
		in := &inputs[i]
		if typed != nil && in.Type != "password" {
			in.Value, in.On = typed.Get(in.Name), typed.Get(in.Name) != ""
		}
		in.Wrong = s.Wrong.Say(s.Look, in.Name)
		for n := range in.Options {
			in.Options[n].Chosen = in.Options[n].Value == in.Value
		}
	}
	return inputs
}

// names are the fields that a form of these inputs may hold.
func names(inputs []Input) []string {
	var list []string
	for _, in := range inputs {
		list = append(list, in.Name)
	}
	return list
}

// languages are the languages that the product speaks, each in its own words.
func languages() []Option {
	var options []Option
	for _, l := range ui.Languages {
		options = append(options, Option{Value: l.Tag, Label: l.Name})
	}
	return options
}
