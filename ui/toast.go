package ui

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"regexp"
)

// undoes is the shape of the addresses that take something back.
var undoes = regexp.MustCompile(`^/admin/[a-z]+/[0-9]+/(deletion|restoration)$`)

// Say lets the next page say text, with an undo that posts to the address undo, if there is one.
// It travels in a cookie of one minute because the answer to a form is a redirect.
func Say(w http.ResponseWriter, text, undo string) {
	b, err := json.Marshal(Toast{Text: text, Undo: undo})
	if err != nil || len(b) > 1500 {
		return
	}
	http.SetCookie(w, &http.Cookie{Name: toastCookie, Value: base64.RawURLEncoding.EncodeToString(b), Path: "/", MaxAge: 60,
		HttpOnly: true, SameSite: http.SameSiteLaxMode})
}

// TakeToast returns what the last page wanted to say, once.
func TakeToast(w http.ResponseWriter, r *http.Request) *Toast {
	c, err := r.Cookie(toastCookie)
	if err != nil {
		return nil
	}
	http.SetCookie(w, &http.Cookie{Name: toastCookie, Path: "/", MaxAge: -1, HttpOnly: true, SameSite: http.SameSiteLaxMode})
	b, err := base64.RawURLEncoding.DecodeString(c.Value)
	if err != nil {
		return nil
	}
	var t Toast
	// The cookie could have been set by a sibling subdomain: it may say something, but only offer to take back what
	// was done to one record.
	if json.Unmarshal(b, &t) != nil || t.Text == "" || t.Undo != "" && !undoes.MatchString(t.Undo) {
		return nil
	}
	return &t
}
