package record_test

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"rowhouse/crm/contact"
	"rowhouse/crm/customer"
	"rowhouse/crm/entity"
	"rowhouse/crm/lead"
	"rowhouse/crm/record"
	"rowhouse/crm/staff"
	"rowhouse/data"
	"rowhouse/data/fault"
	"rowhouse/ui"
	"rowhouse/ui/live"
)

// company is a file with leads, customers and contacts, and who works there.
type company struct {
	*testing.T
	db   *data.DB
	dir  string
	now  time.Time
	zone *time.Location
	room int64
	hub  *live.Hub
}

// The people of every test.
const (
	ada = 1 // administrator
	bob = 2 // sees everything, changes and deletes what is his
	eve = 3 // sees what is hers
)

var entities = []entity.Entity{lead.Entity, customer.Entity, contact.Entity}

func newCompany(t *testing.T) *company {
	t.Helper()
	t.Parallel()
	c := &company{T: t, dir: t.TempDir(), now: time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC), zone: time.UTC, room: -1, hub: &live.Hub{}}
	var err error
	if c.db, err = data.Create(t.Context(), filepath.Join(c.dir, "crm.db")); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.db.Close() })
	schema := data.Schema{{Name: "record", Files: record.Schema}, {Name: "staff", Files: staff.Schema}, {Name: "lead", Files: lead.Schema}, {Name: "customer", Files: customer.Schema}, {Name: "contact", Files: contact.Schema}}
	if err := schema.Migrate(t.Context(), c.db, nil); err != nil {
		t.Fatal(err)
	}
	c.exec(`insert into role (id, name, admin) values (1, 'Administrator', 1)`)
	c.exec(`insert into staff (id, email, first, last, role, state, created_at) values (1, 'ada@x.example', 'Ada', 'Ortiz', 1, 'active', 0), (2, 'bob@x.example', 'Bob', '', 1, 'active', 0),
		(3, 'eve@x.example', 'Eve', 'Li', 1, 'active', 0), (4, 'bobby@x.example', 'Bob', 'Junior', 1, 'active', 0), (5, 'old@x.example', 'Olga', 'Old', 1, 'inactive', 0)`)
	c.exec(`insert into choice (id, list, label, kind, position, main) values (1, 'lead.status', 'New', 'open', 1, 1), (2, 'lead.status', 'Talking', 'open', 2, 0), (3, 'lead.status', 'Won', 'won', 3, 0),
		(4, 'lead.source', 'Fair', '', 2, 0), (5, 'lead.source', 'Web', '', 1, 0), (6, 'customer.group', 'Key', '', 1, 0)`)
	return c
}

func (c *company) exec(query string, args ...any) {
	c.Helper()
	if _, err := c.db.Exec(context.Background(), query, args...); err != nil {
		c.Fatalf("%s: %v", query, err)
	}
	c.db.Forget()
}

func (c *company) count(query string, args ...any) (n int) {
	c.Helper()
	if err := c.db.QueryRow(context.Background(), query, args...).Scan(&n); err != nil {
		c.Fatalf("%s: %v", query, err)
	}
	return n
}

// as is the records as one of the people sees them.
func (c *company) as(person int64) *record.Store {
	c.Helper()
	book, err := record.Open(context.Background(), c.db, "test", entities)
	if err != nil {
		c.Fatal(err)
	}
	actor := record.Actor{ID: person, Admin: person == ada, Rights: map[string]record.Right{}}
	for _, e := range entities {
		actor.Rights[e.Name] = map[int64]record.Right{bob: {View: record.All, Edit: record.Own, Delete: record.Own, Create: true}, eve: {View: record.Own, Edit: record.Own, Create: true}}[person]
	}
	if person == bob {
		actor.Mates = []int64{bob, 4}
	}
	return &record.Store{DB: c.db, Book: book, Actor: actor, Now: c.now, Files: filepath.Join(c.dir, "files"), Room: c.room, House: "h", Hub: c.hub, Request: "r1",
		Look: &ui.Look{Words: ui.English, Now: c.now, Zone: c.zone}}
}

func (c *company) entity(name string) *entity.Entity { return c.as(ada).Book.Entity(name) }

// make keeps a record of pairs of fields and what is typed into them.
func (c *company) make(person int64, name string, pairs ...string) int64 {
	c.Helper()
	id, err := c.try(person, name, pairs...)
	if err != nil {
		c.Fatal(err)
	}
	return id
}

func (c *company) try(person int64, name string, pairs ...string) (int64, error) {
	c.Helper()
	s, e := c.as(person), c.entity(name)
	values, problems := s.Parse(e.Writable(), form(pairs...))
	if err := problems.Err(); err != nil {
		return 0, fmt.Errorf("%v: %w", pairs, err)
	}
	return s.Create(context.Background(), e, values)
}

func form(pairs ...string) map[string][]string {
	typed := map[string][]string{}
	for i := 0; i < len(pairs); i += 2 {
		typed[pairs[i]] = append(typed[pairs[i]], pairs[i+1])
	}
	return typed
}

// found are the ids of the records that a filter finds, as one of the people sees them.
func (c *company) found(person int64, name, filter string) ([]int64, error) {
	c.Helper()
	e := c.entity(name)
	f, err := entity.ParseFilter(e, filter)
	if err != nil {
		return nil, err
	}
	return c.as(person).IDs(context.Background(), e, record.Query{Filter: f}, 10000)
}

func (c *company) is(err error, kind fault.Kind, what string) {
	c.Helper()
	if !fault.Is(err, kind) {
		c.Errorf("%s: %v", what, err)
	}
}
