package rehearsal

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"rowhouse/billing/gateway"
	"rowhouse/data/fault"
	"rowhouse/data/money"
)

// Behaviour is what a saved card does when it is charged later.
type Behaviour string

// The behaviours.
const (
	Works  Behaviour = "works"
	Short  Behaviour = "insufficient" // not enough on the account
	Stolen Behaviour = "stolen"       // will never work again
	Asks   Behaviour = "asks"         // the customer must confirm
	Slow   Behaviour = "slow"         // decided after two days
	Mute   Behaviour = "mute"         // the money moves and the answer is lost
)

// Behaviours are those that can be chosen on the page.
var Behaviours = []struct {
	Value Behaviour
	Label string
}{{Works, "It works"}, {Short, "Not enough money"}, {Asks, "Must be confirmed"}, {Stolen, "Reported as stolen"}, {Slow, "Takes two days"}, {Mute, "The answer is lost"}}

// Play is what somebody does on the page.
type Play string

// The plays.
const (
	DoPay     Play = "pay"
	DoDecline Play = "decline"
	DoConfirm Play = "confirm" // the bank asks first; a second press pays
	DoTwice   Play = "twice"   // both of two clicks go through
	DoPending Play = "pending" // the bank decides in two days
	DoClose   Play = "close"   // paid, and the tab closed before the way back
	DoGiveUp  Play = "give_up"
)

// Delivery is how messages arrive.
type Delivery struct {
	Times int           // 0 is lost, 2 is twice
	Delay time.Duration // how late
}

// Play does what somebody did on a page, with a card that will behave in a way later on. It returns where they go next; empty is nowhere.
func (d *Desk) Play(ctx context.Context, ref string, p Play, card Behaviour, how Delivery) (string, error) {
	a, err := d.find(ctx, `ref = ?`, ref)
	if err != nil {
		return "", err
	}
	if p == DoGiveUp {
		return a.Cancel, nil
	}
	if a.State != "open" && a.State != "requires_action" {
		return "", fault.New(fault.Gone, "This payment page is closed.")
	}
	if err := d.decide(ctx, &a, p, card); err != nil {
		return "", err
	}
	if err := errors.Join(d.keep(ctx, a), d.tell(ctx, a, "payment."+a.State, how)); err != nil {
		return "", err
	}
	if p == DoClose || a.State == "requires_action" {
		return "", nil
	}
	return a.Back, nil
}

func (d *Desk) decide(ctx context.Context, a *act, p Play, card Behaviour) error {
	switch p {
	case DoDecline:
		return fault.New(fault.Invalid, "The card was declined. Please try another one.")
	case DoConfirm:
		if a.State == "open" {
			a.State, a.Code = "requires_action", "authentication_required"
			return nil
		}
	case DoPending:
		a.State, a.Done = "processing", d.Clock.Now().Add(slow).UnixMilli()
		return nil
	case DoPay, DoTwice, DoClose:
	default:
		return fault.New(fault.Invalid, "The page does not know this button.")
	}
	a.State, a.Code = "succeeded", ""
	if a.Mode == "hosted" {
		a.Payment = "ry_" + rand.Text()
	}
	if p == DoTwice {
		a.Second = "ry_" + rand.Text()
	}
	return d.saveCard(ctx, a, card)
}

// saveCard keeps the card of a page. It is good for two years, so that a time machine can reach its end.
func (d *Desk) saveCard(ctx context.Context, a *act, card Behaviour) error {
	known := false
	for _, b := range Behaviours {
		known = known || b.Value == card
	}
	if !known {
		return fault.New(fault.Invalid, "The page does not know this card.")
	}
	a.Method = "rm_" + rand.Text()
	end := d.Clock.Now().AddDate(2, 0, 0)
	_, err := d.DB.Exec(ctx, `insert into rehearsal_method (ref, customer, label, behaviour, month, year) values (?, ?, ?, ?, ?, ?)`,
		a.Method, a.Customer, "Rehearsal card •••• "+digits(a.Method), string(card), int(end.Month()), end.Year())
	return err
}

func digits(s string) string {
	n := 0
	for _, r := range s {
		n = (n*31 + int(r)) % 10000
	}
	return fmt.Sprintf("%04d", n)
}

// Dispute lets a customer's bank take a payment back: pending, done (lost) or refused (won).
func (d *Desk) Dispute(ctx context.Context, payment string, amount money.Amount, state gateway.ReversalState) error {
	id := "rd_" + payment
	_, err := d.DB.Exec(ctx, `insert into rehearsal_reversal (id, kind, payment, amount, currency, state, made_at) values (?, 'dispute', ?, ?, ?, ?, ?)
		on conflict (id) do update set state = excluded.state`, id, payment, amount.Minor, amount.Currency, string(state), d.Clock.Now().UnixMilli())
	if err != nil {
		return err
	}
	return d.say(ctx, gateway.Event{Type: "dispute." + string(state), Topic: gateway.Disputed, Ref: id, Payment: payment, Install: d.install}, Delivery{Times: 1})
}

// tell puts the message about an act on its way.
func (d *Desk) tell(ctx context.Context, a act, kind string, how Delivery) error {
	return d.say(ctx, gateway.Event{Type: kind, Topic: gateway.Paying, Attempt: a.Key, Ref: a.Ref, Payment: a.Payment, Install: a.Install}, how)
}

// say puts a message on its way.
func (d *Desk) say(ctx context.Context, e gateway.Event, how Delivery) error {
	e.ID, e.At = "re_"+rand.Text(), d.Clock.Now()
	body, err := json.Marshal(e)
	if err != nil {
		return err
	}
	_, err = d.DB.Exec(ctx, `insert into rehearsal_event (body, due_at, times) values (?, ?, ?)`, string(body), d.Clock.Now().Add(how.Delay).UnixMilli(), how.Times)
	return err
}

// Deliver sends the messages that are due, the latest first: a gateway promises no order.
func (d *Desk) Deliver(ctx context.Context) error {
	type due struct {
		id   int64
		body string
	}
	rows, err := d.DB.Query(ctx, `select id, body from rehearsal_event where sent < times and due_at <= ? order by id desc limit 100`, d.Clock.Now().UnixMilli())
	if err != nil {
		return err
	}
	defer rows.Close()
	var list []due
	for rows.Next() {
		var e due
		if err := rows.Scan(&e.id, &e.body); err != nil {
			return err
		}
		list = append(list, e)
	}
	if err := rows.Err(); err != nil {
		return err
	}
	for _, e := range list {
		header := d.Sign([]byte(e.body))
		if err := d.Send(ctx, header, []byte(e.body)); err != nil {
			return fmt.Errorf("send message %d: %w", e.id, err)
		}
		if _, err := d.DB.Exec(ctx, `update rehearsal_event set sent = sent + 1 where id = ?`, e.id); err != nil {
			return err
		}
	}
	return nil
}

// Sign is the header of a message, for tests that send some of their own.
func (d *Desk) Sign(body []byte) http.Header {
	return http.Header{"Rehearsal-Signature": {hex.EncodeToString(d.mark(body))}}
}
