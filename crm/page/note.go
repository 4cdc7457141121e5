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
	mentioned, err := d.Store.AddNote(r.Context(), e, id, body)
	if err != nil {
		return err
	}
	return tellMentioned(r, d, e, id, mentioned, body)
}

// attach keeps the file of a form, if it brings one.
func attach(r *http.Request, d *Desk, e *entity.Entity, id int64) (bool, error) {
	if r.MultipartForm == nil {
		return false, nil
	}
	defer r.MultipartForm.RemoveAll()
	files := r.MultipartForm.File["file"]
	if len(files) == 0 || len(files[0].Filename) == 0 {
		return false, nil
	}
	content, err := files[0].Open()
	if err != nil {
		return false, err
	}
	defer content.Close()
	return true, d.Store.AddFile(r.Context(), e, id, files[0].Filename, content)
}

// backTo leads back to the record: to the panel beside the list if the form was there.
func backTo(w http.ResponseWriter, r *http.Request, e *entity.Entity, id int64) error {
	return ui.Back(w, r, e.URL()+"/"+itoa(id))
}

// tellMentioned posts a letter to everybody whose name stands in a note, except to who wrote it.
func tellMentioned(r *http.Request, d *Desk, e *entity.Entity, id int64, people []int64, body string) error {
	look := d.Store.Look
	for _, n := range people {
		p, err := staff.ByID(r.Context(), d.Site.DB, n)
		if err != nil || p.ID == d.Person.ID {
			continue
		}
		text := look.T("Hello %s,", p.First) + "\n\n" + look.T("%s mentioned you in a note:", d.Person.Name()) + "\n\n    " + strings.ReplaceAll(body, "\n", "\n    ") +
			"\n\n" + look.T("The record is here:") + " " + d.Site.URL + e.URL() + "/" + itoa(id) + "\n"
		letter := mail.Letter{Key: fmt.Sprintf("mention/%s-%d/%d/%d", e.Name, id, p.ID, d.Store.Now.UnixMilli()), To: p.Email,
			Subject: look.T("%s mentioned you", d.Person.Name()), Text: text}
		if err := d.Site.DB.Tx(r.Context(), func(tx *sql.Tx) error { return mail.Post(r.Context(), tx, d.Store.Now, letter) }); err != nil {
			return err
		}
	}
	d.Letters(r.Context())
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

// file sends a file. Pictures that browsers draw safely are shown, all else is saved, and nothing of it runs.
func file(w http.ResponseWriter, r *http.Request, d *Desk, e *entity.Entity, rec int64) error {
	n, err := id(r, "file")
	if err != nil {
		return err
	}
	f, content, err := d.Store.OpenFile(r.Context(), e, rec, n)
	if err != nil {
		return err
	}
	defer content.Close()
	h := w.Header()
	way := "attachment"
	switch f.Mime {
	case "image/png", "image/jpeg", "image/gif", "image/webp":
		way = "inline"
		h.Set("Content-Type", f.Mime)
	default:
		h.Set("Content-Type", "application/octet-stream")
	}
	h.Set("Content-Disposition", way+"; filename*=UTF-8''"+encodeName(f.Name))
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	h.Set("Cache-Control", "private, no-store")
	http.ServeContent(w, r, "", f.At, content)
	return nil
}

// encodeName writes a file's name as RFC 5987 wants it in a header.
func encodeName(name string) string {
	var b strings.Builder
	for i := 0; i < len(name); i++ {
		c := name[i]
		if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '.' || c == '-' || c == '_' {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}

func deleteFile(w http.ResponseWriter, r *http.Request, d *Desk, e *entity.Entity, rec int64) error {
	n, err := id(r, "file")
	if err != nil {
		return err
	}
	if err := d.Store.DeleteFile(r.Context(), e, rec, n); err != nil {
		return err
	}
	return backTo(w, r, e, rec)
}
