package page

import (
	"net/http"
	"net/url"
	"strconv"

	"rowhouse/crm/entity"
	"rowhouse/crm/record"
	"rowhouse/data/fault"
	"rowhouse/ui"
)

// inlineField is the field of the path, if it can be edited in its cell.
func inlineField(r *http.Request, e *entity.Entity) (entity.Field, error) {
	for _, f := range e.Writable() {
		if f.Name == r.PathValue("field") {
			return f, nil
		}
	}
	return entity.Field{}, fault.New(fault.Missing, "Nothing is at this address.")
}

// showInline answers the script of a list with the small form of one cell.
func showInline(w http.ResponseWriter, r *http.Request, d *Desk, e *entity.Entity, id int64) error {
	f, err := inlineField(r, e)
	if err != nil {
		return err
	}
	row, err := d.Store.Get(r.Context(), e, id)
	if err != nil {
		return err
	}
	if edit, _, err := d.Store.May(r.Context(), e, id); err != nil || !edit {
		return fault.Because(err, fault.Denied, "Your role does not include changing this record.")
	}
	return inlineForm(w, d, e, id, row.Version, f, f.Kind.In(row.Value(f.Name), d.Store.Draw()), "", http.StatusOK)
}

func inlineForm(w http.ResponseWriter, d *Desk, e *entity.Entity, id, version int64, f entity.Field, in []string, problem string, status int) error {
	draw := d.Store.Draw()
	f.Label = draw.T(f.Label)
	var h ui.HTML
	h.Tag(`<form method="post" action="`).Text(e.URL()).Tag(`/`).Int(id).Tag(`/fields/`).Text(f.Name).Tag(`"><input type="hidden" name="version" value="`).Int(version).Tag(`"><label class="sr" for="f-`).
		Text(f.Name).Tag(`">`).Text(f.Label).Tag(`</label>`)
	f.Kind.Input(&h, f, in, draw)
	if problem != "" {
		h.Tag(`<p class="err" role="alert">`).Icon("circle-alert").Tag(`<span>`).Text(problem).Tag(`</span></p>`)
	}
	h.Tag(`</form>`)
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, err := w.Write([]byte(h.String()))
	return err
}

// saveInline keeps one field and answers with the cell as it is now.
func saveInline(w http.ResponseWriter, r *http.Request, d *Desk, e *entity.Entity, id int64) error {
	f, err := inlineField(r, e)
	if err != nil {
		return err
	}
	form, err := ui.Form(w, r, append(record.FormNames([]entity.Field{f}), "version")...)
	if err != nil {
		return err
	}
	version, err := strconv.ParseInt(form.Get("version"), 10, 64)
	if err != nil || version <= 0 {
		return fault.New(fault.Invalid, "The form is incomplete. Please open it again.")
	}
	values, err := parseOver(r, d, e, id, []entity.Field{f}, form)
	block := false
	if err == nil {
		_, block, err = d.Store.Twins(r.Context(), e, id, values)
	}
	if block {
		err = fault.New(fault.Invalid, "Your company does not allow a second record with these.")
	}
	if err == nil {
		_, err = d.Store.Update(r.Context(), e, id, version, values)
	}
	if err != nil {
		return inlineAgain(w, r, d, e, id, version, f, form, err)
	}
	row, err := d.Store.Get(r.Context(), e, id)
	if err != nil {
		return err
	}
	var h ui.HTML
	f.Kind.Cell(&h, row.Value(f.Name), d.Store.Draw())
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, err = w.Write([]byte(h.String()))
	return err
}

// inlineAgain draws the cell's form again with what was typed and what is wrong with it.
func inlineAgain(w http.ResponseWriter, r *http.Request, d *Desk, e *entity.Entity, id, version int64, f entity.Field, form url.Values, err error) error {
	flt := fault.Of(err)
	if flt.Kind != fault.Invalid && flt.Kind != fault.Conflict {
		return err
	}
	problem := d.Store.Look.T(flt.Format, flt.Args...)
	if said := ui.Wrong(err).Say(d.Store.Look, f.Name); said != "" {
		problem = said
	}
	status := http.StatusUnprocessableEntity
	if flt.Kind == fault.Conflict {
		row, err := d.Store.Get(r.Context(), e, id)
		if err != nil {
			return err
		}
		status, version = http.StatusConflict, row.Version // saved again, it goes over the newest
	}
	return inlineForm(w, d, e, id, version, f, typedIn(form, f), problem, status)
}
