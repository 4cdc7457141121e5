// Package customer is a company or a person that one does business with.
package customer

import (
	"embed"

	"rowhouse/crm/entity"
	"rowhouse/data/money"
)

// Schema is the table of customers.
//
//go:embed *.sql
var Schema embed.FS

// Entity describes customers.
var Entity = entity.Entity{
	Name: "customer", Path: "customers", One: "Customer", Many: "Customers", Icon: "building-2", Key: "u", Group: "Sales", Module: "customer",
	Fields: []entity.Field{
		{Name: "name", Label: "Name", Kind: entity.Line{}, Required: true},
		{Name: "kind", Label: "Kind", Required: true, Default: "company", Kind: entity.Select{Of: []entity.Option{{Key: "company", Label: "Company", Hue: 6}, {Key: "person", Label: "Person", Hue: 9}}}},
		{Name: "emails", Label: "E-mail", Kind: entity.Emails{}},
		{Name: "phones", Label: "Phone", Kind: entity.Phones{}},
		{Name: "website", Label: "Website", Kind: entity.Web{}},
		{Name: "owner", Label: "Owner", Kind: entity.Staff{}, Default: "me"},
		{Name: "grp", Label: "Group", Kind: entity.Pick{List: "customer.group"}},
		{Name: "tags", Label: "Tags", Kind: entity.Tags{}},
		{Name: "active", Label: "Active", Kind: entity.Bool{}, Default: "1"},
		{Name: "vat", Label: "VAT number", Section: "Business", Kind: entity.Line{Max: 40}},
		{Name: "registration", Label: "Registration number", Section: "Business", Kind: entity.Line{Max: 60}},
		{Name: "currency", Label: "Currency", Section: "Business", Kind: entity.Select{Of: currencies()}},
		{Name: "language", Label: "Language", Section: "Business", Kind: entity.Line{Max: 40}},
		{Name: "is_supplier", Label: "Also a supplier", Section: "Business", Kind: entity.Bool{}},
		{Name: "parent", Label: "Part of", Section: "Business", Kind: entity.Link{To: "customer"}},
		{Name: "street", Label: "Street", Section: "Billing address", Kind: entity.Line{}},
		{Name: "zip", Label: "Postal code", Section: "Billing address", Kind: entity.Line{Max: 20}},
		{Name: "city", Label: "City", Section: "Billing address", Kind: entity.Line{}},
		{Name: "state", Label: "State", Section: "Billing address", Kind: entity.Line{}},
		{Name: "country", Label: "Country", Section: "Billing address", Kind: entity.Country{}},
		{Name: "ship_street", Label: "Street", Section: "Shipping address", Kind: entity.Line{}},
		{Name: "ship_zip", Label: "Postal code", Section: "Shipping address", Kind: entity.Line{Max: 20}},
		{Name: "ship_city", Label: "City", Section: "Shipping address", Kind: entity.Line{}},
		{Name: "ship_state", Label: "State", Section: "Shipping address", Kind: entity.Line{}},
		{Name: "ship_country", Label: "Country", Section: "Shipping address", Kind: entity.Country{}},
		{Name: "description", Label: "Description", Section: "More", Kind: entity.Long{}},
	},
	Title: "name", Subtitle: "city",
	List:     []string{"name", "kind", "grp", "emails", "phones", "city", "country", "owner", "tags", "created_at"},
	Sort:     "-created_at",
	Owners:   []string{"owner"},
	Twins:    []string{"name", "emails", "phones", "website"},
	Children: []entity.Child{{Entity: "contact", By: "customer"}},
	Tiles:    []entity.Tile{{Label: "Active customers", Filter: `{"f":"active","op":"yes"}`}},
}

func currencies() []entity.Option {
	var options []entity.Option
	for _, c := range money.Currencies {
		options = append(options, entity.Option{Key: c, Label: c})
	}
	return options
}
