package data

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// Alone waits until nobody uses name, closes its file, and keeps everybody out while work runs:
// work may move, replace or remove what is in the folder. It waits 10 seconds at the most,
// then fails with fault.Busy.
func (p *Pool) Alone(ctx context.Context, name string, work func(folder string) error) error {
	if !valid(name) {
		return fmt.Errorf("%q is no name of a tenant", name)
	}
	if err := p.reserve(ctx, name); err != nil {
		return err
	}
	defer func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		delete(p.alone, name)
		delete(p.failed, name)
		p.wake()
	}()
	return work(p.Folder(name))
}

// reserve keeps new users of name out and waits until the others are gone and the file is closed.
func (p *Pool) reserve(ctx context.Context, name string) (err error) {
	w := waiter{ctx: ctx}
	defer w.stop()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.start()
	for p.alone[name] {
		if err := p.wait(&w, aloneWait); err != nil {
			return err
		}
	}
	p.alone[name] = true
	for p.files[name] != nil {
		if f := p.files[name]; f.place != nil {
			p.shut(f)
		}
		if err := p.wait(&w, aloneWait); err != nil {
			delete(p.alone, name)
			p.wake()
			return err
		}
	}
	return nil
}

// Sweep closes the files that nobody has used for longer than Idle,
// and the surplus connections of those that nobody has used for a while.
func (p *Pool) Sweep(now time.Time) {
	idle := p.Idle
	if idle <= 0 {
		idle = 5 * time.Minute
	}
	var old []*file
	var resting []*DB
	p.mu.Lock()
	p.start()
	for at := p.idle.Front(); at != nil; {
		f := at.Value.(*file)
		at = at.Next()
		switch unused := now.Sub(f.used); {
		case unused > idle:
			old = append(old, p.takeOut(f))
		case unused > quiet && !f.trimmed:
			f.trimmed = true
			resting = append(resting, f.db)
		}
	}
	for name, failed := range p.failed {
		if time.Now().After(failed.until) {
			delete(p.failed, name)
		}
	}
	p.mu.Unlock()
	for _, db := range resting {
		db.trim()
	}
	p.finishAll(old)
}

// finishAll closes files, several at a time: closing one waits for the disk.
func (p *Pool) finishAll(files []*file) {
	var group sync.WaitGroup
	turns := make(chan struct{}, 8)
	for _, f := range files {
		turns <- struct{}{}
		group.Go(func() {
			p.finish(f)
			<-turns
		})
	}
	group.Wait()
}

// Close keeps new users out, waits up to 10 seconds for the present ones, and closes all files.
// Files that are still used then stay open, and are an error; what was written to them is safe.
func (p *Pool) Close() error {
	w := waiter{ctx: context.Background()}
	defer w.stop()
	p.mu.Lock()
	p.start()
	p.closed = true
	p.wake()
	var err error
	for len(p.files) > 0 && err == nil {
		var free []*file
		for p.idle.Len() > 0 {
			free = append(free, p.takeOut(p.idle.Front().Value.(*file)))
		}
		if len(free) == 0 {
			err = p.wait(&w, aloneWait)
			continue
		}
		p.mu.Unlock()
		p.finishAll(free)
		p.mu.Lock()
	}
	left := len(p.files)
	p.mu.Unlock()
	if left > 0 {
		return fmt.Errorf("%d files are still in use", left)
	}
	return nil
}
