package tenant

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
)

// walk brings all files up to date, one after the other.
type walk struct {
	mu      sync.Mutex
	running bool
	done    atomic.Int64
}

// Newest is the version of a file that has run all migrations of this program.
func (ts *Tenants) Newest() (int64, error) {
	n, err := ts.CRM.Schema.Count()
	return int64(n), err
}

// Refresh brings one file up to date by opening it anew.
func (ts *Tenants) Refresh(ctx context.Context, name string) error {
	ts.Files.Drop(name)
	_, done, err := ts.Files.Use(ctx, name)
	if err != nil {
		return err
	}
	done()
	return nil
}

// Walking tells whether all files are being brought up to date, and how many are done.
func (ts *Tenants) Walking() (bool, int64) {
	ts.walk.mu.Lock()
	defer ts.walk.mu.Unlock()
	return ts.walk.running, ts.walk.done.Load()
}

// BeginWalk brings every file that is behind up to date, in the background. One that fails does not stop the others; it stands in the
// list of failures. A second call while one runs does nothing.
func (ts *Tenants) BeginWalk() {
	ts.walk.mu.Lock()
	defer ts.walk.mu.Unlock()
	if ts.walk.running {
		return
	}
	ts.walk.running = true
	ts.walk.done.Store(0)
	go func() {
		defer func() {
			ts.walk.mu.Lock()
			defer ts.walk.mu.Unlock()
			ts.walk.running = false
		}()
		if err := ts.walkAll(context.Background()); err != nil {
			slog.Error("updating all tenants stopped", "err", err)
		}
	}()
}

func (ts *Tenants) walkAll(ctx context.Context) error {
	newest, err := ts.Newest()
	if err != nil {
		return err
	}
	for after := ""; ; {
		list, err := ts.List(ctx, Active, after, 100)
		if err != nil || len(list) == 0 {
			return err
		}
		for _, t := range list {
			after = t.Name
			if t.Version >= newest && t.Failure == "" {
				continue
			}
			if err := ts.Refresh(ctx, t.Name); err != nil {
				slog.Warn("tenant not updated", "tenant", t.Name, "err", err)
			}
			ts.walk.done.Add(1)
		}
	}
}
