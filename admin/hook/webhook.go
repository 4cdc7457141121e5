package hook

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"rowhouse/data/fault"
)

// mostHooks is how many webhooks a host may have.
const mostHooks = 20

// Webhook is an address that is told.
type Webhook struct {
	ID       int64
	URL      string
	Kinds    []string
	Enabled  bool
	Why      string    // it was turned off by itself
	OldUntil time.Time // until then the secret before signs too
	Created  time.Time

	secret, old string // sealed
}

const hookColumns = `id, url, kinds, secret, old, old_until, enabled, why, created_at`

func scanHook(row interface{ Scan(...any) error }) (Webhook, error) {
	var h Webhook
	var kinds string
	var until, created int64
	if err := row.Scan(&h.ID, &h.URL, &kinds, &h.secret, &h.old, &until, &h.Enabled, &h.Why, &created); err != nil {
		return h, err
	}
	h.OldUntil, h.Created = milli(until), milli(created)
	return h, json.Unmarshal([]byte(kinds), &h.Kinds)
}

// List returns the webhooks, the oldest first.
func (hs *Hooks) List(ctx context.Context) ([]Webhook, error) {
	rows, err := hs.DB.Query(ctx, `select `+hookColumns+` from webhook order by id`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []Webhook
	for rows.Next() {
		h, err := scanHook(rows)
		if err != nil {
			return nil, err
		}
		list = append(list, h)
	}
	return list, rows.Err()
}

// ByID returns a webhook. The error is a fault.Missing if there is none.
func (hs *Hooks) ByID(ctx context.Context, id int64) (Webhook, error) {
	h, err := scanHook(hs.DB.QueryRow(ctx, `select `+hookColumns+` from webhook where id = ?`, id))
	return h, gone(err)
}

// gone makes of a missing row words for the person.
func gone(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return fault.New(fault.Missing, "There is no such webhook.")
	}
	return err
}

// chosen checks the kinds that were chosen and returns them as they are kept.
func chosen(kinds []string) (string, error) {
	for _, k := range kinds {
		if !slices.ContainsFunc(Kinds(), func(known Kind) bool { return known.Name == k }) {
			return "", fault.New(fault.Invalid, "There is no event %q.", k)
		}
	}
	if len(kinds) == 0 {
		return "", fault.New(fault.Invalid, "Please choose at least one event.")
	}
	list, err := json.Marshal(kinds)
	return string(list), err
}

// Add makes a webhook in the caller's transaction. It hears of what happens from now on. The secret is told this once.
func (hs *Hooks) Add(ctx context.Context, tx *sql.Tx, address string, kinds []string) (id int64, secret string, err error) {
	if address, err = hs.Address(address); err != nil {
		return 0, "", at("url", err)
	}
	list, err := chosen(kinds)
	if err != nil {
		return 0, "", at("kinds", err)
	}
	var n int
	if err := tx.QueryRowContext(ctx, `select count(*) from webhook`).Scan(&n); err != nil {
		return 0, "", err
	}
	if n >= mostHooks {
		return 0, "", fault.New(fault.Limit, "There are %d webhooks. Please delete one first.", n)
	}
	now := hs.Clock.Now().UnixMilli()
	done, err := tx.ExecContext(ctx, `insert into webhook (url, kinds, cursor, since, created_at) values (?, ?, coalesce((select max(id) from happening), 0), ?, ?)`, address, list, now, now)
	if err != nil {
		return 0, "", fmt.Errorf("add a webhook: %w", err)
	}
	if id, err = done.LastInsertId(); err != nil {
		return 0, "", err
	}
	secret, err = hs.giveSecret(ctx, tx, id)
	return id, secret, err
}

// at puts an error to the field of the form that it is about.
func at(field string, err error) error {
	if f := fault.Of(err); f.Kind == fault.Invalid {
		return &fault.Fault{Kind: fault.Invalid, Format: "Please check the marked fields.", Fields: map[string]error{field: err}}
	}
	return err
}

// Change gives a webhook another address and other kinds, in the caller's transaction.
func (hs *Hooks) Change(ctx context.Context, tx *sql.Tx, id int64, address string, kinds []string) error {
	address, err := hs.Address(address)
	if err != nil {
		return at("url", err)
	}
	list, err := chosen(kinds)
	if err != nil {
		return at("kinds", err)
	}
	return one(tx.ExecContext(ctx, `update webhook set url = ?, kinds = ? where id = ?`, address, list, id))
}

// Turn turns a webhook on or off, in the caller's transaction. What happens while it is off is told when it is on again.
func (hs *Hooks) Turn(ctx context.Context, tx *sql.Tx, id int64, on bool) error {
	return one(tx.ExecContext(ctx, `update webhook set enabled = ?1, why = '', since = iif(?1, ?2, since) where id = ?3`, on, hs.Clock.Now().UnixMilli(), id))
}

// Renew gives a webhook a new secret, in the caller's transaction. The one before signs too for a day.
func (hs *Hooks) Renew(ctx context.Context, tx *sql.Tx, id int64) (secret string, err error) {
	err = one(tx.ExecContext(ctx, `update webhook set old = secret, old_until = ? where id = ?`, hs.Clock.Now().Add(oldSecret).UnixMilli(), id))
	if err != nil {
		return "", err
	}
	return hs.giveSecret(ctx, tx, id)
}

func (hs *Hooks) giveSecret(ctx context.Context, tx *sql.Tx, id int64) (string, error) {
	secret := newSecret()
	sealed, err := hs.Seal.Hide(sealName(id), secret)
	if err != nil {
		return "", err
	}
	return secret, one(tx.ExecContext(ctx, `update webhook set secret = ? where id = ?`, sealed, id))
}

func sealName(id int64) string { return "webhook/" + strconv.FormatInt(id, 10) }

// secrets opens those that sign at a moment: the newest first.
func (hs *Hooks) secrets(h Webhook, now time.Time) ([]string, error) {
	kept := []string{h.secret}
	if h.old != "" && now.Before(h.OldUntil) {
		kept = append(kept, h.old)
	}
	for n, sealed := range kept {
		secret, err := hs.Seal.Reveal(sealName(h.ID), sealed)
		if err != nil {
			return nil, fmt.Errorf("open the secret of webhook %d: %w", h.ID, err)
		}
		kept[n] = secret
	}
	return kept, nil
}

// Delete removes a webhook with its deliveries, in the caller's transaction.
func (hs *Hooks) Delete(ctx context.Context, tx *sql.Tx, id int64) error {
	return one(tx.ExecContext(ctx, `delete from webhook where id = ?`, id))
}

// one makes sure that a statement has found its row.
func one(done sql.Result, err error) error {
	if err != nil {
		return err
	}
	if n, err := done.RowsAffected(); err != nil || n == 0 {
		return errors.Join(err, fault.New(fault.Missing, "There is no such webhook."))
	}
	return nil
}
