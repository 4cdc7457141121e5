package job

import (
	"context"
	"errors"
	"path/filepath"
	"testing"
	"time"

	"rowhouse/billing"
	"rowhouse/data"
	"rowhouse/data/clock"
	"rowhouse/data/fault"
	"rowhouse/tenant"
	"rowhouse/ui/mail"
)

func newBoard(t *testing.T, jobs ...*Job) (*Board, *clock.Hand) {
	t.Helper()
	db, err := data.Create(t.Context(), filepath.Join(t.TempDir(), "data.db"))
	must(t, err)
	t.Cleanup(func() { must(t, db.Close()) })
	must(t, data.Schema{{Name: "mail", Files: mail.Schema}, {Name: "tenant", Files: tenant.Schema}, {Name: "billing", Files: billing.Schema}}.Migrate(t.Context(), db, nil))
	hand := clock.At(time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC))
	return &Board{DB: db, Clock: hand, Jobs: jobs}, hand
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestATurnThatFindsNothingIsNotedOnceAnHour(t *testing.T) {
	done, fails := 0, error(nil)
	b, hand := newBoard(t, &Job{Name: "letters", Every: time.Second, Do: func(context.Context) (int, int, error) { return done, 0, fails }})
	noted := func() (at int64) {
		must(t, b.DB.QueryRow(t.Context(), `select began_at from job where name = 'letters'`).Scan(&at))
		return at
	}
	must(t, b.Do(t.Context(), "letters"))
	first := noted()
	hand.Add(time.Minute)
	must(t, b.Do(t.Context(), "letters"))
	if noted() != first {
		t.Error("a turn that found nothing was written")
	}
	done = 2
	must(t, b.Do(t.Context(), "letters"))
	if runs, err := b.Runs(t.Context()); err != nil || noted() == first || runs[0].Done != 2 || !runs[0].Next.Equal(hand.Now().Add(time.Second)) {
		t.Errorf("after work: %+v, %v", runs, err)
	}
	done, fails = 0, errors.New("the server is away")
	if b.Do(t.Context(), "letters") == nil {
		t.Error("a failure is not told")
	}
	if runs, err := b.Runs(t.Context()); err != nil || runs[0].Error != "the server is away" {
		t.Errorf("after a failure: %+v, %v", runs, err)
	}
}

func TestANightlyJobHasOneTurnEachNightOfTheHostsZone(t *testing.T) {
	turns := 0
	b, hand := newBoard(t, &Job{Name: "backups", Daily: true, Hour: 1, Do: func(context.Context) (int, int, error) { turns++; return 1, 0, nil }})
	b.Zone = func(context.Context) (*time.Location, error) { return time.LoadLocation("Europe/Berlin") }
	tick := func(want int, when string) {
		t.Helper()
		if must(t, b.Tick(t.Context(), "backups")); turns != want {
			t.Errorf("%s there were %d turns, want %d", when, turns, want)
		}
	}
	tick(1, "after the start")
	tick(1, "at once again")
	hand.Add(11*time.Hour + 59*time.Minute) // 00:59 in Berlin
	tick(1, "before one o'clock")
	hand.Add(time.Minute)
	tick(2, "at one o'clock")
	b.began = nil // the program starts anew
	tick(2, "after a new start")
	hand.Add(60 * time.Hour)
	tick(3, "after two missed nights")
}

func TestOnlyOneJobRunsThatWasAskedFor(t *testing.T) {
	open, began := make(chan bool), make(chan bool)
	b, _ := newBoard(t, &Job{Name: "slow", Do: func(context.Context) (int, int, error) { close(began); <-open; return 0, 0, nil }}, &Job{Name: "other", Do: func(context.Context) (int, int, error) { return 0, 0, nil }})
	must(t, b.Begin(t.Context(), "slow"))
	<-began
	if err := b.Begin(t.Context(), "other"); !fault.Is(err, fault.Conflict) || b.Running() != "slow" {
		t.Error("beside it another one began:", err)
	}
	if err := b.Begin(t.Context(), "unknown"); !fault.Is(err, fault.Missing) {
		t.Error("what is no job:", err)
	}
	close(open)
	b.work.Wait()
	if runs, err := b.Runs(t.Context()); err != nil || runs[0].Began.IsZero() || b.Running() != "" {
		t.Errorf("afterwards: %+v, %v", runs, err)
	}
	must(t, b.Begin(t.Context(), "other"))
	b.Close()
}
