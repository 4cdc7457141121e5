package settings

import (
	"net/http"
	"net/url"
	"strings"

	"rowhouse/crm/entity"
	"rowhouse/crm/page"
	"rowhouse/ui"
	"rowhouse/ui/mail"
)

var companyPage = ui.Parse[formSheet](files, ui.App, "form.html", "parts.html")

// formSheet is a page of one plain form.
type formSheet struct {
	Sheet
	Head, Lead     string
	Action, Cancel string
	Save           string // the words on the button
	Danger         bool   // it deletes
	Inputs         []Input
}

// companyInputs are the details of the company, as letters and documents name them. Each is kept in the
// setting company.NAME.
func companyInputs(look *ui.Look) []Input {
	return []Input{
		{Name: "name", Label: look.T("Name"), Type: "text", Required: true, Max: 100, Wide: true, Auto: "organization"},
		{Name: "street", Label: look.T("Street"), Type: "text", Max: 200, Wide: true, Auto: "address-line1"},
		{Name: "street2", Label: look.T("Second line of the address"), Type: "text", Max: 200, Wide: true, Auto: "address-line2"},
		{Name: "zip", Label: look.T("Postal code"), Type: "text", Max: 20, Auto: "postal-code"},
		{Name: "city", Label: look.T("City"), Type: "text", Max: 100, Auto: "address-level2"},
		{Name: "state", Label: look.T("State"), Type: "text", Max: 100, Auto: "address-level1"},
		{Name: "country", Label: look.T("Country"), Type: "select", Options: countries(look)},
		{Name: "phone", Label: look.T("Phone"), Type: "tel", Max: 40, Auto: "tel"},
		{Name: "email", Label: look.T("E-mail"), Type: "email", Max: 254, Auto: "email"},
		{Name: "website", Label: look.T("Website"), Type: "text", Max: 200, Auto: "url"},
		{Name: "vat", Label: look.T("VAT number"), Type: "text", Max: 40},
	}
}

func countries(look *ui.Look) []Option {
	options := []Option{{Value: "", Label: "–"}}
	for _, pair := range entity.CountryPairs(&entity.Draw{Look: look}) {
		options = append(options, Option{Value: pair[0], Label: pair[1]})
	}
	return options
}

func showCompany(w http.ResponseWriter, r *http.Request, d *page.Desk) error {
	return drawCompany(w, r, d, nil, nil)
}

func drawCompany(w http.ResponseWriter, r *http.Request, d *page.Desk, typed url.Values, failed error) error {
	s, err := begin(w, r, d, "Company details", "/admin/settings/company", failed)
	if err != nil {
		return err
	}
	inputs := companyInputs(s.Look)
	for i := range inputs {
		inputs[i].Value = d.Store.Book.Settings["company."+inputs[i].Name]
	}
	if typed == nil && inputs[0].Value == "" {
		inputs[0].Value = d.Site.Company
	}
	p := formSheet{Sheet: s, Lead: s.T("What your letters and documents say about you."), Action: "/admin/settings/company",
		Save: s.T("Save"), Inputs: s.fill(inputs, typed)}
	return companyPage.ShowAs(w, r, s.Status, p)
}

func saveCompany(w http.ResponseWriter, r *http.Request, d *page.Desk) error {
	inputs := companyInputs(ui.LookOf(r))
	form, err := ui.Form(w, r, names(inputs)...)
	if err != nil {
		return err
	}
	values, err := companyValues(inputs, form)
	if err == nil {
		err = d.Store.SetSettings(r.Context(), values)
	}
	if err != nil {
		return drawCompany(w, r, d, form, err)
	}
	return done(w, r, "/admin/settings/company", "Saved")
}

// companyValues checks the form and names the settings that its fields are kept in.
func companyValues(inputs []Input, form url.Values) (map[string]string, error) {
	values, problems := map[string]string{}, ui.Problems{}
	for _, in := range inputs {
		v, err := parseCompany(in, form.Get(in.Name))
		switch {
		case err != nil:
			problems[in.Name] = err
		case v == "" && in.Required:
			problems.Add(in.Name, "Please fill this in.")
		}
		values["company."+in.Name] = v
	}
	return values, problems.Err()
}

func parseCompany(in Input, typed string) (string, error) {
	if in.Name == "email" && strings.TrimSpace(typed) != "" {
		return mail.Address(typed)
	}
	var kind entity.Kind = entity.Line{Max: in.Max}
	switch in.Name {
	case "website":
		kind = entity.Web{}
	case "country":
		kind = entity.Country{}
	}
	v, err := kind.Parse([]string{typed}, nil)
	s, _ := v.(string)
	return s, err
}
