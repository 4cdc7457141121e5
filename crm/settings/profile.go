package settings

import (
	"net/http"
	"net/url"

	"rowhouse/crm/page"
	"rowhouse/crm/staff"
	"rowhouse/ui"
)

var profilePage = ui.Parse[profileSheet](files, ui.App, "profile.html", "parts.html")

// profileSheet is what a person sets up for themselves.
type profileSheet struct {
	Sheet
	Email, Role string
	About       []Input
	Password    []Input
	Factor      bool
	Devices     []deviceRow
	Others      bool // there are devices besides this one
	Failed      bool // the password's form came back
}

// aboutInputs are what a person may change about themselves.
func aboutInputs(look *ui.Look, p staff.Person) []Input {
	asCompany := []Option{{Value: "", Label: look.T("As the company has it")}}
	return []Input{
		{Name: "first", Label: look.T("First name"), Type: "text", Required: true, Max: 100, Value: p.First, Auto: "given-name"},
		{Name: "last", Label: look.T("Last name"), Type: "text", Max: 100, Value: p.Last, Auto: "family-name"},
		{Name: "language", Label: look.T("Language"), Type: "select", Value: p.Language, Options: append(asCompany, languages()...)},
		{Name: "mirror", Label: look.T("Direction"), Type: "select", Value: p.Mirror, Options: []Option{{Value: "", Label: look.T("As the language has it")},
			{Value: "ltr", Label: look.T("Left to right")}, {Value: "rtl", Label: look.T("Right to left")}}},
		{Name: "zone", Label: look.T("Time zone"), Type: "text", Max: 60, Value: p.Zone, Suggest: zones, Hint: look.T("Empty: as the company has it.")},
	}
}

func passwordInputs(look *ui.Look) []Input {
	return []Input{
		{Name: "old", Label: look.T("Password now"), Type: "password", Required: true, Max: 128, Auto: "current-password", Wide: true},
		{Name: "password", Label: look.T("New password"), Type: "password", Required: true, Max: 128, Auto: "new-password", Hint: look.T("Three or four words are good.")},
		{Name: "again", Label: look.T("New password, again"), Type: "password", Required: true, Max: 128, Auto: "new-password"},
	}
}

func showProfile(w http.ResponseWriter, r *http.Request, d *page.Desk) error {
	return drawProfile(w, r, d, nil, nil)
}

// drawProfile draws the page. typed is what the form about the person held; the one with the password is never filled.
func drawProfile(w http.ResponseWriter, r *http.Request, d *page.Desk, typed url.Values, failed error) error {
	s, err := begin(w, r, d, "My profile", "/admin/profile", failed)
	if err != nil {
		return err
	}
	devices, err := devicesOf(r, d, s.Look)
	if err != nil {
		return err
	}
	p := profileSheet{Sheet: s, Email: d.Person.Email, Role: d.Person.RoleName, Factor: d.Person.Factor, Devices: devices, Others: len(devices) > 1, Failed: failed != nil && typed == nil}
	p.About, p.Password = p.fill(aboutInputs(s.Look, d.Person), typed), p.fill(passwordInputs(s.Look), nil)
	return profilePage.ShowAs(w, r, s.Status, p)
}

func saveProfile(w http.ResponseWriter, r *http.Request, d *page.Desk) error {
	form, err := ui.Form(w, r, "first", "last", "language", "mirror", "zone")
	if err != nil {
		return err
	}
	if err := checkZone(form.Get("zone")); err != nil {
		return drawProfile(w, r, d, form, wrong("zone", "This time zone is not known."))
	}
	err = staff.SaveProfile(r.Context(), d.Store, staff.Profile{First: form.Get("first"), Last: form.Get("last"), Language: form.Get("language"),
		Mirror: form.Get("mirror"), Zone: form.Get("zone")})
	if err != nil {
		return drawProfile(w, r, d, form, err)
	}
	return done(w, r, "/admin/profile", "Saved")
}
