package razorpay

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"rowhouse/billing/gateway"
)

// widest is how many objects of one sort are gone through.
const widest = 1000

// Missed lists what happened since a moment, the oldest first. Razorpay keeps no list of its messages: payments, refunds and disputes
// that were made since then are given as if they had just been told. Later news of older ones is not among them.
func (g *Razorpay) Missed(ctx context.Context, since time.Time) ([]gateway.Event, error) {
	var heard []gateway.Event
	for _, sort := range []string{"payment", "refund", "dispute"} {
		all, err := g.since(ctx, sort, since)
		if err != nil {
			return nil, err
		}
		heard = append(heard, all...)
	}
	slices.SortStableFunc(heard, func(a, b gateway.Event) int { return a.At.Compare(b.At) })
	return heard, nil
}

// since are the objects of one sort that were made since a moment.
func (g *Razorpay) since(ctx context.Context, sort string, since time.Time) (heard []gateway.Event, err error) {
	for skip := 0; skip < widest; skip += 100 {
		var page struct {
			Items []json.RawMessage `json:"items"`
		}
		path := fmt.Sprintf("/v1/%ss?from=%d&count=100&skip=%d", sort, since.Unix(), skip)
		if err := g.get(ctx, path, &page); err != nil {
			return nil, failed("listing what was missed", err)
		}
		for _, item := range page.Items {
			if e, ok := told(sort, item); ok { // one that is not understood must not hide the others
				heard = append(heard, e)
			}
		}
		if len(page.Items) < 100 {
			break
		}
	}
	return heard, nil
}

// told is an object as the message that would have told of it.
func told(sort string, item json.RawMessage) (gateway.Event, bool) {
	var o struct {
		ID      string `json:"id"`
		Status  string `json:"status"`
		Created int64  `json:"created_at"`
	}
	var m message
	var err error
	switch sort {
	case "refund":
		m.Event, err = "refund.", json.Unmarshal(item, &m.Payload.Refund.Entity)
	case "dispute":
		m.Event, err = "payment.dispute.", json.Unmarshal(item, &m.Payload.Dispute.Entity)
	default:
		m.Event, err = "payment.", json.Unmarshal(item, &m.Payload.Payment.Entity)
	}
	if err != nil || json.Unmarshal(item, &o) != nil || o.ID == "" {
		return gateway.Event{}, false
	}
	m.Event, m.Created = m.Event+gateway.Clip(o.Status, 40), o.Created
	e := about(m)
	e.ID = o.ID + ":" + gateway.Clip(o.Status, 40)
	return e, true
}
