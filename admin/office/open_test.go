package office

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"rowhouse/data"
)

func TestMissingHostIsNotMadeAnew(t *testing.T) {
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "host"), 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), dir, secret); !errors.Is(err, fs.ErrNotExist) {
		t.Error("got", err)
	}
	if err := os.WriteFile(filepath.Join(dir, "host", "data.db"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), dir, secret); err == nil {
		t.Error("an empty file was taken for the host")
	}
	entries, err := os.ReadDir(filepath.Join(dir, "host"))
	if err != nil || len(entries) != 1 {
		t.Error("something was made beside it:", entries, err)
	}
}

func TestWhatIsNoDatabaseIsRefusedAndLeftAlone(t *testing.T) {
	rubbish := strings.Repeat("this is no database\n", 500)
	dir := folder(t, func() ([]byte, error) { return []byte(rubbish), nil })
	before := runtime.NumGoroutine()
	if _, err := Open(t.Context(), dir, secret); err == nil {
		t.Error("rubbish was opened")
	}
	if kept, err := os.ReadFile(filepath.Join(dir, "host", "data.db")); err != nil || string(kept) != rubbish {
		t.Error("the file was changed", err)
	}
	settled(t, before)
}

func TestShortSecretIsRefused(t *testing.T) {
	if _, err := Open(t.Context(), folder(t, opened), func(string) []byte { return nil }); err == nil {
		t.Error("opened without a secret")
	}
}

func TestOpensAgainAndOverAnOlderFile(t *testing.T) {
	t.Parallel()
	dir := folder(t, fresh)
	for range 3 {
		o, err := Open(t.Context(), dir, secret)
		if err != nil {
			t.Fatal(err)
		}
		if n := len(o.Views(Owner)); n != len(list()) {
			t.Errorf("%d views instead of %d", n, len(list()))
		}
		if a, err := o.ByNumber(t.Context(), 1); err != nil || a.Number == 0 {
			hire(t, o, "first@host.example", Owner)
		}
		if err := errors.Join(o.Close(), o.Close()); err != nil {
			t.Fatal(err)
		}
	}
	o := openIn(t, dir)
	second := openIn(t, dir) // over the same files, which does no harm
	if all, err := second.List(t.Context()); err != nil || len(all) != 1 {
		t.Error(all, err)
	}
	if all, err := o.List(t.Context()); err != nil || len(all) != 1 {
		t.Error(all, err)
	}
}

func TestOpensAfterACrash(t *testing.T) {
	dir := folder(t, opened)
	o := openIn(t, dir)
	hire(t, o, "first@host.example", Owner)
	after := t.TempDir()
	if err := os.CopyFS(after, os.DirFS(dir)); err != nil { // what a power cut leaves, the logs included
		t.Fatal(err)
	}
	again := openIn(t, after)
	if a, err := again.ByEmail(t.Context(), "FIRST@host.example"); err != nil || a.Number != 1 {
		t.Error(a, err)
	}
}

func TestCloseLeavesNothingBehind(t *testing.T) {
	dir := folder(t, opened)
	before := runtime.NumGoroutine()
	for range 3 {
		o, err := Open(t.Context(), dir, secret)
		if err != nil {
			t.Fatal(err)
		}
		a := hire(t, o, "x"+time.Now().Format("150405.000000000")+"@host.example", Owner)
		get(o, a, "GET", root+"tenants/records")
		if err := o.Close(); err != nil {
			t.Fatal(err)
		}
		if _, err := o.List(t.Context()); err == nil {
			t.Error("a closed office answers")
		}
	}
	settled(t, before)
	onlyFiles(t, dir, "auxiliary.db", "data.db")
}

// settled waits until there are no more goroutines than before.
func settled(t *testing.T, before int) {
	t.Helper()
	for range 100 {
		if runtime.NumGoroutine() <= before {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	if n := runtime.NumGoroutine(); n > before {
		buf := make([]byte, 1<<16)
		t.Errorf("%d goroutines instead of %d\n%s", n, before, buf[:runtime.Stack(buf, true)])
	}
}

func TestFilesAreForTheirOwnerOnly(t *testing.T) {
	t.Parallel()
	dir := folder(t, fresh)
	if err := os.WriteFile(filepath.Join(dir, "host", "auxiliary.db"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	o := openIn(t, dir)
	hire(t, o, "first@host.example", Owner)
	onlyFiles(t, dir, "auxiliary.db", "auxiliary.db-shm", "auxiliary.db-wal", "data.db", "data.db-shm", "data.db-wal")
}

func onlyFiles(t *testing.T, dir string, names ...string) {
	t.Helper()
	entries, err := os.ReadDir(filepath.Join(dir, "host"))
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, e := range entries {
		found = append(found, e.Name())
		if info, err := e.Info(); err != nil || info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s has the rights %v, %v", e.Name(), info.Mode(), err)
		}
	}
	if strings.Join(found, " ") != strings.Join(names, " ") {
		t.Errorf("the folder holds %v instead of %v", found, names)
	}
}

func TestConnectionsSurviveAPowerCut(t *testing.T) {
	o := house(t)
	for name, db := range map[string]dbx.Builder{"readers": o.app.ConcurrentDB(), "writer": o.app.NonconcurrentDB(),
		"second readers": o.app.AuxConcurrentDB(), "second writer": o.app.AuxNonconcurrentDB()} {
		for pragma, want := range map[string]string{"synchronous": "2", "journal_mode": "wal", "foreign_keys": "1", "busy_timeout": "5000", "cache_size": "-256"} {
			var got string
			if err := db.NewQuery("pragma " + pragma).Row(&got); err != nil || got != want {
				t.Errorf("%s: %s is %s instead of %s, %v", name, pragma, got, want, err)
			}
		}
		if n := db.(*dbx.DB).DB().Stats().MaxOpenConnections; n > 2 {
			t.Errorf("%s: %d connections", name, n)
		}
	}
}

func TestPocketBaseDoesNothingOfItsOwn(t *testing.T) {
	o := house(t)
	s := o.app.Settings()
	if s.SMTP.Enabled || s.Logs.MaxDays != 0 || s.RateLimits.Enabled || s.Batch.Enabled || len(s.TrustedProxy.Headers) > 0 || s.Backups.Cron != "" || s.S3.Enabled {
		t.Errorf("the settings are %s", s)
	}
	if o.app.Cron().HasStarted() {
		t.Error("the timer runs")
	}
	if o.app.CreateBackup(t.Context(), "x.zip") == nil || o.app.RestoreBackup(t.Context(), "x.zip") == nil {
		t.Error("a backup or restore was done")
	}
	if _, err := o.app.FindCollectionByNameOrId("users"); err == nil {
		t.Error("the example collection is there")
	}
	o.app.Logger().Error("nobody keeps this")
	var logs int
	if err := o.app.AuxDB().NewQuery(`select count(*) from _logs`).Row(&logs); err != nil || logs > 0 {
		t.Error(logs, "rows of logs,", err)
	}
}

func TestNobodyBecomesASuperuser(t *testing.T) {
	dir := folder(t, opened)
	o := openIn(t, dir)
	c, err := o.app.FindCollectionByNameOrId(core.CollectionNameSuperusers)
	if err != nil {
		t.Fatal(err)
	}
	r := core.NewRecord(c)
	r.SetEmail("root@host.example")
	r.SetPassword(password)
	if o.app.Save(r) == nil || o.app.SaveNoValidate(r) == nil || o.app.UnsafeWithoutHooks().Save(r) == nil {
		t.Error("a superuser was made")
	}
	_, err = o.app.NonconcurrentDB().NewQuery(`insert into _superusers (id, email, password, tokenKey) values ('x', 'x@x.example', 'x', 'x')`).Execute()
	if err == nil {
		t.Error("a superuser was written into the file")
	}
	for _, statement := range []string{`drop trigger office_no_superuser`, `insert into _superusers (id, email, password, tokenKey) values ('x', 'x@x.example', 'x', 'x')`} {
		if _, err := o.app.NonconcurrentDB().NewQuery(statement).Execute(); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := Open(t.Context(), dir, secret); err == nil || !strings.Contains(err.Error(), "superuser") {
		t.Error("opened over a file with a superuser:", err)
	}
}

func TestCopyOfTheHostsFileOpens(t *testing.T) {
	dir, after := folder(t, opened), t.TempDir()
	o := openIn(t, dir)
	a := hire(t, o, "ann@host.example", Owner)
	db, err := data.Open(t.Context(), filepath.Join(dir, "host", "data.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	err = errors.Join(os.Mkdir(filepath.Join(after, "host"), 0o700), db.CopyTo(t.Context(), filepath.Join(after, "host", "data.db")))
	if err != nil {
		t.Fatal(err)
	}
	if w := get(openIn(t, after), a, "GET", root+"tenants/records"); w.Code != 200 {
		t.Error(w.Code, w.Body)
	}
}
