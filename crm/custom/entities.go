package custom

import (
	"strings"

	"rowhouse/crm/entity"
)

// table is the name of the table and the topic of one of the module's entities. No table of ours ever begins so.
func (d *Description) table(name string) string { return Prefix + d.Name + "_" + name }

// target is what a link's "to" means: one of the module's own entities, or a built-in one.
func (d *Description) target(to string) string {
	for _, e := range d.Entities {
		if e.Name == to {
			return d.table(to)
		}
	}
	return to
}

// list is the name that a list of choices has in a tenant's file.
func (d *Description) list(name string) string { return Prefix + d.Name + "." + name }

// entities makes the descriptions that the CRM works with.
func (d *Description) entities() []entity.Entity {
	var all []entity.Entity
	for i := range d.Entities {
		all = append(all, d.entity(&d.Entities[i]))
	}
	return all
}

func (d *Description) entity(e *Entity) entity.Entity {
	made := entity.Entity{Name: d.table(e.Name), Path: "x-" + d.Name + "-" + e.Path, One: e.One, Many: e.Many, Icon: e.Icon, Group: e.Group, Module: Prefix + d.Name,
		Title: e.Title, Subtitle: e.Subtitle, List: e.List, Sort: e.Sort, Board: entity.Board(e.Board), Due: e.Due, Contacted: e.Contacted, Owners: e.Owners, Via: e.Via, Public: e.Public, Twins: e.Twins}
	if made.Icon == "" {
		made.Icon = "circle-dot"
	}
	if made.Group == "" {
		made.Group = d.Label
	}
	if len(made.List) == 0 {
		made.List = []string{e.Title, "created_at"}
	}
	if made.Sort == "" {
		made.Sort = "-created_at"
	}
	for i := range e.Fields {
		f := &e.Fields[i]
		made.Fields = append(made.Fields, entity.Field{Name: f.Name, Label: f.Label, Hint: f.Hint, Section: f.Section, Kind: d.kind(f), Required: f.Required, Hidden: f.Hidden,
			Default: strings.Join(f.Default.Texts, ",")})
	}
	for _, t := range e.Tiles {
		made.Tiles = append(made.Tiles, entity.Tile{Label: t.Label, Filter: string(t.Filter)})
	}
	for _, c := range e.Children {
		made.Children = append(made.Children, entity.Child{Entity: d.table(c.Entity), By: c.By})
	}
	for _, t := range e.Templates {
		values := map[string][]string{}
		for name, v := range t.Values {
			values[name] = v.Texts
		}
		made.Templates = append(made.Templates, entity.Template{Name: t.Name, Values: values})
	}
	return made
}

// kind makes the kind that a field names; nil if there is no such kind.
func (d *Description) kind(f *Field) entity.Kind {
	var options []entity.Option
	for _, o := range f.Options {
		options = append(options, entity.Option{Key: o.Key, Label: o.Label, Hue: o.Colour})
	}
	switch f.Kind {
	case "pick":
		return entity.Pick{List: d.list(f.List)}
	case "link":
		return entity.Link{To: d.target(f.To)}
	case "tags":
		return entity.Tags{}
	}
	return entity.KindOf(f.Kind, options)
}

// kinds are the words for the kinds of fields.
func kinds() []string {
	var words []string
	for _, k := range entity.CustomKinds {
		words = append(words, k.Key)
	}
	return append(words, "tags", "pick", "link")
}
