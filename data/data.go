// Package data keeps the SQLite files: one for the host and one for each tenant.
// It opens them, pools them, brings them up to date, copies them and verifies them.
// It knows no table, except its own migration and meta.
//
// Nobody else in the process may open a database file that is open here, not even to read it:
// closing any descriptor of a file drops the locks that SQLite holds on it.
package data

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"
)

// maxReaders is how many read-only connections a file may have at once.
const maxReaders = 4

// DB is one open file: one writer connection and a few read-only ones, opened when first needed.
type DB struct {
	Path string
	// OnCommit is called before and after each write; tests count them, or kill the program there. Set it before the first write.
	OnCommit func()

	readers *sql.DB
	writes  atomic.Int64

	mu     sync.Mutex
	writer *sql.DB // nil until the first write
	closed bool
	memo   map[string]memo
	kept   map[string]*keeping
}

// Open opens the file at path. A missing file is an error that is fs.ErrNotExist, never a new file;
// anything that SQLite cannot read is an error that is Damaged.
func Open(ctx context.Context, path string) (*DB, error) {
	if err := examine(path); err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	return open(ctx, path)
}

// Create makes a new, empty file at path, for its owner only.
// The error is fs.ErrExist if there is one already.
func Create(ctx context.Context, path string) (*DB, error) {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, fmt.Errorf("create: %w", err)
	}
	if err := file.Close(); err != nil {
		return nil, fmt.Errorf("create: %w", err)
	}
	db, err := open(ctx, path)
	if err == nil {
		err = SyncDir(filepath.Dir(path))
	}
	if err != nil {
		if db != nil {
			db.Close()
		}
		return nil, errors.Join(fmt.Errorf("create %s: %w", path, err), os.Remove(path))
	}
	return db, nil
}

// examine refuses what SQLite would take for something else: it opens a folder's name with
// a misleading error, follows links, and takes a file of no length for a new database.
func examine(path string) error {
	info, err := os.Lstat(path)
	switch {
	case err != nil:
		return err
	case !info.Mode().IsRegular():
		return fmt.Errorf("%w: not a regular file (%s)", errDamaged, info.Mode().Type())
	case info.Size() == 0:
		return fmt.Errorf("%w: the file has no content", errDamaged)
	}
	return nil
}

func open(ctx context.Context, path string) (*DB, error) {
	readers := sql.OpenDB(connector{path: path, mode: reading})
	readers.SetMaxOpenConns(maxReaders)
	readers.SetMaxIdleConns(maxReaders)
	db := &DB{Path: path, readers: readers, memo: map[string]memo{}, kept: map[string]*keeping{}}
	// Reads the header and all of the schema, so a file that is none is found out here.
	var tables int
	if err := readers.QueryRowContext(ctx, `select count(*) from sqlite_schema`).Scan(&tables); err != nil {
		readers.Close()
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	return db, nil
}

// pen returns the writer. Its one connection is made at the first write: most files are only read.
func (db *DB) pen() (*sql.DB, error) {
	db.mu.Lock()
	defer db.mu.Unlock()
	if db.closed {
		return nil, errors.New(db.Path + " is closed")
	}
	if db.writer == nil {
		db.writer = sql.OpenDB(connector{path: db.Path, mode: writing})
		db.writer.SetMaxOpenConns(1)
		db.writer.SetMaxIdleConns(1)
	}
	return db.writer, nil
}

// trim frees what can be had again: all idle connections but one reader, which keeps the file open,
// and of that one the prepared statements and cached pages, which come to more than all the rest.
func (db *DB) trim() {
	db.mu.Lock()
	defer db.mu.Unlock()
	if db.closed {
		return
	}
	db.readers.SetMaxIdleConns(1)
	db.readers.SetMaxIdleConns(maxReaders)
	if db.writer != nil {
		db.writer.SetMaxIdleConns(-1)
		db.writer.SetMaxIdleConns(1)
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	left, err := db.readers.Conn(ctx)
	if err != nil {
		return // all are busy: then nothing is to be had
	}
	defer left.Close()
	left.Raw(func(c any) error { c.(*conn).drop(); return nil })
	left.ExecContext(ctx, `pragma shrink_memory`)
}

// Close writes everything into the one file and closes it: no -wal and no -shm is left.
// Whoever still reads keeps his connection until he is done.
func (db *DB) Close() error {
	db.mu.Lock()
	if db.closed {
		db.mu.Unlock()
		return nil
	}
	db.closed = true
	writer := db.writer
	clear(db.memo)
	clear(db.kept)
	db.mu.Unlock()

	var errs []error
	if writer != nil {
		// The last connection to close would do this too, but tell nobody if it failed.
		_, err := writer.Exec(`pragma wal_checkpoint(truncate)`)
		errs = append(errs, err, writer.Close())
	}
	errs = append(errs, db.readers.Close())
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("close %s: %w", db.Path, err)
	}
	return nil
}

// SyncDir makes the names in a folder survive a power cut: those made, renamed and removed.
func SyncDir(path string) error {
	dir, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}

// syncFile makes the content of a file survive a power cut.
// Not for a file that is open as a database: closing it here would drop its locks.
func syncFile(path string) error {
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	return errors.Join(file.Sync(), file.Close())
}
