package data

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"rowhouse/data/fault"
)

// pool is a pool over n tenants' files.
func pool(t testing.TB, n int) *Pool {
	t.Helper()
	dir := t.TempDir()
	must(t, copies(t.Context(), dir, n))
	p := &Pool{Dir: dir}
	t.Cleanup(func() { p.Close() })
	return p
}

func use(t testing.TB, p *Pool, name string) (*DB, func()) {
	t.Helper()
	db, done, err := p.Use(t.Context(), name)
	must(t, err)
	return db, done
}

func TestAHundredCallersOpenAFileOnce(t *testing.T) {
	p := pool(t, 1)
	var opened atomic.Int32
	p.Prepare = func(context.Context, string, *DB) error {
		opened.Add(1)
		time.Sleep(5 * time.Millisecond)
		return nil
	}
	var group sync.WaitGroup
	for range 100 {
		group.Go(func() {
			db, done, err := p.Use(context.Background(), tenant(0))
			if err != nil {
				t.Error(err)
				return
			}
			defer done()
			if _, err := count(context.Background(), db); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	if n := opened.Load(); n != 1 {
		t.Error(n)
	}
}

func TestACallerWhoGivesUpDoesNotSpoilTheOpeningForOthers(t *testing.T) {
	p := pool(t, 1)
	started, goOn := make(chan bool), make(chan bool)
	p.Prepare = func(ctx context.Context, _ string, _ *DB) error {
		close(started)
		<-goOn
		return ctx.Err()
	}
	ctx, cancel := context.WithCancel(t.Context())
	gone := make(chan error)
	go func() {
		_, _, err := p.Use(ctx, tenant(0))
		gone <- err
	}()
	<-started
	cancel()
	if err := <-gone; !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	close(goOn)
	_, done := use(t, p, tenant(0))
	done()
}

func TestTheLeastRecentlyUsedFileIsClosedFirst(t *testing.T) {
	p := pool(t, 3)
	p.Max = 2
	a, doneA := use(t, p, tenant(0))
	b, doneB := use(t, p, tenant(1))
	doneB()
	doneA()
	doneA() // no harm
	_, done := use(t, p, tenant(2))
	defer done()
	if n := p.Open(); n != 2 {
		t.Error(n)
	}
	again, doneA := use(t, p, tenant(0))
	defer doneA()
	if again != a {
		t.Error("the one used last was closed")
	}
	if _, err := count(t.Context(), b); err == nil {
		t.Error("the one used first was not")
	}
}

func TestAFullPoolWaitsForSomebodyToLeave(t *testing.T) {
	p := pool(t, 2)
	p.Max = 1
	_, done := use(t, p, tenant(0))
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if _, _, err := p.Use(ctx, tenant(1)); !errors.Is(err, context.DeadlineExceeded) {
		t.Error(err)
	}
	time.AfterFunc(10*time.Millisecond, done)
	_, done = use(t, p, tenant(1))
	done()
}

func TestACallerWhoWaitedTooLongIsToldToComeBack(t *testing.T) {
	p := pool(t, 1)
	p.mu.Lock()
	p.start()
	w := waiter{ctx: t.Context()}
	err := p.wait(&w, time.Millisecond)
	p.mu.Unlock()
	if f := fault.Of(err); f.Kind != fault.Busy || f.Retry != 5*time.Second {
		t.Error(err)
	}
}

func TestAFileThatFailedIsNotTriedAHundredTimes(t *testing.T) {
	p := pool(t, 1)
	tries := 0
	oops := errors.New("wrong tenant")
	p.Prepare = func(context.Context, string, *DB) error { tries++; return oops }
	for range 100 {
		if _, _, err := p.Use(t.Context(), tenant(0)); !errors.Is(err, oops) {
			t.Fatal(err)
		}
	}
	if tries != 1 || p.Open() != 0 {
		t.Error(tries, p.Open())
	}
	p.Prepare = nil
	p.Drop(tenant(0))
	_, done := use(t, p, tenant(0))
	done()
}

func TestAPanicInPrepareIsAnError(t *testing.T) {
	p := pool(t, 1)
	p.Prepare = func(context.Context, string, *DB) error { panic("oops") }
	if _, _, err := p.Use(t.Context(), tenant(0)); err == nil {
		t.Error("no error")
	}
}

func TestANewTenantIsThereAtOnce(t *testing.T) {
	p := pool(t, 1)
	if _, _, err := p.Use(t.Context(), "acme"); !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	must(t, os.Rename(p.Folder(tenant(0)), p.Folder("acme")))
	_, done := use(t, p, "acme")
	done()
}

func TestNamesCannotLeadOutOfTheFolder(t *testing.T) {
	p := pool(t, 1)
	for _, name := range []string{"", "..", "../a", "a/b", "A", "a.b", "ä", "a\x00", "a b"} {
		if _, _, err := p.Use(t.Context(), name); err == nil {
			t.Errorf("used %q", name)
		}
		if err := p.Alone(t.Context(), name, func(string) error { return nil }); err == nil {
			t.Errorf("alone with %q", name)
		}
	}
}

func TestALinkInPlaceOfAFileIsRefused(t *testing.T) {
	p := pool(t, 2)
	path := filepath.Join(p.Folder(tenant(0)), FileName)
	must(t, os.Remove(path))
	must(t, os.Symlink(filepath.Join(p.Folder(tenant(1)), FileName), path))
	if _, _, err := p.Use(t.Context(), tenant(0)); !Damaged(err) {
		t.Error(err)
	}
}

func TestManyClientsInASmallPoolAllGetTheirFiles(t *testing.T) {
	p := pool(t, 30)
	p.Max = 8
	var group sync.WaitGroup
	for client := range 20 {
		group.Go(func() {
			for i := range 60 {
				name := tenant((client*7 + i) % 30)
				db, done, err := p.Use(context.Background(), name)
				if err != nil {
					t.Error(err)
					return
				}
				if _, err := db.Exec(context.Background(), `insert into lead (name) values (?)`, fmt.Sprint(client, " ", i)); err != nil {
					t.Error(err)
				}
				done()
				if i%20 == 0 {
					p.Drop(name)
				}
			}
		})
	}
	group.Wait()
	total := 0
	for i := range 30 {
		db, done := use(t, p, tenant(i))
		n, err := count(t.Context(), db)
		must(t, err)
		total += n
		done()
	}
	if total != 20*60 || p.Open() > 8 {
		t.Error(total, p.Open())
	}
}
