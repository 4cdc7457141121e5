package entity

import (
	"slices"
	"strconv"
	"strings"

	"rowhouse/data/fault"
	"rowhouse/ui"
)

// Pick is one of the rows of a list that the tenant edits: lead.status. The value is the row's id.
type Pick struct {
	plainInt
	List string
}

// Word names the kind.
func (Pick) Word() string { return "pick" }

// Parse takes the id of a choice, or its label, as imports have it.
func (k Pick) Parse(in []string, env *Env) (any, error) {
	s, err := one(in)
	if err != nil {
		return nil, err
	}
	if s = strings.TrimSpace(s); s == "" {
		return nil, nil
	}
	id, _ := strconv.ParseInt(s, 10, 64)
	for _, c := range env.Labels.Choices(k.List) {
		if (c.ID == id || strings.EqualFold(c.Label, s)) && (env.Past || !c.Archived) {
			return c.ID, nil
		}
	}
	return nil, fault.New(fault.Invalid, "Please choose one of the list.")
}

// In shows the id.
func (Pick) In(v any, _ *Draw) []string {
	if n, ok := whole(v); ok {
		return []string{strconv.FormatInt(n, 10)}
	}
	return nil
}

// Text says the label.
func (Pick) Text(v any, d *Draw) string {
	if n, ok := whole(v); ok {
		if c, ok := d.Labels.Choice(n); ok {
			return c.Label
		}
	}
	return ""
}

// Cell draws the label in its colour.
func (Pick) Cell(h *ui.HTML, v any, d *Draw) {
	n, ok := whole(v)
	if !ok {
		return
	}
	if c, ok := d.Labels.Choice(n); ok {
		h.Tag(`<span class="tag c`).Int(int64(c.Hue)).Tag(`"><span class="dot c`).Int(int64(c.Hue)).Tag(`"></span>`).Text(c.Label).Tag(`</span>`)
	}
}

// Input is a list to choose from.
func (k Pick) Input(h *ui.HTML, f Field, in []string, d *Draw) {
	begin(h, f)
	if !f.Required || first(in) == "" {
		option(h, "", "–", first(in) == "")
	}
	for _, c := range d.Labels.Choices(k.List) {
		id := strconv.FormatInt(c.ID, 10)
		if !c.Archived || id == first(in) {
			option(h, id, c.Label, id == first(in) || (first(in) == "" && f.Required && c.Default))
		}
	}
	h.Tag(`</select>`)
}

// Class says that it is chosen.
func (Pick) Class() Class { return Chosen }

func begin(h *ui.HTML, f Field) {
	h.Tag(`<select class="input" name="`).Text(f.Name).Tag(`" id="f-`).Text(f.Name).Tag(`"`)
	if f.Required {
		h.Tag(` required`)
	}
	h.Tag(`>`)
}

// Option is one of the words of a Select.
type Option struct {
	Key   string `json:"key"`
	Label string `json:"label"`
	Hue   int    `json:"hue,omitempty"`
}

// Select is one of a few words that stand in the description.
type Select struct {
	plainText
	Of []Option
}

// Word names the kind.
func (Select) Word() string { return "select" }

func (k Select) find(s string, env *Env) (Option, bool) {
	for _, o := range k.Of {
		if o.Key == s || env.says(s, o.Label) {
			return o, true
		}
	}
	return Option{}, false
}

// Parse takes a key, or a label.
func (k Select) Parse(in []string, env *Env) (any, error) {
	s, err := one(in)
	if err != nil || s == "" {
		return "", err
	}
	o, ok := k.find(s, env)
	if !ok {
		return nil, fault.New(fault.Invalid, "Please choose one of the list.")
	}
	return o.Key, nil
}

// Text says the label.
func (k Select) Text(v any, d *Draw) string {
	o, ok := k.find(text(v), nil)
	if !ok {
		return text(v)
	}
	return d.T(o.Label)
}

// Cell draws the label.
func (k Select) Cell(h *ui.HTML, v any, d *Draw) {
	if s := text(v); s != "" {
		o, _ := k.find(s, nil)
		h.Tag(`<span class="tag c`).Int(int64(o.Hue)).Tag(`">`).Text(k.Text(v, d)).Tag(`</span>`)
	}
}

// Input is a list to choose from. What a record holds stays in it, even when it can no longer be chosen.
func (k Select) Input(h *ui.HTML, f Field, in []string, d *Draw) {
	begin(h, f)
	if !f.Required || first(in) == "" {
		option(h, "", "–", first(in) == "")
	}
	for _, o := range withOld(k.Of, in) {
		option(h, o.Key, d.T(o.Label), o.Key == first(in))
	}
	h.Tag(`</select>`)
}

// Class says that it is chosen.
func (Select) Class() Class { return Chosen }

// withOld are the options, and behind them what a record holds that is no longer one of them.
func withOld(of []Option, in []string) []Option {
	for _, s := range in {
		if s != "" && !slices.ContainsFunc(of, func(o Option) bool { return o.Key == s }) {
			of = append(slices.Clip(of), Option{Key: s, Label: s})
		}
	}
	return of
}
