package custom

import (
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"

	"rowhouse/crm/entity"
)

func sorted[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// field returns the field called name, if it is there and on pages.
func (e *Entity) field(name string) *Field {
	for i := range e.Fields {
		if e.Fields[i].Name == name {
			return &e.Fields[i]
		}
	}
	return nil
}

// points checks that a key names a field of a fitting kind. No kinds: any.
func (c *checker) points(at string, e *Entity, name string, kinds ...string) *Field {
	f := e.field(name)
	switch {
	case f == nil:
		c.Add(at, "There is no field %q.", short(name))
	case f.Hidden:
		c.Add(at, "The field %q is hidden.", name)
	case len(kinds) > 0 && !slices.Contains(kinds, f.Kind):
		c.Add(at, "The field %q is of the kind %s. Here it must be: %s.", name, f.Kind, strings.Join(kinds, ", "))
	default:
		return f
	}
	return nil
}

// layout checks the keys that name fields.
func (c *checker) layout(at string, e *Entity) {
	if f := c.points(at+".title", e, e.Title, "line"); f != nil && !f.Required {
		c.Add(at+".title", "The field %q names the records, so it must be required.", e.Title)
	}
	for _, one := range []struct {
		key, name string
		kinds     []string
	}{{"subtitle", e.Subtitle, []string{"line", "link", "select"}}, {"due", e.Due, []string{"date"}}, {"contacted", e.Contacted, []string{"date"}}, {"via", e.Via, []string{"link"}},
		{"public", e.Public, []string{"bool"}}, {"board.by", e.Board.By, []string{"pick"}}, {"board.sum", e.Board.Sum, []string{"money"}}, {"board.reason", e.Board.Reason, []string{"pick"}}} {
		if one.name == "" {
			continue
		}
		f := c.points(at+"."+one.key, e, one.name, one.kinds...)
		if f != nil && one.key == "board.by" && !f.Required {
			c.Add(at+"."+one.key, "The field %q makes the columns of the board, so it must be required.", one.name)
		}
	}
	if e.Board.By == "" && (e.Board.Sum != "" || e.Board.Reason != "") {
		c.Add(at+".board.by", "Please fill this in.")
	}
	if e.Due != "" && !slices.Contains(e.Owners, "owner") {
		c.Add(at+".due", "The next steps of a person are found by the field “owner”, which must be one of the owners.")
	}
	c.several(at+".owners", e, e.Owners, "staff")
	c.several(at+".twins", e, e.Twins, "line", "emails", "phones", "web")
	c.columns(at+".list", e, e.List)
	if e.Sort != "" {
		c.columns(at+".sort", e, []string{strings.TrimPrefix(e.Sort, "-")})
	}
}

func (c *checker) several(at string, e *Entity, names []string, kinds ...string) {
	taken := map[string]bool{}
	for i, name := range names[:min(len(names), maxFields)] {
		here := fmt.Sprintf("%s[%d]", at, i)
		c.points(here, e, name, kinds...)
		if taken[name] {
			c.Add(here, "%q is here twice.", short(name))
		}
		taken[name] = true
	}
}

// columns checks names of fields among which those that every record has may be.
func (c *checker) columns(at string, e *Entity, names []string) {
	if len(names) > maxColumns {
		c.Add(at, "There may be at most %d columns, and these are %d.", maxColumns, len(names))
		return
	}
	for i, name := range names {
		if slices.ContainsFunc(entity.Base, func(f entity.Field) bool { return f.Name == name }) {
			continue
		}
		here := at
		if strings.HasSuffix(at, ".list") {
			here = fmt.Sprintf("%s[%d]", at, i)
		}
		c.points(here, e, name)
	}
	if strings.HasSuffix(at, ".list") && len(names) > 0 && names[0] != e.Title {
		c.Add(at, "The first column is the title, %q.", e.Title)
	}
}

// more checks what stands beside the fields: tiles, children, views, templates.
func (c *checker) more(at string, e *Entity) {
	for _, n := range []struct {
		key       string
		is, might int
	}{{"tiles", len(e.Tiles), maxTiles}, {"children", len(e.Children), maxEntities}, {"views", len(e.Views), maxViews}, {"templates", len(e.Templates), maxTemplates}} {
		if n.is > n.might {
			c.Add(at+"."+n.key, "There may be at most %d of these, and these are %d.", n.might, n.is)
			return
		}
	}
	for i, t := range e.Tiles {
		c.line(fmt.Sprintf("%s.tiles[%d].label", at, i), t.Label, 60, true)
	}
	for i, child := range e.Children {
		c.child(fmt.Sprintf("%s.children[%d]", at, i), e, child)
	}
	names := map[string]bool{}
	for i, v := range e.Views {
		here := fmt.Sprintf("%s.views[%d]", at, i)
		c.line(here+".name", v.Name, 60, true)
		if names[v.Name] {
			c.Add(here+".name", "%q is here twice.", short(v.Name))
		}
		names[v.Name] = true
	}
	for i, t := range e.Templates {
		here := fmt.Sprintf("%s.templates[%d]", at, i)
		c.line(here+".name", t.Name, 60, true)
		for _, name := range sorted(t.Values) {
			if f := c.points(here+".values."+short(name), e, name); f != nil && slices.Contains(kinds(), f.Kind) {
				c.value(here+".values."+name, f, t.Values[name])
			}
		}
	}
}

// child checks a list of other records: it must be one of the module's, linked to this one.
func (c *checker) child(at string, e *Entity, child Child) {
	for i := range c.d.Entities {
		if other := &c.d.Entities[i]; other.Name == child.Entity {
			if f := c.points(at+".by", other, child.By, "link"); f != nil && f.To != e.Name {
				c.Add(at+".by", "The field %q links to %q, not to %q.", child.By, short(f.To), e.Name)
			}
			return
		}
	}
	c.Add(at+".entity", "There is no entity %q in this module.", short(child.Entity))
}

// filters checks the conditions of tiles and views, once the entities are good.
func (c *checker) filters(tables []entity.Entity) {
	for i := range c.d.Entities {
		e, at := &tables[i], fmt.Sprintf("entities[%d]", i)
		for n, t := range c.d.Entities[i].Tiles {
			if _, err := entity.ParseFilter(e, string(t.Filter)); err != nil {
				c.add(fmt.Sprintf("%s.tiles[%d].filter", at, n), err)
			}
		}
		for n, v := range c.d.Entities[i].Views {
			c.view(fmt.Sprintf("%s.views[%d].query", at, n), e, v.Query)
		}
	}
}

// view checks the address of a saved list.
func (c *checker) view(at string, e *entity.Entity, query string) {
	asked, err := url.ParseQuery(query)
	if err != nil || len(query) > 4000 {
		c.Add(at, "This is no address of a list. It looks like: %s", "sort=-created_at&filter=…")
		return
	}
	for _, name := range sorted(asked) {
		if !slices.Contains([]string{"filter", "q", "sort", "col"}, name) || len(asked[name]) > 1 {
			c.Add(at, "A view has filter, q, sort and col once each, and no %q.", short(name))
		}
	}
	columns := strings.Split(asked.Get("col"), ",")
	for _, name := range append(columns, strings.TrimPrefix(asked.Get("sort"), "-")) {
		if f, ok := e.Field(name); name != "" && (!ok || f.Hidden) {
			c.Add(at, "There is no field %q.", short(name))
		}
	}
	if _, err := entity.ParseFilter(e, asked.Get("filter")); err != nil {
		c.add(at, err)
	}
}

// circles refuses links that lead back to where they begin: nothing of such a circle could be brought in first.
func (c *checker) circles() {
	links := map[string][]string{}
	for _, e := range c.d.Entities {
		for _, f := range e.Fields {
			if f.Kind == "link" {
				links[e.Name] = append(links[e.Name], f.To)
			}
		}
	}
	done := map[string]bool{}
	var follow func(name string, way []string)
	follow = func(name string, way []string) {
		if i := slices.Index(way, name); i >= 0 {
			c.Add("entities", "Links lead in a circle: %s.", strings.Join(append(slices.Clone(way[i:]), name), " → "))
			return
		}
		if done[name] {
			return
		}
		for _, to := range links[name] {
			follow(to, append(way, name))
		}
		done[name] = true
	}
	for _, e := range c.d.Entities {
		follow(e.Name, nil)
	}
}
