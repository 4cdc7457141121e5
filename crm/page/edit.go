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

func showEdit(w http.ResponseWriter, r *http.Request, d *Desk, e *entity.Entity, id int64) error {
	row, err := d.Store.Get(r.Context(), e, id)
	if err != nil {
		return err
	}
	if edit, _, err := d.Store.May(r.Context(), e, id); err != nil || !edit {
		return fault.Because(err, fault.Denied, "Your role does not include changing this record.")
	}
	typed := url.Values{}
	for _, f := range e.Writable() {
		in := f.Kind.In(row.Value(f.Name), d.Store.Draw())
		typed[f.Name], typed[f.Name+"[]"] = in, in
	}
	p := editForm(w, r, d, e, id, typed, nil)
	p.Version = row.Version
	return formPage.Show(w, r, p)
}

func editForm(w http.ResponseWriter, r *http.Request, d *Desk, e *entity.Entity, id int64, typed url.Values, problems ui.Problems) Form {
	p := newForm(w, r, d, e, d.Store.Look.T("Edit %s", d.Store.Look.Noun(d.Store.Look.T(e.One))), typed, problems)
	p.Action = e.URL() + "/" + itoa(id)
	p.Cancel = p.Action
	return p
}

func update(w http.ResponseWriter, r *http.Request, d *Desk, e *entity.Entity, id int64) error {
	form, err := ui.Form(w, r, append(record.FormNames(e.Writable()), "version")...)
	if err != nil {
		return err
	}
	version, err := strconv.ParseInt(form.Get("version"), 10, 64)
	if err != nil || version <= 0 {
		return fault.New(fault.Invalid, "The form is incomplete. Please open it again.")
	}
	values, problems := d.Store.Parse(e.Writable(), form)
	err = problems.Err()
	if err == nil {
		_, err = d.Store.Update(r.Context(), e, id, version, values)
	}
	conflict := fault.Is(err, fault.Conflict)
	if wrong := ui.Wrong(err); wrong != nil || conflict {
		p := editForm(w, r, d, e, id, form, wrong)
		p.Problem, p.Version = sayProblem(d, err), version
		status := http.StatusUnprocessableEntity
		if conflict {
			row, err := d.Store.Get(r.Context(), e, id)
			if err != nil {
				return err
			}
			status, p.Version = http.StatusConflict, row.Version
		}
		return formPage.ShowAs(w, r, status, p)
	}
	if err != nil {
		return err
	}
	ui.Say(w, d.Store.Look.T("Saved"), "")
	return ui.Back(w, r, e.URL()+"/"+itoa(id))
}
