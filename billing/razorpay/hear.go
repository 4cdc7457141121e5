package razorpay

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"rowhouse/billing/gateway"
	"rowhouse/data/fault"
)

// events are what the webhook must be subscribed to.
func events() []string {
	return []string{
		"order.paid", "payment.authorized", "payment.captured", "payment.failed", "payment_link.paid", "payment_link.expired",
		"payment_link.cancelled", "token.confirmed", "token.cancelled", "refund.created", "refund.processed", "refund.failed",
		"payment.dispute.created", "payment.dispute.won", "payment.dispute.lost", "payment.dispute.closed",
	}
}

// message is what Razorpay sends: one or more objects, by their sort.
type message struct {
	Event   string `json:"event"`
	Created int64  `json:"created_at"`
	Payload struct {
		Payment wrapped[payment] `json:"payment"`
		Order   wrapped[order]   `json:"order"`
		Link    wrapped[link]    `json:"payment_link"`
		Refund  wrapped[refund]  `json:"refund"`
		Dispute wrapped[dispute] `json:"dispute"`
		Token   wrapped[token]   `json:"token"`
	} `json:"payload"`
}

type wrapped[T any] struct {
	Entity T `json:"entity"`
}

// Hear checks that a message was signed with the webhook's secret, and reads what it is about. Razorpay signs no time, and sends
// messages again for days, so their age is not checked: the same number comes twice, and counts once.
// Messages do not say their mode; test and live webhooks have secrets of their own.
func (g *Razorpay) Hear(_ context.Context, header http.Header, body []byte) (gateway.Event, error) {
	if !g.genuine(body, header.Get("X-Razorpay-Signature")) {
		return gateway.Event{}, fault.New(fault.Invalid, "The signature of the message is wrong.")
	}
	var m message
	if json.Unmarshal(body, &m) != nil || m.Event == "" {
		return gateway.Event{}, fault.New(fault.Invalid, "The message is not understood.")
	}
	e := about(m)
	if e.ID = header.Get("X-Razorpay-Event-Id"); e.ID == "" || len(e.ID) > 64 || !plain(e.ID) {
		sum := sha256.Sum256(body)
		e.ID = hex.EncodeToString(sum[:])
	}
	return e, nil
}

// about tells what a message is about. Sorts that we have not asked for are about nothing.
func about(m message) gateway.Event {
	p := &m.Payload
	e := gateway.Event{Type: m.Event, At: time.Unix(m.Created, 0).UTC(), Payment: p.Payment.Entity.ID}
	for _, n := range []notes{p.Link.Entity.Notes, p.Order.Entity.Notes, p.Refund.Entity.Notes, p.Payment.Entity.Notes} {
		e.Attempt, e.Install = cmp.Or(e.Attempt, n["attempt"]), cmp.Or(e.Install, n["install"])
	}
	switch t := m.Event; {
	case strings.HasPrefix(t, "payment.dispute."):
		d := p.Dispute.Entity
		e.Topic, e.Ref, e.Payment = gateway.Disputed, d.ID, cmp.Or(d.Payment, e.Payment)
	case strings.HasPrefix(t, "refund."):
		r := p.Refund.Entity
		e.Topic, e.Ref, e.Payment = gateway.Refunded, r.ID, cmp.Or(r.Payment, e.Payment)
	case strings.HasPrefix(t, "payment_link."), strings.HasPrefix(t, "order."), strings.HasPrefix(t, "payment."):
		e.Topic, e.Ref = gateway.Paying, cmp.Or(p.Link.Entity.ID, linked(p.Payment.Entity), p.Order.Entity.ID, p.Payment.Entity.Order)
	case strings.HasPrefix(t, "token.") && p.Token.Entity.ID != "":
		p.Token.Entity.Customer = cmp.Or(p.Token.Entity.Customer, p.Payment.Entity.Customer)
		e.Topic, e.Method, e.Gone = gateway.Methods, p.Token.Entity.saved(), t != "token.confirmed"
		e.Ref = p.Token.Entity.ID
	}
	return e
}

// linked is the payment link of a payment, which is told only by its description: #Ab12… for plink_Ab12…
func linked(p payment) string {
	if id, ok := strings.CutPrefix(p.Description, "#"); ok && len(id) == 14 && number("plink_"+id, "plink_") {
		return "plink_" + id
	}
	return ""
}
