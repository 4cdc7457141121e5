package paypal

import (
	"cmp"
	"context"
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
		"CHECKOUT.ORDER.APPROVED", "CHECKOUT.PAYMENT-APPROVAL.REVERSED", "PAYMENT.CAPTURE.COMPLETED", "PAYMENT.CAPTURE.PENDING",
		"PAYMENT.CAPTURE.DECLINED", "PAYMENT.CAPTURE.DENIED", "PAYMENT.CAPTURE.REFUNDED", "PAYMENT.CAPTURE.REVERSED",
		"VAULT.PAYMENT-TOKEN.CREATED", "VAULT.PAYMENT-TOKEN.DELETED",
		"CUSTOMER.DISPUTE.CREATED", "CUSTOMER.DISPUTE.UPDATED", "CUSTOMER.DISPUTE.RESOLVED",
	}
}

// message is what PayPal sends.
type message struct {
	ID       string          `json:"id"`
	Type     string          `json:"event_type"`
	Created  time.Time       `json:"create_time"`
	Resource json.RawMessage `json:"resource"`
}

// subject is what is read of the object of a message, which is an order, a payment, a refund, a wallet or a dispute.
type subject struct {
	ID      string `json:"id"`
	OrderID string `json:"order_id"`
	Custom  string `json:"custom_id"`
	Units   []unit `json:"purchase_units"`
	Links   []link `json:"links"`
	Related struct {
		IDs struct {
			Order string `json:"order_id"`
		} `json:"related_ids"`
	} `json:"supplementary_data"`
	Metadata struct {
		Order string `json:"order_id"`
	} `json:"metadata"`
	Dispute      string        `json:"dispute_id"`
	Transactions []transaction `json:"disputed_transactions"`
}

// Hear checks that a message is PayPal's own, for this webhook and mode, and reads what it is about.
// Messages may be days old when PayPal repeats them, so their age is not checked: the same number comes twice, and counts once.
// An error that is no fault.Invalid means that PayPal could not be asked, and the message should be sent again.
func (g *PayPal) Hear(ctx context.Context, header http.Header, body []byte) (gateway.Event, error) {
	if err := g.genuine(ctx, g.signature(header), body); err != nil {
		return gateway.Event{}, err
	}
	var m message
	if json.Unmarshal(body, &m) != nil || m.ID == "" || m.Type == "" {
		return gateway.Event{}, fault.New(fault.Invalid, "The message is not understood.")
	}
	return about(m)
}

// about tells what a message is about. Sorts that we have not asked for are about nothing.
func about(m message) (gateway.Event, error) {
	e := gateway.Event{ID: m.ID, Type: m.Type, At: m.Created.UTC()}
	var s subject
	if json.Unmarshal(m.Resource, &s) != nil {
		return gateway.Event{}, fault.New(fault.Invalid, "The message is not understood.")
	}
	e.Install, e.Attempt = marked(s.custom())
	switch t := m.Type; {
	case strings.HasPrefix(t, "CHECKOUT."):
		e.Topic, e.Ref = gateway.Paying, cmp.Or(s.OrderID, s.ID)
	case t == "PAYMENT.CAPTURE.REFUNDED", t == "PAYMENT.CAPTURE.REVERSED", strings.HasPrefix(t, "PAYMENT.REFUND."):
		e.Topic, e.Ref, e.Payment = gateway.Refunded, s.ID, above(s.Links)
	case strings.HasPrefix(t, "PAYMENT.CAPTURE."):
		e.Topic, e.Ref, e.Payment = gateway.Paying, s.Related.IDs.Order, s.ID
	case strings.HasPrefix(t, "CUSTOMER.DISPUTE."):
		e.Topic, e.Ref = gateway.Disputed, s.Dispute
		if len(s.Transactions) > 0 {
			e.Payment = s.Transactions[0].Payment
		}
	case strings.HasPrefix(t, "VAULT.PAYMENT-TOKEN."):
		return aboutWallet(e, m, s), nil
	}
	return e, nil
}

// custom is our mark, wherever it stands.
func (s subject) custom() string {
	switch {
	case s.Custom != "":
		return s.Custom
	case len(s.Units) > 0:
		return s.Units[0].Custom
	case len(s.Transactions) > 0:
		return s.Transactions[0].Custom
	}
	return ""
}

// aboutWallet adds the wallet. A new one belongs to the order with which it was saved, if there was one.
func aboutWallet(e gateway.Event, m message, s subject) gateway.Event {
	var w saving
	if json.Unmarshal(m.Resource, &w) != nil || w.ID == "" {
		return e
	}
	e.Topic, e.Method, e.Ref = gateway.Methods, w.method(), s.Metadata.Order
	e.Gone = strings.HasSuffix(m.Type, ".DELETED") || strings.HasSuffix(m.Type, ".DELETION-INITIATED")
	return e
}
