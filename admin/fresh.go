package admin

import (
	"sync"
	"time"
)

// fresh is an answer that costs too much to be worked out for every page: it may be as old as a minute.
type fresh[T any] struct {
	mu    sync.Mutex
	until time.Time
	value T
}

// get returns the answer, made anew if it is too old. Errors are not kept.
func (f *fresh[T]) get(now time.Time, make func() (T, error)) (T, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if now.Before(f.until) && now.After(f.until.Add(-2*time.Minute)) {
		return f.value, nil
	}
	value, err := make()
	if err == nil {
		f.value, f.until = value, now.Add(time.Minute)
	}
	return value, err
}
