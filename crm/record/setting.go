package record

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"maps"
	"slices"

	"rowhouse/crm/entity"
	"rowhouse/ui"
)

// MaxSetting is how long the value of a setting may be, in characters.
const MaxSetting = 500

// SetSettings keeps settings of the company, all or none, for administrators. The log says what each was before.
func (s *Store) SetSettings(ctx context.Context, values map[string]string) error {
	if err := s.admin(); err != nil {
		return err
	}
	problems := ui.Problems{}
	for key, value := range values {
		if n := len([]rune(value)); n > MaxSetting {
			problems.Add(key, "Please use at most %d characters (these are %d).", MaxSetting, n)
		}
	}
	if err := problems.Err(); err != nil {
		return err
	}
	err := s.tx(ctx, func(tx *sql.Tx) error {
		changes := Changes{}
		for _, key := range slices.Sorted(maps.Keys(values)) {
			if err := setSetting(ctx, tx, key, values[key], changes); err != nil {
				return fmt.Errorf("keep setting %s: %w", key, err)
			}
		}
		if len(changes) == 0 {
			return nil
		}
		return s.log(ctx, tx, "settings changed", &entity.Entity{Name: "setting"}, 0, "", changes)
	})
	s.DB.Forget()
	return err
}

// setSetting keeps one setting and notes it in changes, if it changes.
func setSetting(ctx context.Context, tx *sql.Tx, key, value string, changes Changes) error {
	var old string
	if err := tx.QueryRowContext(ctx, `select coalesce((select value from setting where key = ?), '')`, key).Scan(&old); err != nil || old == value {
		return err
	}
	changes[key] = [2]string{old, value}
	_, err := tx.ExecContext(ctx, `insert into setting (key, value) values (?, ?) on conflict (key) do update set value = excluded.value`, key, value)
	return err
}

// SetPicture keeps content among the tenant's files, under its hash, and lets a setting name it: the logo.
func (s *Store) SetPicture(ctx context.Context, key string, content io.Reader) error {
	if err := s.admin(); err != nil {
		return err
	}
	f, err := s.store(content, anySize)
	if err != nil {
		return fmt.Errorf("keep %s: %w", key, err)
	}
	return s.SetSettings(ctx, map[string]string{key: f.Hash})
}
