package settings

import (
	"net/http"
	"net/url"
	"time"

	"rowhouse/crm/page"
	"rowhouse/data/fault"
	"rowhouse/data/money"
	"rowhouse/ui"
)

// zones are those that the browser offers; any other of the IANA list may be typed.
var zones = []string{"UTC", "Africa/Cairo", "Africa/Johannesburg", "Africa/Lagos", "Africa/Nairobi", "America/Bogota", "America/Buenos_Aires", "America/Chicago",
	"America/Denver", "America/Los_Angeles", "America/Mexico_City", "America/New_York", "America/Sao_Paulo", "America/Toronto", "Asia/Bangkok", "Asia/Dhaka",
	"Asia/Dubai", "Asia/Hong_Kong", "Asia/Jakarta", "Asia/Jerusalem", "Asia/Karachi", "Asia/Kolkata", "Asia/Kuala_Lumpur", "Asia/Manila", "Asia/Riyadh",
	"Asia/Seoul", "Asia/Shanghai", "Asia/Singapore", "Asia/Tokyo", "Australia/Perth", "Australia/Sydney", "Europe/Amsterdam", "Europe/Athens", "Europe/Berlin",
	"Europe/Bucharest", "Europe/Dublin", "Europe/Helsinki", "Europe/Istanbul", "Europe/Kyiv", "Europe/Lisbon", "Europe/London", "Europe/Madrid", "Europe/Paris",
	"Europe/Rome", "Europe/Stockholm", "Europe/Vienna", "Europe/Warsaw", "Europe/Zurich", "Pacific/Auckland"}

// checkZone refuses what is no time zone. "Local" would be the server's own.
func checkZone(zone string) error {
	if _, err := time.LoadLocation(zone); err != nil || len(zone) > 60 || zone == "Local" {
		return fault.New(fault.Invalid, "This time zone is not known.")
	}
	return nil
}

// localeInputs are the language and the numbers of the company. Each is kept in the setting of its name.
func localeInputs(look *ui.Look) []Input {
	var currencies []Option
	for _, c := range money.Currencies {
		currencies = append(currencies, Option{Value: c, Label: c})
	}
	return []Input{
		{Name: "language", Label: look.T("Language"), Type: "select", Required: true, Options: languages(), Hint: look.T("For everybody who has not chosen another one in their profile.")},
		{Name: "zone", Label: look.T("Time zone"), Type: "text", Required: true, Max: 60, Suggest: zones, Hint: look.T("Such as Europe/Berlin. The list opens as you type.")},
		{Name: "currency", Label: look.T("Currency"), Type: "select", Required: true, Options: currencies, Hint: look.T("For new amounts. What is kept already stays in its own currency.")},
		{Name: "week", Label: look.T("First day of the week"), Type: "select", Required: true, Options: []Option{{Value: "monday", Label: look.T("Monday")},
			{Value: "sunday", Label: look.T("Sunday")}, {Value: "saturday", Label: look.T("Saturday")}}},
	}
}

func showLocale(w http.ResponseWriter, r *http.Request, d *page.Desk) error {
	return drawLocale(w, r, d, nil, nil)
}

func drawLocale(w http.ResponseWriter, r *http.Request, d *page.Desk, typed url.Values, failed error) error {
	s, err := begin(w, r, d, "Language and time", "/admin/settings/localisation", failed)
	if err != nil {
		return err
	}
	ordinary := map[string]string{"language": "en", "zone": "UTC", "currency": d.Store.Book.Currency, "week": "monday"}
	inputs := localeInputs(s.Look)
	for i := range inputs {
		in := &inputs[i]
		if in.Value = d.Store.Book.Settings[in.Name]; in.Value == "" {
			in.Value = ordinary[in.Name]
		}
	}
	p := formSheet{Sheet: s, Lead: s.T("How dates, times and amounts are written."), Action: "/admin/settings/localisation", Save: s.T("Save"), Inputs: s.fill(inputs, typed)}
	return companyPage.ShowAs(w, r, s.Status, p)
}

func saveLocale(w http.ResponseWriter, r *http.Request, d *page.Desk) error {
	inputs := localeInputs(ui.LookOf(r))
	form, err := ui.Form(w, r, names(inputs)...)
	if err != nil {
		return err
	}
	values, problems := map[string]string{}, ui.Problems{}
	for _, in := range inputs {
		values[in.Name] = form.Get(in.Name)
		if in.Options != nil && !offered(in.Options, values[in.Name]) {
			problems.Add(in.Name, "Please choose one of the list.")
		}
	}
	if err := checkZone(values["zone"]); err != nil || values["zone"] == "" {
		problems.Add("zone", "This time zone is not known.")
	}
	if err := problems.Err(); err != nil {
		return drawLocale(w, r, d, form, err)
	}
	if err := d.Store.SetSettings(r.Context(), values); err != nil {
		return drawLocale(w, r, d, form, err)
	}
	return done(w, r, "/admin/settings/localisation", "Saved")
}

// offered tells whether a value is one of a select's.
func offered(options []Option, value string) bool {
	for _, o := range options {
		if o.Value == value {
			return true
		}
	}
	return false
}
