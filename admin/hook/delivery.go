package hook

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"rowhouse/data/fault"
)

// Delivery is one event on its way to one webhook, with how its last try went.
type Delivery struct {
	ID, Webhook, Event  int64
	Kind, State         string // State is waiting, sent or dead
	Tries, Status       int    // Status 0: no answer
	Due, Created, Tried time.Time
	Took                time.Duration
	Answer, Error       string
	Tenant              string
	data                string
	happened            int64
}

const deliveryColumns = `d.id, d.webhook, d.happening, h.kind, d.state, d.tries, d.status, d.due_at, d.created_at, d.tried_at, d.took, d.answer, d.error, h.tenant, h.data, h.at`

func scanDelivery(row interface{ Scan(...any) error }) (Delivery, error) {
	var d Delivery
	var due, created, tried, took int64
	err := row.Scan(&d.ID, &d.Webhook, &d.Event, &d.Kind, &d.State, &d.Tries, &d.Status, &due, &created, &tried, &took, &d.Answer, &d.Error, &d.Tenant, &d.data, &d.happened)
	d.Due, d.Created, d.Tried, d.Took = milli(due), milli(created), milli(tried), time.Duration(took)*time.Millisecond
	return d, err
}

func gather(rows *sql.Rows, err error) ([]Delivery, error) {
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []Delivery
	for rows.Next() {
		d, err := scanDelivery(rows)
		if err != nil {
			return nil, err
		}
		list = append(list, d)
	}
	return list, rows.Err()
}

// message is what a receiver is sent.
type message struct {
	ID     string          `json:"id"`
	Kind   string          `json:"kind"`
	At     string          `json:"at"` // RFC 3339, UTC
	Tenant string          `json:"tenant"`
	Data   json.RawMessage `json:"data"`
}

// Body is what is sent, the same for every try.
func (d Delivery) Body() []byte {
	body, err := json.Marshal(message{fmt.Sprint("evt_", d.Event), d.Kind, milli(d.happened).Format(time.RFC3339), d.Tenant, json.RawMessage(d.data)})
	if err != nil {
		panic(err) // texts, and JSON that the table has checked
	}
	return body
}

// Deliveries returns the newest of a webhook.
func (hs *Hooks) Deliveries(ctx context.Context, webhook int64, limit int) ([]Delivery, error) {
	return gather(hs.DB.Query(ctx, `select `+deliveryColumns+` from delivery d join happening h on h.id = d.happening where d.webhook = ? order by d.id desc limit ?`, webhook, limit))
}

// Again sends a delivery once more at the next turn, in the caller's transaction, with all its tries.
func (hs *Hooks) Again(ctx context.Context, tx *sql.Tx, webhook, id int64) error {
	done, err := tx.ExecContext(ctx, `update delivery set state = 'waiting', tries = 0, due_at = ? where id = ? and webhook = ?`, hs.Clock.Now().UnixMilli(), id, webhook)
	if err != nil {
		return err
	}
	if n, err := done.RowsAffected(); err != nil || n == 0 {
		return fault.Because(err, fault.Missing, "This delivery is not kept any more.")
	}
	return nil
}

// Test lets a webhook be told of nothing, in the caller's transaction.
func (hs *Hooks) Test(ctx context.Context, tx *sql.Tx, webhook int64) error {
	if _, err := scanHook(tx.QueryRowContext(ctx, `select `+hookColumns+` from webhook where id = ?`, webhook)); err != nil {
		return gone(err)
	}
	now := hs.Clock.Now().UnixMilli()
	done, err := tx.ExecContext(ctx, `insert into happening (at, kind, data) values (?, 'test', '{"hello":"world"}')`, now)
	if err != nil {
		return err
	}
	id, err := done.LastInsertId()
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `insert into delivery (webhook, happening, due_at, created_at) values (?, ?, ?, ?)`, webhook, id, now, now)
	return err
}

// spread makes deliveries of what has happened since each webhook's cursor, which moves in the same transaction.
func (hs *Hooks) spread(ctx context.Context) error {
	var fresh bool // a write without need costs a sync of the disk
	err := hs.DB.QueryRow(ctx, `select exists (select 1 from webhook where enabled = 1 and cursor < (select max(id) from happening))`).Scan(&fresh)
	if err != nil || !fresh {
		return err
	}
	return hs.DB.Tx(ctx, func(tx *sql.Tx) error {
		now := hs.Clock.Now().UnixMilli()
		_, err := tx.ExecContext(ctx, `insert or ignore into delivery (webhook, happening, due_at, created_at)
			select w.id, h.id, ?1, ?1 from webhook w join happening h on h.id > w.cursor where w.enabled = 1 and h.kind <> 'test' and
			exists (select 1 from json_each(w.kinds) k where h.kind = k.value or k.value like '%.*' and h.kind glob k.value) order by h.id`, now)
		if err != nil {
			return fmt.Errorf("make deliveries: %w", err)
		}
		_, err = tx.ExecContext(ctx, `update webhook set cursor = (select max(id) from happening) where enabled = 1`)
		return err
	})
}

// Tidy removes what is older than 30 days, and what everybody has heard of.
func (hs *Hooks) Tidy(ctx context.Context) error {
	limit := hs.Clock.Now().Add(-keptFor).UnixMilli()
	var old bool
	err := hs.DB.QueryRow(ctx, `select exists (select 1 from delivery where created_at < ?1) or exists (select 1 from happening h where (h.at < ?1 or
		h.id <= coalesce((select min(cursor) from webhook), h.id)) and not exists (select 1 from delivery d where d.happening = h.id))`, limit).Scan(&old)
	if err != nil || !old {
		return err
	}
	return hs.DB.Tx(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `delete from delivery where created_at < ?`, limit); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `delete from happening where (at < ?1 or id <= coalesce((select min(cursor) from webhook), id)) and
			not exists (select 1 from delivery d where d.happening = happening.id)`, limit)
		return err
	})
}
