package account

import (
	"net/http"
	"net/url"

	"rowhouse/billing"
	"rowhouse/crm/entity"
	"rowhouse/crm/page"
	"rowhouse/crm/settings"
	"rowhouse/ui"
)

var detailsPage = ui.Parse[detailsSheet](files, ui.App, "details.html", "parts.html")

// detailsSheet is the form of what stands on the next invoices.
type detailsSheet struct {
	settings.Sheet
	Inputs []settings.Input
	Email  string
}

func (a *Account) showDetails(w http.ResponseWriter, r *http.Request, d *page.Desk, s billing.Subscription) error {
	c, err := a.books.CustomerByID(r.Context(), s.Customer)
	if err != nil {
		return err
	}
	return a.drawDetails(w, r, d, c, nil)
}

func (a *Account) drawDetails(w http.ResponseWriter, r *http.Request, d *page.Desk, c billing.Customer, failed error) error {
	sheet, err := begin(w, r, d, "Billing details", failed)
	if err != nil {
		return err
	}
	p := detailsSheet{Sheet: sheet, Email: c.Email, Inputs: detailInputs(sheet.Look, c)}
	for i := range p.Inputs {
		in := &p.Inputs[i]
		in.Wrong = sheet.Wrong.Say(sheet.Look, in.Name)
		for n := range in.Options {
			in.Options[n].Chosen = in.Options[n].Value == in.Value
		}
	}
	return detailsPage.ShowAs(w, r, sheet.Status, p)
}

func detailInputs(look *ui.Look, c billing.Customer) []settings.Input {
	return []settings.Input{
		{Name: "company", Label: look.T("Company"), Type: "text", Max: 200, Auto: "organization", Value: c.Company},
		{Name: "name", Label: look.T("Name"), Type: "text", Max: 200, Auto: "name", Value: c.Name},
		{Name: "address", Label: look.T("Address"), Type: "area", Max: 500, Wide: true, Value: c.Address, Hint: look.T("Street, postal code and city, as on an envelope.")},
		{Name: "country", Label: look.T("Country"), Type: "select", Value: c.Country, Options: countries(look)},
		{Name: "tax_id", Label: look.T("VAT number"), Type: "text", Max: 40, Value: c.TaxID, Hint: look.T("If you have one. It decides how your invoices are taxed.")},
		{Name: "language", Label: look.T("Language of invoices and letters"), Type: "select", Value: c.Language, Options: languages()},
	}
}

func countries(look *ui.Look) []settings.Option {
	options := []settings.Option{{Value: "", Label: "–"}}
	for _, pair := range entity.CountryPairs(&entity.Draw{Look: look}) {
		options = append(options, settings.Option{Value: pair[0], Label: pair[1]})
	}
	return options
}

func countryName(look *ui.Look, code string) string {
	return entity.Country{}.Text(code, &entity.Draw{Look: look})
}

func languages() []settings.Option {
	var options []settings.Option
	for _, l := range ui.Languages {
		options = append(options, settings.Option{Value: l.Tag, Label: l.Name})
	}
	return options
}

// saveDetails keeps what stands on the next invoices. Those that are issued stay as they are.
func (a *Account) saveDetails(w http.ResponseWriter, r *http.Request, d *page.Desk, s billing.Subscription) error {
	form, err := ui.Form(w, r, "company", "name", "address", "country", "tax_id", "language")
	if err != nil {
		return err
	}
	c, err := a.books.CustomerByID(r.Context(), s.Customer)
	if err != nil {
		return err
	}
	typed := typedDetails(c, form)
	if ui.WordsFor(typed.Language).Tag != typed.Language {
		typed.Language = c.Language // one that we do not speak, or the customer's own from before
	}
	if err := a.books.KeepDetails(r.Context(), typed, d.Person.Email); err != nil {
		return a.drawDetails(w, r, d, typed, err)
	}
	return done(w, r, home, "Saved. It stands on your next invoices.")
}

func typedDetails(c billing.Customer, form url.Values) billing.Customer {
	c.Company, c.Name, c.Address = form.Get("company"), form.Get("name"), form.Get("address")
	c.Country, c.TaxID, c.Language = form.Get("country"), form.Get("tax_id"), form.Get("language")
	return c
}
