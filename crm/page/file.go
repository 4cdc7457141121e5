package page

import (
	"fmt"
	"net/http"
	"strings"

	"rowhouse/crm/entity"
)

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
