package settings

import (
	"database/sql"
	"net/http"
	"time"

	"rowhouse/crm/page"
	"rowhouse/crm/staff"
	"rowhouse/ui"
	"rowhouse/ui/session"
)

func changePassword(w http.ResponseWriter, r *http.Request, d *page.Desk) error {
	form, err := ui.Form(w, r, "old", "password", "again")
	if err != nil {
		return err
	}
	if form.Get("password") != form.Get("again") {
		return drawProfile(w, r, d, nil, wrong("again", "This is not the same as above."))
	}
	if err := countTry(r, d); err != nil {
		return err
	}
	if err := staff.ChangePassword(r.Context(), d.Store, d.Session, form.Get("old"), form.Get("password")); err != nil {
		return drawProfile(w, r, d, nil, err)
	}
	endStreams(d)
	return done(w, r, "/admin/profile", "Your password is changed. Your other devices are signed out.")
}

// countTry refuses too many tries at one's own password: who finds a browser that is signed in may not guess on.
func countTry(r *http.Request, d *page.Desk) error {
	try := session.Limit{Kind: "own password", Who: d.Person.Email, Most: 10, In: 15 * time.Minute}
	return d.Store.DB.Tx(r.Context(), func(tx *sql.Tx) error {
		if err := session.Allow(r.Context(), tx, d.Store.Now, try); err != nil {
			return err
		}
		return session.Count(r.Context(), tx, d.Store.Now, try)
	})
}

// endStreams closes the person's open pages' streams; those that are still signed in come back by themselves.
func endStreams(d *page.Desk) {
	if d.Store.Hub != nil {
		d.Store.Hub.End(d.Store.House, d.Person.ID)
	}
}
