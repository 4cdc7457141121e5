package record

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"rowhouse/crm/entity"
	"rowhouse/data"
)

// Purge removes for good what has been in the trash too long, a bounded number at a time: records with what was
// written on them and attached to them, notes and files. Links to them become empty. The log stays.
func Purge(ctx context.Context, tx *sql.Tx, entities []entity.Entity, now time.Time) error {
	before := now.Add(-TrashLife).UnixMilli()
	for _, e := range entities {
		if err := purge(ctx, tx, entities, e, before); err != nil {
			return fmt.Errorf("purge %s: %w", e.Name, err)
		}
	}
	for _, table := range []string{"note", "file"} {
		if _, err := tx.ExecContext(ctx, "delete from "+table+" where deleted_at < ?", before); err != nil {
			return fmt.Errorf("purge %ss: %w", table, err)
		}
	}
	return nil
}

func purge(ctx context.Context, tx *sql.Tx, entities []entity.Entity, e entity.Entity, before int64) error {
	old := " in (select id from " + quote(e.Name) + " where deleted_at < ? order by deleted_at, id limit 500)"
	for _, other := range entities {
		for _, f := range other.Fields {
			if link, ok := f.Kind.(entity.Link); ok && link.To == e.Name {
				if _, err := tx.ExecContext(ctx, "update "+quote(other.Name)+" set "+quote(f.Name)+" = null, version = version + 1 where "+quote(f.Name)+old, before); err != nil {
					return err
				}
			}
		}
	}
	for _, table := range []string{"note", "file"} {
		if _, err := tx.ExecContext(ctx, "delete from "+table+" where entity = ? and record"+old, e.Name, before); err != nil {
			return err
		}
	}
	_, err := tx.ExecContext(ctx, "delete from "+quote(e.Name)+" where id"+old, before)
	return err
}

// Sweep removes the contents of files that nothing names any more. What is younger than a day is left: its row may be on the way.
func Sweep(ctx context.Context, db *data.DB, folder string, now time.Time) error {
	entries, err := os.ReadDir(folder)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	used := map[string]bool{}
	err = each(ctx, db, func(scan func(...any) error) error {
		var hash string
		err := scan(&hash)
		used[hash] = true
		return err
	}, `select hash from file union select hash from import where updated_at > ? union select value from setting`, now.Add(-TrashLife).UnixMilli())
	if err != nil {
		return fmt.Errorf("sweep %s: %w", folder, err)
	}
	for _, entry := range entries {
		info, err := entry.Info()
		if err != nil || used[entry.Name()] || !info.Mode().IsRegular() || now.Sub(info.ModTime()) < 24*time.Hour {
			continue
		}
		if err := os.Remove(filepath.Join(folder, entry.Name())); err != nil {
			return fmt.Errorf("sweep %s: %w", folder, err)
		}
	}
	return nil
}
