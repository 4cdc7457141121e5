package shop

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"rowhouse/ui/session"
)

func checkPassword(t testing.TB, hash, password string) (bool, error) {
	t.Helper()
	return session.CheckPassword(context.Background(), hash, password)
}

// fixed makes secrets that can be foretold: s1, s2, …
func fixed(prefix string) func() string {
	n := 0
	return func() string { n++; return prefix + strings.Repeat("x", n) }
}

func TestFiveWrongCodesEndACode(t *testing.T) {
	s := newSite(t)
	page := s.pending("acme", "maya@acme.example")
	right := s.lastCode("")
	for range 4 {
		s.post(page+"/code", url.Values{"code": {wrongCode(right)}}).is(422).says("not right")
	}
	s.post(page+"/code", url.Values{"code": {wrongCode(right)}}).is(422).says("has ended")
	s.post(page+"/code", url.Values{"code": {right}}).is(422).says("has ended")
	s.post(page+"/letter", nil).to()
	fresh := s.lastCode("")
	if fresh != right {
		s.post(page+"/code", url.Values{"code": {right}}).is(422)
	}
	s.post(page+"/code", url.Values{"code": {fresh[:3] + " " + fresh[3:]}}).to()
}

func TestACodeLastsThirtyMinutes(t *testing.T) {
	s := newSite(t)
	page := s.pending("acme", "maya@acme.example")
	code, link := s.lastCode(""), s.lastLink("")
	s.clock.Add(30 * time.Minute)
	s.post(page+"/code", url.Values{"code": {code}}).is(422).says("run out")
	s.post(link, nil).is(http.StatusGone).says("used or has run out")
	if n := s.number(`select count(*) from tenant where state = 'reserved'`); n != 1 {
		t.Fatal("an old code opened the door")
	}
}

func TestTheLinkProvesTheAddressOnceItsButtonIsPressed(t *testing.T) {
	s := newSite(t)
	page := s.pending("acme", "maya@acme.example")
	link := s.lastLink("maya@acme.example")
	for range 3 { // programs that look for bad links open it, too
		s.get(link).is(200).says(`action="`+link+`"`, "Acme Studio", "acme.example.com")
	}
	if n := s.number(`select count(*) from tenant where state = 'provisioning'`); n != 0 {
		t.Fatal("looking at the page has done something")
	}
	s.post(page+"/proof/WRONG", nil).is(http.StatusGone)
	if to := s.post(link, nil).to(); to != page {
		t.Fatalf("leads to %s", to)
	}
	s.post(link, nil).to() // twice does no harm
	if to := s.get(link).to(); to != page {
		t.Fatalf("leads to %s", to)
	}
	if n := s.number(`select count(*) from tenant where state = 'provisioning'`); n != 1 {
		t.Fatal("the tenant is not being set up")
	}
}

func TestANewLetterEndsTheOneBefore(t *testing.T) {
	s := newSite(t)
	page := s.pending("acme", "maya@acme.example")
	old := s.lastLink("")
	s.post(page+"/letter", nil).to()
	s.post(old, nil).is(http.StatusGone)
	s.post(s.lastLink(""), nil).to()
}

func TestAConfirmationSentTwiceSendsOneLetter(t *testing.T) {
	s := newSite(t)
	page := s.pending("acme", "maya@acme.example")
	s.post(page+"/confirmation", nil).to()
	if n := len(s.letters("")); n != 1 {
		t.Fatalf("%d letters", n)
	}
}

func TestAnAddressGetsThreeLettersAnHour(t *testing.T) {
	s := newSite(t)
	page := s.pending("acme", "maya@acme.example")
	s.post(page+"/letter", nil).to()
	s.post(page+"/letter", nil).to()
	s.post(page+"/letter", nil).is(http.StatusTooManyRequests).says("Enough letters", `name="code"`)
	s.from = "198.51.100.1:1"
	again := s.registered("acme-hq", "MAYA@acme.example") // beginning anew does not help
	s.post(again+"/confirmation", nil).is(http.StatusTooManyRequests).says("Enough letters", "Confirm and create")
	if n := len(s.letters("")); n != 3 {
		t.Fatalf("%d letters", n)
	}
	s.clock.Add(61 * time.Minute)
	s.post(again+"/confirmation", nil).to()
}

func TestTheWholeSiteSendsThreeHundredLettersAnHour(t *testing.T) {
	s := newSite(t)
	page := s.registered("acme", "maya@acme.example")
	_, err := s.DB.Exec(t.Context(), `with recursive n(i) as (select 1 union all select i + 1 from n where i < 300)
		insert into attempt (kind, who, at) select 'proof letters', '', ? from n`, s.clock.Now().UnixMilli())
	must(t, err)
	s.post(page+"/confirmation", nil).is(http.StatusTooManyRequests)
}

func TestARightCodeOpensOneDoorOnly(t *testing.T) {
	s := newSite(t)
	page := s.pending("acme", "maya@acme.example")
	code := s.lastCode("")
	var wait sync.WaitGroup
	for range 10 {
		wait.Go(func() { s.post(page+"/code", url.Values{"code": {code}}).to() })
	}
	wait.Wait()
	if n := s.number(`select count(*) from audit where act = 'register'`); n != 1 {
		t.Fatalf("approved %d times", n)
	}
}

func TestAForgedHostChangesNoByteOfALetter(t *testing.T) {
	var first string
	for i, host := range []string{"example.com", "evil.example", "example.com.evil.example", "example.com:81", "example.com@evil.example", "[::1]"} {
		s := newSite(t)
		s.host, s.secret, s.code = host, fixed("s"), func() string { return "123456" }
		page := s.pending("acme", "maya@acme.example")
		s.post(page+"/letter", nil).to()
		var all string
		for _, l := range s.letters("") {
			all += l.To + l.Subject + l.Text
		}
		if i == 0 {
			first = all
		}
		if all != first || !strings.Contains(all, "https://example.com/register/") {
			t.Errorf("%s: %s", host, all)
		}
	}
}

func TestALetterHoldsNothingThatItsSenderTyped(t *testing.T) {
	s := newSite(t)
	form := s.filled("acme", "maya@acme.example")
	form.Set("person", "Buy at spam dot example")
	form.Set("company", "Cheap Pills")
	page := s.post("/register", form).to()
	s.post(page+"/confirmation", nil).to()
	l := s.letters("")[0]
	for _, typed := range []string{"spam", "Pills", "acme.example"} {
		if strings.Contains(l.Subject+l.Text, typed) {
			t.Errorf("the letter holds %q: %s", typed, l.Text)
		}
	}
	if !strings.HasPrefix(l.Subject, "Your code for Rowhouse: ") || !strings.Contains(l.Text, "30 minutes") {
		t.Errorf("%s\n%s", l.Subject, l.Text)
	}
}

func TestSecretsAreKeptAsHashesOnly(t *testing.T) {
	s := newSite(t)
	page := s.pending("acme", "maya@acme.example")
	var row string
	must(t, s.DB.QueryRow(t.Context(), `select token_hash || code_hash || link_hash || email || person || company || name from signup`).Scan(&row))
	link := s.lastLink("")
	for _, secret := range []string{strings.TrimPrefix(page, "/register/"), s.lastCode(""), link[strings.LastIndex(link, "/")+1:], password} {
		if strings.Contains(row, secret) {
			t.Errorf("%q stands in the row", secret)
		}
	}
	s.get("/register/" + digest("x")).is(http.StatusGone)
}
