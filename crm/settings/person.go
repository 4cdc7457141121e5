package settings

import (
	"net/http"
	"net/url"

	"rowhouse/crm/page"
	"rowhouse/crm/staff"
	"rowhouse/ui"
)

var personPage = ui.Parse[personSheet](files, ui.App, "person.html", "parts.html")

// personSheet is the page of one member of staff, as administrators see it.
type personSheet struct {
	Sheet
	Member staffRow
	Inputs []Input
}

// personOf returns the member of staff that the path names.
func personOf(r *http.Request, d *page.Desk) (staff.Person, error) {
	id, err := number(r)
	if err != nil {
		return staff.Person{}, err
	}
	return staff.ByID(r.Context(), d.Store.DB, id)
}

func showPerson(w http.ResponseWriter, r *http.Request, d *page.Desk) error {
	return drawPerson(w, r, d, nil, nil)
}

func drawPerson(w http.ResponseWriter, r *http.Request, d *page.Desk, typed url.Values, failed error) error {
	member, err := personOf(r, d)
	if err != nil {
		return err
	}
	s, err := begin(w, r, d, "Staff", "/admin/staff", failed)
	if err != nil {
		return err
	}
	inputs, err := personInputs(s.Look, r, d)
	if err != nil {
		return err
	}
	s.Crumbs = append(s.Crumbs, ui.Item{Label: s.Title, URL: "/admin/staff"})
	s.Title = member.Name()
	inputs = append(inputs, Input{Name: "active", Label: s.T("May sign in"), Type: "check", On: member.State != staff.Inactive,
		Hint: s.T("Without it their seat is free for somebody else. What they made stays.")})
	values := map[string]string{"first": member.First, "last": member.Last, "role": itoa(member.Role)}
	if member.Team != 0 {
		values["team"] = itoa(member.Team)
	}
	for i := range inputs {
		inputs[i].Value = values[inputs[i].Name]
	}
	if member.Owner {
		inputs = inputs[:2] // the owner stays an active administrator; the template sends the rest along
	}
	p := personSheet{Sheet: s, Member: newStaffRow(s.Look, d, member), Inputs: s.fill(inputs, typed)}
	return personPage.ShowAs(w, r, s.Status, p)
}

func savePerson(w http.ResponseWriter, r *http.Request, d *page.Desk) error {
	member, err := personOf(r, d)
	if err != nil {
		return err
	}
	form, err := ui.Form(w, r, "first", "last", "role", "team", "active")
	if err != nil {
		return err
	}
	c := staff.Change{First: form.Get("first"), Last: form.Get("last"), Active: form.Get("active") != ""}
	if c.Role, c.Team, err = readGroups(r, d, form); err == nil {
		err = staff.Save(r.Context(), d.Store, d.House(), member.ID, c)
	}
	if err != nil {
		return drawPerson(w, r, d, form, err)
	}
	return done(w, r, "/admin/staff", "Saved")
}

func inviteAgain(w http.ResponseWriter, r *http.Request, d *page.Desk) error {
	member, err := personOf(r, d)
	if err != nil {
		return err
	}
	if err := bare(w, r); err != nil {
		return err
	}
	if err := staff.InviteAgain(r.Context(), d.Store, d.House(), member.ID); err != nil {
		return err
	}
	send(r, d)
	return done(w, r, "/admin/staff/"+itoa(member.ID), "A new invitation is on its way. The link of the old one no longer works.")
}

// resetFactor turns off the second factor of a colleague whose phone is lost.
func resetFactor(w http.ResponseWriter, r *http.Request, d *page.Desk) error {
	member, err := personOf(r, d)
	if err != nil {
		return err
	}
	if err := bare(w, r); err != nil {
		return err
	}
	if err := staff.ResetFactor(r.Context(), d.Store, member.ID); err != nil {
		return err
	}
	return done(w, r, "/admin/staff/"+itoa(member.ID), "The second factor of %s is off.", member.Name())
}
