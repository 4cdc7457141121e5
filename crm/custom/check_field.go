package custom

import (
	"fmt"
	"slices"
	"strings"

	"rowhouse/crm/entity"
	"rowhouse/crm/record"
)

// reserved are the columns that every record has, and words that forms and addresses use beside fields.
func reserved() []string {
	return []string{"id", "version", "created_at", "created_by", "updated_at", "updated_by", "deleted_at", "deleted_by", "place", "rowid", "oid", "force", "template", "title_search", "rank"}
}

// sqlWords are the words that SQLite keeps for itself.
const sqlWords = ` abort add after all alter always analyze and as asc attach autoincrement before begin between by cascade case cast check collate column commit conflict constraint create cross current current_date current_time current_timestamp database default deferrable deferred delete desc detach distinct do drop each else end escape except exclude exclusive exists explain fail filter first following for foreign from full generated glob group groups having if ignore immediate in index indexed initially inner insert instead intersect into is isnull join key last left like limit match materialized natural no not nothing notnull null nulls of offset on or order others outer over partition plan pragma preceding primary query raise range recursive references regexp reindex release rename replace restrict returning right rollback row rows savepoint select set table temp temporary then ties to transaction trigger unbounded union unique update using vacuum values view virtual when where window with without `

func (c *checker) fields(at string, e *Entity) {
	if n := len(e.Fields); n == 0 || n > maxFields {
		c.Add(at+".fields", "An entity has 1 to %d fields, and these are %d.", maxFields, n)
	}
	names, columns := map[string]bool{}, map[string]string{}
	for i := range e.Fields[:min(len(e.Fields), maxFields)] {
		f, here := &e.Fields[i], fmt.Sprintf("%s.fields[%d]", at, i)
		c.name(here+".name", f.Name, names)
		if slices.Contains(reserved(), f.Name) || strings.HasPrefix(f.Name, entity.CustomPrefix) || strings.Contains(sqlWords, " "+f.Name+" ") {
			c.Add(here+".name", "%q is reserved.", short(f.Name))
		}
		c.line(here+".label", f.Label, 60, true)
		c.line(here+".hint", f.Hint, 200, false)
		c.line(here+".section", f.Section, 60, false)
		if f.Hidden && f.Required {
			c.Add(here+".hidden", "A field that is required cannot be hidden.")
		}
		if !slices.Contains(kinds(), f.Kind) {
			c.Add(here+".kind", "%q is not a kind. Kinds are: %s.", short(f.Kind), strings.Join(kinds(), ", "))
			continue
		}
		for _, column := range c.d.kind(f).Columns() {
			if other := columns[f.Name+column.Suffix]; other != "" && other != f.Name {
				c.Add(here+".name", "%q and %q would be kept in the same column.", f.Name, other)
			}
			columns[f.Name+column.Suffix] = f.Name
		}
		c.kind(here, f)
	}
}

// kind checks what belongs to some kinds only.
func (c *checker) kind(at string, f *Field) {
	needs := map[string]string{"owner": "staff", "tags": "tags", "next_step": "line"}[f.Name] // the pages know these by name
	if needs != "" && f.Kind != needs {
		c.Add(at+".kind", "A field called %q must be of the kind %s.", f.Name, needs)
	}
	chosen := f.Kind == "select" || f.Kind == "multi"
	c.belongs(at+".options", chosen, len(f.Options) > 0, "select or multi")
	c.belongs(at+".list", f.Kind == "pick", f.List != "", "pick")
	c.belongs(at+".to", f.Kind == "link", f.To != "", "link")
	if f.Kind == "pick" && f.List != "" && c.d.Choices[f.List] == nil {
		c.Add(at+".list", "There is no list %q among the choices.", short(f.List))
	}
	if f.Kind == "link" && f.To != "" && c.d.target(f.To) == f.To && !slices.ContainsFunc(c.builtin, func(e entity.Entity) bool { return e.Name == f.To }) {
		c.Add(at+".to", "There is no entity %q to link to.", short(f.To))
	}
	if len(f.Options) > maxOptions {
		c.Add(at+".options", "There may be at most %d options, and these are %d.", maxOptions, len(f.Options))
	}
	keys := map[string]bool{}
	for i, o := range f.Options[:min(len(f.Options), maxOptions)] {
		here := fmt.Sprintf("%s.options[%d]", at, i)
		c.line(here+".key", o.Key, 40, true)
		c.line(here+".label", o.Label, 60, true)
		c.colour(here, o.Colour)
		if keys[o.Key] || strings.Contains(o.Key, ",") {
			c.Add(here+".key", "%q is here twice, or holds a comma.", short(o.Key))
		}
		keys[o.Key] = true
	}
	c.value(at+".default", f, f.Default)
	if f.Kind == "pick" && len(f.Default.Texts) > 0 {
		c.Add(at+".default", "A list of choices has its own default: say it in the list.")
	}
}

// belongs says that a key is missing where it must be, or stands where it means nothing.
func (c *checker) belongs(at string, wanted, there bool, kind string) {
	switch {
	case wanted && !there:
		c.Add(at, "Please fill this in.")
	case there && !wanted:
		c.Add(at, "Only fields of the kind %s have this.", kind)
	}
}

func (c *checker) colour(at string, n int) {
	if n < 0 || n > 11 {
		c.Add(at+".colour", "A colour is a number from 0 to 11.")
	}
}

// value checks what is to stand in a field before anybody types.
func (c *checker) value(at string, f *Field, v Value) {
	if v.wrong {
		c.Add(at, "A value is a text, a number, true or false, or a list of texts.")
		return
	}
	if n := len(strings.Join(v.Texts, "")); n > maxValue {
		c.Add(at, "Please use at most %d characters (these are %d).", maxValue, n)
		return
	}
	if len(v.Texts) == 0 {
		return
	}
	var err error
	switch f.Kind {
	case "link":
		c.Add(at, "A link cannot be filled in before.")
	case "staff":
		if len(v.Texts) != 1 || v.Texts[0] != "me" {
			c.Add(at, "Of the staff only “me” can be filled in before.")
		}
	case "pick":
		if len(v.Texts) != 1 || !slices.ContainsFunc(c.d.Choices[f.List], func(o Choice) bool { return o.Label == v.Texts[0] }) {
			c.Add(at, "Please choose one of the list.")
		}
	default:
		_, err = c.d.kind(f).Parse(v.Texts, &entity.Env{Currency: "EUR"})
	}
	if err != nil {
		c.add(at, err)
	}
}

// lists checks the choices, and that those of a board can be its columns.
func (c *checker) lists() {
	if n := len(c.d.Choices); n > maxLists {
		c.Add("choices", "There may be at most %d lists, and these are %d.", maxLists, n)
		return
	}
	boards := map[string]bool{}
	for _, e := range c.d.Entities {
		for _, f := range e.Fields {
			boards[f.List] = boards[f.List] || f.Kind == "pick" && e.Board.By == f.Name
		}
	}
	for _, name := range sorted(c.d.Choices) {
		at, rows := "choices."+short(name), c.d.Choices[name]
		c.name(at, name, map[string]bool{})
		if n := len(rows); n == 0 || n > record.MaxChoices {
			c.Add(at, "A list has 1 to %d choices, and these are %d.", record.MaxChoices, n)
		}
		c.choices(at, rows[:min(len(rows), record.MaxChoices)], boards[name])
	}
}

func (c *checker) choices(at string, rows []Choice, board bool) {
	labels := map[string]bool{}
	open, defaults := false, 0
	for i, row := range rows {
		here := fmt.Sprintf("%s[%d]", at, i)
		c.line(here+".label", row.Label, 60, true)
		c.colour(here, row.Colour)
		if labels[strings.ToLower(row.Label)] {
			c.Add(here+".label", "%q is here twice.", short(row.Label))
		}
		labels[strings.ToLower(row.Label)] = true
		known := slices.ContainsFunc(record.StageKinds, func(o entity.Option) bool { return o.Key == row.Kind })
		switch {
		case board && !known:
			c.Add(here+".kind", "A column of a board is open, won, lost or junk, not %q.", short(row.Kind))
		case !board && row.Kind != "":
			c.Add(here+".kind", "Only the columns of a board have this.")
		}
		if row.Default {
			if defaults++; defaults > 1 || board && row.Kind != "open" {
				c.Add(here+".default", "One choice at most is the default, and on a board it is an open one.")
			}
		}
		open = open || row.Kind == "open"
	}
	if board && !open {
		c.Add(at, "A board needs an open choice with which records start.")
	}
}
