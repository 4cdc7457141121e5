package settings

import (
	"net/http"
	"net/url"

	"rowhouse/crm/page"
	"rowhouse/crm/staff"
	"rowhouse/data/fault"
	"rowhouse/ui"
)

var teamsPage = ui.Parse[teamsSheet](files, ui.App, "teams.html", "parts.html")

type teamsSheet struct {
	Sheet
	Rows      []teamRow
	NameInput Input
}

type teamRow struct {
	staff.Team
	Held string
}

func showTeams(w http.ResponseWriter, r *http.Request, d *page.Desk) error {
	return drawTeams(w, r, d, nil, nil)
}

func drawTeams(w http.ResponseWriter, r *http.Request, d *page.Desk, typed url.Values, failed error) error {
	s, err := begin(w, r, d, "Teams", "/admin/settings/teams", failed)
	if err != nil {
		return err
	}
	teams, err := staff.Teams(r.Context(), d.Store.DB)
	if err != nil {
		return err
	}
	p := teamsSheet{Sheet: s}
	for _, t := range teams {
		p.Rows = append(p.Rows, teamRow{t, s.N("%d person", "%d people", t.Staff)})
	}
	p.NameInput = p.fill([]Input{{Name: "name", Label: s.T("Name"), Type: "text", Required: true, Max: 60}}, typed)[0]
	return teamsPage.ShowAs(w, r, s.Status, p)
}

func addTeam(w http.ResponseWriter, r *http.Request, d *page.Desk) error {
	form, err := ui.Form(w, r, "name")
	if err != nil {
		return err
	}
	if err := staff.AddTeam(r.Context(), d.Store, form.Get("name")); err != nil {
		if f := fault.Of(err); mendable(err) && f.Fields == nil {
			err = wrong("name", f.Format, f.Args...) // there is only the name that can be wrong
		}
		return drawTeams(w, r, d, form, err)
	}
	return done(w, r, "/admin/settings/teams", "Added")
}

func deleteTeam(w http.ResponseWriter, r *http.Request, d *page.Desk) error {
	id, err := number(r)
	if err != nil {
		return err
	}
	if err := bare(w, r); err != nil {
		return err
	}
	if err := staff.DeleteTeam(r.Context(), d.Store, id); err != nil {
		return err
	}
	return done(w, r, "/admin/settings/teams", "Deleted. Its people stay.")
}
