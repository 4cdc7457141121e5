// Package lead is somebody who may become a customer.
package lead

import (
	"embed"

	"rowhouse/crm/entity"
)

// Schema is the table of leads.
//
//go:embed *.sql
var Schema embed.FS

// Entity describes leads.
var Entity = entity.Entity{
	Name: "lead", Path: "leads", One: "Lead", Many: "Leads", Icon: "target", Key: "l", Group: "Sales", Module: "lead",
	Fields: []entity.Field{
		{Name: "name", Label: "Name", Kind: entity.Line{}, Required: true},
		{Name: "company", Label: "Company", Kind: entity.Line{}},
		{Name: "title", Label: "Position", Kind: entity.Line{}},
		{Name: "status", Label: "Status", Kind: entity.Pick{List: "lead.status"}, Required: true},
		{Name: "emails", Label: "E-mail", Kind: entity.Emails{}},
		{Name: "phones", Label: "Phone", Kind: entity.Phones{}},
		{Name: "website", Label: "Website", Kind: entity.Web{}},
		{Name: "source", Label: "Source", Kind: entity.Pick{List: "lead.source"}},
		{Name: "owner", Label: "Owner", Kind: entity.Staff{}, Default: "me"},
		{Name: "value", Label: "Value", Kind: entity.Money{}},
		{Name: "next_follow_up", Label: "Next step on", Kind: entity.Date{Next: true}},
		{Name: "next_step", Label: "Next step", Kind: entity.Line{}},
		{Name: "last_contact", Label: "Last contact", Kind: entity.Date{}},
		{Name: "tags", Label: "Tags", Kind: entity.Tags{}},
		{Name: "street", Label: "Street", Section: "Address", Kind: entity.Line{}},
		{Name: "zip", Label: "Postal code", Section: "Address", Kind: entity.Line{Max: 20}},
		{Name: "city", Label: "City", Section: "Address", Kind: entity.Line{}},
		{Name: "state", Label: "State", Section: "Address", Kind: entity.Line{}},
		{Name: "country", Label: "Country", Section: "Address", Kind: entity.Country{}},
		{Name: "language", Label: "Language", Section: "More", Kind: entity.Line{Max: 40}},
		{Name: "lost_reason", Label: "Reason if lost", Section: "More", Kind: entity.Pick{List: "lead.lost_reason"}},
		{Name: "lost_note", Label: "Note if lost", Section: "More", Kind: entity.Line{Max: 500}},
		{Name: "is_public", Label: "Visible to all staff", Section: "More", Kind: entity.Bool{}},
		{Name: "description", Label: "Description", Section: "More", Kind: entity.Long{}},
	},
	Title: "name", Subtitle: "company",
	List:      []string{"name", "company", "status", "value", "emails", "phones", "source", "owner", "next_follow_up", "created_at"},
	Sort:      "-created_at",
	Board:     entity.Board{By: "status", Sum: "value", Reason: "lost_reason"},
	Due:       "next_follow_up",
	Contacted: "last_contact",
	Owners:    []string{"owner"},
	Public:    "is_public",
	Twins:     []string{"emails", "phones", "website"},
	Tiles: []entity.Tile{
		{Label: "My leads", Filter: `{"f":"owner","op":"me"}`},
		{Label: "New this week", Filter: `{"f":"created_at","op":"this_week"}`},
		{Label: "Overdue next steps", Filter: `{"f":"next_follow_up","op":"past"}`},
		{Label: "Without an owner", Filter: `{"f":"owner","op":"empty"}`},
	},
}
