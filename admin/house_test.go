package admin

import (
	"context"
	"database/sql"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"rowhouse/admin/hook"
	"rowhouse/admin/job"
	"rowhouse/admin/office"
	"rowhouse/billing"
	"rowhouse/billing/gateway"
	"rowhouse/billing/offline"
	"rowhouse/billing/rehearsal"
	"rowhouse/billing/shop"
	"rowhouse/billing/stripe"
	"rowhouse/crm/custom"
	"rowhouse/data"
	"rowhouse/data/clock"
	"rowhouse/tenant"
	"rowhouse/ui/mail"
	"rowhouse/ui/session"
)

// house is a host with its panel, and an operator who has signed in.
type house struct {
	*Panel
	t       testing.TB
	hand    *clock.Hand
	desk    *rehearsal.Desk
	office  *office.Office
	cookies []*http.Cookie
	serve   http.Handler
}

func newHouse(t *testing.T) *house { t.Helper(); return openHouse(t) }

func openHouse(t testing.TB) *house {
	t.Helper()
	dir := t.TempDir()
	must(t, os.CopyFS(dir, os.DirFS(ready(t))))
	db, err := data.Open(t.Context(), filepath.Join(dir, "host", "data.db"))
	must(t, err)
	t.Cleanup(func() { must(t, db.Close()) })
	seal, err := billing.OpenSeal(filepath.Join(dir, "host"))
	must(t, err)
	h := &house{t: t, hand: clock.At(time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC))}
	ts := &tenant.Tenants{DB: db, Dir: dir, Domain: "example.com", HTTPS: true, Clock: h.hand}
	ts.Files = &data.Pool{Dir: filepath.Join(dir, "tenants"), Prepare: func(context.Context, string, *data.DB) error { return nil }}
	h.desk = &rehearsal.Desk{DB: db, Clock: h.hand, Secret: "secret of the tests", Home: ts.Home}
	b := &billing.Billing{DB: db, Tenants: ts, Clock: h.hand, Seal: seal, Kinds: []gateway.Kind{stripe.Kind(), h.desk.Kind(), offline.Kind()}, Inbox: true, Patience: time.Nanosecond}
	ts.Activated = b.Activated
	h.desk.Send = func(ctx context.Context, header http.Header, body []byte) error {
		return b.Hear(ctx, rehearsal.Name, header, body)
	}
	must(t, b.KeepGateway(t.Context(), rehearsal.Name, nil, true, "test"))
	must(t, b.KeepGateway(t.Context(), offline.Name, gateway.Keys{"instructions": "IBAN XX00"}, true, "test"))
	h.office, err = office.Open(t.Context(), dir, func(purpose string) []byte { return []byte(seal.Secret(purpose)) })
	must(t, err)
	t.Cleanup(func() { must(t, h.office.Close()) })
	h.Panel = &Panel{DB: db, Tenants: ts, Billing: b, Shop: shop.New(b, shop.Options{}), Clock: h.hand, Wake: func() {}, Settings: &Settings{DB: db, Seal: seal},
		Office: func(context.Context) (*office.Office, error) { return h.office, nil }}
	h.Hooks = &hook.Hooks{DB: db, Clock: h.hand, Seal: seal, Local: true}
	h.Jobs = &job.Board{DB: db, Clock: h.hand, Money: b, Jobs: []*job.Job{{Name: "letters", Every: time.Minute, Do: func(context.Context) (int, int, error) { return 3, 1, nil }}}}
	t.Cleanup(h.Jobs.Close)
	h.Shelf = &custom.Shelf{DB: db, Clock: h.hand, Builtin: h.builtin()}
	h.serve = h.Handler()
	h.signIn()
	return h
}

// made is a host's folder with all tables, from which each test begins: the back office takes a while to make its own.
var made = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "house")
	if err != nil {
		return "", err
	}
	if err := os.Mkdir(filepath.Join(dir, "host"), 0o700); err != nil {
		return "", err
	}
	ctx := context.Background()
	db, err := data.Create(ctx, filepath.Join(dir, "host", "data.db"))
	if err != nil {
		return "", err
	}
	schema := data.Schema{{Name: "mail", Files: mail.Schema}, {Name: "session", Files: session.Schema}, {Name: "tenant", Files: tenant.Schema}, {Name: "billing", Files: billing.Schema},
		{Name: "rehearsal", Files: rehearsal.Schema}, {Name: "shop", Files: shop.Schema}, {Name: "admin", Files: Schema}, {Name: "custom", Files: custom.Schema}, {Name: "hook", Files: hook.Schema}}
	if err := errors.Join(schema.Migrate(ctx, db, nil), db.Close()); err != nil {
		return "", err
	}
	seal, err := billing.OpenSeal(filepath.Join(dir, "host"))
	if err != nil {
		return "", err
	}
	o, err := office.Open(ctx, dir, func(purpose string) []byte { return []byte(seal.Secret(purpose)) })
	if err != nil {
		return "", err
	}
	return dir, o.Close()
})

func ready(t testing.TB) string {
	t.Helper()
	dir, err := made()
	must(t, err)
	return dir
}

// TestMain removes what all tests begin from.
func TestMain(m *testing.M) {
	code := m.Run()
	if dir, err := made(); err == nil {
		_ = os.RemoveAll(dir)
	}
	os.Exit(code)
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// signIn starts a session of an operator; the door itself has tests of its own.
func (h *house) signIn() { h.t.Helper(); h.as(office.Owner) }

// as makes an operator of a role and starts a session.
func (h *house) as(role office.Role) {
	h.t.Helper()
	email := map[office.Role]string{office.Owner: "olga@example.com"}[role]
	if email == "" {
		email = string(role) + "@example.com"
	}
	a, err := h.office.ByEmail(h.t.Context(), email)
	must(h.t, err)
	if a.Number == 0 {
		a, err = h.office.Create(h.t.Context(), office.Account{Name: "Olga", Email: email, Role: role})
		must(h.t, err)
	}
	w := httptest.NewRecorder()
	must(h.t, h.DB.Tx(h.t.Context(), func(tx *sql.Tx) error {
		return h.Cookies.Start(h.t.Context(), tx, w, httptest.NewRequest(http.MethodGet, "/", nil), h.hand.Now(), a.Number, false)
	}))
	h.cookies = w.Result().Cookies()
}

func (h *house) do(r *http.Request) *httptest.ResponseRecorder {
	r.Host = "example.com"
	for _, c := range h.cookies {
		r.AddCookie(c)
	}
	w := httptest.NewRecorder()
	h.serve.ServeHTTP(w, r)
	return w
}

// get is a page that must be there.
func (h *house) get(path string) string {
	h.t.Helper()
	w := h.do(httptest.NewRequest(http.MethodGet, path, nil))
	if w.Code != http.StatusOK {
		h.t.Fatalf("%s answers %d: %s", path, w.Code, w.Body)
	}
	return w.Body.String()
}

// post sends a form of names and values.
func (h *house) post(path string, pairs ...string) *httptest.ResponseRecorder {
	h.t.Helper()
	form := url.Values{}
	for n := 0; n < len(pairs); n += 2 {
		form.Add(pairs[n], pairs[n+1])
	}
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return h.do(r)
}

// taken sends a form that must be taken.
func (h *house) taken(path string, pairs ...string) string {
	h.t.Helper()
	w := h.post(path, pairs...)
	if w.Code != http.StatusSeeOther {
		h.t.Fatalf("%s answers %d: %s", path, w.Code, said(w))
	}
	return w.Header().Get("Location")
}

// refuses sends a form that must be refused, and returns the page.
func (h *house) refuses(path, because string, pairs ...string) string {
	h.t.Helper()
	w := h.post(path, pairs...)
	if w.Code != http.StatusUnprocessableEntity && w.Code != http.StatusConflict {
		h.t.Fatalf("%s answers %d: %s", path, w.Code, said(w))
	}
	if !strings.Contains(w.Body.String(), because) {
		h.t.Errorf("%s does not say %q: %s", path, because, said(w))
	}
	return w.Body.String()
}

var marks = regexp.MustCompile(`<[^>]*>|\s+`)

// said is what a page says.
func said(w *httptest.ResponseRecorder) string {
	s := marks.ReplaceAllString(w.Body.String(), " ")
	return s[:min(len(s), 6000)]
}

// buy orders a plan for a new tenant. What is free, or paid later, provisions it.
func (h *house) buy(name, company, slug string) billing.Bought {
	h.t.Helper()
	plan, err := h.Billing.PlanBySlug(h.t.Context(), slug)
	must(h.t, err)
	var bought billing.Bought
	must(h.t, h.DB.Tx(h.t.Context(), func(tx *sql.Tx) error {
		id, err := h.Tenants.Reserve(h.t.Context(), tx, tenant.Order{Name: name, Company: company, OwnerName: "Ada", OwnerEmail: name + "@example.org", Limits: plan.Limits(), Until: h.hand.Now().Add(time.Hour)})
		if err != nil {
			return err
		}
		price, _ := plan.PriceFor("month")
		bought, err = h.Billing.Buy(h.t.Context(), tx, billing.Purchase{Tenant: id, Customer: billing.Customer{Email: name + "@example.org", Name: "Ada", Company: company}, Plan: plan, Price: price, Gateway: offline.Name})
		return err
	}))
	h.provision()
	return bought
}

// provision makes waiting tenants active, as provisioning does in its last step.
func (h *house) provision() {
	h.t.Helper()
	must(h.t, h.DB.Tx(h.t.Context(), func(tx *sql.Tx) error {
		rows, err := tx.Query(`update tenant set state = 'active' where state = 'provisioning' returning id`)
		if err != nil {
			return err
		}
		var ids []int64
		for rows.Next() {
			var id int64
			if err := rows.Scan(&id); err != nil {
				return err
			}
			ids = append(ids, id)
		}
		if err := rows.Close(); err != nil {
			return err
		}
		for _, id := range ids {
			if err := h.Billing.Activated(h.t.Context(), tx, id); err != nil {
				return err
			}
		}
		return nil
	}))
}

// by hand makes an active tenant without a subscription.
func (h *house) byHand(name string) {
	h.t.Helper()
	must(h.t, h.DB.Tx(h.t.Context(), func(tx *sql.Tx) error {
		id, err := h.Tenants.Reserve(h.t.Context(), tx, tenant.Order{Name: name, Company: name + " Ltd", OwnerName: "Ada", OwnerEmail: name + "@example.org", Limits: tenant.Limits{Plan: "Starter", Staff: 3}, Until: h.hand.Now().Add(time.Hour)})
		if err != nil {
			return err
		}
		return h.Tenants.Approve(h.t.Context(), tx, id)
	}))
	h.provision()
}

// count is the number that a query finds.
func (h *house) count(query string, args ...any) (n int64) {
	h.t.Helper()
	must(h.t, h.DB.QueryRow(h.t.Context(), query, args...).Scan(&n))
	return n
}
