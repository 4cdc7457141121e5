package shop

import (
	"strings"
	"sync"
	"time"

	"rowhouse/ui/session"
)

// registrationLimits bound the registrations that are accepted: from one net, and from everywhere.
func registrationLimits(net string) []session.Limit {
	return []session.Limit{
		{Kind: "registration", Who: net, Most: 5, In: time.Hour},
		{Kind: "registrations", Most: 200, In: time.Hour},
	}
}

// tryLimits bound the forms that are sent, right or wrong: each costs a check of its password.
func tryLimits(net string) []session.Limit {
	return []session.Limit{{Kind: "registration form", Who: net, Most: 30, In: time.Hour}}
}

// letterLimits bound the letters, so that nobody's mailbox can be filled by means of this site.
func letterLimits(email, net string) []session.Limit {
	return []session.Limit{
		{Kind: "proof letter", Who: strings.ToLower(email), Most: 3, In: time.Hour},
		{Kind: "proof letter from", Who: net, Most: 15, In: time.Hour},
		{Kind: "proof letters", Most: 300, In: time.Hour},
	}
}

// maxAsked is how many names one net may ask for in a minute.
const maxAsked = 60

// pace counts in memory: it guards something cheap, for which a write to the file would cost more than the thing itself.
type pace struct {
	mu     sync.Mutex
	minute int64
	counts map[string]int
}

// allow counts one question of a net and tells whether it may be answered.
func (p *pace) allow(net string, now time.Time) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if minute := now.Unix() / 60; minute != p.minute || p.counts == nil {
		p.minute, p.counts = minute, map[string]int{}
	}
	p.counts[net]++
	return p.counts[net] <= maxAsked
}
