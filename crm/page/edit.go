package page

import (
	"net/http"
	"net/url"
	"slices"
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
	form, err := ui.Form(w, r, append(record.FormNames(e.Writable()), "version", "force")...)
	if err != nil {
		return err
	}
	version, err := strconv.ParseInt(form.Get("version"), 10, 64)
	if err != nil || version <= 0 {
		return fault.New(fault.Invalid, "The form is incomplete. Please open it again.")
	}
	values, err := parseOver(r, d, e, id, e.Writable(), form)
	var twins []record.Twin
	block := false
	if err == nil {
		twins, block, err = d.Store.Twins(r.Context(), e, id, values)
	}
	if ask := len(twins) > 0 && (block || form.Get("force") == ""); err == nil && !ask {
		if _, err = d.Store.Update(r.Context(), e, id, version, values); err == nil {
			ui.Say(w, d.Store.Look.T("Saved"), "")
			return ui.Back(w, r, e.URL()+"/"+itoa(id))
		}
		twins = nil
	}
	wrong, conflict := ui.Wrong(err), fault.Is(err, fault.Conflict)
	if err != nil && wrong == nil && !conflict {
		return err
	}
	row, getErr := d.Store.Get(r.Context(), e, id)
	if getErr != nil {
		return getErr
	}
	if edit, _, mayErr := d.Store.May(r.Context(), e, id); mayErr != nil || !edit {
		return fault.Because(mayErr, fault.Denied, "Your role does not include changing this record.")
	}
	p := editForm(w, r, d, e, id, form, wrong)
	p.Problem, p.Version, p.Twins, p.Block = sayProblem(d, err), version, twinItems(d, twins), block
	if conflict {
		p.Version = row.Version
		return formPage.ShowAs(w, r, http.StatusConflict, p)
	}
	return formPage.ShowAs(w, r, http.StatusUnprocessableEntity, p)
}

// parseOver reads fields of a form over the record that they change. What is as the record has it is no mistake,
// even if it could not be chosen any more: a link to what is in the trash, a member of staff who has left.
func parseOver(r *http.Request, d *Desk, e *entity.Entity, id int64, fields []entity.Field, form url.Values) (record.Values, error) {
	values, problems := d.Store.Parse(fields, form)
	if len(problems) == 0 {
		return values, nil
	}
	row, err := d.Store.Get(r.Context(), e, id)
	if err != nil {
		return nil, err
	}
	for _, f := range fields {
		before := row.Value(f.Name)
		if problems[f.Name] != nil && !entity.Empty(before) && slices.Equal(trimmed(typedIn(form, f)), f.Kind.In(before, d.Store.Draw())) {
			delete(problems, f.Name)
		}
	}
	return values, problems.Err()
}

// typedIn is what a form holds for a field.
func typedIn(form url.Values, f entity.Field) []string {
	if list, ok := form[f.Name+"[]"]; ok {
		return list
	}
	return form[f.Name]
}

// trimmed is what was typed without the empty values that forms send for boxes.
func trimmed(in []string) []string {
	return slices.DeleteFunc(slices.Clone(in), func(s string) bool { return s == "" })
}
