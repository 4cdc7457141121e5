package tenant

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
)

// Tidy moves folders that an interrupted act has left half-made into the trash; those of a provisioning that will go on
// stay. It runs once, before anybody is served.
func (ts *Tenants) Tidy(ctx context.Context) error {
	if err := ts.finishMoves(ctx); err != nil {
		return err
	}
	entries, err := os.ReadDir(filepath.Join(ts.Dir, "tenants"))
	if err != nil {
		return err
	}
	var failed []error
	for _, e := range entries {
		var id int64
		if _, err := fmt.Sscanf(e.Name(), ".new-%d", &id); err != nil || !strings.HasPrefix(e.Name(), ".new-") {
			continue
		}
		var state State
		err := ts.DB.QueryRow(ctx, `select state from tenant where id = ?`, id).Scan(&state)
		if err == nil && (state == Provisioning || state == ProvisionFailed) {
			continue
		}
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		to := filepath.Join(ts.Dir, "trash", strings.TrimPrefix(e.Name(), ".")+"-"+ts.Clock.Now().Format("20060102T150405.000"))
		slog.Warn("a half-made folder goes to the trash", "from", e.Name(), "to", to)
		failed = append(failed, os.Rename(filepath.Join(ts.Dir, "tenants", e.Name()), to))
	}
	return errors.Join(failed...)
}
