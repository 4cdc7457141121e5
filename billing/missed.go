package billing

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// CatchUp asks each gateway for what it has said while we did not listen.
func (b *Billing) CatchUp(ctx context.Context) error {
	all, err := b.Gateways(ctx)
	if err != nil {
		return err
	}
	var failed error
	for _, t := range all {
		if !t.Enabled {
			continue
		}
		failed = errors.Join(failed, b.catchUp(ctx, t))
	}
	b.wake()
	return failed
}

func (b *Billing) catchUp(ctx context.Context, t Turned) error {
	since := t.LastEvent
	if since.IsZero() {
		since = t.Tested
	}
	g, err := b.gateway(ctx, t.Name)
	if err != nil || since.IsZero() {
		return err
	}
	missed, err := g.Missed(ctx, since.Add(-time.Hour)) // what we have is not taken again
	if err != nil {
		return fmt.Errorf("ask %s what was missed: %w", t.Name, err)
	}
	for _, e := range missed {
		if err := b.keepEvent(ctx, t.Name, e, nil); err != nil {
			return err
		}
	}
	return nil
}
