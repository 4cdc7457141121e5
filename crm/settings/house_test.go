package settings

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rowhouse/crm/contact"
	"rowhouse/crm/customer"
	"rowhouse/crm/entity"
	"rowhouse/crm/lead"
	"rowhouse/crm/page"
	"rowhouse/crm/record"
	"rowhouse/crm/staff"
	"rowhouse/data"
	"rowhouse/tenant"
	"rowhouse/ui"
	"rowhouse/ui/live"
	"rowhouse/ui/mail"
	"rowhouse/ui/session"
)

// The people of every test's house.
const (
	owner  = 1 // administrator
	seller = 2 // sees and deletes what is hers
	reader = 3 // only looks
)

// house is one tenant's file with all pages of this package.
type house struct {
	*testing.T
	db      *data.DB
	dir     string
	mux     *http.ServeMux
	look    ui.Look
	seats   int64
	now     time.Time
	letters int
	cookies []*http.Cookie
}

func newHouse(t *testing.T) *house {
	t.Helper()
	h := &house{T: t, dir: t.TempDir(), mux: http.NewServeMux(), seats: 10, now: time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)}
	h.look = ui.Look{Words: ui.English, Brand: ui.Brand{Name: "Acme", Hue: 272, Home: "/admin", Host: "acme.example.com"}, Zone: time.UTC, Now: h.now}
	ctx := context.Background()
	var err error
	if h.db, err = data.Create(ctx, filepath.Join(h.dir, "crm.db")); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { h.db.Close() })
	schema := data.Schema{{Name: "session", Files: session.Schema}, {Name: "mail", Files: mail.Schema}, {Name: "record", Files: record.Schema},
		{Name: "staff", Files: staff.Schema}, {Name: "lead", Files: lead.Schema}, {Name: "customer", Files: customer.Schema}, {Name: "contact", Files: contact.Schema}}
	if err := schema.Migrate(ctx, h.db, nil); err != nil {
		t.Fatal(err)
	}
	h.exec(`insert into role (id, name, admin) values (1, 'Administrators', 1), (2, 'Sales', 0), (3, 'Readers', 0)`)
	h.exec(`insert into role_right (role, entity, view, edit, remove, make) values (2, 'lead', 3, 1, 1, 1), (3, 'lead', 3, 0, 0, 0)`)
	h.exec(`insert into team (id, name) values (1, 'North')`)
	h.exec(`insert into staff (id, email, first, last, role, state, owner, created_at) values
		(1, 'ada@acme.example', 'Ada', 'Ortiz', 1, 'active', 1, 0), (2, 'sam@acme.example', 'Sam', 'Weber', 2, 'active', 0, 0), (3, 'kim@acme.example', 'Kim', 'Khan', 3, 'active', 0, 0)`)
	h.exec(`insert into choice (id, list, label, hue, kind, position, main) values
		(1, 'lead.status', 'New', 7, 'open', 1, 1), (2, 'lead.status', 'Talking', 3, 'open', 2, 0), (3, 'lead.status', 'Customer', 4, 'won', 3, 0),
		(4, 'lead.status', 'Lost', 0, 'lost', 4, 0), (5, 'lead.status', 'Junk', 11, 'junk', 5, 0), (6, 'lead.source', 'Fair', 2, '', 1, 0), (7, 'lead.source', 'Web', 5, '', 2, 0)`)
	Routes(h.mux)
	h.mux.Handle("GET /logo/{hash}", ui.Handler(Logo))
	return h
}

func (h *house) exec(query string, args ...any) {
	h.Helper()
	if _, err := h.db.Exec(context.Background(), query, args...); err != nil {
		h.Fatalf("%s: %v", query, err)
	}
	h.db.Forget()
}

// text is the one value that a query finds.
func (h *house) text(query string, args ...any) string {
	h.Helper()
	var s sql.NullString
	if err := h.db.QueryRow(context.Background(), query, args...).Scan(&s); err != nil {
		h.Fatalf("%s: %v", query, err)
	}
	return s.String
}

func (h *house) entities() []entity.Entity {
	return []entity.Entity{lead.Entity, customer.Entity, contact.Entity}
}

func (h *house) site() tenant.Site {
	return tenant.Site{Tenant: tenant.Tenant{Name: "acme", Company: "Acme", Limits: tenant.Limits{Plan: "Pro", Staff: h.seats, Room: -1, Modules: []string{"*"}}},
		DB: h.db, Folder: h.dir, URL: "https://acme.example.com"}
}

// desk is where a person works.
func (h *house) desk(person int64) *page.Desk {
	h.Helper()
	ctx := context.Background()
	p, err := staff.ByID(ctx, h.db, person)
	if err != nil {
		h.Fatal(err)
	}
	actor, err := p.Actor(ctx, h.db)
	if err != nil {
		h.Fatal(err)
	}
	book, err := record.Open(ctx, h.db, "test", h.entities())
	if err != nil {
		h.Fatal(err)
	}
	look := h.look
	store := &record.Store{DB: h.db, Book: book, Actor: actor, Now: h.now, House: "acme", Hub: &live.Hub{}, Look: &look, IP: "192.0.2.1", Files: filepath.Join(h.dir, "files"), Room: -1}
	return &page.Desk{Site: h.site(), Person: p, Session: session.Session{Hash: strings.Repeat("a", 64), Person: person}, Store: store,
		Menu:    []ui.Group{{Label: "Work", Items: []ui.Item{{Label: "Leads", URL: "/admin/leads", Icon: "target"}}}},
		Letters: func(context.Context) { h.letters++ }}
}

// send sends a request as a person; a form makes it a POST.
func (h *house) send(person int64, path string, form url.Values) *httptest.ResponseRecorder {
	h.Helper()
	r := httptest.NewRequest("GET", path, nil)
	if form != nil {
		r = httptest.NewRequest("POST", path, strings.NewReader(form.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	return h.serve(person, r)
}

func (h *house) serve(person int64, r *http.Request) *httptest.ResponseRecorder {
	h.Helper()
	for _, c := range h.cookies {
		r.AddCookie(c)
	}
	d := h.desk(person)
	d.Store.Look.Path = r.URL.Path
	r = r.WithContext(tenant.With(r.Context(), d.Site))
	w := httptest.NewRecorder()
	h.mux.ServeHTTP(w, page.With(ui.WithLook(r, d.Store.Look), d))
	return w
}

// post sends a form of names and values and wants a status.
func (h *house) post(person int64, path string, status int, pairs ...string) string {
	h.Helper()
	form := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	w := h.send(person, path, form)
	if w.Code != status {
		h.Fatalf("POST %s %v: got %d, want %d\n%s", path, pairs, w.Code, status, said(w.Body.String()))
	}
	return w.Body.String()
}

// get wants a page.
func (h *house) get(person int64, path string, status int) string {
	h.Helper()
	w := h.send(person, path, nil)
	if w.Code != status {
		h.Fatalf("GET %s: got %d, want %d\n%s", path, w.Code, status, said(w.Body.String()))
	}
	return w.Body.String()
}

// said shortens a page to its content.
func said(body string) string {
	if i := strings.Index(body, `<div class="page">`); i > 0 {
		body = body[i:]
	}
	return body[:min(len(body), 1500)]
}

// lead adds a lead with a status and a source (0: none).
func (h *house) lead(name string, status, source int64) int64 {
	h.Helper()
	d := h.desk(owner)
	values := record.Values{"name": name, "status": status}
	if source != 0 {
		values["source"] = source
	}
	id, err := d.Store.Create(context.Background(), d.Store.Book.Entity("lead"), values)
	if err != nil {
		h.Fatal(err)
	}
	return id
}

// multi is a form with a file.
func multi(field, name string, content []byte) (kind string, body *bytes.Buffer) {
	body = &bytes.Buffer{}
	fmt.Fprintf(body, "--x\r\nContent-Disposition: form-data; name=%q; filename=%q\r\nContent-Type: application/octet-stream\r\n\r\n", field, name)
	body.Write(content)
	body.WriteString("\r\n--x--\r\n")
	return "multipart/form-data; boundary=x", body
}

// exchange is a request and what is answered to it.
type exchange struct {
	w *httptest.ResponseRecorder
	r *http.Request
}

func httptestRequest() exchange {
	return exchange{httptest.NewRecorder(), httptest.NewRequest("POST", "/", nil)}
}
