package billing

import (
	"context"
	"time"
)

// EventsBefore returns messages in a state, or all if it is empty, the newest first. before and id are of the last one of the page
// before; a zero time is the first page.
func (b *Billing) EventsBefore(ctx context.Context, state string, before time.Time, id string, limit int) ([]Event, error) {
	rows, err := b.DB.Query(ctx, `select `+eventColumns+` from event where (?1 = '' or state = ?1) and (?2 = 0 or (received_at, id) < (?2, ?3)) order by received_at desc, id desc limit ?4`,
		state, millis(before), id, limit)
	if err != nil {
		return nil, err
	}
	return gather(rows, scanEvent)
}

// EventCounts is how many messages are in each state.
func (b *Billing) EventCounts(ctx context.Context) (map[string]int64, error) {
	return b.counts(ctx, `select state, count(*) from event group by state`)
}

// EventByID returns a message of a gateway. The error is a fault.Missing if there is none.
func (b *Billing) EventByID(ctx context.Context, gateway, id string) (Event, error) {
	e, err := scanEvent(b.DB.QueryRow(ctx, `select `+eventColumns+` from event where gateway = ? and id = ?`, gateway, id))
	return e, missing(err, "There is no such event.")
}

// InvoiceOfEvent is the invoice that a message is about, or 0 if it is about none that we know.
func (b *Billing) InvoiceOfEvent(ctx context.Context, e Event) (int64, error) {
	var id int64
	err := b.DB.QueryRow(ctx, `select coalesce((select invoice from payment_attempt where key = ?1 and ?1 <> ''), (select invoice from payment_attempt where gateway = ?2 and ref = ?3 and ?3 <> ''),
		(select invoice from payment where gateway = ?2 and ref = ?4 and ?4 <> ''), 0)`, e.Said.Attempt, e.Gateway, e.Said.Ref, e.Said.Payment).Scan(&id)
	return id, err
}

// silence is how long a gateway that is on may say nothing until its light turns amber.
const silence = 72 * time.Hour
