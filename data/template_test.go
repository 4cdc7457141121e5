package data

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"rowhouse/data/fault"
)

func TestATemplateIsMadeOnceForAllCallers(t *testing.T) {
	dir := t.TempDir()
	must(t, os.WriteFile(filepath.Join(dir, "0123456789abcdef.db"), []byte("of an older binary"), 0o600))
	must(t, os.WriteFile(filepath.Join(dir, leads().Hash()+".new.db"), []byte("half made"), 0o600))
	var fills atomic.Int32
	tmpl := &Template{Dir: dir, Schema: leads(), Fill: func(ctx context.Context, db *DB) error {
		fills.Add(1)
		_, err := db.Exec(ctx, `insert into lead (name) values ('Sample')`)
		return err
	}}
	var group sync.WaitGroup
	for i := range 20 {
		group.Go(func() {
			if err := tmpl.CopyTo(context.Background(), filepath.Join(dir, fmt.Sprintf("copy-%d", i))); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	if fills.Load() != 1 {
		t.Error(fills.Load())
	}
	var bases []string
	for name := range strings.FieldsSeq(listing(t, dir)) {
		if !strings.HasPrefix(name, "copy-") {
			bases = append(bases, name)
		}
	}
	if len(bases) != 1 || bases[0] != leads().Hash()+".db" {
		t.Error(bases)
	}
	db, err := Open(t.Context(), filepath.Join(dir, "copy-7"))
	must(t, err)
	defer db.Close()
	if n, err := count(t.Context(), db); n != 1 || err != nil {
		t.Error(n, err)
	}
}

func TestATemplateIsNotCopiedOverAnything(t *testing.T) {
	dir := t.TempDir()
	tmpl := &Template{Dir: filepath.Join(dir, "template"), Schema: leads()}
	path := filepath.Join(dir, "a.db")
	must(t, os.WriteFile(path, []byte("precious"), 0o600))
	if err := tmpl.CopyTo(t.Context(), path); !errors.Is(err, fs.ErrExist) {
		t.Error(err)
	}
	if text, _ := os.ReadFile(path); string(text) != "precious" {
		t.Error(string(text))
	}
	if got := listing(t, dir); got != "a.db template" {
		t.Error(got)
	}
}

func TestAFailingFillLeavesNoTemplate(t *testing.T) {
	tmpl := &Template{Dir: t.TempDir(), Schema: leads(), Fill: func(context.Context, *DB) error { return errors.New("oops") }}
	for range 2 {
		if _, err := tmpl.Path(t.Context()); err == nil || !strings.Contains(err.Error(), "oops") {
			t.Error(err)
		}
	}
	tmpl.Fill = nil
	_, err := tmpl.Path(t.Context())
	must(t, err)
}

// childLocks takes the lock and keeps it until it is killed.
func childLocks(dir string) {
	if _, err := Lock(dir); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("locked")
	time.Sleep(time.Minute)
}

func TestASecondProcessIsRefusedAndADeadOneIsNotInTheWay(t *testing.T) {
	dir := t.TempDir()
	first := child("lock", dir)
	out, err := first.StdoutPipe()
	must(t, err)
	must(t, first.Start())
	if line, _ := bufio.NewReader(out).ReadString('\n'); line != "locked\n" {
		t.Fatal(line)
	}
	_, err = Lock(dir)
	if !fault.Is(err, fault.Busy) || err.Error() != "Another rowhouse is already running on "+dir+"." {
		t.Error(err)
	}
	must(t, first.Process.Kill())
	first.Wait()
	unlock, err := Lock(dir)
	must(t, err)
	must(t, unlock())
	unlock, err = Lock(dir)
	must(t, err)
	must(t, unlock())
}
