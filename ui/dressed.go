package ui

import (
	"context"
	"net/http"
	"time"
)

// Dressed gives the pages of a handler a brand, in the language that the visitor's browser prefers. now is the time on them.
func Dressed(h Handler, brand func(context.Context) Brand, now func() time.Time) Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		look := *LookOf(r)
		look.Words, look.Now, look.Brand = WordsOf(r), now(), brand(r.Context())
		if look.Zone == nil {
			look.Zone = time.UTC
		}
		return h(w, WithLook(r, &look))
	}
}
