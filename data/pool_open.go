package data

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"time"
)

// load opens a file, prepares it, and lets those who wait have it.
func (p *Pool) load(ctx context.Context, f *file) {
	db, err := p.prepared(ctx, f.name)
	p.mu.Lock()
	defer p.mu.Unlock()
	defer p.wake()
	defer close(f.opened)
	if err != nil {
		f.err = err
		delete(p.files, f.name)
		// A missing file costs nothing to look for, and may be there a moment later.
		if !errors.Is(err, fs.ErrNotExist) && !f.dropped {
			p.failed[f.name] = failure{err, time.Now().Add(remember)}
		}
		return
	}
	f.db, f.state = db, serving
	if f.refs == 0 {
		p.rest(f)
	}
}

// prepared opens and prepares a file. A panic is an error too: it would end the process.
func (p *Pool) prepared(ctx context.Context, name string) (db *DB, err error) {
	db, err = Open(ctx, filepath.Join(p.Dir, name, FileName))
	if err != nil || p.Prepare == nil {
		return db, err
	}
	defer func() {
		if cause := recover(); cause != nil {
			err = fmt.Errorf("prepare %s: panic: %v", name, cause)
		}
		if err != nil {
			db.Close()
			db = nil
		}
	}()
	if err := p.Prepare(ctx, name, db); err != nil {
		return db, err
	}
	db.trim() // the check may have read all of the file; most of it is not asked for soon
	return db, nil
}

// shut begins to close a file that nobody uses.
func (p *Pool) shut(f *file) { go p.finish(p.takeOut(f)) }

// takeOut makes a file that nobody uses one that nobody gets any more.
func (p *Pool) takeOut(f *file) *file {
	p.idle.Remove(f.place)
	f.place, f.state = nil, closing
	p.leaving++
	return f
}

// finish closes a file that was taken out. If writing the -wal back fails, nothing is lost:
// the -wal stays, and the next opening reads it.
func (p *Pool) finish(f *file) {
	f.db.Close()
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.files, f.name)
	p.leaving--
	p.wake()
}
