package data

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
)

// Template is a ready-made empty file of this binary's schema: a new tenant is a copy of it.
type Template struct {
	Dir     string
	Schema  Schema
	Fill    func(ctx context.Context, db *DB) error // writes the rows that every file begins with; may be nil
	Version string                                  // stands for what Fill writes; a change makes a new template

	mu sync.Mutex
}

// Path returns the file of the template, Dir/<hash>.db, making it if there is none.
// Templates of other schemas are removed then.
func (t *Template) Path(ctx context.Context) (string, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	path := filepath.Join(t.Dir, t.hash()+".db")
	if err := examine(path); err == nil {
		return path, nil
	}
	if err := t.make(ctx, path); err != nil {
		return "", fmt.Errorf("template: %w", err)
	}
	return path, nil
}

func (t *Template) hash() string {
	if t.Version == "" {
		return t.Schema.Hash()
	}
	sum := sha256.Sum256([]byte(t.Schema.Hash() + t.Version))
	return hex.EncodeToString(sum[:])[:16]
}

// make makes the file under another name first, so that a half-made one is never taken for a template.
func (t *Template) make(ctx context.Context, path string) error {
	if err := os.MkdirAll(t.Dir, 0o700); err != nil {
		return err
	}
	old, err := os.ReadDir(t.Dir)
	if err != nil {
		return err
	}
	for _, entry := range old {
		if strings.Contains(entry.Name(), ".db") {
			if err := os.RemoveAll(filepath.Join(t.Dir, entry.Name())); err != nil {
				return err
			}
		}
	}
	unfinished := strings.TrimSuffix(path, ".db") + ".new.db"
	if err := t.fill(ctx, unfinished); err != nil {
		return err
	}
	if err := examine(unfinished); err != nil {
		return err
	}
	if err := errors.Join(syncFile(unfinished), os.Rename(unfinished, path)); err != nil {
		return err
	}
	return SyncDir(t.Dir)
}

func (t *Template) fill(ctx context.Context, path string) (err error) {
	db, err := Create(ctx, path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if err := t.Schema.Migrate(ctx, db, nil); err != nil {
		return err
	}
	if t.Fill != nil {
		if err := t.Fill(ctx, db); err != nil {
			return err
		}
	}
	return db.Verify(ctx)
}

// CopyTo makes a new file at path, which must not exist. It appears there whole or not at all.
// The template is never open as a database, so its bytes are all there is.
func (t *Template) CopyTo(ctx context.Context, path string) error {
	from, err := t.Path(ctx)
	if err != nil {
		return err
	}
	if err := t.copy(from, path); err != nil {
		return fmt.Errorf("copy the template to %s: %w", path, err)
	}
	return nil
}

func (t *Template) copy(from, path string) (err error) {
	source, err := os.Open(from)
	if err != nil {
		return err
	}
	defer source.Close()
	unfinished, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*.tmp") // for its owner only
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(unfinished.Name()))
		}
	}()
	_, err = io.Copy(unfinished, source)
	if err := errors.Join(err, unfinished.Sync(), unfinished.Close()); err != nil {
		return err
	}
	if err := t.place(unfinished.Name(), path); err != nil {
		return err
	}
	return SyncDir(filepath.Dir(path))
}

// place gives a file its name, unless it is taken.
func (t *Template) place(unfinished, path string) error {
	t.mu.Lock() // between looking and renaming, nobody else may do the same
	defer t.mu.Unlock()
	if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
		return errors.Join(err, fs.ErrExist)
	}
	return os.Rename(unfinished, path)
}
