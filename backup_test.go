package main

import (
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"rowhouse/data/clock"
	"rowhouse/tenant"
)

// keptOf is what the list of backups knows of a company.
func (a *app) keptOf(t *testing.T, name string) tenant.Kept {
	t.Helper()
	list, err := a.tenants.KeptBackups(t.Context(), tenant.AnyBackup, "", 100)
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range list {
		if k.Name == name {
			return k
		}
	}
	return tenant.Kept{}
}

// night backs up what has changed.
func (a *app) night(t *testing.T) int {
	t.Helper()
	n, failed, err := a.tenants.BackUpChanged(t.Context())
	if err != nil || failed > 0 {
		t.Fatal(n, failed, err)
	}
	return n
}

func TestTheNightBacksUpOnlyWhatHasChanged(t *testing.T) {
	a := newApp(t)
	a.found(t, "acme", 0)
	a.found(t, "twin", 0)
	ada := a.signIn(t, "acme", "ada@acme.example")
	if n := a.night(t); n != 2 {
		t.Fatalf("the first night made %d backups", n)
	}
	if n := a.night(t); n != 0 {
		t.Fatalf("without a change there are %d", n)
	}
	a.clockAdd(t, 3600)
	if w := ada.post("/admin/leads", "name", "New"); w.Code != 303 {
		t.Fatal(w.Code, text(w))
	}
	if n := a.night(t); n != 1 {
		t.Fatalf("after one change there are %d", n)
	}
	if k := a.keptOf(t, "acme"); k.Count != 2 || !k.Newest.Equal(a.clock.Now()) || k.Size == 0 {
		t.Errorf("of acme is known %+v", k)
	}
	if err := a.tenants.BackUp(t.Context(), "twin", "test"); err != nil {
		t.Fatal(err)
	}
	if k := a.keptOf(t, "twin"); k.Count != 2 {
		t.Errorf("one made by hand is not known: %+v", k)
	}
	if n := askHost[int](t, a, `select count(*) from audit where act like 'back up%'`); n != 1 {
		t.Errorf("the log has %d lines of backups", n)
	}
}

func TestTheListOfBackupsKnowsWhatIsOnTheDisk(t *testing.T) {
	a := newApp(t)
	a.found(t, "acme", 0)
	a.night(t)
	all, err := filepath.Glob(filepath.Join(a.dir, "backups", "*", "2026-*"))
	if err != nil || len(all) != 1 {
		t.Fatal(all, err)
	}
	by := filepath.Join(filepath.Dir(all[0]), "2026-11-01T000000.000Z")
	if err := os.CopyFS(by, os.DirFS(all[0])); err != nil { // put there by hand
		t.Fatal(err)
	}
	if k := a.keptOf(t, "acme"); k.Count != 2 {
		t.Errorf("one put there by hand is not found: %+v", k)
	}
	if err := os.RemoveAll(all[0]); err != nil {
		t.Fatal(err)
	}
	if k := a.keptOf(t, "acme"); k.Count != 1 || !k.Stale {
		t.Errorf("one that is gone is still known, or the other not old: %+v", k)
	}
	old, err := a.tenants.KeptBackups(t.Context(), tenant.OldBackup, "", 100)
	if err != nil || len(old) != 1 {
		t.Error("older than 7 days:", old, err)
	}
	never, err := a.tenants.KeptBackups(t.Context(), tenant.NoBackup, "", 100)
	if err != nil || len(never) != 0 {
		t.Error("never:", never, err)
	}
}

func TestADamagedTenantDoesNotStopTheBackupOfTheOthers(t *testing.T) {
	a := newApp(t)
	a.found(t, "acme", 0)
	a.found(t, "bad", 0)
	a.found(t, "zoo", 0)
	a.tenants.Files.Drop("bad")
	if err := os.WriteFile(filepath.Join(a.tenants.Folder("bad"), "crm.db"), []byte("not a database"), 0o600); err != nil {
		t.Fatal(err)
	}
	if began, err := a.tenants.BeginBackups(t.Context(), "test"); !began || err != nil {
		t.Fatal(began, err)
	}
	if began, err := a.tenants.BeginBackups(t.Context(), "test"); err != nil {
		t.Fatal(began, err)
	}
	for p := a.tenants.BackupProgress(); p.Running; p = a.tenants.BackupProgress() {
		time.Sleep(5 * time.Millisecond)
	}
	if p := a.tenants.BackupProgress(); p.Of != 3 || p.Seen != 3 || p.Made != 2 || p.Failed != 1 || p.Why == "" {
		t.Errorf("the run has come to %+v", p)
	}
}

// TestOldBackupsGiveWayToDailyWeeklyAndMonthlyOnes lets a company work every day for 14 months.
func TestOldBackupsGiveWayToDailyWeeklyAndMonthlyOnes(t *testing.T) {
	hand := clock.At(time.Date(2026, 1, 1, 1, 0, 0, 0, time.UTC))
	var made []time.Time
	for range 420 {
		hand.Add(24 * time.Hour)
		made = append(made, hand.Now())
		spare := map[time.Time]bool{}
		for _, s := range tenant.Spare(made, hand.Now()) {
			spare[s] = true
		}
		var stay []time.Time
		for _, m := range made {
			if !spare[m] {
				stay = append(stay, m)
			}
		}
		made = stay
	}
	var got []string
	for _, m := range made {
		got = append(got, m.Format("01-02"))
	}
	want := []string{"09-30", "10-31", "11-30", "12-31", "01-31", "02-07", "02-14", "02-19", "02-20", "02-21", "02-22", "02-23", "02-24", "02-25"}
	if len(got) != len(want) {
		t.Fatalf("%d stay: %v, want %v", len(got), got, want)
	}
	for n := range want {
		if got[n] != want[n] {
			t.Errorf("%d of %v should be %s", n, got, want[n])
		}
	}
}

func TestAQuietTenantKeepsItsOldBackups(t *testing.T) {
	old := time.Date(2025, 1, 1, 1, 0, 0, 0, time.UTC)
	now := time.Date(2026, 11, 22, 1, 0, 0, 0, time.UTC)
	if s := tenant.Spare([]time.Time{old, old.Add(time.Hour), now.Add(-time.Hour), now}, now); len(s) != 1 || !s[0].Equal(old) {
		t.Error("not kept are", s)
	}
}

func TestAPurgedTenantHasNoBackupsInTheList(t *testing.T) {
	a := newApp(t)
	a.found(t, "acme", 0)
	a.night(t)
	if n := askHost[int](t, a, `select count(*) from backup`); n != 1 {
		t.Fatal(n)
	}
	a.clockAdd(t, 60)
	nothing := func(*sql.Tx) error { return nil }
	if err := errors.Join(a.tenants.Archive(t.Context(), "acme", "test", nothing), a.tenants.Purge(t.Context(), "acme", "test", nothing)); err != nil {
		t.Fatal(err)
	}
	if n := askHost[int](t, a, `select count(*) from backup`); n != 0 {
		t.Error("the list still has", n)
	}
}
