package admin

import (
	"net/http"
	"net/url"
	"strings"

	"rowhouse/billing"
	"rowhouse/crm/entity"
	"rowhouse/ui"
)

var sellerPage = ui.Parse[sellerSheet](files, ui.App, "seller.html", "parts.html")

type sellerSheet struct {
	ui.Frame
	Form, Tax box
	Rates     []billing.TaxRate
}

// Country says a country's name.
func (s sellerSheet) Country(code string) string {
	for _, c := range entity.Countries {
		if c[0] == code {
			return s.T(c[1])
		}
	}
	return code
}

// Percent says a rate.
func (s sellerSheet) Percent(points int64) string { return percent(points) }

func countries(look *ui.Look) []option {
	all := []option{{Value: "", Label: "–"}}
	for _, c := range entity.Countries {
		all = append(all, option{Value: c[0], Label: look.T(c[1])})
	}
	return all
}

func (p *Panel) seller(w http.ResponseWriter, r *http.Request) error {
	return p.sellerWith(w, r, http.StatusOK, nil)
}

func (p *Panel) sellerWith(w http.ResponseWriter, r *http.Request, status int, bad *refused) error {
	s, err := p.Billing.Seller(r.Context())
	if err != nil {
		return err
	}
	page := sellerSheet{Frame: p.frame(w, r, "Seller and taxes", "/admin/seller")}
	if page.Rates, err = p.Billing.TaxRates(r.Context()); err != nil {
		return err
	}
	page.Form, page.Tax = sellerForm(page.Look, s).again(bad), taxForm(page.Look, s).again(bad)
	return sellerPage.ShowAs(w, r, status, page)
}

func sellerForm(look *ui.Look, s billing.Seller) box {
	return box{Look: look, ID: "seller", Action: "/admin/seller", Label: "You, as you stand on invoices", Hint: "It counts for invoices that are written from now on.", Button: look.T("Save"), Inputs: []input{
		{Name: "name", Label: "Company or name", Value: s.Name}, {Name: "email", Label: "E-mail", Kind: "email", Value: s.Email, Most: 254, Hint: "Alerts go there, too."},
		{Name: "address", Label: "Address", Kind: "area", Lines: 3, Most: 1000, Value: s.Address},
		{Name: "country", Label: "Country", Kind: "select", Options: choose(countries(look), s.Country)}, {Name: "tax_id", Label: "Tax number", Value: s.TaxID, Most: 40},
		{Name: "bank", Label: "Bank data for the foot", Kind: "area", Lines: 3, Most: 1000, Value: s.Bank},
		{Name: "currency", Label: "Currency", Kind: "select", Options: choose(currencies(), s.Currency)}, {Name: "zone", Label: "Time zone", Value: s.Zone, Hint: "Days begin at its midnight, such as Europe/Berlin."},
		{Name: "prefix", Label: "Invoice numbers begin with", Value: s.Prefix, Most: 10}, {Name: "credits", Label: "Credit notes begin with", Value: s.Credits, Most: 10},
		{Name: "note", Label: "Sentence below each invoice", Kind: "area", Lines: 2, Most: 1000, Value: s.Note}}}
}

func taxForm(look *ui.Look, s billing.Seller) box {
	return box{Look: look, ID: "tax", Action: "/admin/taxes", Label: "Set a rate", Hint: "For customers of a country. Without a rate no tax is added. Companies of another country of the European Union with a VAT number owe it themselves.", Button: look.T("Set it"), Inputs: []input{
		{Name: "country", Label: "Country", Kind: "select", Options: choose(countries(look), s.Country)}, {Name: "rate", Label: "Rate", Unit: "%", Required: true, Most: 8}, {Name: "name", Label: "What it is called", Value: "VAT", Required: true, Most: 30}}}
}

func (p *Panel) keepSeller(w http.ResponseWriter, r *http.Request) error {
	look := ui.LookOf(r)
	return p.take(w, r, post{right: maySell, form: "seller", names: sellerForm(look, billing.Seller{}).names(), page: p.sellerWith, act: func(form url.Values) (string, string, error) {
		get := func(name string) string {
			return strings.TrimSpace(strings.ReplaceAll(form.Get(name), "\r\n", "\n"))
		}
		tax, err := billing.CheckTaxID(get("tax_id"), get("country"))
		if err != nil {
			return "", "", about("tax_id", err)
		}
		s := billing.Seller{Name: get("name"), Address: get("address"), Country: get("country"), TaxID: tax, Email: get("email"), Bank: get("bank"), Zone: get("zone"), Currency: get("currency"),
			Prefix: get("prefix"), Credits: get("credits"), Note: get("note")}
		return look.T("Saved"), "/admin/seller", p.Billing.KeepSeller(r.Context(), s, actor(r))
	}})
}

func (p *Panel) keepTax(w http.ResponseWriter, r *http.Request) error {
	look := ui.LookOf(r)
	return p.take(w, r, post{right: maySell, form: "tax", names: []string{"country", "rate", "name"}, page: p.sellerWith, act: func(form url.Values) (string, string, error) {
		rate, err := points(form.Get("rate"))
		if err != nil {
			return "", "", about("rate", err)
		}
		t := billing.TaxRate{Country: form.Get("country"), Name: strings.TrimSpace(form.Get("name")), Rate: rate}
		return look.T("The rate counts for invoices that are written from now on."), "/admin/seller", p.Billing.KeepTaxRate(r.Context(), t, actor(r))
	}})
}

func (p *Panel) dropTax(w http.ResponseWriter, r *http.Request) error {
	return p.take(w, r, post{right: maySell, act: func(url.Values) (string, string, error) {
		return ui.LookOf(r).T("No tax is added for this country any more."), "/admin/seller", p.Billing.DropTaxRate(r.Context(), r.PathValue("country"), actor(r))
	}})
}
