package data

import (
	"container/list"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"syscall"
	"time"

	"rowhouse/data/clock"
	"rowhouse/data/fault"
)

// FileName is what the database file of a tenant is called, in the tenant's folder.
const FileName = "crm.db"

const (
	fullWait  = 5 * time.Second  // how long a caller waits for room in a full pool
	aloneWait = 10 * time.Second // how long anybody waits for, or because of, Alone
	retry     = 5 * time.Second  // what a refused caller is told
	remember  = time.Second      // how long a file that failed to open is not tried again
	quiet     = 10 * time.Second // after that long without use, a file frees memory and descriptors
)

// Pool holds the open files of tenants, each in a folder of its own: Dir/<name>/crm.db.
// A file that somebody uses is never closed; the least recently used of the others go first.
type Pool struct {
	Dir  string
	Max  int           // open files at the most; 0: as many as the limit of descriptors allows
	Idle time.Duration // a file unused that long is closed by Sweep; 0: 5 minutes

	// Prepare is called once after opening, before anyone gets the file: is it the right one,
	// is it up to date? An error closes it.
	Prepare func(ctx context.Context, name string, db *DB) error

	Clock clock.Clock // for Idle only; nil: the machine's

	mu      sync.Mutex
	files   map[string]*file   // those that are opening, open or closing
	alone   map[string]bool    // names that Alone keeps for itself
	failed  map[string]failure // files that failed to open a moment ago
	idle    *list.List         // of *file: open and unused, least recently used first
	changed chan struct{}      // closed and replaced when waiting may have come to an end
	waiting int                // how many wait for changed
	seeking int                // how many of these wait for room
	leaving int                // how many files are closing
	closed  bool
	max     int
}

// file is one file of the pool. All fields but db belong to Pool.mu.
type file struct {
	name    string
	db      *DB
	state   state
	err     error         // why opening failed
	opened  chan struct{} // closed when opening has come to an end, well or not
	refs    int           // who uses it, or waits for its opening
	used    time.Time     // when the last one gave it back
	dropped bool          // close it as soon as nobody uses it
	trimmed bool          // it freed what it can since it was last used
	place   *list.Element // in Pool.idle, nil if it is not there
}

type state int

const (
	opening state = iota
	serving
	closing
)

type failure struct {
	err   error
	until time.Time
}

// Use returns the open file of name, opening it if need be; done gives it back, and must be called.
// It waits a while for a full pool, or while Alone works, and then fails with fault.Busy.
// Who has the file already must not ask for it again: Alone could come between.
func (p *Pool) Use(ctx context.Context, name string) (db *DB, done func(), err error) {
	if !valid(name) {
		return nil, nil, fmt.Errorf("%q is no name of a tenant", name)
	}
	w := waiter{ctx: ctx}
	defer w.stop()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.start()
	for {
		db, done, err := p.try(name, &w)
		if db != nil || err != nil {
			return db, done, err
		}
	}
}

// try is one round of Use. It returns nothing after it waited for something.
func (p *Pool) try(name string, w *waiter) (*DB, func(), error) {
	f := p.files[name]
	switch {
	case p.closed:
		return nil, nil, busy(errors.New("the pool is closed"))
	case p.alone[name]:
		return nil, nil, p.wait(w, aloneWait)
	case f != nil && f.state == opening:
		return p.await(f, w)
	case f != nil && (f.state == closing || f.dropped):
		return nil, nil, p.wait(w, aloneWait)
	case f != nil:
		return f.db, p.lend(f), nil
	}
	if failed, ok := p.failed[name]; ok {
		if time.Now().Before(failed.until) {
			return nil, nil, failed.err
		}
		delete(p.failed, name)
	}
	if len(p.files) >= p.max {
		return nil, nil, p.makeRoom(w)
	}
	f = &file{name: name, opened: make(chan struct{})}
	p.files[name] = f
	// In a goroutine of its own: the first caller may give up, the others still want the file.
	go p.load(context.WithoutCancel(w.ctx), f)
	return p.await(f, w)
}

// lend counts a user of an open file.
func (p *Pool) lend(f *file) (done func()) {
	f.refs++
	if f.place != nil {
		p.idle.Remove(f.place)
		f.place = nil
	}
	return p.returning(f)
}

// returning makes the function that gives a file back, once.
func (p *Pool) returning(f *file) func() {
	var once sync.Once
	return func() {
		once.Do(func() {
			p.mu.Lock()
			defer p.mu.Unlock()
			p.giveBack(f)
		})
	}
}

// giveBack counts a user less.
func (p *Pool) giveBack(f *file) {
	f.refs--
	if f.refs == 0 && f.state == serving {
		p.rest(f)
	}
}

// rest puts a file that nobody uses where it may be closed.
func (p *Pool) rest(f *file) {
	f.used, f.trimmed = p.now(), false
	f.place = p.idle.PushBack(f)
	if f.dropped {
		p.shut(f)
	}
	p.wake()
}

// Drop closes name's file as soon as nobody uses it; the next Use opens it anew.
// It is for a file that turned out to be damaged, or was replaced.
func (p *Pool) Drop(name string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.start()
	delete(p.failed, name)
	f := p.files[name]
	if f == nil {
		return
	}
	f.dropped = true
	if f.place != nil {
		p.shut(f)
	}
}

// Open says how many files are open, or on the way to it or from it.
func (p *Pool) Open() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.files)
}

// Folder returns where name's files are.
func (p *Pool) Folder(name string) string { return filepath.Join(p.Dir, name) }

// start fills in what the zero value leaves open.
func (p *Pool) start() {
	if p.files != nil {
		return
	}
	p.files, p.alone, p.failed = map[string]*file{}, map[string]bool{}, map[string]failure{}
	p.idle, p.changed = list.New(), make(chan struct{})
	p.max = p.Max
	if p.max <= 0 {
		p.max = room()
	}
}

// room says how many files this process may have open. Each needs up to 11 descriptors:
// the file and its -wal for five connections, and one -shm.
func room() int {
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		return 8
	}
	return int(min(max((int64(min(limit.Cur, 1<<20))-128)/11, 8), 2000))
}

func (p *Pool) now() time.Time {
	if p.Clock == nil {
		return time.Now().UTC()
	}
	return p.Clock.Now()
}

// valid tells whether name is a folder's name that cannot lead anywhere else.
func valid(name string) bool {
	for _, c := range []byte(name) {
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' {
			return false
		}
	}
	return name != "" && len(name) <= 63
}

func busy(cause error) error {
	return &fault.Fault{Kind: fault.Busy, Format: "This server is very busy. Please try again in a few seconds.",
		Retry: retry, Cause: cause}
}
