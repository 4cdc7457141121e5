package main

import (
	"embed"
	"html/template"
	"net/http"
	"strconv"
	"strings"

	"rowhouse/ui"
	"rowhouse/ui/mail"
)

//go:embed inbox.html
var inboxFiles embed.FS

var inboxPage = ui.Parse[inbox](inboxFiles, ui.Site, "inbox.html")

// inbox is the built-in inbox: every letter that was posted. Only the demo shows it.
type inbox struct {
	ui.Frame
	Letters []mail.Kept
	Open    *mail.Kept
	Chosen  bool // a letter was asked for; on a phone only then one is shown instead of the list
	Body    template.HTML
}

func (a *app) inbox(w http.ResponseWriter, r *http.Request) error {
	letters, err := mail.Latest(r.Context(), a.host, r.FormValue("to"), 100)
	if err != nil {
		return err
	}
	p := inbox{Frame: ui.NewFrame(r, "Inbox"), Letters: letters}
	p.Brand.Home = "/"
	chosen, _ := strconv.ParseInt(r.FormValue("letter"), 10, 64)
	for i := range letters {
		if letters[i].ID == chosen || chosen == 0 && i == 0 {
			p.Open, p.Chosen = &letters[i], chosen > 0
			p.Body = linked(letters[i].Text)
		}
	}
	return inboxPage.Show(w, r, p)
}

// linked draws the text of a letter with its addresses as links.
func linked(text string) template.HTML {
	var h ui.HTML
	for i, line := range strings.Split(text, "\n") {
		if i > 0 {
			h.Tag("\n")
		}
		word := strings.TrimSpace(line)
		if strings.HasPrefix(word, "http://") || strings.HasPrefix(word, "https://") {
			h.Text(line[:strings.Index(line, word)]).Link(word, word)
			continue
		}
		h.Text(line)
	}
	return h.String()
}
