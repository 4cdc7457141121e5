package tenant

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// How many backups stay: the newest of each of so many days, weeks and months that have any.
const (
	keepDays   = 7
	keepWeeks  = 4
	keepMonths = 6
	keepAll    = 24 * time.Hour // what is younger stays in any case: somebody may just have made it
)

// Spare tells which of a tenant's backups are not kept at a moment. Days without a backup do not count: of a tenant whose file does
// not change, the old ones stay.
func Spare(made []time.Time, now time.Time) []time.Time {
	made = slices.Clone(made)
	slices.SortFunc(made, func(a, b time.Time) int { return b.Compare(a) })
	kept := map[time.Time]bool{}
	for _, rule := range []struct {
		most int
		of   func(time.Time) [2]int
	}{
		{keepDays, func(t time.Time) [2]int { return [2]int{t.Year(), t.YearDay()} }},
		{keepWeeks, func(t time.Time) [2]int { year, week := t.ISOWeek(); return [2]int{year, week} }},
		{keepMonths, func(t time.Time) [2]int { return [2]int{t.Year(), int(t.Month())} }},
	} {
		seen := map[[2]int]bool{}
		for _, t := range made {
			if key := rule.of(t.UTC()); !seen[key] && len(seen) < rule.most {
				seen[key], kept[t] = true, true
			}
		}
	}
	return slices.DeleteFunc(made, func(t time.Time) bool { return kept[t] || now.Sub(t) < keepAll })
}

// thin removes the backups of a tenant that are not kept, and what an interrupted act has left.
func (ts *Tenants) thin(ctx context.Context, t Tenant) error {
	made, err := ts.backupNames(t)
	if err != nil {
		return err
	}
	for _, old := range Spare(made, ts.Clock.Now()) {
		if err := ts.removeBackup(ctx, t, old); err != nil {
			return err
		}
	}
	return ts.sweepBackups(t)
}

// removeBackup takes the name away first, so that half a backup is never taken for one.
func (ts *Tenants) removeBackup(ctx context.Context, t Tenant, made time.Time) error {
	name := made.Format(stamp)
	gone := filepath.Join(ts.backups(t), ".old-"+name)
	if err := os.Rename(filepath.Join(ts.backups(t), name), gone); err != nil {
		return err
	}
	_, err := ts.DB.Exec(ctx, `delete from backup where tenant = ? and made_at = ?`, t.ID, made.UnixMilli())
	return errors.Join(err, os.RemoveAll(gone))
}

// sweepBackups removes half-made and half-removed backups that are older than a day.
func (ts *Tenants) sweepBackups(t Tenant) error {
	entries, err := os.ReadDir(ts.backups(t))
	if err != nil {
		return err
	}
	var failed []error
	for _, e := range entries {
		name := strings.TrimPrefix(strings.TrimPrefix(e.Name(), ".old-"), ".new-")
		if made, err := time.Parse(stamp, name); name != e.Name() && err == nil && ts.Clock.Now().Sub(made) > keepAll {
			failed = append(failed, os.RemoveAll(filepath.Join(ts.backups(t), e.Name())))
		}
	}
	return errors.Join(failed...)
}
