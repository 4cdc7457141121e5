package main

import (
	"net/http"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"
)

func TestSigningInIsSlowedDownForAnAccountAndNobodyElse(t *testing.T) {
	a := newApp(t)
	a.found(t, "acme", 0)
	thief := a.visit(t, "acme.example.com")
	for i := range 10 {
		if w := thief.post("/admin/login", "email", "ada@acme.example", "password", "guess number "+string(rune('a'+i))); w.Code != http.StatusUnprocessableEntity {
			t.Fatal(i, w.Code)
		}
	}
	if w := thief.post("/admin/login", "email", "ada@acme.example", "password", testPassword); w.Code != http.StatusTooManyRequests {
		t.Error("the eleventh try is answered", w.Code)
	}
	a.clockAdd(t, 16*60)
	a.signIn(t, "acme", "ada@acme.example")
}

func TestNobodyLearnsWhoHasAnAccount(t *testing.T) {
	a := newApp(t)
	a.found(t, "acme", 0)
	v := a.visit(t, "acme.example.com")
	same := func(path string, pairs ...string) {
		t.Helper()
		incident := regexp.MustCompile(`value="[^"]*"|[a-z]+@acme\.example`)
		known := incident.ReplaceAllString(body(v.post(path, append(pairs, "email", "ada@acme.example")...)), "")
		unknown := incident.ReplaceAllString(body(v.post(path, append(pairs, "email", "eve@acme.example")...)), "")
		if known != unknown {
			t.Errorf("%s answers differently for an address that is known", path)
		}
	}
	same("/admin/login", "password", "not the password")
	same("/admin/password")
}

func TestTheSecondFactorIsAskedForAndCountsOnce(t *testing.T) {
	a := newApp(t)
	a.found(t, "acme", 0)
	ada := a.signIn(t, "acme", "ada@acme.example")
	ada.get("/admin/profile/second-factor")
	secret := ask[string](t, a, "acme", `select factor_new from staff where owner = 1`)
	codeNow := func() string {
		c, err := totp.GenerateCode(secret, a.clock.Now())
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	if w := ada.post("/admin/profile/second-factor", "code", codeNow()); w.Code != http.StatusSeeOther {
		t.Fatal(w.Code, text(w))
	}
	recovery := regexp.MustCompile(`[a-z2-7]{5}-[a-z2-7]{5}`).FindString(after(body(ada.get("/admin/profile/second-factor/codes")), `class="codes"`))
	if recovery == "" {
		t.Fatal("no recovery codes are shown")
	}
	door := func() *visitor {
		v := a.visit(t, "acme.example.com")
		if w := v.post("/admin/login", "email", "ada@acme.example", "password", testPassword); !strings.HasPrefix(w.Header().Get("Location"), "/admin/second-factor") {
			t.Fatal("the password alone opens the door:", w.Code, w.Header())
		}
		return v
	}
	v := door()
	if w := v.get("/admin/leads"); w.Code != http.StatusSeeOther {
		t.Error("a session without its second factor sees leads:", w.Code)
	}
	if w := v.post("/admin/second-factor", "code", codeNow()); w.Code != http.StatusUnprocessableEntity {
		t.Error("a code that was used is taken again:", w.Code)
	}
	a.clockAdd(t, 60)
	before := v.cookies["__Host-rowhouse"]
	if w := v.post("/admin/second-factor", "code", codeNow()); w.Code != http.StatusSeeOther {
		t.Fatal(w.Code, text(w))
	}
	if v.cookies["__Host-rowhouse"] == before {
		t.Error("the session keeps its secret over the second factor")
	}
	if w := v.get("/admin/leads"); w.Code != 200 {
		t.Error(w.Code)
	}
	lost := door()
	if w := lost.post("/admin/second-factor", "code", recovery); w.Code != http.StatusSeeOther {
		t.Error("a recovery code is refused:", w.Code)
	}
	if w := door().post("/admin/second-factor", "code", recovery); w.Code != http.StatusUnprocessableEntity {
		t.Error("a recovery code is taken twice:", w.Code)
	}
	// A letter that somebody else reads does not open the door alone.
	a.visit(t, "acme.example.com").post("/admin/password", "email", "ada@acme.example")
	link := strings.Fields(a.letter(t, "ada@acme.example")[strings.Index(a.letter(t, "ada@acme.example"), "/admin/password/"):])[0]
	reader := a.visit(t, "acme.example.com")
	reader.post(link, "password", "another good secret", "again", "another good secret")
	if w := reader.post("/admin/login", "email", "ada@acme.example", "password", "another good secret"); !strings.HasPrefix(w.Header().Get("Location"), "/admin/second-factor") {
		t.Error("a reset goes round the second factor:", w.Code)
	}
	if w := v.get("/admin/leads"); w.Code != http.StatusSeeOther {
		t.Error("a reset leaves the old sessions open:", w.Code)
	}
}

func TestALinkIsRedeemedOnceHoweverManyTry(t *testing.T) {
	a := newApp(t)
	a.found(t, "acme", 0)
	a.visit(t, "acme.example.com").post("/admin/password", "email", "ada@acme.example")
	letter := a.letter(t, "ada@acme.example")
	link := strings.Fields(letter[strings.Index(letter, "/admin/password/"):])[0]
	var wins atomic.Int32
	var wait sync.WaitGroup
	for range 20 {
		wait.Add(1)
		go func() {
			defer wait.Done()
			if w := a.visit(t, "acme.example.com").post(link, "password", "another good secret", "again", "another good secret"); w.Code == http.StatusSeeOther {
				wins.Add(1)
			}
		}()
	}
	wait.Wait()
	if wins.Load() != 1 {
		t.Errorf("%d of 20 redeemed one link", wins.Load())
	}
}

func TestSessionsEndWhenTheyShould(t *testing.T) {
	a := newApp(t)
	a.found(t, "acme", 0)
	out := func(v *visitor, when string) {
		t.Helper()
		if w := v.get("/admin/leads"); w.Code != http.StatusSeeOther {
			t.Errorf("%s the session is still good: %d", when, w.Code)
		}
	}
	first, second := a.signIn(t, "acme", "ada@acme.example"), a.signIn(t, "acme", "ada@acme.example")
	stolen := *first
	stolen.cookies = map[string]string{"__Host-rowhouse": first.cookies["__Host-rowhouse"]}
	first.post("/admin/logout")
	out(&stolen, "after signing out")
	third := a.signIn(t, "acme", "ada@acme.example")
	third.post("/admin/profile/sessions/deletion")
	out(second, "after ending the others")
	if w := third.get("/admin/leads"); w.Code != 200 {
		t.Error("ending the others ended one's own:", w.Code)
	}
	a.clockAdd(t, int((9 * time.Hour).Seconds()))
	out(third, "after nine idle hours")
	used := a.signIn(t, "acme", "ada@acme.example")
	for range 15 * 4 {
		a.clockAdd(t, int((6 * time.Hour).Seconds()))
		used.get("/admin/leads")
	}
	out(used, "after fifteen days of use")
}

func TestNextLeadsNowhereElse(t *testing.T) {
	a := newApp(t)
	a.found(t, "acme", 0)
	for _, next := range []string{"//evil.test", `/\evil.test`, "https://evil.test", "https:evil.test", "/%2f%2fevil.test/../..//x", "/\tevil", "javascript:alert(1)", "///evil.test"} {
		w := a.visit(t, "acme.example.com").post("/admin/login", "email", "ada@acme.example", "password", testPassword, "next", next)
		if at := w.Header().Get("Location"); !strings.HasPrefix(at, "/") || strings.HasPrefix(at, "//") || strings.HasPrefix(at, `/\`) || strings.Contains(at, "\t") {
			t.Errorf("next=%q leads to %q", next, at)
		}
	}
}

func TestNoPageIsKeptByCachesOrFramed(t *testing.T) {
	a := newApp(t)
	a.found(t, "acme", 0)
	ada := a.signIn(t, "acme", "ada@acme.example")
	for _, path := range []string{"/admin", "/admin/leads", "/admin/leads/new", "/admin/profile", "/admin/nothing"} {
		h := ada.get(path).Header()
		if h.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: Cache-Control %q", path, h.Get("Cache-Control"))
		}
		if csp := h.Get("Content-Security-Policy"); !strings.Contains(csp, "default-src 'none'") || !strings.Contains(csp, "frame-ancestors 'none'") || strings.Contains(csp, "unsafe") {
			t.Errorf("%s: %s", path, csp)
		}
		if h.Get("X-Content-Type-Options") != "nosniff" || !strings.HasPrefix(h.Get("Strict-Transport-Security"), "max-age=31536000") {
			t.Errorf("%s: %v", path, h)
		}
	}
}

// after is the rest of a text behind a mark.
func after(s, mark string) string {
	_, rest, _ := strings.Cut(s, mark)
	return rest
}
