package main

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"rowhouse/data"
	"rowhouse/ui/session"
)

// diskTenants is how many tenants are on the disk when the start is measured.
const diskTenants = 10000

// crowd measures many tenants: open at once, and on the disk at the start. Each in a process of its own,
// so that nothing else counts.
func crowd(ctx context.Context, dir string, tenants int) ([]figure, error) {
	memory, err := inChild(ctx, "open", filepath.Join(dir, "open"), tenants)
	if err != nil {
		return nil, err
	}
	start, err := inChild(ctx, "start", filepath.Join(dir, "start"), tenants)
	if err != nil {
		return nil, err
	}
	limit := 350 * float64(tenants) / 1000
	return []figure{{What: fmt.Sprintf("%d open tenants, resident memory", tenants), Value: memory, Unit: "MB", Target: fmt.Sprintf("≤ %.0f MB", limit), Met: memory <= limit},
		{What: fmt.Sprintf("start with %d tenants on disk, to the first answer", diskTenants), Value: start, Unit: "s", Target: "≤ 2 s", Met: start <= 2}}, nil
}

func inChild(ctx context.Context, part, dir string, tenants int) (float64, error) {
	program, err := os.Executable()
	if err != nil {
		return 0, err
	}
	var errs bytes.Buffer
	for _, step := range []string{"prepare-" + part, part} {
		c := exec.CommandContext(ctx, program, "bench", "--part", step, "--dir", dir)
		c.Env = append(os.Environ(), "ROWHOUSE_TENANTS="+strconv.Itoa(tenants), benchChild+"=1")
		c.Stderr = &errs
		answer, err := c.Output()
		if err != nil {
			return 0, fmt.Errorf("bench %s: %w\n%s", step, err, errs.String())
		}
		if step == part {
			var value float64
			return value, json.Unmarshal(bytes.TrimSpace(answer), &value)
		}
	}
	return 0, nil
}

// benchChild marks a process that the bench has started; the tests' binary turns into the program then.
const benchChild = "ROWHOUSE_BENCH_CHILD"

// benchPart is what such a process does: it prepares a folder, or measures it and prints one number.
func benchPart(ctx context.Context, part, dir string, out io.Writer) error {
	n, err := strconv.Atoi(os.Getenv("ROWHOUSE_TENANTS"))
	if err != nil {
		return err
	}
	parts := map[string]func(context.Context, string, int) (float64, error){"prepare-open": prepareOpen, "open": openMany, "prepare-start": prepareStart, "start": startMany}
	work := parts[part]
	if work == nil {
		return &wordsError{"there is no part " + part}
	}
	value, err := work(ctx, dir, n)
	if err == nil {
		fmt.Fprintln(out, value)
	}
	return err
}

func prepareOpen(ctx context.Context, dir string, n int) (float64, error) {
	b := &bench{}
	var err error
	if b.app, err = build(ctx, config{dir: dir, domain: "rowhouse.localhost", demo: true}); err != nil {
		return 0, err
	}
	hash, err := session.HashPassword(ctx, demoPassword)
	if err != nil {
		return 0, err
	}
	for i := range n {
		name := fmt.Sprintf("house-%d", i)
		if err := errors.Join(b.order(ctx, name, hash, 0), b.app.tenants.Provision(ctx, name)); err != nil {
			return 0, err
		}
	}
	return 0, b.app.close()
}

// openMany opens every tenant by a request to it and returns the resident memory in MB.
func openMany(ctx context.Context, dir string, n int) (float64, error) {
	a, err := build(ctx, config{dir: dir, domain: "rowhouse.localhost", demo: true})
	if err != nil {
		return 0, err
	}
	a.tenants.Files.Max = n
	for i := range n {
		if err := visitLogin(a, fmt.Sprintf("house-%d", i)); err != nil {
			return 0, err
		}
	}
	if open := a.tenants.Files.Open(); open != n {
		return 0, fmt.Errorf("%d of %d tenants are open", open, n)
	}
	used, err := resident()
	return used, errors.Join(err, a.close())
}

func visitLogin(a *app, name string) error {
	r, err := http.NewRequest(http.MethodGet, "/admin/login", nil)
	if err != nil {
		return err
	}
	r.Host = name + "." + a.domain
	w := &answer{header: http.Header{}}
	a.handler.ServeHTTP(w, r)
	if w.status != http.StatusOK {
		return fmt.Errorf("%s answered %d", name, w.status)
	}
	return nil
}

// resident is the memory of this process, in MB, as Linux counts it.
func resident() (float64, error) {
	b, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0, err
	}
	for _, l := range strings.Split(string(b), "\n") {
		if kb, ok := strings.CutPrefix(l, "VmRSS:"); ok {
			n, err := strconv.ParseFloat(strings.Fields(kb)[0], 64)
			return n / 1024, err
		}
	}
	return 0, errors.New("no VmRSS in /proc/self/status")
}

// prepareStart makes one real tenant and the rows and folders of thousands more. Their files are links to one file:
// the start opens none of them, and ten thousand copies would fill a small disk.
func prepareStart(ctx context.Context, dir string, _ int) (float64, error) {
	if _, err := prepareOpen(ctx, dir, 1); err != nil {
		return 0, err
	}
	a, err := build(ctx, config{dir: dir, domain: "rowhouse.localhost", demo: true})
	if err != nil {
		return 0, err
	}
	template := filepath.Join(dir, "tenants", "house-0", data.FileName)
	err = a.host.Tx(ctx, func(tx *sql.Tx) error {
		for i := 1; i < diskTenants; i++ {
			name := fmt.Sprintf("house-%d", i)
			if err := os.MkdirAll(filepath.Join(dir, "tenants", name, "files"), 0o700); err != nil {
				return err
			}
			if err := os.Link(template, filepath.Join(dir, "tenants", name, data.FileName)); err != nil {
				return err
			}
			_, err := tx.ExecContext(ctx, `insert into tenant (uid, name, company, owner_name, owner_email, state, created_at) values (?, ?, ?, 'Maya', 'maya@example.org', 'active', 0)`, name, name, name)
			if err != nil {
				return err
			}
		}
		return nil
	})
	return 0, errors.Join(err, a.close())
}

// startMany returns how many seconds it takes from nothing to the first answer.
func startMany(ctx context.Context, dir string, _ int) (float64, error) {
	began := time.Now()
	a, err := build(ctx, config{dir: dir, domain: "rowhouse.localhost", demo: true})
	if err != nil {
		return 0, err
	}
	a.begin(ctx)
	if err := visitLogin(a, "house-0"); err != nil {
		return 0, err
	}
	took := time.Since(began).Seconds()
	return took, a.close()
}
