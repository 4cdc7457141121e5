package custom

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"rowhouse/crm/entity"
	"rowhouse/ui"
)

// The most that a module may have.
const (
	maxEntities  = 20
	maxFields    = 100
	maxOptions   = 200
	maxLists     = 50
	maxTemplates = 50
	maxViews     = 20
	maxTiles     = 12
	maxColumns   = 30
	maxVersion   = 1_000_000
	maxValue     = 2000 // bytes: some kinds take long over much
)

var (
	moduleShape = regexp.MustCompile(`^[a-z][a-z0-9]{1,29}$`)
	nameShape   = regexp.MustCompile(`^[a-z][a-z0-9_]{1,29}$`)
	pathShape   = regexp.MustCompile(`^[a-z][a-z0-9-]{1,29}$`)
)

// checker finds what is wrong with a description.
type checker struct {
	*Refused
	d       *Description
	builtin []entity.Entity
}

func (c *checker) module() {
	if c.d.Format != 1 {
		c.Add("rowhouse_module", "This is %d, but 1 is the only format that this program knows.", c.d.Format)
	}
	if !moduleShape.MatchString(c.d.Name) {
		c.Add("name", "%q is no name of a module. It has 2 to 30 small letters and digits, with a letter first.", short(c.d.Name))
	} else if c.isBuiltin(c.d.Name) {
		c.Add("name", "%q is the name of a built-in module.", c.d.Name)
	}
	if c.d.Version < 1 || c.d.Version > maxVersion {
		c.Add("version", "A version is a whole number from 1 on.")
	}
	c.line("label", c.d.Label, 60, true)
	c.long("about", c.d.About, 2000)
	if n := len(c.d.Entities); n == 0 || n > maxEntities {
		c.Add("entities", "A module has 1 to %d entities, and these are %d.", maxEntities, n)
	}
	names, paths := map[string]bool{}, map[string]bool{}
	for i := range c.d.Entities[:min(len(c.d.Entities), maxEntities)] {
		e, at := &c.d.Entities[i], fmt.Sprintf("entities[%d]", i)
		c.name(at+".name", e.Name, names)
		if c.isBuiltin(e.Name) || strings.Contains(e.Name, "_search") {
			c.Add(at+".name", "%q is reserved.", e.Name)
		}
		switch {
		case !pathShape.MatchString(e.Path):
			c.Add(at+".path", "%q is no path. It has 2 to 30 small letters, digits and hyphens, with a letter first.", short(e.Path))
		case paths[e.Path]:
			c.Add(at+".path", "%q is here twice.", e.Path)
		}
		paths[e.Path] = true
		c.entity(at, e)
	}
	c.lists()
	c.circles()
}

func (c *checker) isBuiltin(name string) bool {
	return slices.ContainsFunc(c.builtin, func(e entity.Entity) bool { return e.Name == name || e.Module == name || e.Path == name })
}

// entity checks one entity. What needs its fields to be good comes last.
func (c *checker) entity(at string, e *Entity) {
	c.line(at+".one", e.One, 40, true)
	c.line(at+".many", e.Many, 40, true)
	c.line(at+".group", e.Group, 40, false)
	if e.Icon != "" && !slices.Contains(ui.Icons(), e.Icon) {
		c.Add(at+".icon", "There is no icon %q. The nearest is %q.", short(e.Icon), nearest(short(e.Icon), ui.Icons()))
	}
	c.fields(at, e)
	c.layout(at, e)
	c.more(at, e)
	c.right(at+".rights.manager", e.Rights.Manager)
	c.right(at+".rights.member", e.Rights.Member)
}

// line checks one line of text.
func (c *checker) line(at, s string, most int, required bool) {
	switch n := len([]rune(s)); {
	case s == "" && required:
		c.Add(at, "Please fill this in.")
	case n > most:
		c.Add(at, "Please use at most %d characters (these are %d).", most, n)
	case entity.Plain(s) != s:
		c.Add(at, "This has spaces at its ends or in a row, line ends, or signs that cannot be seen.")
	}
}

// long checks text of several lines.
func (c *checker) long(at, s string, most int) {
	switch n := len([]rune(s)); {
	case n > most:
		c.Add(at, "Please use at most %d characters (these are %d).", most, n)
	case entity.Lines(s) != s:
		c.Add(at, "This has spaces at its ends or signs that cannot be seen.")
	}
}

// name checks a name that must be the only one among its like.
func (c *checker) name(at, s string, taken map[string]bool) {
	switch {
	case !nameShape.MatchString(s):
		c.Add(at, "%q is no name. It has 2 to 30 small letters, digits and _, with a letter first.", short(s))
	case taken[s]:
		c.Add(at, "%q is here twice.", s)
	}
	taken[s] = true
}

func (c *checker) right(at string, r *Right) {
	if r == nil {
		return
	}
	for _, level := range []struct{ key, word string }{{"view", r.View}, {"edit", r.Edit}, {"delete", r.Delete}} {
		if level.word != "" && !slices.Contains(levels(), level.word) {
			c.Add(at+"."+level.key, "%q is no level of a right. Levels are: %s.", short(level.word), strings.Join(levels(), ", "))
		}
	}
}

// levels are the words for how many records a right covers, in the order of record.Level.
func levels() []string { return []string{"none", "own", "team", "all"} }

// nearest is the word of a list that needs the fewest changes to be s.
func nearest(s string, of []string) string {
	best, least := "", 1<<30
	for _, word := range of {
		if n := distance(s, word); n < least {
			best, least = word, n
		}
	}
	return best
}

// distance is how many letters must be changed, added or left out to make b of a.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		before := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := before
			if a[i] != b[j] {
				change++
			}
			before = row[j+1]
			row[j+1] = min(change, row[j+1]+1, row[j]+1)
		}
	}
	return row[len(b)]
}
