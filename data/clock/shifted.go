package clock

import (
	"sync/atomic"
	"time"
)

// Shifted is a clock that runs ahead of another one: the demo's time machine.
type Shifted struct {
	Base Clock
	by   atomic.Int64 // nanoseconds
}

// Now is the time of the base, and the shift.
func (s *Shifted) Now() time.Time { return s.Base.Now().Add(s.Shift()) }

// Shift is how far the clock is ahead.
func (s *Shifted) Shift() time.Duration { return time.Duration(s.by.Load()) }

// Add moves the clock ahead.
func (s *Shifted) Add(d time.Duration) { s.by.Add(int64(d)) }
