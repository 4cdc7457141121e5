package page

import (
	"net/http"
	"net/url"
	"strconv"

	"rowhouse/crm/entity"
	"rowhouse/ui"
)

// begun are the first values of the template that the address of a new record names, as the form shows them,
// and its number; 0 is none.
func begun(r *http.Request, d *Desk, e *entity.Entity) (url.Values, int) {
	typed := url.Values{}
	n, err := strconv.Atoi(r.URL.Query().Get("template"))
	if err != nil || n < 1 || n > len(e.Templates) {
		return typed, 0
	}
	// What the company has renamed or hidden since is left out.
	values, _ := d.Store.Parse(e.Writable(), e.Templates[n-1].Values)
	for _, f := range e.Writable() {
		if v, ok := values[f.Name]; ok {
			typed[f.Name] = f.Kind.In(v, d.Store.Draw())
			if word := f.Kind.Word(); word == "multi" || word == "money" || word == "emails" || word == "phones" {
				typed[f.Name+"[]"] = typed[f.Name]
			}
		}
	}
	return typed, n
}

// ways are the links to a form with nothing filled in and to those with a template's values.
func ways(d *Desk, e *entity.Entity, chosen int) []ui.Item {
	if len(e.Templates) == 0 {
		return nil
	}
	at := e.URL() + "/new"
	list := []ui.Item{{Label: d.Store.Look.T("Empty"), URL: at, Current: chosen == 0}}
	for i, t := range e.Templates {
		list = append(list, ui.Item{Label: t.Name, URL: at + "?template=" + strconv.Itoa(i+1), Current: chosen == i+1})
	}
	return list
}
