package stripe

import (
	"cmp"
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"time"

	api "github.com/stripe/stripe-go/v76"

	"rowhouse/billing/gateway"
	"rowhouse/data/fault"
)

// events are what we act on. Stripe lists at most twenty sorts at once.
func events() []string {
	return []string{
		"checkout.session.completed", "checkout.session.async_payment_succeeded", "checkout.session.async_payment_failed",
		"checkout.session.expired", "payment_intent.succeeded", "payment_intent.payment_failed", "payment_intent.processing",
		"payment_intent.requires_action", "setup_intent.succeeded", "setup_intent.setup_failed",
		"payment_method.automatically_updated", "payment_method.detached", "charge.refunded", "charge.refund.updated", "refund.created",
		"charge.dispute.created", "charge.dispute.updated", "charge.dispute.closed", "customer.deleted",
	}
}

// Hear checks that a message was signed by Stripe in the last five minutes, for this account and mode, and reads what it is about.
func (g *Stripe) Hear(_ context.Context, header http.Header, body []byte) (gateway.Event, error) {
	if err := g.signed(header.Get("Stripe-Signature"), body); err != nil {
		return gateway.Event{}, err
	}
	var e api.Event
	if err := json.Unmarshal(body, &e); err != nil || e.ID == "" || e.Type == "" {
		return gateway.Event{}, fault.New(fault.Invalid, "The message is not understood.")
	}
	if e.Account != "" {
		return gateway.Event{}, fault.New(fault.Invalid, "The message is about another account.")
	}
	if e.Livemode != g.live {
		return gateway.Event{}, fault.New(fault.Invalid, "The message is of the other mode: test and live are kept apart.")
	}
	return about(&e)
}

// subject is what is read of the object of a message.
type subject struct {
	ID            string            `json:"id"`
	Metadata      map[string]string `json:"metadata"`
	Reference     string            `json:"client_reference_id"`
	PaymentIntent pointer           `json:"payment_intent"`
	Charge        pointer           `json:"charge"`
}

// pointer is the number of an object, which may stand there alone or in the object.
type pointer string

// UnmarshalJSON reads a number, an object with a number, or null.
func (p *pointer) UnmarshalJSON(data []byte) error {
	if id, ok := api.ParseID(data); ok {
		*p = pointer(id)
		return nil
	}
	var o struct {
		ID string `json:"id"`
	}
	err := json.Unmarshal(data, &o)
	*p = pointer(o.ID)
	return err
}

// about tells what a message is about. Sorts that we have not asked for are about nothing.
func about(e *api.Event) (gateway.Event, error) {
	v := gateway.Event{ID: e.ID, Type: string(e.Type), At: time.Unix(e.Created, 0).UTC()}
	var s subject
	if e.Data == nil || json.Unmarshal(e.Data.Raw, &s) != nil {
		return gateway.Event{}, fault.New(fault.Invalid, "The message is not understood.")
	}
	v.Install, v.Attempt, v.Ref, v.Payment = s.Metadata["install"], s.Metadata["attempt"], s.ID, string(s.PaymentIntent)
	switch t := v.Type; {
	case strings.HasPrefix(t, "checkout.session."):
		v.Topic, v.Attempt = gateway.Paying, cmp.Or(v.Attempt, s.Reference)
	case strings.HasPrefix(t, "payment_intent."):
		v.Topic, v.Payment = gateway.Paying, s.ID
	case strings.HasPrefix(t, "setup_intent."):
		v.Topic = gateway.Paying
	case t == "charge.refunded":
		v.Topic, v.Ref, v.Payment = gateway.Refunded, "", cmp.Or(v.Payment, s.ID)
	case strings.HasPrefix(t, "charge.refund."), strings.HasPrefix(t, "refund."):
		v.Topic, v.Payment = gateway.Refunded, cmp.Or(v.Payment, string(s.Charge))
	case strings.HasPrefix(t, "charge.dispute."):
		v.Topic, v.Payment = gateway.Disputed, cmp.Or(v.Payment, string(s.Charge))
	case strings.HasPrefix(t, "payment_method."), t == "customer.deleted":
		aboutMethod(&v, e.Data)
	}
	return v, nil
}

// aboutMethod adds the saved method. With a customer who was deleted all his methods are gone, so only his number is given.
func aboutMethod(v *gateway.Event, d *api.EventData) {
	if v.Type == "customer.deleted" {
		v.Topic, v.Gone, v.Method = gateway.Methods, true, &gateway.Method{Customer: v.Ref}
		return
	}
	var pm api.PaymentMethod
	if json.Unmarshal(d.Raw, &pm) != nil {
		return
	}
	owner, _ := d.PreviousAttributes["customer"].(string) // once detached, only the past has an owner
	switch v.Type {
	case "payment_method.automatically_updated", "payment_method.updated":
		v.Topic, v.Method = gateway.Methods, method(&pm, nil)
	case "payment_method.detached":
		v.Topic, v.Gone, v.Method = gateway.Methods, true, method(&pm, &api.Customer{ID: owner})
	}
}
