package main

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"fmt"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rowhouse/ui/session"
)

// fingerprint is the content of a company's file and uploads, row by row. Sessions and counts of tries change with each
// request by design and do not count.
func fingerprint(t *testing.T, a *app, company string) string {
	t.Helper()
	db, done, err := a.tenants.Files.Use(t.Context(), company)
	if err != nil {
		t.Fatal(err)
	}
	defer done()
	sum := sha256.New()
	tables, err := db.Query(t.Context(), `select name from sqlite_schema where type = 'table' and name not like 'sqlite%' and name not like '%\_search%' escape '\' and name not in ('session', 'attempt') order by name`)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for tables.Next() {
		var name string
		if err := tables.Scan(&name); err != nil {
			t.Fatal(err)
		}
		names = append(names, name)
	}
	tables.Close()
	for _, name := range names {
		rows, err := db.Query(t.Context(), `select * from "`+name+`" order by 1, 2`)
		if err != nil {
			t.Fatal(err)
		}
		columns, err := rows.Columns()
		if err != nil {
			t.Fatal(err)
		}
		for rows.Next() {
			values := make([]any, len(columns))
			for i := range values {
				values[i] = new(any)
			}
			if err := rows.Scan(values...); err != nil {
				t.Fatal(err)
			}
			for _, v := range values {
				fmt.Fprint(sum, name, *v.(*any), "|")
			}
		}
		rows.Close()
	}
	_ = filepath.WalkDir(filepath.Join(a.tenants.Folder(company), "files"), func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			b, _ := os.ReadFile(path)
			fmt.Fprintf(sum, "%s %x", d.Name(), sha256.Sum256(b))
		}
		return nil
	})
	return hex.EncodeToString(sum.Sum(nil))
}

// people makes one person for each role, all with testPassword, and returns their addresses.
func people(t *testing.T, a *app, company string) map[string]string {
	t.Helper()
	db, done, err := a.tenants.Files.Use(t.Context(), company)
	if err != nil {
		t.Fatal(err)
	}
	defer done()
	err = db.Tx(t.Context(), func(tx *sql.Tx) error {
		for _, q := range []string{
			`insert into role (id, name) values (20, 'Team reader'), (21, 'Nothing')`,
			`insert into role_right (role, entity, view, edit, remove, make, export, import) select 20, entity, 2, 1, 1, 0, 0, 0 from role_right where role = 2`,
			`insert into team (id, name) values (7, 'North')`,
		} {
			if _, err := tx.Exec(q); err != nil {
				return err
			}
		}
		for i, role := range []int{2, 3, 20, 21, 3} {
			_, err := tx.Exec(`insert into staff (id, email, first, role, team, state, password_hash, created_at) values (?, ?, ?, ?, iif(? in (20, 3), 7, null), 'active', ?, 0)`,
				10+i, fmt.Sprintf("p%d@%s.example", i, company), fmt.Sprint("P", i), role, role, testHash())
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	db.Forget()
	at := func(i int) string { return fmt.Sprintf("p%d@%s.example", i, company) }
	return map[string]string{"administrator": "ada@" + company + ".example", "manager": at(0), "representative": at(1), "team reader": at(2), "nothing": at(3), "colleague": at(4)}
}

// The ids of the records in the matrix: one's own for everybody in turn, the colleague's, one in the other company only, none.
const (
	colleagues = 2
	deleted    = 3
	absent     = 999
)

// sow makes the records of the matrix: 100+i owned by person 10+i, 2 by the colleague, 3 in the trash.
func sow(t *testing.T, a *app, company string) {
	t.Helper()
	db, done, err := a.tenants.Files.Use(t.Context(), company)
	if err != nil {
		t.Fatal(err)
	}
	defer done()
	err = db.Tx(t.Context(), func(tx *sql.Tx) error {
		for _, entity := range []string{"lead", "customer", "contact"} {
			extra, value := "", ""
			if entity == "lead" {
				extra, value = ", status", ", 1"
			}
			insert := `insert into ` + entity + ` (id, created_at, updated_at, name, owner, created_by, deleted_at` + extra + `) values (?, 1, 1, ?, ?, ?, ?` + value + `)`
			rows := [][]any{{colleagues, "Colleague's", 14, 14, nil}, {deleted, "Deleted", 14, 14, 5}}
			for i := range 5 {
				rows = append(rows, []any{100 + i, "Own " + company, 10 + i, 10 + i, nil})
			}
			rows = append(rows, []any{110, "Own " + company, 1, 1, nil})
			for _, row := range rows {
				if _, err := tx.Exec(insert, row...); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// right is what a role may do in the matrix, on its own record and on a colleague's.
type right struct{ viewOwn, viewOther, editOwn, editOther, deleteOwn, deleteOther, create, export, imports bool }

var expected = map[string]right{
	"administrator":  {true, true, true, true, true, true, true, true, true},
	"manager":        {true, true, true, true, true, true, true, true, true},
	"representative": {viewOwn: true, editOwn: true, create: true},
	"team reader":    {viewOwn: true, viewOther: true, editOwn: true, deleteOwn: true},
	"nothing":        {},
}

var ownID = map[string]int{"administrator": 110, "manager": 100, "representative": 101, "team reader": 102, "nothing": 103}

// want is the status that a role should get: fine, or 403 where it sees but may not, or 404 where it may not even see.
func want(see, may bool, fine int) int {
	switch {
	case !see:
		return http.StatusNotFound
	case !may:
		return http.StatusForbidden
	}
	return fine
}

func TestEveryRouteAnswersEveryRoleAsItShould(t *testing.T) {
	a := newApp(t)
	a.found(t, "acme", 0)
	a.found(t, "other", 0)
	emails := people(t, a, "acme")
	sow(t, a, "acme")
	sow(t, a, "other")
	for role, r := range expected {
		v := a.signIn(t, "acme", emails[role])
		for _, path := range []string{"leads", "customers", "contacts"} {
			for _, id := range []int{ownID[role], colleagues, deleted, absent} {
				own := id == ownID[role]
				see := id != deleted && id != absent && (own && r.viewOwn || !own && r.viewOther)
				edit, remove := own && r.editOwn || !own && r.editOther, own && r.deleteOwn || !own && r.deleteOther
				m := matrix{t, a, v, role}
				at := fmt.Sprintf("/admin/%s/%d", path, id)
				m.check("GET", at, want(see, true, 200))
				m.check("GET", at+"/edit", want(see, edit, 200))
				m.check("GET", at+"/fields/name/edit", want(see, edit, 200))
				m.check("GET", at+"/files/1", http.StatusNotFound)
				m.refused("POST", at, want(see, edit, 0), "version", "1", "name", "Changed")
				m.refused("POST", at+"/fields/name", want(see, edit, 0), "version", "1", "name", "Changed")
				m.refused("POST", at+"/deletion", want(see, remove, 0))
				m.refused("POST", at+"/notes", want(see, true, 0), "body", "A note")
				m.refused("POST", at+"/files/1/deletion", want(see, edit, http.StatusNotFound))
				m.refused("POST", at+"/notes/1/deletion", want(see, true, http.StatusNotFound))
				if path == "leads" {
					m.refused("POST", at+"/position", want(see, edit, 0), "value", "2", "version", "1")
				}
				trashed := http.StatusNotFound
				if id == deleted && (role == "administrator" || role == "manager") {
					trashed = 0
				}
				m.refused("POST", at+"/restoration", trashed)
			}
			m := matrix{t, a, v, role}
			at := "/admin/" + path
			m.check("GET", at, want(true, r.viewOwn, 200))
			m.check("GET", at+"/new", want(true, r.create, 200))
			m.check("GET", at+"/import", want(true, r.imports, 200))
			m.refused("POST", at, want(true, r.create, 0), "name", "New one")
			m.refused("POST", at+"/export", want(true, r.export, 0))
			m.check("GET", "/admin/imports/"+path+"/1", want(true, r.imports, 404))
		}
	}
}

// matrix asks on behalf of one role.
type matrix struct {
	t    *testing.T
	app  *app
	v    *visitor
	role string
}

func (m matrix) check(method, path string, status int) {
	m.t.Helper()
	before := fingerprint(m.t, m.app, "acme")
	w := m.v.do(request(method, path))
	if w.Code != status {
		m.t.Errorf("%s %s as %s: %d, want %d: %.200s", method, path, m.role, w.Code, status, text(w))
	}
	if fingerprint(m.t, m.app, "acme") != before {
		m.t.Errorf("%s %s as %s changed the file", method, path, m.role)
	}
}

// refused sends a write. With a status it must be refused so, and the file be as before; with 0 it is allowed and not sent here.
func (m matrix) refused(method, path string, status int, pairs ...string) {
	m.t.Helper()
	if status == 0 {
		return
	}
	before := fingerprint(m.t, m.app, "acme")
	if w := m.v.post(path, pairs...); w.Code != status {
		m.t.Errorf("%s %s as %s: %d, want %d: %.200s", method, path, m.role, w.Code, status, text(w))
	}
	if fingerprint(m.t, m.app, "acme") != before {
		m.t.Errorf("%s %s as %s was refused and changed the file", method, path, m.role)
	}
}

func request(method, path string) *http.Request {
	r, err := http.NewRequest(method, path, nil)
	if err != nil {
		panic(err)
	}
	r.RemoteAddr = "192.0.2.1:1"
	return r
}

func TestListsSearchesAndExportsShowOnlyWhatTheRoleSees(t *testing.T) {
	a := newApp(t)
	a.found(t, "acme", 0)
	emails := people(t, a, "acme")
	ada := a.signIn(t, "acme", emails["administrator"])
	ada.post("/admin/leads", "name", "Hidden Harbour", "owner", "14")
	rep := a.signIn(t, "acme", emails["representative"])
	rep.post("/admin/leads", "name", "Visible Valley")
	for _, path := range []string{"/admin/leads", "/admin/leads/board", "/admin/search?q=h", "/admin/search?q=hidden", "/admin/leads?q=hidden", "/admin/leads/titles?q=hidden", "/admin"} {
		if strings.Contains(body(rep.get(path)), "Hidden Harbour") {
			t.Errorf("%s shows a representative somebody else's lead", path)
		}
	}
	if !strings.Contains(body(rep.get("/admin/leads")), "Visible Valley") {
		t.Error("a representative does not see the own lead")
	}
	if w := rep.post("/admin/leads/bulk", "id[]", "1", "do", "delete"); w.Code != http.StatusSeeOther && w.Code != http.StatusForbidden {
		t.Error(w.Code)
	}
	if n := ask[int](t, a, "acme", `select count(*) from lead where deleted_at is not null`); n != 0 {
		t.Error("a bulk act deleted what the role may not")
	}
}

func TestSecretsOfOneCompanyOpenNothingElsewhere(t *testing.T) {
	a := newApp(t)
	for _, company := range []string{"acme", "other"} {
		a.found(t, company, 0)
		sow(t, a, company)
	}
	ada := a.signIn(t, "acme", "ada@acme.example")
	stranger := a.visit(t, "other.example.com")
	for name, value := range ada.cookies {
		stranger.cookies[name] = value
	}
	if w := stranger.get("/admin/leads"); w.Code != http.StatusSeeOther || !strings.HasPrefix(w.Header().Get("Location"), "/admin/login") {
		t.Error("a session of one company is taken by another:", w.Code)
	}
	home := a.visit(t, "example.com")
	home.cookies = ada.cookies
	if w := home.get("/admin/leads"); w.Code == 200 {
		t.Error("a session of a company is taken by the host's own site")
	}
	// Equal ids never mix.
	if got := body(ada.get("/admin/leads/110")); !strings.Contains(got, "Own acme") || strings.Contains(got, "Own other") {
		t.Error("lead 110 of acme shows another company's")
	}
	// One-time links.
	a.visit(t, "acme.example.com").post("/admin/password", "email", "ada@acme.example")
	link := a.letter(t, "ada@acme.example")
	link = link[strings.Index(link, "/admin/password/"):]
	link = strings.Fields(link)[0]
	for _, host := range []string{"other.example.com", "example.com"} {
		if w := a.visit(t, host).get(link); w.Code == 200 {
			t.Errorf("%s opens the reset link of another company", host)
		}
		if w := a.visit(t, host).post(link, "password", "a brand new secret", "again", "a brand new secret"); w.Code == http.StatusSeeOther {
			t.Errorf("%s redeems the reset link of another company", host)
		}
	}
	if w := a.visit(t, "acme.example.com").get(link); w.Code != 200 {
		t.Error("the own company refuses its reset link:", w.Code)
	}
}

func TestOnlyTheHostHeaderChoosesTheCompany(t *testing.T) {
	a := newApp(t)
	a.found(t, "acme", 0)
	for host, status := range map[string]int{"acme.example.com": 200, "ACME.example.com": 200, "acme.example.com.": 200, "acme.example.com:443": 200,
		"acme.example.com.evil.test": 404, "evil.test": 404, "a.acme.example.com": 404, "acme.example.com/evil": 404, "[::1]:8080": 404, "": 404,
		"acme%2eexample.com": 404, "acme.example.com\x00": 404, "xn--acme.example.com": 404, "_acme-challenge.example.com": 404, "аcme.example.com": 404,
		strings.Repeat("a", 64) + ".example.com": 404, "-acme.example.com": 404, "example.com.acme.example.com": 404, "acme.example.com:80:80": 404, "acme.example.com..": 404} {
		r := request("GET", "/admin/login")
		v := a.visit(t, host)
		for _, h := range []string{"X-Forwarded-Host", "Forwarded", "X-Original-Host", "X-Tenant", "X-Host"} {
			r.Header.Set(h, "other.example.com")
		}
		w := v.do(r)
		if w.Code != status {
			t.Errorf("Host %q answers %d, want %d", host, w.Code, status)
		}
		if status == 404 && strings.Contains(body(w), "acme") {
			t.Errorf("Host %q tells of acme", host)
		}
	}
}

func TestForgedHostsChangeNoByteOfALetter(t *testing.T) {
	a := newApp(t)
	a.found(t, "acme", 0)
	for i, host := range []string{"acme.example.com", "ACME.EXAMPLE.COM:8080", "acme.example.com."} {
		a.clockAdd(t, 7200)
		r := request("POST", "/admin/password")
		_ = r
		v := a.visit(t, host)
		w := v.post("/admin/password", "email", "ada@acme.example")
		letter := a.letter(t, "ada@acme.example")
		if w.Code != 200 || !strings.Contains(letter, "https://acme.example.com/admin/password/") || strings.Contains(letter, "8080") || strings.Contains(letter, "ACME") {
			t.Errorf("letter %d: %d\n%s", i, w.Code, letter)
		}
	}
}

func TestOtherSitesCannotSendForms(t *testing.T) {
	a := newApp(t)
	a.found(t, "acme", 0)
	ada := a.signIn(t, "acme", "ada@acme.example")
	for site, allowed := range map[string]bool{"same-origin": true, "none": true, "same-site": false, "cross-site": false} {
		r := request("POST", "/admin/leads/bulk")
		r.Header.Set("Sec-Fetch-Site", site)
		if w := ada.do(r); (w.Code != http.StatusForbidden) != allowed {
			t.Errorf("a form from %s answers %d", site, w.Code)
		}
	}
}

func TestTheSessionCookieIsTiedToItsHost(t *testing.T) {
	a := newApp(t)
	a.found(t, "acme", 0)
	w := a.visit(t, "acme.example.com").post("/admin/login", "email", "ada@acme.example", "password", testPassword)
	for _, c := range w.Result().Cookies() {
		if c.Name == (session.Cookies{HTTPS: true}).Name() && c.Secure && c.HttpOnly && c.SameSite == http.SameSiteLaxMode && c.Domain == "" && strings.HasPrefix(c.Name, "__Host-") {
			return
		}
	}
	t.Error("no safe session cookie:", w.Result().Cookies())
}

func TestNobodyFollowsWhatTheyMayNotSee(t *testing.T) {
	a := newApp(t)
	a.found(t, "acme", 0)
	emails := people(t, a, "acme")
	sow(t, a, "acme")
	told := func(role, topics string) bool {
		v := a.signIn(t, "acme", emails[role])
		r := request("GET", "/admin/live?topics="+topics)
		ctx, cancel := context.WithCancel(r.Context())
		defer cancel()
		w := &eavesdropper{ResponseRecorder: httptest.NewRecorder(), wrote: make(chan string, 16)}
		r.Host = v.host
		for name, value := range v.cookies {
			r.AddCookie(&http.Cookie{Name: name, Value: value})
		}
		go a.handler.ServeHTTP(w, r.WithContext(ctx))
		<-w.wrote // it says hello when it listens
		a.crm.Hub.Publish(askHost[string](t, a, `select uid from tenant where name = 'acme'`), "", "lead-2")
		select {
		case said := <-w.wrote:
			return strings.Contains(said, "lead-2")
		case <-time.After(200 * time.Millisecond):
			return false
		}
	}
	if !told("manager", "lead-2") {
		t.Error("a manager is not told of a colleague's lead")
	}
	if told("representative", "lead-2") {
		t.Error("a representative is told of a lead that is not theirs")
	}
}

// eavesdropper is an answer that tells what is written to it.
type eavesdropper struct {
	*httptest.ResponseRecorder
	wrote chan string
}

func (l *eavesdropper) Write(b []byte) (int, error) {
	l.wrote <- string(b)
	return len(b), nil
}

func (l *eavesdropper) SetWriteDeadline(time.Time) error { return nil }

func TestAMentionTellsNobodyWhatTheyMayNotSee(t *testing.T) {
	a := newApp(t)
	a.found(t, "acme", 0)
	people(t, a, "acme")
	ada := a.signIn(t, "acme", "ada@acme.example")
	ada.post("/admin/leads", "name", "Hidden", "owner", "1")
	ada.post("/admin/leads/1/notes", "body", "for @P0 the manager and @P1 the representative")
	if !strings.Contains(a.letter(t, "p0@acme.example"), "for @P0") {
		t.Error("a manager who is mentioned gets no letter")
	}
	if n := askHost[int](t, a, `select count(*) from outbox where recipient = 'p1@acme.example'`); n != 0 {
		t.Error("a representative is told of a lead that is not theirs")
	}
}
