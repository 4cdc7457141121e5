package paypal

import (
	"context"
	"net/url"
	"slices"
	"time"

	"rowhouse/billing/gateway"
)

// widest is how many messages are gone through.
const widest = 1000

// Missed lists what was said since a moment, the oldest first. PayPal keeps a month. It ends after about a thousand.
func (g *PayPal) Missed(ctx context.Context, since time.Time) ([]gateway.Event, error) {
	q := url.Values{"start_time": {since.UTC().Format(time.RFC3339)}, "end_time": {g.now().UTC().Format(time.RFC3339)}, "page_size": {"100"}}
	var heard []gateway.Event
	for path, n := "/v1/notifications/webhooks-events?"+q.Encode(), 0; path != "" && len(heard) < widest && n < widest/100*2; n++ {
		var page struct {
			Events []message `json:"events"`
			Links  []link    `json:"links"`
		}
		if err := g.get(ctx, path, &page); err != nil {
			return nil, failed("listing what was missed", err)
		}
		for _, m := range page.Events {
			if e, err := about(m); err == nil { // one that is not understood must not hide the others
				heard = append(heard, e)
			}
		}
		path = following(page.Links)
	}
	slices.SortStableFunc(heard, func(a, b gateway.Event) int { return a.At.Compare(b.At) })
	return heard, nil
}

// following is the path of the next part of a list, or nothing. The host in the link is not used: the key goes only where it always goes.
func following(links []link) string {
	for _, l := range links {
		if u, err := url.Parse(l.Href); err == nil && l.Rel == "next" && u.Path == "/v1/notifications/webhooks-events" {
			return u.Path + "?" + u.RawQuery
		}
	}
	return ""
}
