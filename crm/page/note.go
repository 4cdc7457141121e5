package page

import (
	"database/sql"
	"fmt"
	"net/http"
	"strings"

	"rowhouse/crm/entity"
	"rowhouse/crm/record"
	"rowhouse/crm/staff"
	"rowhouse/data/fault"
	"rowhouse/ui"
	"rowhouse/ui/mail"
)

// addNote keeps what the composer sends: a note, a file, or both.
func addNote(w http.ResponseWriter, r *http.Request, d *Desk, e *entity.Entity, id int64) error {
	if err := ui.ParseForm(w, r, record.MaxFile+1<<20); err != nil {
		return err
	}
	form, err := ui.Only(r.PostForm, "body")
	if err != nil {
		return err
	}
	attached, err := attach(r, d, e, id)
	if err == nil && (form.Get("body") != "" || !attached) {
		err = saveNote(r, d, e, id, form.Get("body"))
	}
	if fault.Is(err, fault.Invalid) || fault.Is(err, fault.Limit) || fault.Is(err, fault.TooLarge) {
		return showWith(w, r, d, e, id, ui.Status(fault.Of(err).Kind), form.Get("body"), sayProblem(d, err))
	}
	if err != nil {
		return err
	}
	return backTo(w, r, e, id)
}

func saveNote(r *http.Request, d *Desk, e *entity.Entity, id int64, body string) error {
	note, mentioned, err := d.Store.AddNote(r.Context(), e, id, body)
	if err != nil {
		return err
	}
	return tellMentioned(r, d, e, id, note, mentioned, body)
}

// backTo leads back to the record: to the panel beside the list if the form was there.
func backTo(w http.ResponseWriter, r *http.Request, e *entity.Entity, id int64) error {
	return ui.Back(w, r, e.URL()+"/"+itoa(id))
}

// maySee tells whether a colleague may see a record: a letter must not tell what a page would not.
func maySee(r *http.Request, d *Desk, p staff.Person, e *entity.Entity, id int64) bool {
	actor, err := p.Actor(r.Context(), d.Site.DB)
	if err != nil {
		return false
	}
	theirs := *d.Store
	theirs.Actor = actor
	_, err = theirs.Get(r.Context(), e, id)
	return err == nil
}

// tellMentioned posts a letter to everybody who is mentioned in a note.
func tellMentioned(r *http.Request, d *Desk, e *entity.Entity, id, note int64, people []int64, body string) error {
	look := d.Store.Look
	for _, n := range people {
		p, err := staff.ByID(r.Context(), d.Site.DB, n)
		if err != nil {
			return err
		}
		if !maySee(r, d, p, e, id) {
			continue
		}
		d.Store.Posted = true
		text := look.T("Hello %s,", p.First) + "\n\n" + look.T("%s mentioned you in a note:", d.Person.Name()) + "\n\n    " + strings.ReplaceAll(body, "\n", "\n    ") +
			"\n\n" + look.T("The record is here:") + " " + d.Site.URL + e.URL() + "/" + itoa(id) + "\n"
		letter := mail.Letter{Key: fmt.Sprintf("mention/%d/%d", note, p.ID), To: p.Email,
			Subject: look.T("%s mentioned you", d.Person.Name()), Text: text}
		if err := d.Site.DB.Tx(r.Context(), func(tx *sql.Tx) error { return mail.Post(r.Context(), tx, d.Store.Now, letter) }); err != nil {
			return err
		}
	}
	return nil
}

func deleteNote(w http.ResponseWriter, r *http.Request, d *Desk, e *entity.Entity, rec int64) error {
	n, err := id(r, "note")
	if err != nil {
		return err
	}
	if err := d.Store.DeleteNote(r.Context(), e, rec, n); err != nil {
		return err
	}
	return backTo(w, r, e, rec)
}
