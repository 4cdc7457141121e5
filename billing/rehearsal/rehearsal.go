// Package rehearsal is a gateway that plays one: with a payment page of its own, cards that behave as they are told, and messages
// that come late, twice, in the wrong order or not at all. Nobody's money moves. A host tries everything out with it before the
// first real key is entered, and the tests drive it.
package rehearsal

import (
	"context"
	"crypto/rand"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"rowhouse/billing/gateway"
	"rowhouse/data"
	"rowhouse/data/clock"
	"rowhouse/data/fault"
	"rowhouse/data/money"
)

// Schema is what the gateway knows.
//
//go:embed *.sql
var Schema embed.FS

// slow is how long a bank takes that decides later: the word is there on the second day.
const slow = 40 * time.Hour

// Name is the gateway in addresses and rows.
const Name = "rehearsal"

// Desk is the gateway.
type Desk struct {
	DB     *data.DB
	Clock  clock.Clock
	Secret string                                                           // signs its messages
	Home   func() string                                                    // where its pages are, without a slash at the end
	Send   func(ctx context.Context, header http.Header, body []byte) error // to whom its messages go

	install string
}

// Kind is the rehearsal as a host turns it on.
func (d *Desk) Kind() gateway.Kind {
	return gateway.Kind{Name: Name, Label: "Rehearsal (no real money)", Text: "A payment page that plays every case. Turn it off before you sell.",
		New: func(_ gateway.Keys, o gateway.Options) (gateway.Gateway, error) {
			d.install = o.Install
			return d, nil
		}}
}

// Name is rehearsal.
func (d *Desk) Name() string { return Name }

// Can tells that it can do everything.
func (d *Desk) Can() gateway.Can {
	return gateway.Can{Hosted: true, Save: true, Charge: true, Refund: true, Settles: 3 * 24 * time.Hour, Repeats: 24 * time.Hour}
}

// Check is always right.
func (d *Desk) Check(context.Context) error { return nil }

// act is what somebody has asked the gateway for.
type act struct {
	Key, Ref, Mode, State   string
	Amount                  money.Amount
	Customer                int64
	Text, Back, Cancel      string
	Payment, Second, Method string
	Code, Class, Install    string
	Made, Done              int64
}

const actColumns = `key, ref, mode, state, amount, currency, customer, text, back, cancel, payment, second, method, code, class, install, made_at, coalesce(done_at, 0)`

func scanAct(row interface{ Scan(...any) error }) (act, error) {
	var a act
	err := row.Scan(&a.Key, &a.Ref, &a.Mode, &a.State, &a.Amount.Minor, &a.Amount.Currency, &a.Customer, &a.Text, &a.Back, &a.Cancel, &a.Payment, &a.Second, &a.Method,
		&a.Code, &a.Class, &a.Install, &a.Made, &a.Done)
	return a, err
}

func (d *Desk) find(ctx context.Context, where string, arg any) (act, error) {
	a, err := scanAct(d.DB.QueryRow(ctx, `select `+actColumns+` from rehearsal_act where `+where, arg))
	if errors.Is(err, sql.ErrNoRows) {
		return a, fault.New(fault.Missing, "There is no such payment.")
	}
	return a, err
}

// make keeps an act, or finds the one of the same key.
func (d *Desk) make(ctx context.Context, o gateway.Order, mode, state string) (act, error) {
	_, err := d.DB.Exec(ctx, `insert or ignore into rehearsal_act (key, ref, mode, state, amount, currency, customer, text, back, cancel, install, made_at) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		o.Attempt, "rp_"+rand.Text(), mode, state, o.Amount.Minor, o.Amount.Currency, o.Customer.ID, o.Text, o.ReturnURL, o.CancelURL, d.install, d.Clock.Now().UnixMilli())
	if err != nil {
		return act{}, err
	}
	return d.find(ctx, `key = ?`, o.Attempt)
}

// keep writes an act back.
func (d *Desk) keep(ctx context.Context, a act) error {
	_, err := d.DB.Exec(ctx, `update rehearsal_act set state = ?, payment = ?, second = ?, method = ?, code = ?, class = ?, done_at = nullif(?, 0) where ref = ?`,
		a.State, a.Payment, a.Second, a.Method, a.Code, a.Class, a.Done, a.Ref)
	return err
}

// Pay opens a page.
func (d *Desk) Pay(ctx context.Context, o gateway.Order) (gateway.Page, error) {
	return d.page(ctx, o, "hosted")
}

// Save opens a page that saves a card.
func (d *Desk) Save(ctx context.Context, o gateway.Order) (gateway.Page, error) {
	return d.page(ctx, o, "setup")
}

func (d *Desk) page(ctx context.Context, o gateway.Order, mode string) (gateway.Page, error) {
	a, err := d.make(ctx, o, mode, "open")
	return gateway.Page{URL: d.Home() + "/rehearsal/" + a.Ref, Ref: a.Ref, Customer: fmt.Sprint("rc_", a.Customer), Expires: o.Expires}, err
}

// Charge takes money with a saved card, which behaves as it was told when it was saved.
func (d *Desk) Charge(ctx context.Context, o gateway.Order, m gateway.Method) (gateway.Result, error) {
	a, err := d.make(ctx, o, "saved", "new")
	if err != nil || a.State != "new" {
		return d.result(ctx, a, err)
	}
	var behaviour string
	err = d.DB.QueryRow(ctx, `select behaviour from rehearsal_method where ref = ?`, m.Ref).Scan(&behaviour)
	if err != nil {
		return gateway.Result{}, fmt.Errorf("find card: %w", err)
	}
	a.Method = m.Ref
	switch Behaviour(behaviour) {
	case Short:
		a.State, a.Code, a.Class = "failed", "insufficient_funds", string(gateway.Soft)
	case Stolen:
		a.State, a.Code, a.Class = "failed", "stolen_card", string(gateway.Hard)
	case Asks:
		a.State, a.Code = "requires_action", "authentication_required"
	case Slow:
		a.State, a.Done = "processing", d.Clock.Now().Add(slow).UnixMilli()
	case Mute:
		a.State, a.Payment = "succeeded", "ry_"+rand.Text()
		if err := d.keep(ctx, a); err != nil {
			return gateway.Result{}, err
		}
		return gateway.Result{}, errors.New("the line was cut after the money had moved")
	default:
		a.State, a.Payment = "succeeded", "ry_"+rand.Text()
	}
	if err := d.keep(ctx, a); err != nil {
		return gateway.Result{}, err
	}
	if err := d.tell(ctx, a, "charge."+a.State, Delivery{Times: 1}); err != nil {
		return gateway.Result{}, err
	}
	return d.result(ctx, a, nil)
}

// Return asks how the act stands; the address proves nothing.
func (d *Desk) Return(ctx context.Context, a gateway.Attempt, _ url.Values) (gateway.Result, error) {
	return d.Fetch(ctx, a)
}

// Fetch tells how an act stands. One that was never asked for is closed: nothing can come of it.
func (d *Desk) Fetch(ctx context.Context, known gateway.Attempt) (gateway.Result, error) {
	a, err := d.find(ctx, `key = ?`, known.Key)
	if fault.Is(err, fault.Missing) {
		return gateway.Result{State: gateway.Closed}, nil
	}
	if err == nil && a.State == "processing" && a.Done > 0 && d.Clock.Now().UnixMilli() >= a.Done {
		a.State, a.Payment = "succeeded", "ry_"+rand.Text()
		err = d.keep(ctx, a)
	}
	return d.result(ctx, a, err)
}

func (d *Desk) result(ctx context.Context, a act, err error) (gateway.Result, error) {
	if err != nil {
		return gateway.Result{}, err
	}
	r := gateway.Result{State: gateway.State(a.State), Code: a.Code, Class: gateway.Class(a.Class), Ref: a.Ref, At: d.Clock.Now()}
	if a.State == "new" {
		r.State = gateway.Unknown
	}
	if a.State == "succeeded" && a.Mode != "setup" {
		r.Payment, r.Amount = a.Payment, a.Amount
		if a.Second != "" {
			r.Also = gateway.Paid{Payment: a.Second, Amount: a.Amount}
		}
	}
	if a.Method != "" {
		m := gateway.Method{Customer: fmt.Sprint("rc_", a.Customer), Ref: a.Method}
		err = d.DB.QueryRow(ctx, `select label, month, year from rehearsal_method where ref = ?`, a.Method).Scan(&m.Label, &m.Month, &m.Year)
		if a.Mode != "saved" {
			r.Method = &m
		}
	}
	return r, err
}

// Cancel closes a page. One that is paid stays paid.
func (d *Desk) Cancel(ctx context.Context, known gateway.Attempt) error {
	_, err := d.DB.Exec(ctx, `update rehearsal_act set state = 'closed' where key = ? and state in ('open', 'requires_action')`, known.Key)
	return err
}

// Refund gives money back at once.
func (d *Desk) Refund(ctx context.Context, r gateway.Refund) (gateway.Reversal, error) {
	_, err := d.DB.Exec(ctx, `insert or ignore into rehearsal_reversal (id, kind, payment, amount, currency, state, made_at) values (?, 'refund', ?, ?, ?, 'done', ?)`,
		r.Key, r.Payment, r.Amount.Minor, r.Amount.Currency, d.Clock.Now().UnixMilli())
	if err != nil {
		return gateway.Reversal{}, err
	}
	return d.Look(ctx, gateway.Event{Ref: r.Key})
}

// Look tells how a refund or dispute stands.
func (d *Desk) Look(ctx context.Context, e gateway.Event) (gateway.Reversal, error) {
	var r gateway.Reversal
	var made int64
	err := d.DB.QueryRow(ctx, `select id, kind, payment, amount, currency, state, made_at from rehearsal_reversal where id = ?`, e.Ref).
		Scan(&r.ID, &r.Kind, &r.Payment, &r.Amount.Minor, &r.Amount.Currency, &r.State, &made)
	r.At = time.UnixMilli(made).UTC()
	return r, err
}
