// Package contact is a person at a customer.
package contact

import (
	"embed"

	"rowhouse/crm/entity"
)

// Schema is the table of contacts.
//
//go:embed *.sql
var Schema embed.FS

// Entity describes contacts.
var Entity = entity.Entity{
	Name: "contact", Path: "contacts", One: "Contact", Many: "Contacts", Icon: "users", Key: "o", Group: "Sales", Module: "contact",
	Fields: []entity.Field{
		{Name: "name", Label: "Name", Kind: entity.Line{}, Required: true},
		{Name: "customer", Label: "Customer", Kind: entity.Link{To: "customer"}},
		{Name: "title", Label: "Position", Kind: entity.Line{}},
		{Name: "department", Label: "Department", Kind: entity.Line{}},
		{Name: "emails", Label: "E-mail", Kind: entity.Emails{}},
		{Name: "phones", Label: "Phone", Kind: entity.Phones{}},
		{Name: "owner", Label: "Owner", Kind: entity.Staff{}, Default: "me"},
		{Name: "main", Label: "Main contact", Kind: entity.Bool{}},
		{Name: "active", Label: "Active", Kind: entity.Bool{}, Default: "1"},
		{Name: "tags", Label: "Tags", Kind: entity.Tags{}},
		{Name: "salutation", Label: "Salutation", Section: "More", Kind: entity.Line{Max: 40}},
		{Name: "birthday", Label: "Birthday", Section: "More", Kind: entity.Date{}},
		{Name: "language", Label: "Language", Section: "More", Kind: entity.Line{Max: 40}},
		{Name: "description", Label: "Description", Section: "More", Kind: entity.Long{}},
	},
	Title: "name", Subtitle: "customer",
	List:   []string{"name", "customer", "title", "emails", "phones", "owner", "tags", "created_at"},
	Sort:   "-created_at",
	Owners: []string{"owner"},
	Via:    "customer",
	Twins:  []string{"emails", "phones"},
	Tiles:  []entity.Tile{{Label: "New contacts this month", Filter: `{"f":"created_at","op":"this_month"}`}},
}
