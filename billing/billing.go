// Package billing is what tenants pay for: plans, subscriptions, invoices, and the turn of the month.
// It tells the tenant what it may use; nothing asks billing.
//
// The books are here and nowhere else: a gateway only moves money. What a payment does is written on its invoice in absolute
// words when the invoice is issued, and is done once, in one transaction with the letter about it.
package billing

import (
	"context"
	"database/sql"
	"embed"
	"sync"
	"time"

	"rowhouse/billing/gateway"
	"rowhouse/data"
	"rowhouse/data/clock"
	"rowhouse/tenant"
)

// Schema holds the plans and prices, the books, and the plans that every host begins with.
//
//go:embed *.sql
var Schema embed.FS

// Billing keeps the books.
type Billing struct {
	DB      *data.DB // the host's
	Tenants *tenant.Tenants
	Clock   clock.Clock
	Seal    Seal
	Kinds   []gateway.Kind // what the host can turn on
	Wake    func()         // called when a tenant waits to be provisioned, or an event to be read; may be nil

	Modules []string // the modules that * stands for in a plan
	Inbox   bool     // letters stay in the built-in inbox
	// Fail is called before each subject of a turn; tests stop the program there. Nil otherwise.
	Fail func()
	// Patience is how long a clock that has leapt must go on evenly until it is believed; 0 is ten minutes.
	Patience time.Duration

	mu    sync.Mutex
	live  map[string]gateway.Gateway // with the keys of now
	leapt watch                      // since when the clock is not believed
	ran   map[string]time.Time       // when each job was done last
}

// today is the day in the host's zone.
func (b *Billing) today(ctx context.Context, tx *sql.Tx) (Day, error) {
	seller, err := sellerIn(ctx, tx)
	return DayOf(b.Clock.Now(), seller.Location()), err
}

// Today is the day in the host's zone.
func (b *Billing) Today(ctx context.Context) (Day, error) {
	seller, err := b.Seller(ctx)
	return DayOf(b.Clock.Now(), seller.Location()), err
}

func (b *Billing) wake() {
	if b.Wake != nil {
		b.Wake()
	}
}

// collect reads all rows of a query in a transaction. Statements of a transaction must not overlap, so rows are read before
// anything else is asked.
func collect[T any](ctx context.Context, tx *sql.Tx, scan func(interface{ Scan(...any) error }) (T, error), query string, args ...any) ([]T, error) {
	rows, err := tx.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	return gather(rows, scan)
}

func gather[T any](rows *sql.Rows, scan func(interface{ Scan(...any) error }) (T, error)) ([]T, error) {
	defer rows.Close()
	var list []T
	for rows.Next() {
		one, err := scan(rows)
		if err != nil {
			return nil, err
		}
		list = append(list, one)
	}
	return list, rows.Err()
}

func scanID(row interface{ Scan(...any) error }) (int64, error) {
	var id int64
	err := row.Scan(&id)
	return id, err
}
