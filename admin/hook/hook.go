// Package hook tells the host's own programs what has happened.
//
// What happens is first a row, written by a trigger with what it tells of; a cursor of each webhook makes deliveries of them, and a
// worker sends these, outside of transactions. A stop between sending and noting sends once more, under the same number.
package hook

import (
	"context"
	"database/sql"
	"embed"
	"sync"
	"time"

	"rowhouse/billing"
	"rowhouse/data"
	"rowhouse/data/clock"
)

// Schema is the host's webhooks. It stands behind all parts whose tables its triggers watch.
//
//go:embed *.sql
var Schema embed.FS

// Hooks are the host's webhooks.
type Hooks struct {
	DB    *data.DB
	Clock clock.Clock
	Seal  billing.Seal
	Local bool // in the demo: this machine may be told, without https

	// Alarm tells the host in the panel that something needs a person, in a transaction. May be nil.
	Alarm func(ctx context.Context, tx *sql.Tx, key, kind, link, text string) error
	// Owners are the addresses that are written to when a webhook is turned off. May be nil.
	Owners func(ctx context.Context) ([]string, error)
	// Home is the address of the host's site, for letters, without a slash at its end.
	Home string

	running sync.Mutex // one turn at a time: a delivery is then on its way once
}

// Kind is a kind of events that can be told.
type Kind struct{ Name, Label string }

// Kinds are what can be told, in the order of the form.
func Kinds() []Kind {
	return []Kind{
		{Name: "tenant.created", Label: "A tenant is being made"},
		{Name: "tenant.active", Label: "A tenant is ready"},
		{Name: "tenant.failed", Label: "A tenant could not be made"},
		{Name: "tenant.suspended", Label: "A tenant was suspended"},
		{Name: "tenant.resumed", Label: "A tenant is open again"},
		{Name: "tenant.renamed", Label: "A tenant has a new address"},
		{Name: "tenant.archived", Label: "A tenant was put away"},
		{Name: "tenant.restored", Label: "A tenant was brought back"},
		{Name: "tenant.purged", Label: "A tenant was deleted"},
		{Name: "subscription.*", Label: "A subscription has changed"},
		{Name: "invoice.paid", Label: "An invoice is paid"},
		{Name: "payment.received", Label: "A payment has come"},
		{Name: "payment.failed", Label: "A payment has failed"},
		{Name: "payment.refunded", Label: "A payment was given back"},
	}
}

// keptFor is how long deliveries, and what a webhook that is off has not heard of yet, are kept.
const keptFor = 30 * 24 * time.Hour

// milli is a moment of the tables; 0 is none.
func milli(at int64) time.Time {
	if at == 0 {
		return time.Time{}
	}
	return time.UnixMilli(at).UTC()
}
