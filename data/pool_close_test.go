package data

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"rowhouse/data/clock"
	"rowhouse/data/fault"
)

func TestIdleFilesAreClosedAndUsedOnesAreNot(t *testing.T) {
	p := pool(t, 2)
	hand := clock.At(time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC))
	p.Clock, p.Idle = hand, time.Minute
	_, done := use(t, p, tenant(0))
	defer done()
	_, done1 := use(t, p, tenant(1))
	done1()
	hand.Add(time.Minute)
	p.Sweep(hand.Now())
	if n := p.Open(); n != 2 {
		t.Error("too early:", n)
	}
	hand.Add(time.Second)
	p.Sweep(hand.Now())
	if n := p.Open(); n != 1 {
		t.Error("open:", n)
	}
	if got := listing(t, p.Folder(tenant(1))); got != FileName {
		t.Error(got)
	}
}

func TestAloneKeepsEverybodyOut(t *testing.T) {
	p := pool(t, 1)
	db, done := use(t, p, tenant(0))
	var working, entered atomic.Bool
	finished := make(chan error)
	go func() {
		finished <- p.Alone(context.Background(), tenant(0), func(folder string) error {
			working.Store(true)
			defer working.Store(false)
			time.Sleep(10 * time.Millisecond)
			if entered.Load() {
				t.Error("somebody came in")
			}
			if got := listing(t, folder); got != FileName {
				t.Error("not closed:", got)
			}
			return os.Rename(folder, folder+"-old")
		})
	}()
	for p.isAlone(tenant(0)) == false {
		time.Sleep(time.Millisecond)
	}
	if _, err := count(t.Context(), db); err != nil || working.Load() {
		t.Error("the one who has it cannot finish:", err)
	}
	time.AfterFunc(5*time.Millisecond, done)
	_, _, err := p.Use(t.Context(), tenant(0))
	entered.Store(true)
	if !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
	must(t, <-finished)
}

func (p *Pool) isAlone(name string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.alone[name]
}

func TestAloneGivesUpWithItsContextAndLetsOthersIn(t *testing.T) {
	p := pool(t, 1)
	_, done := use(t, p, tenant(0))
	defer done()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Millisecond)
	defer cancel()
	err := p.Alone(ctx, tenant(0), func(string) error { t.Error("worked"); return nil })
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Error(err)
	}
	_, again := use(t, p, tenant(0))
	again()
}

func TestOnlyOneIsAloneAtATime(t *testing.T) {
	p := pool(t, 1)
	var inside atomic.Int32
	var group sync.WaitGroup
	for range 20 {
		group.Go(func() {
			err := p.Alone(context.Background(), tenant(0), func(string) error {
				if inside.Add(1) != 1 {
					t.Error("two")
				}
				defer inside.Add(-1)
				return nil
			})
			if err != nil {
				t.Error(err)
			}
			if _, done, err := p.Use(context.Background(), tenant(0)); err != nil {
				t.Error(err)
			} else {
				done()
			}
		})
	}
	group.Wait()
}

func TestADroppedFileIsOpenedAnew(t *testing.T) {
	p := pool(t, 1)
	first, done := use(t, p, tenant(0))
	p.Drop(tenant(0))
	if _, err := count(t.Context(), first); err != nil {
		t.Error("closed under its user:", err)
	}
	done()
	second, done := use(t, p, tenant(0))
	done()
	p.Drop(tenant(0))
	third, done := use(t, p, tenant(0))
	defer done()
	if first == second || second == third {
		t.Error("the same file")
	}
}

func TestClosingThePoolWaitsForItsUsers(t *testing.T) {
	p := pool(t, 3)
	for i := range 3 {
		_, done := use(t, p, tenant(i))
		time.AfterFunc(time.Duration(i)*5*time.Millisecond, done)
	}
	must(t, p.Close())
	if n := p.Open(); n != 0 {
		t.Error(n)
	}
	if _, _, err := p.Use(t.Context(), tenant(0)); !fault.Is(err, fault.Busy) {
		t.Error(err)
	}
}
