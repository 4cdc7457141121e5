package settings

import (
	"context"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"rowhouse/crm/staff"
	"rowhouse/ui/session"
)

func (h *house) setPassword(person int64, password string) {
	h.Helper()
	kept, err := session.HashPassword(context.Background(), password)
	if err != nil {
		h.Fatal(err)
	}
	h.exec(`update staff set password_hash = ? where id = ?`, kept, person)
}

func (h *house) device(hash string, person int64, agent string) {
	h.Helper()
	h.exec(`insert into session (hash, person, created_at, seen_at, ip, agent) values (?, ?, ?, ?, '192.0.2.9', ?)`, hash, person, h.now.UnixMilli(), h.now.UnixMilli(), agent)
}

func TestAProfileIsSaved(t *testing.T) {
	h := newHouse(t)
	h.post(reader, "/admin/profile", 303, "first", "Kimmy", "last", "", "language", "en", "mirror", "rtl", "zone", "Asia/Dubai")
	if got := h.text(`select first || last || language || mirror || zone from staff where id = 3`); got != "KimmyenrtlAsia/Dubai" {
		t.Error(got)
	}
	body := h.post(reader, "/admin/profile", 422, "first", "Kimmo", "zone", "Local")
	if !strings.Contains(body, `value="Kimmo"`) {
		t.Error("what was typed is gone")
	}
	for _, bad := range [][]string{{"first", ""}, {"first", "K", "language", "xx"}, {"first", "K", "mirror", "up"}, {"first", strings.Repeat("x", 101)}} {
		h.post(reader, "/admin/profile", 422, bad...)
	}
}

func TestANewPasswordNeedsTheOldOneAndSignsTheOthersOut(t *testing.T) {
	h := newHouse(t)
	h.setPassword(reader, "correct horse battery")
	h.device(strings.Repeat("a", 64), reader, "")
	h.device(strings.Repeat("b", 64), reader, "")
	at := "/admin/profile/password"
	for _, try := range [][3]string{{"wrong horse", "four new words here", "four new words here"}, {"correct horse battery", "four new words here", "other words"}, {"correct horse battery", "short", "short"}} {
		body := h.post(reader, at, 422, "old", try[0], "password", try[1], "again", try[2])
		for _, secret := range try {
			if strings.Contains(body, secret) {
				t.Error("a password came back in the page")
			}
		}
	}
	h.post(reader, at, 303, "old", "correct horse battery", "password", "four new words here", "again", "four new words here")
	if got := h.text(`select group_concat(substr(hash, 1, 1)) from session where person = 3`); got != "a" {
		t.Errorf("sessions: %s", got)
	}
	for range 8 {
		h.send(reader, at, url.Values{"old": {"guess"}, "password": {"four new words here"}, "again": {"four new words here"}})
	}
	h.post(reader, at, 429, "old", "guess", "password", "four new words here", "again", "four new words here")
}

func TestASecondFactorIsSetUpAndItsRecoveryCodesCountOnce(t *testing.T) {
	h := newHouse(t)
	h.setPassword(reader, "correct horse battery")
	body := h.get(reader, "/admin/profile/second-factor", 200)
	if !strings.Contains(body, `src="data:image/png;base64,`) {
		t.Fatal("there is no code to read")
	}
	secret := h.text(`select factor_new from staff where id = 3`)
	if again := h.get(reader, "/admin/profile/second-factor", 200); !strings.Contains(again, fours(secret)) {
		t.Error("a reload spoils what the phone has read")
	}
	h.post(reader, "/admin/profile/second-factor", 422, "code", "000")
	code, err := totp.GenerateCode(secret, h.now)
	if err != nil {
		t.Fatal(err)
	}
	w := h.send(reader, "/admin/profile/second-factor", url.Values{"code": {code}})
	if w.Code != http.StatusSeeOther || w.Header().Get("Location") != codesPath {
		t.Fatal(w.Code, said(w.Body.String()))
	}
	h.cookies = w.Result().Cookies()
	for _, c := range h.cookies {
		if !c.HttpOnly || !c.Secure || c.Path != codesPath {
			t.Errorf("the cookie with the codes is %v", c)
		}
	}
	shown := h.send(reader, codesPath, nil)
	codes := regexp.MustCompile(`<li>([a-z0-9]{5}-[a-z0-9]{5})</li>`).FindAllStringSubmatch(shown.Body.String(), -1)
	if len(codes) != 10 || shown.Result().Cookies()[0].MaxAge >= 0 {
		t.Fatalf("%d codes", len(codes))
	}
	h.cookies = nil
	if w := h.send(reader, codesPath, nil); w.Code != http.StatusSeeOther {
		t.Error("the codes are shown twice")
	}
	for i, want := range []bool{true, false} {
		r := httptestRequest()
		err := staff.SecondFactor(context.Background(), h.db, session.Cookies{}, r.w, r.r, h.now, reader, codes[0][1])
		if (err == nil) != want {
			t.Errorf("use %d of a recovery code: %v", i+1, err)
		}
	}
	h.post(reader, "/admin/profile/second-factor", 409, "code", code)
	h.post(reader, "/admin/profile/second-factor/deletion", 422, "password", "wrong")
	h.post(reader, "/admin/profile/second-factor/deletion", 303, "password", "correct horse battery")
	if got := h.text(`select factor || (select count(*) from recovery) from staff where id = 3`); got != "0" {
		t.Error(got)
	}
}

func TestDevicesAreListedAndEnded(t *testing.T) {
	h := newHouse(t)
	h.device(strings.Repeat("a", 64), reader, "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36")
	h.device(strings.Repeat("b", 64), reader, "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile/15E148 Safari/604.1")
	h.device(strings.Repeat("c", 64), reader, "<script>")
	h.device(strings.Repeat("d", 64), owner, "")
	h.exec(`insert into session (hash, person, created_at, seen_at, ip, agent) values ('old', 3, 0, 0, '', '')`)
	body := h.get(reader, "/admin/profile", 200)
	for _, want := range []string{"Chrome on Linux", "Safari on iPhone", "Another browser", "This one", "192.0.2.9"} {
		if !strings.Contains(body, want) {
			t.Errorf("the page has no %s", want)
		}
	}
	h.post(reader, "/admin/profile/sessions/"+strings.Repeat("b", keyLen)+"/deletion", 303)
	h.post(reader, "/admin/profile/sessions/"+strings.Repeat("b", keyLen)+"/deletion", 404)
	h.post(reader, "/admin/profile/sessions/"+strings.Repeat("d", keyLen)+"/deletion", 404) // somebody else's
	h.post(reader, "/admin/profile/sessions/deletion", 303)
	if got := h.text(`select group_concat(substr(hash, 1, 1) order by hash) from session`); got != "a,d" {
		t.Errorf("left: %s", got)
	}
}

func TestBrowsersAreNamedShortly(t *testing.T) {
	for agent, want := range map[string]string{
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36 Edg/140.0": "Edge Windows",
		"Mozilla/5.0 (Macintosh; Intel Mac OS X 15.0; rv:140.0) Gecko/20100101 Firefox/140.0":                                   "Firefox Mac",
		"Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Mobile Safari/537.36":              "Chrome Android",
		"curl/8.0": " ",
	} {
		if browser, system := agentWords(agent); browser+" "+system != want {
			t.Errorf("%s: %s %s", agent, browser, system)
		}
	}
}

func TestTheTrashSaysHowLongThereIs(t *testing.T) {
	h := newHouse(t)
	id := h.lead("Old friend", 1, 0)
	d := h.desk(owner)
	if err := d.Store.Delete(context.Background(), d.Store.Book.Entity("lead"), id); err != nil {
		t.Fatal(err)
	}
	h.look.Now = h.now.Add(3*24*time.Hour + time.Minute)
	body := h.get(owner, "/admin/settings/trash", 200)
	if !strings.Contains(body, "27 days") || !strings.Contains(body, `action="/admin/leads/`+itoa(id)+`/restoration"`) || !strings.Contains(body, "Old friend") {
		t.Error(said(body))
	}
	if body := h.get(seller, "/admin/settings/trash", 200); strings.Contains(body, "Old friend") {
		t.Error("somebody may restore what they may not delete")
	}
}

func TestTheLogIsPagedAndNarrowed(t *testing.T) {
	h := newHouse(t)
	for i := range 120 {
		h.exec(`insert into activity (at, staff, act, entity, record, title, ip) values (?, 2, 'created', 'lead', 7, ?, '192.0.2.7')`, h.now.UnixMilli(), "Entry "+itoa(int64(i))+".")
	}
	h.exec(`insert into activity (at, act, entity, title) values (?, 'login failed', 'staff', 'stranger@example.com')`, h.now.UnixMilli())
	next, seen := "/admin/settings/log", 0
	for pages := 0; next != ""; pages++ {
		body := h.get(owner, next, 200)
		seen += strings.Count(body, "<time ")
		next = ""
		if m := regexp.MustCompile(`href="([^"]+)" rel="next"`).FindStringSubmatch(body); m != nil {
			next = strings.ReplaceAll(m[1], "&amp;", "&")
		}
		if pages > 3 {
			t.Fatal("it has no end")
		}
	}
	if seen != 121 {
		t.Errorf("%d entries", seen)
	}
	body := h.get(owner, "/admin/settings/log?who=2&act=created", 200)
	if !strings.Contains(body, "Entry 119.") || !strings.Contains(body, `href="/admin/leads/7"`) || strings.Contains(body, "stranger") {
		t.Error(said(body))
	}
	if body := h.get(owner, "/admin/settings/log?who=2&before=2", 200); strings.Count(body, "<time ") != 1 {
		t.Error("a person and a page of the same number are mixed up")
	}
	h.get(owner, "/admin/settings/log?before=x", 404)
	h.get(owner, "/admin/settings/log?who=9'", 404)
}
