package shop

import (
	"context"
	"database/sql"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"rowhouse/billing"
	"rowhouse/data"
	"rowhouse/data/clock"
	"rowhouse/tenant"
	"rowhouse/ui/mail"
	"rowhouse/ui/session"
)

// site is a public site with real files, a clock in the hand, and a CRM of one table.
type site struct {
	*Shop
	t     testing.TB
	clock *clock.Hand
	from  string // the visitor's address
	host  string // what the visitor's browser asks for
}

func newSite(t testing.TB) *site {
	t.Helper()
	dir, ctx := t.TempDir(), t.Context()
	for _, folder := range []string{"host", "tenants"} {
		must(t, os.MkdirAll(filepath.Join(dir, folder), 0o700))
	}
	db, err := data.Create(ctx, filepath.Join(dir, "host", "data.db"))
	must(t, err)
	must(t, data.Schema{{Name: "session", Files: session.Schema}, {Name: "mail", Files: mail.Schema}, {Name: "tenant", Files: tenant.Schema},
		{Name: "billing", Files: billing.Schema}, {Name: "shop", Files: Schema}}.Migrate(ctx, db, nil))
	hand := clock.At(time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC))
	crm := data.Schema{{Name: "crm", Files: fstest.MapFS{"0001_crm.sql": {Data: []byte(`create table staff (email text primary key, hash text not null) strict;`)}}}}
	pool := &data.Pool{Dir: filepath.Join(dir, "tenants")}
	ts := &tenant.Tenants{DB: db, Files: pool, Dir: dir, Domain: "example.com", HTTPS: true, Clock: hand,
		Template: &data.Template{Dir: filepath.Join(dir, "template"), Schema: crm}}
	ts.CRM = tenant.CRM{Schema: crm, Identify: identify, Smoke: func(context.Context, string) error { return nil }}
	pool.Prepare = ts.Prepare
	t.Cleanup(func() { must(t, pool.Close()); must(t, db.Close()) })
	seal, err := billing.OpenSeal(filepath.Join(dir, "host"))
	must(t, err)
	s := New(&billing.Billing{DB: db, Tenants: ts, Clock: hand, Seal: seal}, Options{Demo: true})
	ts.Brand, ts.Welcome = s.Brand, s.Welcome
	return &site{Shop: s, t: t, clock: hand, from: "192.0.2.1:4711", host: "example.com"}
}

func identify(ctx context.Context, db *data.DB, n tenant.Newcomer) error {
	_, err := db.Exec(ctx, `insert into staff (email, hash) values (?, ?)`, n.OwnerEmail, n.PasswordHash)
	return err
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// answer is what the site has answered.
type answer struct {
	*httptest.ResponseRecorder
	t testing.TB
}

func (s *site) ask(method, path string, form url.Values) answer {
	s.t.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(form.Encode()))
	r.RemoteAddr, r.Host = s.from, s.host
	r.Header.Set("X-Request-Id", "request-1")
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return answer{w, s.t}
}

func (s *site) get(path string) answer { s.t.Helper(); return s.ask("GET", path, nil) }

func (s *site) post(path string, form url.Values) answer {
	s.t.Helper()
	return s.ask("POST", path, form)
}

// is stops the test if the status is another one.
func (a answer) is(status int) answer {
	a.t.Helper()
	if a.Code != status {
		a.t.Fatalf("status %d, want %d: %s", a.Code, status, a.Body)
	}
	return a
}

// says stops the test if the page does not hold all of the words.
func (a answer) says(words ...string) answer {
	a.t.Helper()
	for _, w := range words {
		if !strings.Contains(a.Body.String(), w) {
			a.t.Fatalf("the page does not say %q: %s", w, a.Body)
		}
	}
	return a
}

// silent stops the test if the page holds one of the words.
func (a answer) silent(words ...string) answer {
	a.t.Helper()
	for _, w := range words {
		if strings.Contains(a.Body.String(), w) {
			a.t.Fatalf("the page says %q: %s", w, a.Body)
		}
	}
	return a
}

// to is where the answer leads.
func (a answer) to() string {
	a.t.Helper()
	a.is(http.StatusSeeOther)
	return a.Header().Get("Location")
}

var stampField = regexp.MustCompile(`name="stamp" value="([^"]+)"`)

// drawn asks for the form, waits as long as a person takes, and returns the form's own fields.
func (s *site) drawn() url.Values {
	s.t.Helper()
	found := stampField.FindStringSubmatch(s.get("/register").is(http.StatusOK).Body.String())
	if found == nil {
		s.t.Fatal("the form has no stamp")
	}
	s.clock.Add(5 * time.Second)
	return url.Values{"plan": {"starter"}, "stamp": {found[1]}, "homepage": {""}}
}

const password = "three green bicycles"

// filled is a form as a person fills it in.
func (s *site) filled(name, email string) url.Values {
	s.t.Helper()
	form := s.drawn()
	for key, value := range map[string]string{"person": "Maya Ortiz", "email": email, "company": "Acme Studio", "name": name,
		"password": password, "again": password, "terms": "yes"} {
		form.Set(key, value)
	}
	return form
}

// registered sends a form that is right and returns the address of the registration's page.
func (s *site) registered(name, email string) string {
	s.t.Helper()
	return s.post("/register", s.filled(name, email)).to()
}

// pending is registered, confirmed and written to.
func (s *site) pending(name, email string) string {
	s.t.Helper()
	page := s.registered(name, email)
	if to := s.post(page+"/confirmation", nil).to(); to != page {
		s.t.Fatalf("confirmation leads to %s", to)
	}
	return page
}

// letters are those in the outbox, the newest first.
func (s *site) letters(to string) []mail.Kept {
	s.t.Helper()
	kept, err := mail.Latest(s.t.Context(), s.DB, to, 100)
	must(s.t, err)
	return kept
}

var (
	codeInLetter = regexp.MustCompile(`\n    (\d{6})\n`)
	linkInLetter = regexp.MustCompile(`https://example\.com(/register/\S+/proof/\S+)`)
)

func (s *site) lastCode(to string) string {
	s.t.Helper()
	return codeInLetter.FindStringSubmatch(s.letters(to)[0].Text)[1]
}

func (s *site) lastLink(to string) string {
	s.t.Helper()
	return linkInLetter.FindStringSubmatch(s.letters(to)[0].Text)[1]
}

// number asks the host's file for a number.
func (s *site) number(query string, args ...any) int {
	s.t.Helper()
	var n int
	must(s.t, s.DB.QueryRow(s.t.Context(), query, args...).Scan(&n))
	return n
}

// set puts a text of the host's in the place of a built-in one.
func (s *site) set(key, value string) {
	s.t.Helper()
	must(s.t, s.DB.Tx(s.t.Context(), func(tx *sql.Tx) error {
		var texts Texts
		return texts.Set(s.t.Context(), tx, key, value)
	}))
}

// addPlans puts more plans beside the one that every host begins with.
func (s *site) addPlans() {
	s.t.Helper()
	ctx := s.t.Context()
	_, err := s.DB.Exec(ctx, `insert into plan (id, slug, name, tagline, texts, visibility, position, staff_limit, highlighted, created_at) values
		(10, 'team', 'Team', 'For a team.', 'Deals', 'public', 2, -1, 1, 1), (11, 'secret', 'Secret', '', '', 'link', 3, 5, 0, 1),
		(12, 'inner', 'Inner', '', '', 'hidden', 4, 5, 0, 1)`)
	must(s.t, err)
	_, err = s.DB.Exec(ctx, `insert into price (plan, currency, interval, amount, created_at) values
		(10, 'EUR', 'month', 2900, 1), (10, 'EUR', 'year', 29000, 1), (11, 'EUR', 'month', 0, 1), (12, 'EUR', 'month', 0, 1)`)
	must(s.t, err)
}

func wrongCode(right string) string {
	if right == "111111" {
		return "222222"
	}
	return "111111"
}
