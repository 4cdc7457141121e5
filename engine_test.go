package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"rowhouse/crm/entity"
)

// attacks are what people type who want a page to run something.
var attacks = []string{`<script>alert(1)</script>`, `"><script>alert(1)</script>`, `'><img src=x onerror=alert(1)>`, `<svg/onload=alert(1)>`, `" onmouseover="alert(1)`, `' onfocus='alert(1)' autofocus='`, `</title><script>alert(1)</script>`,
	`</textarea><script>alert(1)</script>`, `</select><img src=x onerror=alert(1)>`, `</template><img src=x onerror=alert(1)>`, `--><script>alert(1)</script>`, `<iframe src=javascript:alert(1)>`, `<a href="javascript:alert(1)">x</a>`, `<base href=//evil.example/>`,
	`" data-controller="evil" x="`, `</turbo-frame><script>alert(1)</script>`, `<details open ontoggle=alert(1)>`, `]"><svg onload=alert(1)>`, `</script><script>alert(1)</script>`, `javascript:alert(1)`}

// danger says what of a page could run what somebody typed, or nothing.
func danger(page string) string {
	z := html.NewTokenizer(strings.NewReader(page))
	script := false
	for {
		switch z.Next() {
		case html.ErrorToken:
			return ""
		case html.TextToken:
			if script && bytes.Contains(z.Text(), []byte("alert(1)")) {
				return "a script"
			}
		case html.EndTagToken:
			script = false
		case html.StartTagToken, html.SelfClosingTagToken:
			tag := z.Token()
			script = tag.Data == "script"
			if slices.Contains([]string{"iframe", "object", "embed", "base", "math", "video"}, tag.Data) {
				return "<" + tag.Data + ">"
			}
			for _, a := range tag.Attr {
				v := strings.ToLower(strings.TrimSpace(a.Val))
				switch {
				case strings.HasPrefix(a.Key, "on"), a.Key == "data-controller" && v == "evil", a.Key == "src" && v == "x":
					return tag.String()
				case (a.Key == "href" || a.Key == "src" || a.Key == "action" || a.Key == "formaction") && (strings.HasPrefix(v, "javascript:") || strings.HasPrefix(v, "data:")):
					return tag.String()
				}
			}
		}
	}
}

// inFrame asks for the part of a page that a frame of it shows.
func (v *visitor) inFrame(path, frame string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodGet, path, nil)
	r.Header.Set("Turbo-Frame", frame)
	return v.do(r)
}

// send posts a form with a file.
func (v *visitor) send(path, name, content string, pairs ...string) *httptest.ResponseRecorder {
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	for i := 0; i < len(pairs); i += 2 {
		_ = m.WriteField(pairs[i], pairs[i+1])
	}
	part, err := m.CreateFormFile("file", name)
	if err != nil {
		v.t.Fatal(err)
	}
	_, _ = part.Write([]byte(content))
	m.Close()
	r := httptest.NewRequest(http.MethodPost, path, &b)
	r.Header.Set("Content-Type", m.FormDataContentType())
	return v.do(r)
}

func acme(t *testing.T) (*app, *visitor) {
	t.Helper()
	a := newApp(t)
	a.found(t, "acme", 0)
	return a, a.signIn(t, "acme", "ada@acme.example")
}

// plant types every attack into everything that takes words.
func plant(t *testing.T, a *app, ada *visitor) {
	t.Helper()
	n := len(attacks)
	for i, p := range attacks {
		short := p[:min(len(p), 60)]
		if w := ada.post("/admin/settings/fields/lead", "label", short, "kind", []string{"line", "long", "select", "multi", "bool", "money"}[i%6], "options", strings.ReplaceAll(p, ",", ""), "hint", p, "section", short); w.Code != http.StatusSeeOther {
			t.Fatal(p, w.Code, text(w))
		}
	}
	alter(t, a, "acme", func(exec func(string, ...any)) {
		for i, p := range attacks {
			exec(`insert into choice (list, label, kind, position) values ('lead.status', ?, 'open', ?)`, p, 50+i)
			exec(`insert into staff (email, first, last, role, state, created_at) values (?, ?, ?, 3, 'active', 0)`, fmt.Sprint("s", i, "@acme.example"), p, p)
		}
	})
	for i, p := range attacks {
		status := ask[int](t, a, "acme", `select id from choice where label = ?`, p)
		q := attacks[(i+1)%n]
		pairs := []string{"name", p, "company", q, "title", p, "next_step", p, "street", p, "city", p, "state", p, "language", p[:min(len(p), 40)], "lost_note", p, "description", p + "\n" + q, "tags", strings.ReplaceAll(p[:min(len(p), 40)], ",", ""),
			"status", fmt.Sprint(status), "owner", fmt.Sprint(ask[int](t, a, "acme", `select id from staff where first = ?`, p)), "website", "https://x.example/" + url.PathEscape(p), "force", "1"}
		if w := ada.post("/admin/leads", pairs...); w.Code != http.StatusSeeOther {
			t.Fatal(p, w.Code, text(w))
		}
		at := fmt.Sprintf("/admin/leads/%d", i+1)
		ada.post(at+"/notes", "body", p+" @"+q+" "+q+"\n"+p)
		ada.send(at+"/notes", p+".txt", p)
		ada.post("/admin/leads/views", "name", p[:min(len(p), 60)], "query", "q="+url.QueryEscape(p), "shared", "1")
	}
}

func TestNothingThatSomebodyTypesRuns(t *testing.T) {
	a, ada := acme(t)
	plant(t, a, ada)
	check := func(what string, w *httptest.ResponseRecorder) {
		t.Helper()
		page := body(w)
		if w.Code >= 500 {
			t.Errorf("%s: %d", what, w.Code)
		}
		if bad := danger(page); bad != "" {
			t.Errorf("%s: %s", what, bad)
		}
		for _, p := range attacks {
			if strings.ContainsAny(p, "<") && strings.Contains(page, p) {
				t.Errorf("%s has %s as it was typed", what, p)
			}
		}
	}
	cols := ""
	for _, k := range strings.Fields(ask[string](t, a, "acme", `select group_concat('x_' || key, ' ') from field`)) {
		cols += "," + k
	}
	for _, path := range []string{"/admin", "/admin/leads", "/admin/leads?col=company,title,website,description,tags,owner,next_step" + cols, "/admin/leads/board", "/admin/leads/new", "/admin/leads/import", "/admin/search?q=alert", "/admin/leads?q=script", "/admin/settings/fields/lead", "/admin/settings/trash"} {
		check(path, ada.get(path))
	}
	check("the palette", ada.inFrame("/admin/search?q=alert", "palette"))
	for i, p := range attacks {
		at := fmt.Sprintf("/admin/leads/%d", i+1)
		if i%4 == 0 {
			check(at, ada.get(at))
			check(at+"/edit", ada.get(at+"/edit"))
		}
		check(at+" beside the list", ada.inFrame(at, "peek"))
		check("a cell", ada.get(at+"/fields/company/edit"))
		check("a refused cell", ada.post(at+"/fields/emails", "version", "1", "emails[]", p))
		check("a filter", ada.get("/admin/leads?filter="+url.QueryEscape(`{"f":"name","op":"contains","v":[`+quoted(p)+`]}`)))
		check("titles", ada.get("/admin/leads/titles?q="+url.QueryEscape(p)))
		if i%4 == 1 {
			check("a refused form", ada.post("/admin/leads", "name", "", "company", p, "emails[]", p, "value[]", p, "website", p, "phones[]", p, "next_follow_up", p, "description", p))
			check("an address", ada.get("/admin/leads?"+url.QueryEscape(p)+"="+url.QueryEscape(p)))
			check("an import", ada.get(ada.send("/admin/leads/import", p+".csv", "name,"+quoted(p)+"\n"+quoted(p)+",x\n").Header().Get("Location")))
		}
	}
	w := ada.get("/admin/leads/1/files/1")
	for name, want := range map[string]string{"Content-Type": "application/octet-stream", "X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'; sandbox", "Content-Disposition": "attachment; filename*=UTF-8''"} {
		if got := w.Header().Get(name); !strings.HasPrefix(got, want) || strings.ContainsAny(got, "<>\r\n") {
			t.Errorf("%s of a file is %q, want %q", name, got, want)
		}
	}
}

func quoted(s string) string { b, _ := json.Marshal(s); return string(b) }

// alter runs statements in a company's file and lets it be read anew.
func alter(t *testing.T, a *app, company string, work func(exec func(string, ...any))) {
	t.Helper()
	db, done, err := a.tenants.Files.Use(t.Context(), company)
	if err != nil {
		t.Fatal(err)
	}
	defer done()
	work(func(query string, args ...any) {
		t.Helper()
		if _, err := db.Exec(t.Context(), query, args...); err != nil {
			t.Fatalf("%s: %v", query, err)
		}
	})
	db.Forget()
}

// everyKind adds a field of every kind and returns a form with something typed into each.
func everyKind(t *testing.T, ada *visitor) []string {
	t.Helper()
	values := map[string][]string{"line": {"Line <1>"}, "long": {"two\nlines"}, "number": {"-12"}, "money": {"1,234.50", "CHF"}, "date": {"2026-11-23"}, "moment": {"2026-11-23T10:30"}, "bool": {"0", "1"}, "select": {"Beta"}, "multi": {"", "Beta"},
		"emails": {"a@b.example", "c@d.example"}, "phones": {"+49 30 1234", "+49 30 5678"}, "web": {"w.example/x"}, "country": {"DE"}, "staff": {"1"}}
	var pairs []string
	for _, k := range entity.CustomKinds {
		if w := ada.post("/admin/settings/fields/lead", "label", "My "+k.Key, "kind", k.Key, "options", "Alpha\nBeta"); w.Code != http.StatusSeeOther {
			t.Fatal(k.Key, text(w))
		}
		name := "x_my_" + k.Key
		if len(values[k.Key]) > 1 || k.Key == "emails" {
			name += "[]"
		}
		for _, v := range values[k.Key] {
			pairs = append(pairs, name, v)
		}
	}
	return append(pairs, "name", "Typed", "tags", "one, two")
}

// keeps checks that a form still holds what was typed.
func keeps(t *testing.T, what, page string) {
	t.Helper()
	for _, want := range []string{`value="Line &lt;1&gt;"`, "two\nlines</textarea>", `value="-12"`, `<option value="CHF" selected>`, `value="2026-11-23"`, `value="2026-11-23T10:30"`, `value="1" id="f-x_my_bool" checked`, `<option value="Beta" selected>`, `value="Beta" checked`,
		`value="a@b.example"`, `value="c@d.example"`, `value="+49 30 1234"`, `value="+49 30 5678"`, `w.example/x"`, `<option value="DE" selected>`, `<option value="1" selected>`, `value="one, two"`} {
		if !strings.Contains(page, want) {
			t.Errorf("%s: what was typed is gone: %s", what, want)
		}
	}
}

func TestARefusedFormKeepsEverythingThatWasTyped(t *testing.T) {
	a, ada := acme(t)
	pairs := everyKind(t, ada)
	w := ada.post("/admin/leads", append(pairs, "emails[]", "nonsense", "value[]", "1,234.50", "value[]", "EUR")...)
	page := body(w)
	if w.Code != http.StatusUnprocessableEntity || !strings.Contains(page, `value="nonsense"`) || !strings.Contains(page, `value="1,234.50"`) {
		t.Error(w.Code, text(w))
	}
	keeps(t, "new", page)
	if w := ada.post("/admin/leads", append(pairs, "emails[]", "typed@x.example")...); w.Code != http.StatusSeeOther {
		t.Fatal(w.Code, text(w))
	}
	keeps(t, "edit", strings.ReplaceAll(strings.ReplaceAll(body(ada.get("/admin/leads/1/edit")), `value="https://w.`, `value="w.`), "1234.50", "1,234.50"))
	keeps(t, "a twin", body(ada.post("/admin/leads", append(pairs, "emails[]", "TYPED@x.example")...)))

	emails := people(t, a, "acme")
	boss := a.signIn(t, "acme", emails["manager"])
	if w := boss.post("/admin/leads/1/fields/company", "version", "1", "company", "Faster Ltd"); w.Code != 200 {
		t.Fatal(w.Code, text(w))
	}
	w = ada.post("/admin/leads/1", append(pairs, "version", "1", "company", "Slower Ltd")...)
	page = body(w)
	if w.Code != http.StatusConflict || !strings.Contains(page, "P0 changed this") || !strings.Contains(page, `value="Slower Ltd"`) || !strings.Contains(page, `name="version" value="2"`) {
		t.Error(w.Code, text(w))
	}
	keeps(t, "a conflict", page)
	w = ada.post("/admin/leads/1/fields/company", "version", "1", "company", "Slower <Ltd>")
	if page := body(w); w.Code != http.StatusConflict || !strings.Contains(page, "P0 changed this") || !strings.Contains(page, `value="Slower &lt;Ltd&gt;"`) || !strings.Contains(page, `name="version" value="2"`) {
		t.Error("the cell:", w.Code, page)
	}
	if got := ask[string](t, a, "acme", `select company from lead`); got != "Faster Ltd" {
		t.Error("the late one won:", got)
	}
	for _, path := range []string{"/admin/leads/1/fields/company", "/admin/leads/1/position"} {
		for _, version := range []string{"", "0", "-1", "x"} {
			if w := ada.post(path, "version", version, "company", "X"); w.Code != http.StatusUnprocessableEntity {
				t.Errorf("%s with version %q: %d", path, version, w.Code)
			}
		}
	}
}

func TestAFormTakesOnlyItsFieldsAndEachOnce(t *testing.T) {
	a, ada := acme(t)
	ada.post("/admin/leads", "name", "First")
	before := fingerprint(t, a, "acme")
	for _, extra := range []string{"id", "created_at", "created_by", "updated_by", "deleted_at", "place", "value_currency", "role", "is_admin", "tenant_id", "owner_id", "Name", "name ", "x_none", "status; drop table lead", "force[]"} {
		for _, path := range []string{"/admin/leads", "/admin/leads/1", "/admin/leads/1/fields/name", "/admin/leads/1/position", "/admin/leads/bulk"} {
			if w := ada.post(path, "name", "X", "version", "1", extra, "1"); w.Code != http.StatusUnprocessableEntity {
				t.Errorf("%s with %s: %d", path, extra, w.Code)
			}
		}
	}
	for _, pairs := range [][]string{{"name", "a", "name", "b"}, {"name[]", "a", "name[]", "b"}, {"name", "X", "status", "1", "status", "2"}, {"name", "X", "next_follow_up[]", "2026-11-22", "next_follow_up[]", "2026-11-23"}, {"name", "a\x00b"}, {"name", "a\xff"}} {
		if w := ada.post("/admin/leads", pairs...); w.Code != http.StatusUnprocessableEntity {
			t.Errorf("%q: %d", pairs, w.Code)
		}
	}
	if w := ada.post("/admin/leads", "name", "X", "description", strings.Repeat("x", 1<<20)); w.Code != http.StatusRequestEntityTooLarge {
		t.Error("a large form:", w.Code)
	}
	var many []string
	for range 1001 {
		many = append(many, "id[]", "1")
	}
	if w := ada.post("/admin/leads/bulk", many...); w.Code != http.StatusRequestEntityTooLarge {
		t.Error("many values:", w.Code)
	}
	if w := ada.post("/admin/leads/bulk", "do", "delete"); w.Code != http.StatusUnprocessableEntity {
		t.Error("nothing selected:", w.Code)
	}
	if w := ada.post("/admin/leads/bulk", "id[]", "1", "do", "change"); w.Code != http.StatusUnprocessableEntity {
		t.Error("nothing to change:", w.Code)
	}
	if fingerprint(t, a, "acme") != before {
		t.Error("something refused was kept")
	}
}

func TestNoAddressOfAListIsAnErrorOfOurs(t *testing.T) {
	a, ada := acme(t)
	ada.post("/admin/leads", "name", "First")
	before := fingerprint(t, a, "acme")
	for _, s := range []string{"'", `"`, "' or '1'='1", "1; drop table lead", "name) union select password_hash from staff --", "%00", "%", "_", `\`, "(select 1)", "-1", "999999999999999999999", "null", "[]", "{}", "name desc, (select 1)", strings.Repeat("a", 5000)} {
		for _, name := range []string{"sort", "col", "col[]", "after", "before", "q", "filter", "view", "f", "op", "v"} {
			for _, path := range []string{"/admin/leads", "/admin/leads/board"} {
				if w := ada.get(path + "?" + name + "=" + url.QueryEscape(s)); w.Code >= 500 || strings.Contains(body(w), "argon2") {
					t.Errorf("%s?%s=%.40s: %d", path, name, s, w.Code)
				}
			}
		}
		for _, filter := range []string{`{"f":` + quoted(s) + `,"op":"eq","v":["x"]}`, `{"f":"name","op":` + quoted(s) + `,"v":["x"]}`} {
			if w := ada.get("/admin/leads?filter=" + url.QueryEscape(filter)); w.Code != http.StatusUnprocessableEntity {
				t.Errorf("%s: %d", filter, w.Code)
			}
		}
		if w := ada.post("/admin/leads/export", "query", "sort="+url.QueryEscape(s)+"&col="+url.QueryEscape(s)); w.Code != 200 {
			t.Errorf("export sorted by %.40s: %d", s, w.Code)
		}
	}
	if w := ada.get("/admin/leads?unknown=1"); w.Code != http.StatusUnprocessableEntity {
		t.Error("an unknown word:", w.Code)
	}
	after := ask[int](t, a, "acme", `select count(*) from lead`)
	if after != 1 || before == "" {
		t.Error(after)
	}
}

func TestARecordWhoseLinkIsHiddenOrDeletedCanBeSaved(t *testing.T) {
	a, ada := acme(t)
	ada.post("/admin/customers", "name", "Acme", "kind", "company")
	ada.post("/admin/contacts", "name", "Con", "customer", "Acme #1")
	ada.post("/admin/customers/1/deletion")
	page := body(ada.get("/admin/contacts/1/edit"))
	if !strings.Contains(page, `value="#1"`) {
		t.Error("the form lost the link")
	}
	if w := ada.post("/admin/contacts/1", "version", "1", "name", "Con Two", "customer", "#1"); w.Code != http.StatusSeeOther {
		t.Error("a contact of a deleted customer cannot be saved:", w.Code, text(w))
	}
	if w := ada.post("/admin/contacts/1", "version", "2", "name", "Con Two", "customer", "#2"); w.Code != http.StatusUnprocessableEntity {
		t.Error("another record that is not there is linked:", w.Code)
	}
	ada.post("/admin/customers/1/restoration")
	if !strings.Contains(body(ada.get("/admin/customers/1")), "Con Two") {
		t.Error("the contact did not come back to its customer")
	}
	a.clockAdd(t, 1)
	ada.post("/admin/customers/1/deletion")
	a.clockAdd(t, 31*24*3600)
	if err := a.tidy(t.Context(), "acme"); err != nil {
		t.Error("the trash cannot be emptied:", err)
	}
	if n := ask[int](t, a, "acme", `select count(*) from customer`); n != 0 {
		t.Error("it is still in the trash")
	}
}

func TestAnEditThatMakesATwinIsToldOnceAndBlockedIfTheSettingsSay(t *testing.T) {
	a, ada := acme(t)
	ada.post("/admin/leads", "name", "One", "emails[]", "one@x.example")
	ada.post("/admin/leads", "name", "Two", "emails[]", "two@x.example")
	w := ada.post("/admin/leads/2", "version", "1", "name", "Two", "emails[]", "One@x.example")
	if page := body(w); w.Code != http.StatusUnprocessableEntity || !strings.Contains(page, "/admin/leads/1") || !strings.Contains(page, `name="force"`) {
		t.Error(w.Code, text(w))
	}
	alter(t, a, "acme", func(exec func(string, ...any)) { exec(`insert into setting values ('twins.email', 'block')`) })
	for _, path := range []string{"/admin/leads/2", "/admin/leads/2/fields/emails"} {
		pairs := []string{"version", "1", "emails[]", "one@x.example"}
		if path == "/admin/leads/2" {
			pairs = append(pairs, "force", "1")
		}
		if w := ada.post(path, pairs...); w.Code != http.StatusUnprocessableEntity {
			t.Errorf("%s: a blocked twin is saved: %d", path, w.Code)
		}
	}
	alter(t, a, "acme", func(exec func(string, ...any)) { exec(`delete from setting where key = 'twins.email'`) })
	if w := ada.post("/admin/leads/2", "version", "1", "name", "Two", "emails[]", "one@x.example", "force", "1"); w.Code != http.StatusSeeOther {
		t.Error(w.Code, text(w))
	}
	if w := ada.post("/admin/leads/2", "version", "2", "name", "Two again", "emails[]", "one@x.example"); w.Code != http.StatusSeeOther {
		t.Error("the same twin is told again:", w.Code)
	}
}

func TestAnExportBroughtInAgainIsTheSame(t *testing.T) {
	a, ada := acme(t)
	a.found(t, "other", 0)
	bob := a.signIn(t, "other", "ada@other.example")
	pairs := everyKind(t, ada)
	everyKind(t, bob)
	for i, name := range []string{"=SUM(A1)", "+plus", "'quoted'", "Zoë; \"x\",\ny"} {
		mine := slices.Clone(pairs)
		mine[slices.Index(mine, "Typed")] = name
		mine = append(mine, "company", "-minus", "emails[]", fmt.Sprintf("m%d@x.example", i), "value[]", "-12.50", "value[]", "AED", "source", "Website", "description", "=1+1\n\ttwo", "owner", "1", "force", "1")
		if w := ada.post("/admin/leads", mine...); w.Code != http.StatusSeeOther {
			t.Fatal(w.Code, text(w))
		}
	}
	alter(t, a, "acme", func(exec func(string, ...any)) { exec(`update staff set first = 'Ada', last = 'other'`) })
	out := body(ada.post("/admin/leads/export", "query", "sort=created_at"))
	for _, line := range strings.Split(out, "\n") {
		if strings.HasPrefix(line, "=") || strings.HasPrefix(line, "+") || strings.Contains(line, ",=") || strings.Contains(line, ",-") {
			t.Error("a spreadsheet would run this:", line)
		}
	}
	in := bob.send("/admin/leads/import", "leads.csv", out)
	at := in.Header().Get("Location")
	if in.Code != http.StatusSeeOther {
		t.Fatal(in.Code, text(in))
	}
	mapping := []string{"do", "run"}
	for i, f := range strings.Split(ask[string](t, a, "other", `select mapping from import`), ",") {
		if i >= 0 {
			column, field, _ := strings.Cut(strings.Trim(f, "{}"), ":")
			mapping = append(mapping, "c"+strings.Trim(column, `"`), strings.Trim(field, `"`))
		}
	}
	bob.post(at, mapping...)
	for range 200 {
		if ask[string](t, a, "other", `select state from import`) != "running" {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	if got := ask[string](t, a, "other", `select state || made || errors from import`); got != "done4[]" {
		t.Fatal(got, text(bob.get(at)))
	}
	columns := "name, company, emails, value, value_currency, source, owner, status, tags, description, is_public"
	for _, k := range entity.CustomKinds {
		columns += ", x_my_" + k.Key
	}
	all := `select group_concat(json_array(` + columns + `, x_my_money_currency), char(10)) from (select * from lead order by emails)`
	if mine, theirs := ask[string](t, a, "acme", all), ask[string](t, a, "other", all); mine != theirs {
		t.Errorf("\n%s\nbecame\n%s", mine, theirs)
	}
}

func TestWhoIsMentionedGetsOneLetter(t *testing.T) {
	a, ada := acme(t)
	people(t, a, "acme")
	ada.post("/admin/leads", "name", "X")
	letters := func(to string) (n int) {
		t.Helper()
		if err := a.host.QueryRow(t.Context(), `select count(*) from outbox where recipient = ?`, to).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	own := letters("ada@acme.example")
	for range 2 { // two notes at the same moment
		if w := ada.post("/admin/leads/1/notes", "body", "@P0 and @p0, @Ada acme, @P0x, me@P1.example"); w.Code != http.StatusSeeOther {
			t.Fatal(w.Code, text(w))
		}
	}
	if n := letters("p0@acme.example"); n != 2 {
		t.Errorf("%d letters for two notes", n)
	}
	if letters("ada@acme.example") != own || letters("p1@acme.example") != 0 {
		t.Error("somebody gets a letter who was not meant")
	}
}
