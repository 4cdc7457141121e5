package settings

import (
	"net/http"
	"net/url"
	"strconv"

	"rowhouse/crm/page"
	"rowhouse/crm/staff"
	"rowhouse/ui"
)

var (
	staffPage  = ui.Parse[staffSheet](files, ui.App, "staff.html", "parts.html")
	invitePage = ui.Parse[formSheet](files, ui.App, "form.html", "parts.html")
)

// staffSheet lists everybody who may sign in.
type staffSheet struct {
	Sheet
	Rows     []staffRow
	Seats    string
	Taken    int64
	Included int64 // seats of the plan; below 0 is without end
	Full     bool
}

type staffRow struct {
	staff.Person
	FullName, StateName, Login, URL string
	Hue                             int  // of the state
	Self, Waiting                   bool // Waiting: the invitation is open
}

func showStaff(w http.ResponseWriter, r *http.Request, d *page.Desk) error {
	s, err := begin(w, r, d, "Staff", "/admin/staff", nil)
	if err != nil {
		return err
	}
	people, err := staff.List(r.Context(), d.Store.DB)
	if err != nil {
		return err
	}
	p := staffSheet{Sheet: s, Included: d.House().Seats}
	for _, person := range people {
		p.Rows = append(p.Rows, newStaffRow(s.Look, d, person))
		if person.State != staff.Inactive {
			p.Taken++
		}
	}
	p.Full = p.Included >= 0 && p.Taken >= p.Included
	p.Seats = s.N("%d seat is taken.", "%d seats are taken.", int(p.Taken))
	if p.Included >= 0 {
		p.Seats = s.T("%d of %d seats are taken.", p.Taken, p.Included)
	}
	return staffPage.Show(w, r, p)
}

func newStaffRow(look *ui.Look, d *page.Desk, p staff.Person) staffRow {
	row := staffRow{Person: p, FullName: p.Name(), URL: "/admin/staff/" + itoa(p.ID), Login: look.T("Never"), Self: p.ID == d.Person.ID}
	if !p.LastLogin.IsZero() {
		row.Login = look.Moment(p.LastLogin)
	}
	switch p.State {
	case staff.Active:
		row.StateName, row.Hue = look.T("Active"), 4
	case staff.Invited:
		row.StateName, row.Hue, row.Waiting = look.T("Invited"), 2, true
	default:
		row.StateName, row.Hue = look.T("Deactivated"), 11
	}
	return row
}

// roleOptions and teamOptions are what a person can have.
func roleOptions(r *http.Request, d *page.Desk) ([]Option, error) {
	roles, err := staff.Roles(r.Context(), d.Store.DB)
	var options []Option
	for _, role := range roles {
		options = append(options, Option{Value: itoa(role.ID), Label: role.Name})
	}
	return options, err
}

func teamOptions(r *http.Request, d *page.Desk) ([]Option, error) {
	teams, err := staff.Teams(r.Context(), d.Store.DB)
	options := []Option{{Value: "", Label: ui.LookOf(r).T("No team")}}
	for _, t := range teams {
		options = append(options, Option{Value: itoa(t.ID), Label: t.Name})
	}
	return options, err
}

func showInvite(w http.ResponseWriter, r *http.Request, d *page.Desk) error {
	return drawInvite(w, r, d, nil, nil)
}

func drawInvite(w http.ResponseWriter, r *http.Request, d *page.Desk, typed url.Values, failed error) error {
	s, err := begin(w, r, d, "Staff", "/admin/staff", failed)
	if err != nil {
		return err
	}
	inputs, err := personInputs(s.Look, r, d)
	if err != nil {
		return err
	}
	email := Input{Name: "email", Label: s.T("E-mail address"), Type: "email", Required: true, Max: 254, Wide: true, Hint: s.T("The invitation goes there; its link works for 24 hours.")}
	inputs = append([]Input{email}, inputs...)
	for i := range inputs {
		if in := &inputs[i]; in.Name == "role" && len(in.Options) > 0 {
			in.Value = in.Options[len(in.Options)-1].Value // the roles begin with the administrators
		}
	}
	s.Crumbs = append(s.Crumbs, ui.Item{Label: s.Title, URL: "/admin/staff"})
	s.Title = s.T("Invite somebody")
	p := formSheet{Sheet: s, Lead: s.T("They get a letter with a link and choose their own password."), Action: "/admin/staff", Cancel: "/admin/staff",
		Save: s.T("Send the invitation"), Inputs: s.fill(inputs, typed)}
	return invitePage.ShowAs(w, r, s.Status, p)
}

// personInputs ask for a name, a role and a team.
func personInputs(look *ui.Look, r *http.Request, d *page.Desk) ([]Input, error) {
	roles, err := roleOptions(r, d)
	if err != nil {
		return nil, err
	}
	teams, err := teamOptions(r, d)
	if err != nil {
		return nil, err
	}
	return []Input{
		{Name: "first", Label: look.T("First name"), Type: "text", Required: true, Max: 100},
		{Name: "last", Label: look.T("Last name"), Type: "text", Max: 100},
		{Name: "role", Label: look.T("Role"), Type: "select", Required: true, Options: roles, Hint: look.T("Says what they may see and change.")},
		{Name: "team", Label: look.T("Team"), Type: "select", Options: teams},
	}, nil
}

func invite(w http.ResponseWriter, r *http.Request, d *page.Desk) error {
	form, err := ui.Form(w, r, "email", "first", "last", "role", "team")
	if err != nil {
		return err
	}
	n := staff.New{Email: form.Get("email"), First: form.Get("first"), Last: form.Get("last"), Language: d.Store.Book.Settings["language"]}
	if n.Role, n.Team, err = readGroups(r, d, form); err == nil {
		err = staff.Invite(r.Context(), d.Store, d.House(), n)
	}
	if err != nil {
		return drawInvite(w, r, d, form, err)
	}
	send(r, d)
	return done(w, r, "/admin/staff", "The invitation to %s is on its way.", n.Email)
}

// readGroups reads the role and the team of a form. Either may have been deleted while it was open.
func readGroups(r *http.Request, d *page.Desk, form url.Values) (role, team int64, err error) {
	roles, err := roleOptions(r, d)
	if err != nil {
		return 0, 0, err
	}
	teams, err := teamOptions(r, d)
	if err != nil {
		return 0, 0, err
	}
	problems := ui.Problems{}
	if !offered(roles, form.Get("role")) {
		problems.Add("role", "Please choose a role.")
	}
	if !offered(teams, form.Get("team")) {
		problems.Add("team", "Please choose one of the list.")
	}
	if len(problems) > 0 {
		return 0, 0, problems.Err()
	}
	if role, err = strconv.ParseInt(form.Get("role"), 10, 64); err != nil {
		return 0, 0, err
	}
	if form.Get("team") != "" {
		team, err = strconv.ParseInt(form.Get("team"), 10, 64)
	}
	return role, team, err
}

// send sends the letters that this request has posted on their way.
func send(r *http.Request, d *page.Desk) {
	if d.Letters != nil {
		d.Letters(r.Context())
	}
}
