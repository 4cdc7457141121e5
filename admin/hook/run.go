package hook

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"rowhouse/ui/mail"
)

const (
	most  = 4   // deliveries on their way at once
	batch = 200 // of one turn
)

// pauses are between the tries of a delivery; after the last one it is given up.
func pauses() []time.Duration {
	return []time.Duration{time.Minute, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 6 * time.Hour, 24 * time.Hour}
}

// Run makes deliveries of what has happened and sends what is due, once. It is for one worker: a second turn beside it does nothing.
func (hs *Hooks) Run(ctx context.Context) (done, failed int, err error) {
	if !hs.running.TryLock() {
		return 0, 0, nil
	}
	defer hs.running.Unlock()
	if err := hs.spread(ctx); err != nil {
		return 0, 0, err
	}
	// Of each webhook the first one first: a slow receiver does not keep the others waiting.
	due, err := gather(hs.DB.Query(ctx, `select `+deliveryColumns+` from delivery d join happening h on h.id = d.happening join webhook w on w.id = d.webhook
		where d.state = 'waiting' and d.due_at <= ? and (w.enabled = 1 or h.kind = 'test') order by row_number() over (partition by d.webhook order by d.due_at, d.id), d.webhook limit ?`, hs.Clock.Now().UnixMilli(), batch))
	if err != nil || len(due) == 0 {
		return 0, 0, err
	}
	return hs.sendAll(ctx, due)
}

// sendAll sends some deliveries, at most so many at once. A receiver that does not answer is left alone for the rest of the turn.
func (hs *Hooks) sendAll(ctx context.Context, due []Delivery) (done, failed int, err error) {
	list, err := hs.List(ctx)
	if err != nil {
		return 0, 0, err
	}
	t := turn{hooks: map[int64]Webhook{}, silent: map[int64]bool{}, client: hs.client()}
	defer t.client.CloseIdleConnections()
	for _, h := range list {
		t.hooks[h.ID] = h
	}
	queue := make(chan Delivery)
	var workers sync.WaitGroup
	for range most {
		workers.Go(func() {
			for d := range queue {
				t.count(hs.deliver(ctx, &t, d))
			}
		})
	}
	for _, d := range due {
		if ctx.Err() != nil {
			break
		}
		queue <- d
	}
	close(queue)
	workers.Wait()
	return t.done, t.failed, t.err
}

// turn is what the workers of one turn share.
type turn struct {
	client *http.Client
	hooks  map[int64]Webhook

	mu           sync.Mutex
	silent       map[int64]bool
	done, failed int
	err          error
}

func (t *turn) quiet(webhook int64) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.silent[webhook]
}

func (t *turn) hush(webhook int64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.silent[webhook] = true
}

func (t *turn) count(tried, well bool, err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.err = errors.Join(t.err, err)
	if tried {
		t.done++
	}
	if tried && !well {
		t.failed++
	}
}

// deliver sends one delivery and notes how that went.
func (hs *Hooks) deliver(ctx context.Context, t *turn, d Delivery) (tried, well bool, err error) {
	h, ok := t.hooks[d.Webhook]
	if !ok || t.quiet(d.Webhook) || ctx.Err() != nil {
		return false, false, nil
	}
	r := hs.send(ctx, t.client, h, d)
	if r.err != nil && ctx.Err() != nil {
		return false, false, nil // we stop: it is sent again after the start
	}
	if r.status == 0 {
		t.hush(d.Webhook)
	}
	return true, r.err == nil, hs.book(ctx, d, r)
}

// book notes a try, and turns off a webhook most of whose deliveries fail.
func (hs *Hooks) book(ctx context.Context, d Delivery, r result) error {
	state, due, words := "sent", d.Due, ""
	if r.err != nil {
		slog.Warn("webhook not delivered", "webhook", d.Webhook, "delivery", d.ID, "try", d.Tries+1, "err", r.err)
		state, words = "dead", r.err.Error()
		if d.Tries < len(pauses()) {
			state, due = "waiting", r.at.Add(pauses()[d.Tries])
		}
	}
	owners, err := hs.owners(ctx, r.err)
	if err != nil {
		return err
	}
	return hs.DB.Tx(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `update delivery set state = ?, tries = tries + 1, due_at = ?, tried_at = ?, took = ?, status = ?, answer = ?, error = ? where id = ?`,
			state, due.UnixMilli(), r.at.UnixMilli(), r.took.Milliseconds(), r.status, r.answer, words, d.ID)
		if err != nil || r.err == nil {
			return err
		}
		return hs.turnOff(ctx, tx, d.Webhook, r.at, owners)
	})
}

// owners are whom to write to, if that may be needed. They are asked for beforehand: their file is another's.
func (hs *Hooks) owners(ctx context.Context, failure error) ([]string, error) {
	if failure == nil || hs.Owners == nil {
		return nil, nil
	}
	return hs.Owners(ctx)
}

// turnOff turns a webhook off if of at least 10 deliveries of the last hour more than 70 % have failed, and tells the host.
func (hs *Hooks) turnOff(ctx context.Context, tx *sql.Tx, id int64, now time.Time, owners []string) error {
	var all, bad int
	err := tx.QueryRowContext(ctx, `select count(*), coalesce(sum(d.state <> 'sent'), 0) from delivery d join webhook w on w.id = d.webhook
		where d.webhook = ? and d.tried_at > ? and d.tried_at >= w.since`, id, now.Add(-time.Hour).UnixMilli()).Scan(&all, &bad)
	if err != nil || all < 10 || bad*10 <= all*7 {
		return err
	}
	why := fmt.Sprintf("%d of %d deliveries of an hour failed", bad, all)
	done, err := tx.ExecContext(ctx, `update webhook set enabled = 0, why = ? where id = ? and enabled = 1`, why, id)
	if err != nil {
		return err
	}
	if n, err := done.RowsAffected(); err != nil || n == 0 {
		return err
	}
	return hs.sayOff(ctx, tx, id, now, why, owners)
}

func (hs *Hooks) sayOff(ctx context.Context, tx *sql.Tx, id int64, now time.Time, why string, owners []string) error {
	key, link := fmt.Sprintf("webhook:%d:%d", id, now.UnixMilli()), fmt.Sprintf("/admin/webhooks/%d", id)
	text := fmt.Sprintf("Webhook %d was turned off: %s. What happens meanwhile is kept for 30 days and told when you turn it on again.", id, why)
	if hs.Alarm != nil {
		if err := hs.Alarm(ctx, tx, key, "A webhook was turned off", link, text); err != nil {
			return err
		}
	}
	for _, to := range owners {
		err := mail.Post(ctx, tx, now, mail.Letter{Key: key + ":" + to, To: to, Subject: "Rowhouse: a webhook was turned off", Text: text + "\n\n    " + hs.Home + link + "\n"})
		if err != nil {
			return err
		}
	}
	return nil
}
