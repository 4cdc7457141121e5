package main

import (
	"bytes"
	"context"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"rowhouse/ui/session"
)

// heap is a form with a file of a size.
func heap(t *testing.T, size int) (kind string, content *bytes.Buffer) {
	content = &bytes.Buffer{}
	form := multipart.NewWriter(content)
	part, err := form.CreateFormFile("f", "f")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := part.Write(make([]byte, size)); err != nil {
		t.Fatal(err)
	}
	if err := form.Close(); err != nil {
		t.Fatal(err)
	}
	return form.FormDataContentType(), content
}

func TestNoFileOfAStrangersFormIsLeftBehind(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	a := newApp(t)
	a.found(t, "acme", 0)
	for _, method := range []string{http.MethodPost, http.MethodGet} {
		for host, path := range map[string]string{"acme.example.com": "/admin/login?next=/admin", "example.com": "/admin/login?next=/admin", "harbour.example.com": "/brand.css?h=1"} {
			kind, content := heap(t, 900_000)
			ctx, end := context.WithCancel(t.Context())
			r := httptest.NewRequestWithContext(ctx, method, path, content)
			r.Header.Set("Content-Type", kind)
			a.visit(t, host).do(r)
			end() // as the server does after the answer
			left := 1
			for until := time.Now().Add(5 * time.Second); left > 0 && time.Now().Before(until); time.Sleep(5 * time.Millisecond) {
				files, err := os.ReadDir(os.TempDir())
				if err != nil {
					t.Fatal(err)
				}
				left = 0
				for _, f := range files {
					if strings.HasPrefix(f.Name(), "multipart-") {
						left++
					}
				}
			}
			if left > 0 {
				t.Errorf("%s %s%s leaves %d files", method, host, path, left)
			}
		}
	}
}

func TestTheBodyOfAQuestionIsNotRead(t *testing.T) {
	a := newApp(t)
	a.found(t, "acme", 0)
	for _, path := range []string{"/admin/login?next=/x", "/brand.css?h=20"} {
		kind, content := heap(t, 3<<20)
		size := content.Len()
		r := httptest.NewRequest(http.MethodGet, path, content)
		r.Header.Set("Content-Type", kind)
		if w := a.visit(t, "acme.example.com").do(r); w.Code != http.StatusOK || content.Len() != size {
			t.Errorf("%s: %d, and %d of %d bytes are read", path, w.Code, size-content.Len(), size)
		}
	}
}

func TestWhatNoAddressCanBeIsNotKept(t *testing.T) {
	a := newApp(t)
	a.found(t, "acme", 0)
	long := strings.Repeat("a", 300) + "@acme.example"
	v, host := a.visit(t, "acme.example.com"), a.visit(t, "example.com")
	for name, w := range map[string]*httptest.ResponseRecorder{
		"sign in": v.post("/admin/login", "email", long, "password", "x"), "operator": host.post("/admin/login", "email", long, "password", "x"),
	} {
		if w.Code != http.StatusUnprocessableEntity || !strings.Contains(text(w), "The address or the password is wrong.") {
			t.Errorf("%s: %d %s", name, w.Code, text(w))
		}
	}
	if w := v.post("/admin/password", "email", long); w.Code != http.StatusOK {
		t.Error(w.Code)
	}
	for _, query := range []string{`select count(*) from attempt`, `select count(*) from activity where act = 'login failed'`} {
		if n := ask[int](t, a, "acme", query); n != 0 {
			t.Errorf("%s: %d", query, n)
		}
	}
	if n := askHost[int](t, a, `select count(*) from attempt`); n != 0 {
		t.Errorf("the host keeps %d tries", n)
	}
}

func TestBehindAProxyItsOwnEntryCounts(t *testing.T) {
	for want, lines := range map[string][]string{
		"192.0.2.7": {"10.0.0.1, 192.0.2.7"}, "192.0.2.8": {"10.0.0.1", "192.0.2.8"}, "2001:db8::1": {"10.0.0.1, 2001:db8::1"}, "203.0.113.9": {"10.0.0.1, <script>"}, "203.0.113.10": nil,
	} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.RemoteAddr = want + ":1234"
		if len(lines) > 0 && !strings.Contains(lines[0], "<") {
			r.RemoteAddr = "127.0.0.1:1234"
		}
		for _, l := range lines {
			r.Header.Add("X-Forwarded-For", l)
		}
		got := ""
		behindProxy(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { got = session.IP(r) })).ServeHTTP(httptest.NewRecorder(), r)
		if got != want {
			t.Errorf("%q: %s, want %s", lines, got, want)
		}
	}
}

func TestWhoSignsInRightlyUsesUpNobodysTries(t *testing.T) {
	a := newApp(t)
	a.found(t, "acme", 0)
	for range 35 { // more than one net may try wrongly
		a.signIn(t, "acme", "ada@acme.example")
	}
	if n := ask[int](t, a, "acme", `select count(*) from attempt`); n != 0 {
		t.Errorf("%d tries are left", n)
	}
}

func TestInvitationsFillNobodysMailbox(t *testing.T) {
	a := newApp(t)
	a.found(t, "acme", 0)
	ada := a.signIn(t, "acme", "ada@acme.example")
	if w := ada.post("/admin/staff", "email", "eve@other.example", "first", "Win at https://x.example", "last", "", "role", "3", "team", ""); w.Code != http.StatusUnprocessableEntity {
		t.Error("a name with a web address:", w.Code)
	}
	if w := ada.post("/admin/staff", "email", "eve@other.example", "first", "Eve", "last", "", "role", "3", "team", ""); w.Code != http.StatusSeeOther {
		t.Fatal(w.Code, text(w))
	}
	id := ask[int64](t, a, "acme", `select id from staff where email = 'eve@other.example'`)
	again := fmt.Sprintf("/admin/staff/%d/invitation", id)
	for range 5 {
		ada.post(again)
	}
	if w := ada.post(again); w.Code != http.StatusTooManyRequests {
		t.Error("the seventh letter:", w.Code)
	}
	if n := askHost[int](t, a, `select count(*) from outbox where recipient = 'eve@other.example'`); n != 3 {
		t.Errorf("%d letters", n)
	}
}

func TestNothingBehindTheDoorIsCached(t *testing.T) {
	a := newApp(t)
	a.found(t, "acme", 5)
	ada := a.signIn(t, "acme", "ada@acme.example")
	for _, path := range []string{"/admin/leads/titles?q=a", "/admin/leads/filter-row?field=name", "/admin/leads", "/admin/nothing"} {
		if got := ada.get(path).Header().Get("Cache-Control"); got != "no-store" {
			t.Errorf("%s: Cache-Control %q", path, got)
		}
	}
}

func TestOneNetAloneDoesNotLockTheHouse(t *testing.T) {
	a := newApp(t)
	a.found(t, "acme", 0)
	try := func(addr, email, password string) int {
		v := a.visit(t, "acme.example.com")
		r := httptest.NewRequest(http.MethodPost, "/admin/login", strings.NewReader("email="+email+"&password="+strings.ReplaceAll(password, " ", "+")))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.RemoteAddr = addr + ":1"
		return v.do(r).Code
	}
	for i := range 12 { // one hour
		for n := range 31 {
			try("192.0.2.66", fmt.Sprintf("x%d-%d@acme.example", i, n), "w")
		}
		a.clockAdd(t, 300)
	}
	if code := try("192.0.2.1", "ada@acme.example", testPassword); code != http.StatusSeeOther {
		t.Error("the owner is answered", code)
	}
}
