package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"rowhouse/data"
)

func TestManyTenantsAreServedWithFewDescriptors(t *testing.T) {
	n, dir := rounds(150, 2000), t.TempDir()
	street(t, dir, n)
	cmd := twin("crowd", dir, strconv.Itoa(n), strconv.Itoa(rounds(n/5, n)))
	var said strings.Builder
	cmd.Stderr = &said
	out, err := cmd.Output()
	if err != nil || len(out) > 0 {
		t.Errorf("%v\n%s", err, out)
	}
	t.Log(said.String())
}

// street makes many tenants out of one, faster than provisioning does: only the uid in their files differs.
func street(t *testing.T, dir string, n int) {
	a := open(t, dir)
	defer func() { must(t, a.close()) }()
	path, mark := filepath.Join(t.TempDir(), data.FileName), rand.Text()
	must(t, a.tenants.Template.CopyTo(t.Context(), path))
	db, err := data.Open(t.Context(), path)
	must(t, err)
	must(t, errors.Join(db.Tx(t.Context(), func(tx *sql.Tx) error { return data.SetMeta(t.Context(), tx, "tenant", mark) }), db.Close()))
	model, err := os.ReadFile(path)
	must(t, err)
	must(t, a.host.Tx(t.Context(), func(tx *sql.Tx) error {
		for i := range n {
			uid, folder := rand.Text(), a.tenants.Folder(fmt.Sprint("house", i))
			_, err := tx.ExecContext(t.Context(), `insert into tenant (uid, name, company, owner_name, owner_email, state, created_at) values (?, ?, ?, 'Ada', 'ada@house.example', 'active', 0)`,
				uid, fmt.Sprint("house", i), fmt.Sprintf("House No. %d Ltd", i))
			err = errors.Join(err, os.MkdirAll(folder, 0o700), os.WriteFile(filepath.Join(folder, data.FileName), bytes.ReplaceAll(model, []byte(mark), []byte(uid)), 0o600))
			if err != nil {
				return err
			}
		}
		return nil
	}))
}

// use is what a process holds of the machine.
type use struct{ descriptors, goroutines int }

func used() use {
	entries, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		panic(err)
	}
	return use{len(entries), runtime.NumGoroutine()}
}

// near tells whether two uses are the same but for a few.
func (u use) near(other use) bool {
	few := func(n int) bool { return -10 <= n && n <= 10 }
	return few(u.descriptors-other.descriptors) && few(u.goroutines-other.goroutines)
}

// childCrowd lets 20 visitors ask so many tenants each for their login page, with few descriptors. On stdout it prints what is wrong.
func childCrowd(dir, tenants, each string) {
	if err := syscall.Setrlimit(syscall.RLIMIT_NOFILE, &syscall.Rlimit{Cur: 512, Max: 512}); err != nil {
		panic(err)
	}
	a, err := build(context.Background(), config{dir: dir, domain: "example.com", https: true})
	if err != nil {
		panic(err)
	}
	n, _ := strconv.Atoi(tenants)
	visits, _ := strconv.Atoi(each)
	before := used()
	most := a.crowd(n, visits)
	a.tenants.Files.Sweep(time.Now().Add(time.Hour))
	after := used()
	for end := time.Now().Add(time.Second); !after.near(before) && time.Now().Before(end); after = used() {
		time.Sleep(10 * time.Millisecond) // the last goroutines need a moment
	}
	if !after.near(before) || most.descriptors > 512-100 {
		fmt.Printf("before %+v, at the most %+v, after %+v\n", before, most, after)
	}
	fmt.Fprintf(os.Stderr, "%d tenants, %d requests: before %+v, at the most %+v, after %+v", n, 20*visits, before, most, after)
	if err := a.close(); err != nil {
		fmt.Println(err)
	}
}

// crowd is the 20 visitors. They go round the street, each from another house, and it returns the most they used.
func (a *app) crowd(n, visits int) (most use) {
	var group sync.WaitGroup
	for visitor := range 20 {
		group.Go(func() {
			for i := range visits {
				a.knock((i + visitor*n/20) % n)
			}
		})
	}
	over := make(chan bool)
	go func() { group.Wait(); close(over) }()
	for {
		select {
		case <-over:
			return most
		case <-time.After(5 * time.Millisecond):
			now := used()
			most = use{max(most.descriptors, now.descriptors), max(most.goroutines, now.goroutines)}
		}
	}
}

// knock asks a house for its login page.
func (a *app) knock(i int) {
	r := httptest.NewRequest(http.MethodGet, "/admin/login", nil)
	r.Host = fmt.Sprintf("house%d.example.com", i)
	w := httptest.NewRecorder()
	a.handler.ServeHTTP(w, r)
	if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), fmt.Sprintf("House No. %d Ltd", i)) {
		fmt.Printf("house %d answers %d: %s\n", i, w.Code, text(w))
	}
}
