package stripe

import (
	"context"
	"slices"
	"time"

	api "github.com/stripe/stripe-go/v76"

	"rowhouse/billing/gateway"
)

// Missed lists what was said since a moment, the oldest first. Stripe keeps about a month.
// If there is more than a thousand, only the newest thousand are given: Stripe lists from the newest.
func (g *Stripe) Missed(ctx context.Context, since time.Time) ([]gateway.Event, error) {
	it := g.api.Events.List(&api.EventListParams{
		ListParams:   listing(ctx),
		CreatedRange: &api.RangeQueryParams{GreaterThanOrEqual: since.Unix()},
		Types:        api.StringSlice(events()),
	})
	var heard []gateway.Event
	for len(heard) < widest && it.Next() {
		e := it.Event()
		if e.Livemode != g.live || e.Account != "" {
			continue
		}
		if v, err := about(e); err == nil { // one that is not understood must not hide the others
			heard = append(heard, v)
		}
	}
	if err := it.Err(); err != nil {
		return nil, failed("listing what was missed", err)
	}
	slices.Reverse(heard)
	return heard, nil
}
