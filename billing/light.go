package billing

import (
	"context"
	"strings"

	"rowhouse/billing/gateway"
	"rowhouse/data/fault"
)

// Light is how a gateway does: green, amber if it is on and has been silent, or empty if it is off or never says anything.
func (b *Billing) Light(t Turned) string {
	switch {
	case !t.Enabled || len(t.Events) == 0 && t.LastEvent.IsZero():
		return ""
	case b.Clock.Now().Sub(t.LastEvent) > silence:
		return "amber"
	}
	return "green"
}

// GatewayMode tells whether a gateway's keys are for tests or live, as far as the keys say; else it is empty.
func (b *Billing) GatewayMode(ctx context.Context, name string) (string, error) {
	k, err := b.kind(name)
	if err != nil {
		return "", err
	}
	keys, err := b.merge(ctx, k, nil)
	if err != nil {
		return "", fault.Because(err, fault.Ours, "The keys cannot be read.")
	}
	return modeOf(keys), nil
}

// modeOf reads the mode from what gateways put into their keys.
func modeOf(keys gateway.Keys) string {
	for _, v := range keys {
		switch {
		case v == "sandbox" || strings.Contains(v, "_test_"):
			return "test"
		case v == "live" || strings.Contains(v, "_live_"):
			return "live"
		}
	}
	return ""
}
