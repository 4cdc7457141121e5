package record

import (
	"strings"

	"rowhouse/crm/entity"
	"rowhouse/data/fault"
)

// Level is how many records a right covers.
type Level int

// The levels, each covering the one before.
const (
	None Level = iota
	Own
	Team
	All
)

// Right is what a role may do with the records of one entity.
type Right struct {
	View, Edit, Delete     Level
	Create, Export, Import bool
}

// Full is every right.
var Full = Right{View: All, Edit: All, Delete: All, Create: true, Export: true, Import: true}

// Actor is who acts. An administrator has every right.
type Actor struct {
	ID     int64
	Name   string
	Admin  bool
	Rights map[string]Right
	Mates  []int64 // the staff of the same team, oneself included
}

// Right returns what the actor may do with an entity. Nobody edits or deletes what he may not see.
func (a *Actor) Right(e *entity.Entity) Right {
	if a.Admin {
		return Full
	}
	r := a.Rights[e.Name]
	r.Edit, r.Delete = min(r.Edit, r.View), min(r.Delete, r.View)
	if r.View == None {
		return Right{}
	}
	return r
}

// denied is said where a role lacks a right.
func denied(what string, e *entity.Entity) error {
	return fault.New(fault.Denied, "Your role does not include "+what+" %s. An administrator can change that.", e.Many)
}

// sees is the condition that the actor may see the records of e under the alias t: those in his scope, and those
// that are open to everybody who sees some. Open to see is not open to change.
func (s *Store) sees(e *entity.Entity, t string, q *query) {
	level := s.Actor.Right(e).View
	if e.Public == "" || level == None || level >= All {
		s.scope(e, level, t, q)
		return
	}
	q.add("(")
	s.scope(e, level, t, q)
	q.add(" or " + t + "." + quote(e.Public) + " = 1)")
}

// scope is the condition that a level puts on the records of e, which stand under the alias t.
func (s *Store) scope(e *entity.Entity, level Level, t string, q *query) {
	switch {
	case level >= All:
		q.add("1")
	case level == None:
		q.add("0")
	default:
		ids := []int64{s.Actor.ID}
		if level == Team && len(s.Actor.Mates) > 0 {
			ids = s.Actor.Mates
		}
		q.add("(")
		owned(e, t, ids, q)
		if via, ok := e.Field(e.Via); ok {
			if link, ok := via.Kind.(entity.Link); ok {
				s.scopeVia(e, link, t, ids, q)
			}
		}
		q.add(")")
	}
}

// scopeVia is the condition that one of ids owns the record that a link leads to.
func (s *Store) scopeVia(e *entity.Entity, link entity.Link, t string, ids []int64, q *query) {
	to := s.Book.Entity(link.To)
	if to == nil {
		return // the plan does not include the other entity
	}
	q.add(" or exists (select 1 from " + quote(to.Name) + " v where v.id = " + t + "." + quote(e.Via) + " and v.deleted_at is null and (")
	owned(to, "v", ids, q)
	q.add("))")
}

// owned is the condition that one of ids made a record or owns it.
func owned(e *entity.Entity, t string, ids []int64, q *query) {
	in := func(column string) {
		q.add(t + "." + column + " in (" + strings.Repeat("?, ", len(ids)-1) + "?)")
		for _, id := range ids {
			q.args = append(q.args, id)
		}
	}
	in("created_by")
	for _, owner := range e.Owners {
		q.add(" or ")
		in(quote(owner))
	}
}

// query is SQL in the making, with its arguments.
type query struct {
	sql  strings.Builder
	args []any
}

func (q *query) add(s string, args ...any) *query {
	q.sql.WriteString(s)
	q.args = append(q.args, args...)
	return q
}

func (q *query) String() string { return q.sql.String() }

// quote makes a name safe in SQL. Names come from descriptions, but a custom field's from a person.
func quote(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }
