package data

import (
	"context"
	"errors"
	"time"
)

// waiter is one caller's patience.
type waiter struct {
	ctx   context.Context
	timer *time.Timer // starts when he first has to wait
}

func (w *waiter) stop() {
	if w.timer != nil {
		w.timer.Stop()
	}
}

// wait waits, without the lock, until something changed, for at most as long as the waiter's
// first wait allows. The caller looks again then.
func (p *Pool) wait(w *waiter, most time.Duration) error {
	if w.timer == nil {
		w.timer = time.NewTimer(most)
	}
	changed := p.changed
	p.waiting++
	p.mu.Unlock()
	defer func() {
		p.mu.Lock()
		p.waiting--
	}()
	select {
	case <-changed:
		return nil
	case <-w.ctx.Done():
		return w.ctx.Err()
	case <-w.timer.C:
		return busy(errors.New("waited too long for a file"))
	}
}

// wake lets everybody who waits look again.
func (p *Pool) wake() {
	if p.waiting > 0 {
		close(p.changed)
		p.changed = make(chan struct{})
	}
}

// await waits, without the lock, until the opening of f has come to an end.
// It counts as a user meanwhile, so that f is not closed before he gets it.
func (p *Pool) await(f *file, w *waiter) (*DB, func(), error) {
	f.refs++
	p.mu.Unlock()
	var err error
	select {
	case <-f.opened:
	case <-w.ctx.Done():
		err = w.ctx.Err()
	}
	p.mu.Lock()
	if err == nil {
		err = f.err
	}
	if err != nil {
		p.giveBack(f)
		return nil, nil, err
	}
	return f.db, p.returning(f), nil
}

// makeRoom begins to close a file, unless enough are closing already for all who wait for room,
// and waits.
func (p *Pool) makeRoom(w *waiter) error {
	p.seeking++
	defer func() { p.seeking-- }()
	if first := p.idle.Front(); first != nil && p.leaving < p.seeking {
		p.shut(first.Value.(*file))
	}
	return p.wait(w, fullWait)
}
