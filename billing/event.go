package billing

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"rowhouse/billing/gateway"
	"rowhouse/data/fault"
)

// Event is a message of a gateway as it is kept.
type Event struct {
	Gateway, ID, Type string
	Said              gateway.Event
	State             string // new, done, ignored, foreign, unmatched, dead
	Tries             int
	Due, Received     time.Time
	Error             string
}

const eventColumns = `gateway, id, type, said, state, tries, due_at, received_at, error`

func scanEvent(row interface{ Scan(...any) error }) (Event, error) {
	var e Event
	var said string
	var due, received int64
	err := row.Scan(&e.Gateway, &e.ID, &e.Type, &said, &e.State, &e.Tries, &due, &received, &e.Error)
	if err != nil {
		return e, err
	}
	e.Due, e.Received = moment(due), moment(received)
	return e, json.Unmarshal([]byte(said), &e.Said)
}

// Hear takes a message of a gateway: it is checked, kept, and answered; what follows from it is done afterwards.
// The error is a fault.Invalid for one that is not the gateway's own. A message that was heard before is taken and changes nothing.
func (b *Billing) Hear(ctx context.Context, name string, header http.Header, body []byte) error {
	g, err := b.gateway(ctx, name)
	if err != nil {
		return err
	}
	e, err := g.Hear(ctx, header, body)
	if err != nil {
		return err
	}
	if e.ID == "" {
		return fault.New(fault.Invalid, "The message has no number.")
	}
	if err := b.keepEvent(ctx, name, e, body); err != nil {
		return err
	}
	b.wake()
	return nil
}

func (b *Billing) keepEvent(ctx context.Context, name string, e gateway.Event, body []byte) error {
	said, err := json.Marshal(e)
	if err != nil {
		return err
	}
	now := b.Clock.Now().UnixMilli()
	_, err = b.DB.Exec(ctx, `insert or ignore into event (gateway, id, type, said, body, due_at, received_at) values (?, ?, ?, ?, ?, ?, ?)`, name, e.ID, e.Type, string(said), body, now, now)
	if err != nil {
		return fmt.Errorf("keep event of %s: %w", name, err)
	}
	return nil
}

// pauses between the tries of an event; after the last one it is dead and waits for a person.
var eventPauses = []time.Duration{time.Minute, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 12 * time.Hour}

// Listen does what follows from the messages that are due.
func (b *Billing) Listen(ctx context.Context) error {
	for ctx.Err() == nil {
		rows, err := b.DB.Query(ctx, `select `+eventColumns+` from event where state = 'new' and due_at <= ? order by due_at, received_at limit 200`, b.Clock.Now().UnixMilli())
		if err != nil {
			return err
		}
		due, err := gather(rows, scanEvent)
		if err != nil || len(due) == 0 {
			return err
		}
		for _, e := range due {
			if err := b.act(ctx, e); err != nil {
				return err
			}
		}
	}
	return ctx.Err()
}

// act does what follows from one message and notes how that went.
func (b *Billing) act(ctx context.Context, e Event) error {
	state, err := b.follow(ctx, e)
	if err == nil {
		return b.noteEvent(ctx, e, state, "")
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	slog.Warn("an event could not be worked on", "gateway", e.Gateway, "event", e.ID, "try", e.Tries+1, "err", err)
	if e.Tries >= len(eventPauses) {
		return b.noteEvent(ctx, e, "dead", err.Error())
	}
	_, err = b.DB.Exec(ctx, `update event set tries = tries + 1, due_at = ?, error = ? where gateway = ? and id = ?`,
		b.Clock.Now().Add(eventPauses[e.Tries]).UnixMilli(), err.Error(), e.Gateway, e.ID)
	return err
}

func (b *Billing) noteEvent(ctx context.Context, e Event, state, words string) error {
	return b.DB.Tx(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `update event set state = ?, error = ?, tries = tries + 1 where gateway = ? and id = ?`, state, words, e.Gateway, e.ID)
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `update gateway set last_event = max(coalesce(last_event, 0), ?) where name = ?`, e.Received.UnixMilli(), e.Gateway); err != nil {
			return err
		}
		if state != "unmatched" && state != "dead" {
			return nil
		}
		return b.alert(ctx, tx, "event:"+e.Gateway+":"+e.ID, "An event of "+e.Gateway+" is "+state, "/admin/events",
			fmt.Sprintf("%s said %s (%s) and it could not be worked on: %s. You can look at it and run it again in the panel.", e.Gateway, e.Type, e.ID, words))
	})
}

// follow finds what a message is about, asks the gateway how that stands, and settles it. It returns the state of the message.
func (b *Billing) follow(ctx context.Context, e Event) (string, error) {
	if e.Said.Topic == gateway.Nothing {
		return "ignored", nil
	}
	if e.Said.Install != "" && e.Said.Install != b.install() {
		return "foreign", nil
	}
	switch e.Said.Topic {
	case gateway.Methods:
		return "done", b.methodNews(ctx, e)
	case gateway.Refunded, gateway.Disputed:
		return b.reversalNews(ctx, e)
	}
	a, err := b.match(ctx, e)
	if fault.Is(err, fault.Missing) {
		return unclaimed(e), nil
	}
	if err != nil {
		return "", err
	}
	return "done", b.ask(ctx, a)
}

// unclaimed is the state of a message about something that we do not know: it is ours if it says so, and else somebody else's
// who shares the account.
func unclaimed(e Event) string {
	if e.Said.Install == "" && e.Said.Attempt == "" {
		return "foreign"
	}
	return "unmatched"
}

// match finds the attempt of a message: by our key, or by what the gateway calls it.
func (b *Billing) match(ctx context.Context, e Event) (Attempt, error) {
	if e.Said.Attempt != "" {
		a, err := b.Attempt(ctx, e.Said.Attempt)
		if err == nil && a.Gateway != e.Gateway {
			return a, fault.New(fault.Missing, "There is no such payment.")
		}
		return a, err
	}
	found, err := b.attempts(ctx, `where a.gateway = ? and ((? <> '' and a.ref = ?) or (? <> '' and a.id = (select attempt from payment where gateway = ? and ref = ? and kind = 'payment'))) limit 1`,
		e.Gateway, e.Said.Ref, e.Said.Ref, e.Said.Payment, e.Gateway, e.Said.Payment)
	if err == nil && len(found) == 0 {
		err = fault.New(fault.Missing, "There is no such payment.")
	}
	if err != nil {
		return Attempt{}, err
	}
	return found[0], nil
}

// methodNews renews a saved method, or puts it away.
func (b *Billing) methodNews(ctx context.Context, e Event) error {
	m := e.Said.Method
	if m == nil {
		return nil
	}
	if e.Said.Gone {
		_, err := b.DB.Exec(ctx, `update method set usable = 0 where gateway = ? and ref = ?`, e.Gateway, m.Ref)
		return err
	}
	_, err := b.DB.Exec(ctx, `update method set label = iif(? = '', label, ?), month = ?, year = ? where gateway = ? and ref = ?`, m.Label, m.Label, m.Month, m.Year, e.Gateway, m.Ref)
	return err
}

// Replay lets a message be worked on once more. The error is a fault.Missing if there is none.
func (b *Billing) Replay(ctx context.Context, name, id, actor string) error {
	err := b.DB.Tx(ctx, func(tx *sql.Tx) error {
		done, err := tx.ExecContext(ctx, `update event set state = 'new', tries = 0, due_at = ?, error = '' where gateway = ? and id = ?`, b.Clock.Now().UnixMilli(), name, id)
		if err != nil {
			return err
		}
		if n, err := done.RowsAffected(); err != nil || n == 0 {
			return fault.Because(err, fault.Missing, "There is no such event.")
		}
		return b.Tenants.Audit(ctx, tx, actor, "replay event", "", name+" "+id)
	})
	if err == nil {
		b.wake()
	}
	return err
}

// Events returns messages in a state, or all, the newest first.
func (b *Billing) Events(ctx context.Context, state string, limit int) ([]Event, error) {
	rows, err := b.DB.Query(ctx, `select `+eventColumns+` from event where ? = '' or state = ? order by received_at desc, id limit ?`, state, state, limit)
	if err != nil {
		return nil, err
	}
	return gather(rows, scanEvent)
}
