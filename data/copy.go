package data

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// CopyTo writes a copy of the file as it is at this moment to path, which must not exist.
// The copy survives a power cut, is compact and has no leftovers of deleted rows.
func (db *DB) CopyTo(ctx context.Context, path string) error {
	// Made beforehand: SQLite would make it readable for everybody, and would take an empty one.
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("copy: %w", err)
	}
	err = file.Close()
	if err == nil {
		err = db.copyInto(ctx, path)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("copy %s to %s: %w", db.Path, path, err), os.Remove(path))
	}
	return nil
}

func (db *DB) copyInto(ctx context.Context, path string) error {
	source := sql.OpenDB(connector{path: db.Path, mode: copying})
	source.SetMaxOpenConns(1)
	_, err := source.ExecContext(ctx, `vacuum into ?`, path)
	if err := errors.Join(err, source.Close()); err != nil {
		return err
	}
	if err := syncFile(path); err != nil {
		return err
	}
	return SyncDir(filepath.Dir(path))
}
