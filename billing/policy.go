package billing

import (
	"context"
	"encoding/json"
	"fmt"
)

// Policy is what happens when, counted in days. The zero value of a list or number is the standard.
type Policy struct {
	Manual   int    `json:"manual,omitempty"`   // a renewal is invoiced so many days ahead if the customer pays by hand
	Auto     int    `json:"auto,omitempty"`     // and if a saved method is charged
	Retries  []int  `json:"retries,omitempty"`  // days after the due day on which a charge is tried again
	Steps    []Step `json:"steps,omitempty"`    // after the due day of an invoice
	Trial    []Step `json:"trial,omitempty"`    // after the end of a trial that nobody paid for
	Read     int    `json:"read,omitempty"`     // after a subscription has ended, its CRM can be read so many days longer
	Closing  []int  `json:"closing,omitempty"`  // after a subscription has ended: first warning, second warning, archive, purge
	Checkout int    `json:"checkout,omitempty"` // days for which an order by bank transfer waits; others wait one
	Change   int    `json:"change,omitempty"`   // days for which an unpaid change of plan waits
}

// Step is something that happens to an unpaid invoice.
type Step struct {
	Day int `json:"day"`
	Act Act `json:"act"`
}

// Act is what a step does.
type Act string

// The acts, each harder than the one before.
const (
	Remind    Act = "remind"
	Restrict  Act = "read_only"
	Block     Act = "billing_only"
	Terminate Act = "cancel"
)

// standard is the policy of a host that has not changed it.
func standard() Policy {
	return Policy{Manual: 7, Auto: 3, Retries: []int{1, 3, 6, 13},
		Steps:   []Step{{1, Remind}, {3, Remind}, {7, Restrict}, {14, Block}, {30, Terminate}},
		Trial:   []Step{{0, Restrict}, {7, Block}, {30, Terminate}},
		Closing: []int{30, 53, 60, 90}, Checkout: 14, Change: 7}
}

// readPolicy reads rules over the standard ones.
func readPolicy(rules string) (Policy, error) {
	p := standard()
	if err := json.Unmarshal([]byte(rules), &p); err != nil {
		return p, fmt.Errorf("read policy: %w", err)
	}
	return p, nil
}

func (p Policy) json() string {
	b, err := json.Marshal(p)
	if err != nil {
		panic(err) // numbers and words can be written
	}
	return string(b)
}

// due is the day on which the step after done is due: no earlier than its day says, and no closer to the step before than the
// policy has them apart. So a time in which we did not run takes nobody's days away.
func due(steps []Step, done int, dueOn Day, last Day) (Step, Day, bool) {
	if done >= len(steps) {
		return Step{}, 0, false
	}
	s := steps[done]
	on := dueOn + Day(s.Day)
	if done > 0 {
		on = max(on, last+Day(s.Day-steps[done-1].Day))
	}
	return s, on, true
}

// RulesOf are the rules for a subscription whose invoices are not paid, as they are now.
func (b *Billing) RulesOf(ctx context.Context, s Subscription) (Policy, error) {
	var rules string
	if err := b.DB.QueryRow(ctx, `select rules from policy where id = ?`, s.Policy).Scan(&rules); err != nil {
		return Policy{}, fmt.Errorf("policy %d: %w", s.Policy, err)
	}
	return readPolicy(rules)
}
