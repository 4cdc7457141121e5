package page

import (
	"net/http"
	"net/url"

	"rowhouse/crm/entity"
	"rowhouse/crm/record"
	"rowhouse/data/fault"
	"rowhouse/ui"
)

// saveView keeps what the list shows under a name.
func saveView(w http.ResponseWriter, r *http.Request, d *Desk, e *entity.Entity) error {
	form, err := ui.Form(w, r, "name", "shared", "query", "mode")
	if err != nil {
		return err
	}
	asked, err := url.ParseQuery(form.Get("query"))
	if err != nil {
		return fault.New(fault.Invalid, "This filter could not be read.")
	}
	query := pick(asked, "filter", "q", "sort", "col")
	if _, err := entity.ParseFilter(e, query.Get("filter")); err != nil {
		return err
	}
	v := record.View{Name: form.Get("name"), Shared: form.Get("shared") == "1", Query: query.Encode()}
	if err := d.Store.SaveView(r.Context(), e, v); err != nil {
		return err
	}
	ui.Say(w, d.Store.Look.T("View saved"), "")
	at := e.URL()
	if form.Get("mode") == "board" && e.Board.By != "" {
		at += "/board"
	}
	return ui.Back(w, r, at+"?"+v.Query)
}

func deleteView(w http.ResponseWriter, r *http.Request, d *Desk, e *entity.Entity, id int64) error {
	if err := d.Store.DeleteView(r.Context(), e, id); err != nil {
		return err
	}
	ui.Say(w, d.Store.Look.T("View deleted"), "")
	return ui.Back(w, r, e.URL())
}
