package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"text/tabwriter"
	"time"

	"rowhouse/tenant"
	"rowhouse/ui/session"
)

// figure is one thing that was measured, beside what it is held against.
type figure struct {
	What   string  `json:"what"`
	Value  float64 `json:"value"`
	Unit   string  `json:"unit"`
	Floor  float64 `json:"floor,omitempty"` // the plain database and an empty handler, in the same run
	Target string  `json:"target"`
	Met    bool    `json:"met"`
}

func runBench(ctx context.Context, args []string, out io.Writer) error {
	f := flagSet("bench", "Measures this machine beside the floor: the same SQL by a prepared statement of the plain database, behind an empty HTTP handler.\nIt works in a temporary folder and talks to itself only.", out)
	asJSON := f.Bool("json", false, "answer as JSON")
	rounds := f.Int("rounds", 300, "requests for each figure")
	tenants := f.Int("tenants", 1000, "tenants to open at once")
	part := f.String("part", "", "used by the program itself")
	dir := f.String("dir", "", "folder to work in (default a temporary one)")
	if err := parse(f, args); err != nil {
		return err
	}
	slog.SetLogLoggerLevel(slog.LevelError)
	if *part != "" {
		return benchPart(ctx, *part, *dir, out)
	}
	if *dir == "" {
		made, err := os.MkdirTemp(*dir, "rowhouse-bench-")
		if err != nil {
			return err
		}
		defer os.RemoveAll(made)
		*dir = made
	}
	figures, err := measure(ctx, *dir, *rounds, *tenants)
	if err != nil {
		return err
	}
	if *asJSON {
		return writeJSON(out, figures)
	}
	w := tabwriter.NewWriter(out, 0, 4, 2, ' ', 0)
	fmt.Fprintln(w, "WHAT\tMEASURED\tFLOOR\tTARGET\t")
	for _, x := range figures {
		floor, met := "", "met"
		if x.Floor > 0 {
			floor = fmt.Sprintf("%.2f %s (× %.1f)", x.Floor, x.Unit, x.Value/x.Floor)
		}
		if !x.Met {
			met = "MISSED"
		}
		fmt.Fprintf(w, "%s\t%.2f %s\t%s\t%s\t%s\n", x.What, x.Value, x.Unit, floor, x.Target, met)
	}
	return w.Flush()
}

// measure takes all figures.
func measure(ctx context.Context, dir string, rounds, tenants int) ([]figure, error) {
	b, err := newBench(ctx, filepath.Join(dir, "work"))
	if err != nil {
		return nil, err
	}
	figures, err := b.requests(ctx, rounds)
	if err == nil {
		var more []figure
		more, err = b.lives(ctx, max(20, rounds/6))
		figures = append(figures, more...)
	}
	if err = errors.Join(err, b.close()); err != nil {
		return nil, err
	}
	crowd, err := crowd(ctx, dir, tenants)
	return append(figures, crowd...), err
}

// bench is a running server with one company of 10,000 leads and contacts, and the floor beside it.
type bench struct {
	app    *app
	served *http.Server
	floor  *http.Server
	plain  *sql.DB
	at     string // the server's address
	base   string // the floor's
	client *http.Client
	cookie string
}

const benchLeads = 10000

func newBench(ctx context.Context, dir string) (*bench, error) {
	a, err := build(ctx, config{dir: dir, domain: "rowhouse.localhost", demo: true})
	if err != nil {
		return nil, err
	}
	b := &bench{app: a, client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64, DisableCompression: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
	if err := b.company(ctx, "acme", benchLeads); err != nil {
		return nil, err
	}
	if err := b.contacts(ctx); err != nil {
		return nil, err
	}
	if err := b.startFloor(ctx, filepath.Join(dir, "floor.db")); err != nil {
		return nil, err
	}
	if b.served, b.at, err = serveOn(a.handler); err != nil {
		return nil, err
	}
	return b, b.signIn()
}

func serveOn(h http.Handler) (*http.Server, string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, "", err
	}
	s := &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = s.Serve(l) }() // ends with close
	return s, "http://" + l.Addr().String(), nil
}

func (b *bench) close() error {
	return errors.Join(b.served.Close(), b.floor.Close(), b.plain.Close(), b.app.close())
}

// company registers and provisions a company, as a registration does after its proof.
func (b *bench) company(ctx context.Context, name string, leads int) error {
	hash, err := session.HashPassword(ctx, demoPassword)
	if err != nil {
		return err
	}
	if err := b.order(ctx, name, hash, leads); err != nil {
		return err
	}
	return b.app.tenants.Provision(ctx, name)
}

func (b *bench) order(ctx context.Context, name, hash string, leads int) error {
	a := b.app
	return a.host.Tx(ctx, func(tx *sql.Tx) error {
		id, err := a.tenants.Reserve(ctx, tx, tenant.Order{Name: name, Company: name, OwnerName: "Maya Ortiz", OwnerEmail: "maya@" + name + ".example", PasswordHash: hash,
			Limits: tenant.Limits{Plan: "Bench", Staff: tenant.Unlimited, Room: tenant.Unlimited}, Demo: leads, Until: a.clock.Now().Add(time.Hour)})
		if err != nil {
			return err
		}
		return a.tenants.Approve(ctx, tx, id)
	})
}

// contacts brings the company to as many contacts as leads; the example data has fewer.
func (b *bench) contacts(ctx context.Context) error {
	db, done, err := b.app.tenants.Files.Use(ctx, "acme")
	if err != nil {
		return err
	}
	defer done()
	return db.Tx(ctx, func(tx *sql.Tx) error {
		for _, q := range []string{
			`insert into contact (name, emails, customer, owner, created_at, updated_at) select name, emails, null, owner, created_at, updated_at from lead limit 10000 - (select count(*) from contact)`,
			`insert into contact_search (rowid, title, body) select id, name, emails from contact where id not in (select rowid from contact_search)`,
		} {
			if _, err := tx.ExecContext(ctx, q); err != nil {
				return err
			}
		}
		return nil
	})
}

// The floor's SQL: what the list, the record's page and the form run, without rights, merging and logs.
const (
	floorList = `select id, version, name, company, status, value, value_currency, emails, phones, source, owner, next_follow_up, created_at
		from lead where deleted_at is null order by created_at desc, id desc limit 51`
	floorInsert = `insert into lead (created_at, created_by, updated_at, updated_by, place, name, company, emails, status, owner) values (?, 1, ?, 1, ?, ?, 'Floor', '[]', 1, 1)`
)

// startFloor serves the plain database: a copy of the same file, one prepared statement, an empty answer.
func (b *bench) startFloor(ctx context.Context, path string) error {
	db, done, err := b.app.tenants.Files.Use(ctx, "acme")
	if err != nil {
		return err
	}
	defer done()
	if err := db.CopyTo(ctx, path); err != nil {
		return err
	}
	if b.plain, err = sql.Open("sqlite", "file:"+path+"?_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=foreign_keys(1)&_pragma=busy_timeout(5000)"); err != nil {
		return err
	}
	list, err := b.plain.PrepareContext(ctx, floorList)
	if err != nil {
		return err
	}
	insert, err := b.plain.PrepareContext(ctx, floorInsert)
	if err != nil {
		return err
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /list", func(w http.ResponseWriter, r *http.Request) { fail(w, readAll(r.Context(), list)) })
	mux.HandleFunc("POST /create", func(w http.ResponseWriter, r *http.Request) {
		now := time.Now().UnixMilli()
		_, err := insert.ExecContext(r.Context(), now, now, now, "Floor")
		fail(w, err)
	})
	b.floor, b.base, err = serveOn(mux)
	return err
}

func fail(w http.ResponseWriter, err error) {
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
	}
}

func readAll(ctx context.Context, s *sql.Stmt) error {
	rows, err := s.QueryContext(ctx)
	if err != nil {
		return err
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return err
	}
	into := make([]any, len(columns))
	for i := range into {
		into[i] = new(any)
	}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return err
		}
	}
	return rows.Err()
}

func (b *bench) signIn() error {
	r, err := b.request("POST", "acme", "/admin/login", url.Values{"email": {"maya@acme.example"}, "password": {demoPassword}})
	if err != nil {
		return err
	}
	answer, err := b.client.Do(r)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	for _, c := range answer.Cookies() {
		if strings.HasSuffix(c.Name, "rowhouse") {
			b.cookie = c.Name + "=" + c.Value
			return nil
		}
	}
	return fmt.Errorf("signing in answered %d", answer.StatusCode)
}

func (b *bench) request(method, company, path string, form url.Values) (*http.Request, error) {
	r, err := http.NewRequest(method, b.at+path, strings.NewReader(form.Encode()))
	if err != nil {
		return nil, err
	}
	r.Host = company + "." + b.app.domain
	r.Header.Set("Cookie", b.cookie)
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	return r, nil
}

// page asks for a page of the company and reads all of it.
func (b *bench) page(path string) func() error {
	return func() error {
		r, err := b.request("GET", "acme", path, nil)
		if err != nil {
			return err
		}
		return b.send(r, http.StatusOK)
	}
}

func (b *bench) send(r *http.Request, status int) error {
	answer, err := b.client.Do(r)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if _, err := io.Copy(io.Discard, answer.Body); err != nil {
		return err
	}
	if answer.StatusCode != status {
		return fmt.Errorf("%s %s answered %d", r.Method, r.URL.Path, answer.StatusCode)
	}
	return nil
}

func (b *bench) create() error {
	r, err := b.request("POST", "acme", "/admin/leads", url.Values{"name": {"Bench Lead"}, "company": {"Bench"}, "status": {"1"}, "owner": {"1"}})
	if err != nil {
		return err
	}
	return b.send(r, http.StatusSeeOther)
}

func (b *bench) floorOf(method, path string) func() error {
	return func() error {
		r, err := http.NewRequest(method, b.base+path, nil)
		if err != nil {
			return err
		}
		return b.send(r, http.StatusOK)
	}
}

// median runs work so often and returns the middle of how long it took, in milliseconds.
func median(rounds int, work func() error) (float64, error) {
	took := make([]time.Duration, 0, rounds)
	for i := range rounds + rounds/10 {
		began := time.Now()
		if err := work(); err != nil {
			return 0, err
		}
		if i >= rounds/10 { // the first ones warm up
			took = append(took, time.Since(began))
		}
	}
	slices.Sort(took)
	return float64(took[len(took)/2].Microseconds()) / 1000, nil
}

// rate is how many times a second so many clients at once get work done.
func rate(clients, rounds int, work func() error) (float64, error) {
	var wait sync.WaitGroup
	failures := make(chan error, clients)
	began := time.Now()
	for range clients {
		wait.Add(1)
		go func() {
			defer wait.Done()
			for range rounds {
				if err := work(); err != nil {
					failures <- err
					return
				}
			}
		}()
	}
	wait.Wait()
	close(failures)
	return float64(clients*rounds) / time.Since(began).Seconds(), <-failures
}

// requests measures pages of one company.
func (b *bench) requests(ctx context.Context, rounds int) ([]figure, error) {
	var figures []figure
	var failed error
	mid := func(what string, limit, times float64, work, floor func() error) {
		if failed != nil {
			return
		}
		x := figure{What: what, Unit: "ms"}
		if floor != nil {
			x.Floor, failed = median(rounds, floor)
		}
		if failed == nil {
			x.Value, failed = median(rounds, work)
		}
		x.Met = (limit == 0 || x.Value <= limit) && (times == 0 || x.Value <= times*x.Floor)
		x.Target = target(limit, times)
		figures = append(figures, x)
	}
	mid("list page, 50 of 10,000 leads, 1 client", 2, 4, b.page("/admin/leads"), b.floorOf("GET", "/list"))
	mid("one lead's page", 1.5, 0, b.page("/admin/leads/5000"), nil)
	mid("search, 10,000 leads and 10,000 contacts", 5, 0, b.page("/admin/search?q=anna+m"), nil)
	mid("create a lead, fsynced", 0, 2, b.create, b.floorOf("POST", "/create"))
	if failed != nil {
		return nil, failed
	}
	perSecond, err := rate(8, max(rounds, 100), b.page("/admin/leads"))
	if err != nil {
		return nil, err
	}
	floor, err := rate(8, max(rounds, 100), b.floorOf("GET", "/list"))
	figures = append(figures, figure{What: "list page, 8 clients", Value: perSecond, Unit: "req/s", Floor: floor, Target: "≥ 1500 req/s", Met: perSecond >= 1500})
	return figures, err
}

func target(limit, times float64) string {
	var parts []string
	if limit > 0 {
		parts = append(parts, fmt.Sprintf("≤ %g ms", limit))
	}
	if times > 0 {
		parts = append(parts, fmt.Sprintf("≤ %g × floor", times))
	}
	return strings.Join(parts, ", ")
}

// lives measures the making and the opening of companies.
func (b *bench) lives(ctx context.Context, rounds int) ([]figure, error) {
	hash, err := session.HashPassword(ctx, demoPassword)
	if err != nil {
		return nil, err
	}
	n := 0
	provision, err := median(rounds, func() error {
		n++
		name := fmt.Sprintf("house-%d", n)
		if err := b.order(ctx, name, hash, 0); err != nil {
			return err
		}
		return b.app.tenants.Provision(ctx, name)
	})
	if err != nil {
		return nil, err
	}
	cold, err := b.cold(ctx, rounds)
	return []figure{{What: "provision a tenant", Value: provision, Unit: "ms", Target: "≤ 30 ms", Met: provision <= 30},
		{What: "first request to a closed tenant", Value: cold, Unit: "ms", Target: "≤ 15 ms", Met: cold <= 15}}, err
}

// cold is how long the login page of a closed company takes.
func (b *bench) cold(ctx context.Context, rounds int) (float64, error) {
	took := make([]time.Duration, 0, rounds)
	for i := range rounds {
		name := fmt.Sprintf("house-%d", i%rounds+1)
		if err := b.app.tenants.Files.Alone(ctx, name, func(string) error { return nil }); err != nil {
			return 0, err
		}
		r, err := b.request("GET", name, "/admin/login", nil)
		if err != nil {
			return 0, err
		}
		began := time.Now()
		if err := b.send(r, http.StatusOK); err != nil {
			return 0, err
		}
		took = append(took, time.Since(began))
	}
	slices.Sort(took)
	return float64(took[len(took)/2].Microseconds()) / 1000, nil
}
