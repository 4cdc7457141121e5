// Package record finds and keeps the rows of entities. It is the only writer of their SQL, and the only place
// where the rights of a role are applied, so no page, export or search can forget them.
package record

import (
	"context"
	"database/sql"
	"embed"
	"time"

	"rowhouse/crm/entity"
	"rowhouse/data"
	"rowhouse/data/fault"
	"rowhouse/ui"
	"rowhouse/ui/live"
)

// Schema is what every CRM keeps beside the tables of its entities.
//
//go:embed *.sql
var Schema embed.FS

// Store is one tenant's records as one person may see them, for the time of a request.
type Store struct {
	DB      *data.DB
	Book    *Book
	Actor   Actor
	Now     time.Time
	Request string // the browser's own number of the request, so that its page does not refresh for it
	House   string
	Hub     *live.Hub
	Look    *ui.Look
	IP      string
	Files   string           // the folder of the tenant's files
	URL     string           // of the tenant's site, for letters; empty: no letters
	Posted  bool             // set when a letter was posted, so that it goes on its way after the request
	Quiet   bool             // nobody is told: imports and example data
	Room    int64            // how many bytes of files the plan includes; below 0 is without end
	Records map[string]int64 // the most records of each entity by its module; those not named are without end
}

// Row is one record: its base columns and a value for each field that was asked for.
type Row struct {
	ID, Version int64
	Fields      []entity.Field
	Values      []any
	Deleted     time.Time
}

// Value returns the value of a field that was asked for.
func (r *Row) Value(name string) any {
	for i, f := range r.Fields {
		if f.Name == name {
			return r.Values[i]
		}
	}
	return nil
}

// Draw is how this person's pages draw values.
func (s *Store) Draw() *entity.Draw {
	return &entity.Draw{Look: s.Look, Labels: s.Book, Currency: s.Book.Currency, Self: s.Actor.ID}
}

// Title says the name of a record.
func (s *Store) Title(e *entity.Entity, r *Row) string {
	f, _ := e.Field(e.Title)
	if t := f.Kind.Text(r.Value(e.Title), s.Draw()); t != "" {
		return t
	}
	return s.Look.T("(no name)")
}

// missing is said for a record that is not there and for one that this person may not see: nobody learns which.
func missing(e *entity.Entity) error {
	return fault.New(fault.Missing, "This %s does not exist, or is not for your eyes.", e.One)
}

// publish tells open pages that a record changed.
func (s *Store) publish(topics ...string) {
	if s.Hub != nil {
		s.Hub.Publish(s.House, s.Request, topics...)
	}
}

// tx runs a change and its entry in the activity log as one.
func (s *Store) tx(ctx context.Context, work func(*sql.Tx) error) error { return s.DB.Tx(ctx, work) }
