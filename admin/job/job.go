// Package job runs the host's scheduled work beside billing's, and notes how each turn went.
package job

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"rowhouse/data"
	"rowhouse/data/clock"
	"rowhouse/data/fault"
)

// Job is work that is found by asking what is due: a turn that was missed, or that is done twice, harms nobody.
type Job struct {
	Name  string
	Label string                                               // what it does, in English
	Every time.Duration                                        // how often it has a turn
	Daily bool                                                 // once a day, at Hour
	Hour  int                                                  // of the host's zone
	Do    func(ctx context.Context) (done, bad int, err error) // how many subjects it had, and how many of them failed
	// Beside: it may run beside itself. Others wait for the turn that runs.
	Beside bool

	mu sync.Mutex
}

// Board is the host's jobs.
type Board struct {
	DB    *data.DB
	Clock clock.Clock
	Zone  func(ctx context.Context) (*time.Location, error) // of the host; nil is UTC
	Jobs  []*Job
	Money Billing // billing's own jobs, which can be run from here too; may be nil

	mu      sync.Mutex
	began   map[string]time.Time // the last turn of each that this process has seen
	running string               // what somebody has asked for
	stop    context.CancelFunc   // ends it
	work    sync.WaitGroup
}

// Billing is what is asked of billing: to do one of its jobs now.
type Billing interface {
	RunJob(ctx context.Context, name string) error
}

// Run is how a job went last.
type Run struct {
	Name        string
	Began, Next time.Time
	Took        time.Duration
	Done, Bad   int
	Error       string
}

func (b *Board) find(name string) *Job {
	for _, j := range b.Jobs {
		if j.Name == name {
			return j
		}
	}
	return nil
}

// Do has a turn of a job now, and notes how it went.
func (b *Board) Do(ctx context.Context, name string) error { return b.do(ctx, name, false) }

func (b *Board) do(ctx context.Context, name string, always bool) error {
	j := b.find(name)
	if j == nil {
		return fmt.Errorf("there is no job %q", name)
	}
	if !j.Beside {
		j.mu.Lock()
		defer j.mu.Unlock()
	}
	began, now := time.Now(), b.Clock.Now()
	b.mark(name, now)
	done, bad, err := j.Do(ctx)
	if ctx.Err() != nil {
		return err
	}
	return errors.Join(err, b.note(ctx, Run{Name: name, Began: now, Took: time.Since(began), Done: done, Bad: bad}, err, always))
}

func (b *Board) mark(name string, now time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.began == nil {
		b.began = map[string]time.Time{}
	}
	b.began[name] = now
}

// note keeps how a job went. One that found nothing is noted once an hour only, as a note is a write.
func (b *Board) note(ctx context.Context, r Run, failure error, always bool) error {
	if failure != nil {
		r.Error, always = failure.Error(), true
	}
	if !always && r.Done == 0 {
		var last int64
		err := b.DB.QueryRow(ctx, `select coalesce((select began_at from job where name = ? and error = ''), 0)`, r.Name).Scan(&last)
		if since := r.Began.UnixMilli() - last; err != nil || since >= 0 && since < time.Hour.Milliseconds() {
			return err
		}
	}
	_, err := b.DB.Exec(ctx, `insert into job (name, began_at, took, done, failed, error) values (?, ?, ?, ?, ?, ?)
		on conflict (name) do update set began_at = excluded.began_at, took = excluded.took, done = excluded.done, failed = excluded.failed, error = excluded.error`,
		r.Name, r.Began.UnixMilli(), r.Took.Milliseconds(), r.Done, r.Bad, r.Error)
	return err
}

// Tick has a turn of a job if its time has come.
func (b *Board) Tick(ctx context.Context, name string) error {
	r, err := b.last(ctx, name)
	if err != nil || !r.Began.IsZero() && b.Clock.Now().Before(r.Next) {
		return err
	}
	return b.Do(ctx, name)
}

// last is how a job went last, and when its next turn is.
func (b *Board) last(ctx context.Context, name string) (Run, error) {
	j := b.find(name)
	if j == nil {
		return Run{}, fmt.Errorf("there is no job %q", name)
	}
	r := Run{Name: name}
	var began, took int64
	err := b.DB.QueryRow(ctx, `select began_at, took, done, failed, error from job where name = ?`, name).Scan(&began, &took, &r.Done, &r.Bad, &r.Error)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return r, err
	}
	if began > 0 {
		r.Began, r.Took = time.UnixMilli(began).UTC(), time.Duration(took)*time.Millisecond
	}
	b.mu.Lock()
	if seen := b.began[name]; seen.After(r.Began) {
		r.Began = seen
	}
	b.mu.Unlock()
	r.Next, err = b.next(ctx, j, r.Began)
	return r, err
}

// next is when a job has its turn after one at a moment.
func (b *Board) next(ctx context.Context, j *Job, began time.Time) (time.Time, error) {
	if began.IsZero() || !j.Daily {
		return began.Add(j.Every), nil
	}
	zone := time.UTC
	if b.Zone != nil {
		var err error
		if zone, err = b.Zone(ctx); err != nil {
			return began, err
		}
	}
	local := began.In(zone)
	at := time.Date(local.Year(), local.Month(), local.Day(), j.Hour, 0, 0, 0, zone)
	if !at.After(began) {
		at = time.Date(local.Year(), local.Month(), local.Day()+1, j.Hour, 0, 0, 0, zone)
	}
	return at.UTC(), nil
}

// Runs returns how each job went last, in their order.
func (b *Board) Runs(ctx context.Context) ([]Run, error) {
	var list []Run
	for _, j := range b.Jobs {
		r, err := b.last(ctx, j.Name)
		if err != nil {
			return nil, err
		}
		list = append(list, r)
	}
	return list, nil
}

// Running is the job that somebody has asked for and that runs, or nothing.
func (b *Board) Running() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.running
}

// Begin has a turn of a job in the background, also one of billing's. The error is a fault.Busy while another one runs that was asked
// for, and a fault.Missing if there is no such job.
func (b *Board) Begin(ctx context.Context, name string) error {
	if b.find(name) == nil && b.Money == nil {
		return fault.New(fault.Missing, "There is no such job.")
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.running != "" {
		return fault.New(fault.Conflict, "Another job runs. Please wait until it is done.")
	}
	ctx, b.stop = context.WithCancel(context.WithoutCancel(ctx)) // it goes on when the request is over
	b.running = name
	b.work.Go(func() {
		defer func() {
			b.mu.Lock()
			defer b.mu.Unlock()
			b.running = ""
		}()
		if err := b.now(ctx, name); err != nil {
			slog.Error("job failed", "job", name, "err", err)
		}
	})
	return nil
}

func (b *Board) now(ctx context.Context, name string) error {
	if b.find(name) == nil {
		return b.Money.RunJob(ctx, name)
	}
	return b.do(ctx, name, true)
}

// Close ends what was asked for and waits for it: before the files are closed.
func (b *Board) Close() {
	b.mu.Lock()
	if b.stop != nil {
		b.stop()
	}
	b.mu.Unlock()
	b.work.Wait()
}
