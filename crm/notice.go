package crm

import (
	"log/slog"
	"net/http"
	"slices"

	"rowhouse/crm/page"
	"rowhouse/crm/staff"
	"rowhouse/ui"
)

// announced is what the host tells whoever is signed in, without what they have put away. A page is worth more than its notices:
// what cannot be read is left out.
func (c *CRM) announced(r *http.Request, d *page.Desk) []ui.Notice {
	if c.Notices == nil {
		return nil
	}
	list := c.Notices(r.Context(), d.Site, d.Store.Look, d.Store.Actor.Admin)
	if !slices.ContainsFunc(list, func(n ui.Notice) bool { return n.Key != "" }) {
		return list
	}
	away, err := staff.Dismissed(r.Context(), d.Site.DB, d.Person.ID)
	if err != nil {
		slog.Error("notices not read", "tenant", d.Site.Name, "err", err)
		return nil
	}
	list = slices.DeleteFunc(list, func(n ui.Notice) bool { return n.Key != "" && away[n.Key] })
	for i, n := range list {
		if n.Key != "" {
			list[i].Close = "/admin/notices/" + n.Key + "/dismissal"
		}
	}
	return list
}

// dismiss puts a notice away for whoever is signed in. Support looks in as somebody else, so it puts away nothing.
func (c *CRM) dismiss(w http.ResponseWriter, r *http.Request, d *page.Desk) error {
	form, err := ui.Form(w, r, "back")
	if err != nil {
		return err
	}
	if d.Session.Guest == "" {
		list := c.announced(r, d)
		if slices.ContainsFunc(list, func(n ui.Notice) bool { return n.Key == r.PathValue("key") }) {
			err = staff.Dismiss(r.Context(), d.Site.DB, c.Clock.Now(), d.Person.ID, r.PathValue("key"))
		}
	}
	if err != nil {
		return err
	}
	return ui.Back(w, r, ui.LocalPath(form.Get("back"), "/admin"))
}
