package page

import (
	"html/template"

	"rowhouse/crm/entity"
	"rowhouse/crm/record"
	"rowhouse/ui"
)

// Event is one entry of the timeline, drawn.
type Event struct {
	Icon, Text string
	Who        string
	Details    []string
	Quote      template.HTML
	When, Full string
	Remove     string // where to post to remove it, or empty
	RemoveWord string
	File       *record.File
	FileURL    string
}

var actIcons = map[string]string{"created": "plus", "updated": "pencil", "deleted": "trash-2", "restored": "archive-restore", "note": "message-square", "file": "paperclip"}

func (p *Show) event(d *Desk, e *entity.Entity, ev record.Event) Event {
	look := d.Store.Look
	who, _ := d.Store.Book.Staffer(ev.Staff)
	x := Event{Icon: actIcons[ev.Act], Who: who.Name, When: look.Ago(ev.At), Full: look.Moment(ev.At)}
	if x.Who == "" {
		x.Who = look.T("Rowhouse")
	}
	switch ev.Act {
	case "created":
		x.Text = look.T("created this record")
	case "deleted":
		x.Text = look.T("moved it to the trash")
	case "restored":
		x.Text = look.T("brought it back from the trash")
	case "updated":
		x.Text = look.T("changed")
		x.Details = changes(look, e, ev.Changes)
	case "note":
		x.Text = look.T("wrote")
		var h ui.HTML
		noteBody(&h, d, ev.Note.Body)
		x.Quote = h.String()
		if ev.Note.Author == d.Person.ID || d.Person.Admin {
			x.Remove, x.RemoveWord = e.URL()+"/"+itoa(p.ID)+"/notes/"+itoa(ev.Note.ID)+"/deletion", look.T("Delete this note")
		}
	case "file":
		x.Text = look.T("attached")
		x.File, x.FileURL = ev.File, e.URL()+"/"+itoa(p.ID)+"/files/"+itoa(ev.File.ID)
		if p.Edit {
			x.Remove, x.RemoveWord = x.FileURL+"/deletion", look.T("Delete this file")
		}
	}
	return x
}

// changes says what a change has changed, a line for each field.
func changes(look *ui.Look, e *entity.Entity, list record.Changes) []string {
	var lines []string
	for _, f := range e.Shown() {
		c, ok := list[f.Name]
		if !ok {
			continue
		}
		switch {
		case c[0] == "":
			lines = append(lines, look.T("%s: %s", look.T(f.Label), short(c[1])))
		case c[1] == "":
			lines = append(lines, look.T("%s: %s → (empty)", look.T(f.Label), short(c[0])))
		default:
			lines = append(lines, look.T("%s: %s → %s", look.T(f.Label), short(c[0]), short(c[1])))
		}
	}
	return lines
}

func short(s string) string {
	if r := []rune(s); len(r) > 80 {
		return string(r[:80]) + "…"
	}
	return s
}

// noteBody draws a note with the names behind an @ in bold.
func noteBody(h *ui.HTML, d *Desk, body string) {
	from := 0
	for _, m := range d.Store.Book.InText(body) {
		lines(h, body[from:m.From])
		h.Tag(`<b>`).Text(body[m.From:m.To]).Tag(`</b>`)
		from = m.To
	}
	lines(h, body[from:])
}
