// Package entity is the description of what a CRM keeps: the fields, the views and the rights of a lead,
// a customer, a contact. The pages and the SQL of all of them are made from it, and a tenant's own
// additions are merged into it.
package entity

import "slices"

// Entity describes one table.
type Entity struct {
	Name      string // the table and the topic: lead
	Path      string // the word in the URL: leads
	One, Many string // Lead, Leads
	Icon, Key string // in the navigation; Key after g leads there
	Group     string // the part of the navigation
	Module    string // what a plan includes or not
	Fields    []Field
	Title     string   // the field that names a record
	Subtitle  string   // the field below it
	List      []string // columns of the list, by field name
	Sort      string   // "-created_at" is newest first
	Board     Board
	Due       string   // the field with the day of the next step
	Contacted string   // the field with the day of the last contact: a button sets it to today
	Owners    []string // fields that hold whose record it is
	Via       string   // a link whose record's owners own this one too
	Public    string   // a field that opens a record to everybody who may see some
	Twins     []string // fields in which equal values hint at a duplicate
	Tiles     []Tile   // numbers for the dashboard
	Children  []Child  // lists of other records on this one's page
	Templates []Template
}

// Field describes what a record holds in one place. What is optional is false, so that a plain field says little.
type Field struct {
	Name     string
	Label    string
	Hint     string
	Section  string // the heading it stands under on the form
	Kind     Kind
	Default  string
	Required bool
	Hidden   bool // kept, but on no page
	ReadOnly bool // set by the product, never by a form
	Custom   bool // added by the tenant
	Position int  // order on the form; 0 keeps the order of the description
}

// Board draws the list as columns of cards, one column for each choice of By.
type Board struct {
	By     string // a field of kind Pick
	Sum    string // a field of kind Money that is added up over each column
	Reason string // a field that says why, for columns of the kind lost
}

// Tile is a number on the dashboard: how many records a filter finds.
type Tile struct {
	Label  string
	Filter string // as in the address of the list
}

// Child is a list of another entity's records on a record's page.
type Child struct{ Entity, By string }

// Template is a named set of first values: the form of a new record offers it.
type Template struct {
	Name   string
	Values map[string][]string // by field, as they would be typed
}

// Base are the fields that every record has and no form sets.
var Base = []Field{
	{Name: "created_at", Label: "Created", Kind: Moment{}, ReadOnly: true},
	{Name: "created_by", Label: "Created by", Kind: Staff{}, ReadOnly: true},
	{Name: "updated_at", Label: "Changed", Kind: Moment{}, ReadOnly: true},
	{Name: "updated_by", Label: "Changed by", Kind: Staff{}, ReadOnly: true},
}

// Field returns the field called name, one of the base fields included.
func (e *Entity) Field(name string) (Field, bool) {
	for _, f := range e.Fields {
		if f.Name == name {
			return f, true
		}
	}
	for _, f := range Base {
		if f.Name == name {
			return f, true
		}
	}
	return Field{}, false
}

// Pick returns the named fields, without those that do not exist or are hidden.
func (e *Entity) Pick(names []string) []Field {
	var fs []Field
	for _, name := range names {
		if f, ok := e.Field(name); ok && !f.Hidden {
			fs = append(fs, f)
		}
	}
	return fs
}

// Shown returns every field that is on pages, the base fields last.
func (e *Entity) Shown() []Field {
	fs := slices.DeleteFunc(slices.Clone(e.Fields), func(f Field) bool { return f.Hidden })
	return append(fs, Base...)
}

// Writable returns the fields that a form may set.
func (e *Entity) Writable() []Field {
	return slices.DeleteFunc(slices.Clone(e.Fields), func(f Field) bool { return f.Hidden || f.ReadOnly })
}

// URL is the address of an entity's list, or with an id of a record.
func (e *Entity) URL() string { return "/admin/" + e.Path }
