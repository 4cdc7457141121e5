package entity

import (
	"strconv"
	"strings"

	"rowhouse/data/fault"
	"rowhouse/ui"
)

// Link is another record. The value is a Ref, or nil.
type Link struct{ To string }

// Word names the kind.
func (Link) Word() string { return "link" }

// Columns is one column with the other's id.
func (Link) Columns() []Column { return []Column{{"", "integer"}} }

// Store keeps the id.
func (Link) Store(v any) []any {
	if r, ok := v.(Ref); ok && r.ID != 0 {
		return []any{r.ID}
	}
	return []any{nil}
}

// Scan makes a Ref of the id and, where record has asked for it, the title.
func (Link) Scan(kept []any) any {
	id, ok := kept[0].(int64)
	if !ok {
		return nil
	}
	r := Ref{ID: id}
	if len(kept) > 1 {
		r.Title = text(kept[1])
	}
	return r
}

// Parse takes "Title #12", "#12", "12", or a title that only one record has.
func (k Link) Parse(in []string, env *Env) (any, error) {
	s, err := one(in)
	if err != nil {
		return nil, err
	}
	if s = strings.TrimSpace(s); s == "" {
		return nil, nil
	}
	id, err := env.Find(k.To, s)
	if err != nil {
		return nil, err
	}
	return Ref{ID: id, Title: s}, nil
}

// In shows "Title #12".
func (Link) In(v any, _ *Draw) []string {
	if r, ok := v.(Ref); ok {
		return []string{strings.TrimSpace(r.Title + " #" + strconv.FormatInt(r.ID, 10))}
	}
	return nil
}

// Text says the title.
func (Link) Text(v any, _ *Draw) string { r, _ := v.(Ref); return r.Title }

// Cell draws a link to the other record.
func (k Link) Cell(h *ui.HTML, v any, d *Draw) {
	r, ok := v.(Ref)
	if !ok || r.Title == "" {
		return
	}
	h.Tag(`<a class="f" href="`).Text(d.Labels.URL(k.To, r.ID)).Tag(`" data-turbo-frame="_top">`).Avatar(r.Title, true).Tag(`<span><bdi>`).Text(r.Title).Tag(`</bdi></span></a>`)
}

// Input is a line with suggestions.
func (k Link) Input(h *ui.HTML, f Field, in []string, d *Draw) {
	h.Tag(`<span data-controller="picker" data-picker-url-value="`).Text(d.Labels.URL(k.To, 0)).Tag(`/titles">`)
	input(h, f, "text").Tag(` autocomplete="off" maxlength="220" data-picker-target="q" data-action="input->picker#ask" list="l-`).Text(f.Name).Tag(`" value="`).Text(first(in)).Tag(`" placeholder="`).Text(d.T("Type a name")).Tag(`">`)
	h.Tag(`<datalist id="l-`).Text(f.Name).Tag(`" data-picker-target="list"></datalist></span>`)
}

// Class says that it links.
func (Link) Class() Class { return Link_ }

// Staff is a member of staff. The value is the id.
type Staff struct{ plainInt }

// Word names the kind.
func (Staff) Word() string { return "staff" }

// Parse takes the id or the name of an active member of staff.
func (Staff) Parse(in []string, env *Env) (any, error) {
	s, err := one(in)
	if err != nil {
		return nil, err
	}
	if s = strings.TrimSpace(s); s == "" {
		return nil, nil
	}
	if s == "me" && env.Self != 0 {
		return env.Self, nil
	}
	id, _ := strconv.ParseInt(s, 10, 64)
	for _, p := range env.Labels.Staff() {
		if (p.ID == id || strings.EqualFold(p.Name, s)) && (p.Active || env.Past || p.ID == env.Self) {
			return p.ID, nil
		}
	}
	return nil, fault.New(fault.Invalid, "Please choose somebody of your staff.")
}

// In shows the id.
func (Staff) In(v any, _ *Draw) []string {
	if n, ok := whole(v); ok {
		return []string{strconv.FormatInt(n, 10)}
	}
	return nil
}

// Text says the name.
func (Staff) Text(v any, d *Draw) string {
	if n, ok := whole(v); ok {
		if p, ok := d.Labels.Staffer(n); ok {
			return p.Name
		}
	}
	return ""
}

// Cell draws the person.
func (k Staff) Cell(h *ui.HTML, v any, d *Draw) {
	if name := k.Text(v, d); name != "" {
		h.Tag(`<span class="f">`).Avatar(name, false).Tag(`<span><bdi>`).Text(name).Tag(`</bdi></span></span>`)
	}
}

// Input is a list of the active staff.
func (Staff) Input(h *ui.HTML, f Field, in []string, d *Draw) {
	begin(h, f)
	if !f.Required || first(in) == "" {
		option(h, "", d.T("Nobody"), first(in) == "")
	}
	for _, p := range d.Labels.Staff() {
		id := strconv.FormatInt(p.ID, 10)
		if p.Active || id == first(in) || p.ID == d.Self {
			option(h, id, p.Name, id == first(in))
		}
	}
	h.Tag(`</select>`)
}

// Class says that it is a person.
func (Staff) Class() Class { return Person_ }
