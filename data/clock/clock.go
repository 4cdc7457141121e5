// Package clock says what time it is. Tests and the demo's time machine own it.
package clock

import (
	"sync"
	"time"
)

// Clock tells the time, in UTC.
type Clock interface{ Now() time.Time }

// Real is the machine's clock.
type Real struct{}

// Now returns the machine's time in UTC.
func (Real) Now() time.Time { return time.Now().UTC() }

// Hand is a clock that is moved by hand.
type Hand struct {
	mu sync.Mutex
	at time.Time
}

// At returns a clock that stands at t.
func At(t time.Time) *Hand { return &Hand{at: t.UTC()} }

// Now returns where the hands stand.
func (h *Hand) Now() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.at
}

// Add moves the hands by d, backwards if d is negative.
func (h *Hand) Add(d time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.at = h.at.Add(d)
}
