// Package office is the back office: the operators' accounts and a read-only look at the host's tables, kept by PocketBase.
// No other package knows PocketBase, and nobody reaches it but through here: it is not served, it only answers.
package office

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"rowhouse/data/fault"
)

// Office is the open back office.
type Office struct {
	app      *core.BaseApp
	inner    http.Handler  // PocketBase's own routes
	views    []View        // those that work, in the order of the list
	sealing  [32]byte      // the key of the secrets of second factors
	pepper   [32]byte      // the key that passwords are mixed with
	patience time.Duration // for one query of a reader
	hashing  chan struct{}
	asking   chan struct{}

	using  sync.WaitGroup // whoever is inside: PocketBase must not be closed under them
	mu     sync.Mutex     // guards closed
	closed bool
	known  memory
}

// Open opens the back office over dir/host, whose data.db must be there and up to date. secret returns the host's
// secret for a purpose, always the same one: with another, no password and no second factor fits any more.
func Open(ctx context.Context, dir string, secret func(purpose string) []byte) (*Office, error) {
	return open(ctx, dir, secret, list(), maxReading)
}

func open(ctx context.Context, dir string, secret func(string) []byte, wanted []view, patience time.Duration) (*Office, error) {
	host := filepath.Join(dir, "host")
	o := &Office{patience: patience, hashing: make(chan struct{}, runtime.GOMAXPROCS(0)), asking: make(chan struct{}, maxAsking)}
	var err error
	if o.sealing, err = key(secret, "operator factors"); err != nil {
		return nil, err
	}
	if o.pepper, err = key(secret, "operator passwords"); err != nil {
		return nil, err
	}
	if err := prepare(host); err != nil {
		return nil, fmt.Errorf("open the back office: %w", err)
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if err := o.start(host, wanted); err != nil {
		return nil, errors.Join(fmt.Errorf("open the back office: %w", err), o.Close())
	}
	return o, nil
}

// prepare looks at the files before PocketBase does: it would make a new, empty host in the place of a missing one,
// and would let everybody read the second file.
func prepare(host string) error {
	info, err := os.Lstat(filepath.Join(host, "data.db"))
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() || info.Size() == 0 {
		return fmt.Errorf("%s is not the host's file", filepath.Join(host, "data.db"))
	}
	// SQLite gives the files that it puts beside a database the rights of the database.
	path := filepath.Join(host, "auxiliary.db")
	if info, err := os.Lstat(path); err == nil {
		if info.Mode().Perm() == 0o600 {
			return nil
		}
		return os.Chmod(path, 0o600)
	}
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	return file.Close()
}

// start brings PocketBase up: its tables, ours, the views, the routes.
func (o *Office) start(host string, wanted []view) error {
	o.app = base(host, o.patience)
	if err := o.app.Bootstrap(); err != nil {
		return err
	}
	if err := migrate(o.app); err != nil {
		return err
	}
	if err := settle(o.app); err != nil {
		return err
	}
	if err := o.raise(wanted); err != nil {
		return err
	}
	inner, err := routes(o.app)
	o.inner = inner
	return err
}

// Close waits for whoever is inside and closes PocketBase. A second time it does nothing.
func (o *Office) Close() error {
	o.mu.Lock()
	before := o.closed
	o.closed = true
	o.mu.Unlock()
	o.using.Wait()
	if before || o.app == nil {
		return nil
	}
	return end(o.app)
}

// enter begins a use of PocketBase; the caller calls what it returns when it is over.
func (o *Office) enter(ctx context.Context) (leave func(), err error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.closed {
		return nil, fault.New(fault.Busy, "The back office is closed. Please try again soon.")
	}
	o.using.Add(1)
	return o.using.Done, nil
}

// change does work in one transaction. It holds the only writer of the host's file, so work must be short.
func (o *Office) change(ctx context.Context, work func(app core.App) error) error {
	leave, err := o.enter(ctx)
	if err != nil {
		return err
	}
	defer leave()
	defer o.known.forget()
	return o.app.RunInTransaction(func(app core.App) error {
		// Whoever waited long for the writer may have gone meanwhile.
		if err := ctx.Err(); err != nil {
			return err
		}
		return work(app)
	})
}
