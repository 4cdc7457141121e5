package hook

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"rowhouse/billing"
	"rowhouse/billing/rehearsal"
	"rowhouse/data"
	"rowhouse/data/clock"
	"rowhouse/tenant"
	"rowhouse/ui/mail"
)

// house is a host's file with webhooks.
type house struct {
	*Hooks
	t    *testing.T
	hand *clock.Hand
	path string
}

func newHouse(t *testing.T) *house {
	t.Helper()
	dir := t.TempDir()
	path := filepath.Join(dir, "data.db")
	db, err := data.Create(t.Context(), path)
	must(t, err)
	t.Cleanup(func() { must(t, db.Close()) })
	schema := data.Schema{{Name: "mail", Files: mail.Schema}, {Name: "tenant", Files: tenant.Schema}, {Name: "billing", Files: billing.Schema}, {Name: "rehearsal", Files: rehearsal.Schema}, {Name: "hook", Files: Schema}}
	must(t, schema.Migrate(t.Context(), db, nil))
	seal, err := billing.OpenSeal(dir)
	must(t, err)
	hand := clock.At(time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC))
	return &house{&Hooks{DB: db, Clock: hand, Seal: seal, Local: true, Home: "https://example.com"}, t, hand, path}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// add makes a webhook for some kinds.
func (h *house) add(url string, kinds ...string) (id int64, secret string) {
	h.t.Helper()
	h.tx(func(tx *sql.Tx) (err error) {
		id, secret, err = h.Add(context.Background(), tx, url, kinds)
		return err
	})
	return id, secret
}

func (h *house) tx(work func(tx *sql.Tx) error) {
	h.t.Helper()
	must(h.t, h.DB.Tx(h.t.Context(), work))
}

func (h *house) exec(query string, args ...any) {
	h.t.Helper()
	_, err := h.DB.Exec(h.t.Context(), query, args...)
	must(h.t, err)
}

// happen makes so many tenants that are being made.
func (h *house) happen(n int) {
	h.t.Helper()
	h.tx(func(tx *sql.Tx) error {
		for range n {
			var id int64
			err := tx.QueryRow(`insert into tenant (uid, name, company, owner_name, owner_email, state, created_at) values (hex(randomblob(8)), 'n' || hex(randomblob(8)), 'Acme Ltd', 'Ada Lovelace', 'ada@acme.example', 'reserved', 1) returning id`).Scan(&id)
			if err != nil {
				return err
			}
			if _, err := tx.Exec(`update tenant set state = 'provisioning' where id = ?`, id); err != nil {
				return err
			}
		}
		return nil
	})
}

func (h *house) run() (done, failed int) {
	h.t.Helper()
	done, failed, err := h.Run(h.t.Context())
	must(h.t, err)
	return done, failed
}

func (h *house) count(query string, args ...any) (n int64) {
	h.t.Helper()
	must(h.t, h.DB.QueryRow(h.t.Context(), query, args...).Scan(&n))
	return n
}

// inClear tells whether the host's file holds a text as it is.
func (h *house) inClear(text string) bool {
	h.t.Helper()
	for _, end := range []string{"", "-wal"} {
		b, err := os.ReadFile(h.path + end)
		if err == nil && bytes.Contains(b, []byte(text)) {
			return true
		}
	}
	return false
}

// receiver is a program of the host's.
type receiver struct {
	*httptest.Server
	mu     sync.Mutex
	got    []*http.Request
	bodies []string
	answer func(w http.ResponseWriter)
}

func newReceiver(t *testing.T) *receiver {
	r := &receiver{}
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		body, err := io.ReadAll(req.Body)
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
		}
		r.mu.Lock()
		r.got, r.bodies = append(r.got, req), append(r.bodies, string(body))
		answer := r.answer
		r.mu.Unlock()
		if answer != nil {
			answer(w)
		}
	}))
	t.Cleanup(r.Close)
	return r
}

func (r *receiver) answers(f func(w http.ResponseWriter)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.answer = f
}

func (r *receiver) heard() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.got)
}

func broken(w http.ResponseWriter) { w.WriteHeader(http.StatusInternalServerError) }
