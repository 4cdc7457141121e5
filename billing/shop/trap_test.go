package shop

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

func TestAProgramThatFillsTheHiddenFieldCreatesNothing(t *testing.T) {
	s := newSite(t)
	form := s.filled("acme", "maya@acme.example")
	form.Set("homepage", "https://spam.example")
	page := s.post("/register", form).to()
	s.get(page).is(200).says("Acme Studio", "acme.example.com", "Confirm and create")
	pending := s.post(page+"/confirmation", nil).to()
	s.get(pending).is(200).says(`name="code"`)
	s.post(pending+"/code", url.Values{"code": {"123456"}}).is(422).says("not right")
	s.post(pending+"/letter", nil).to()
	for _, table := range []string{"signup", "tenant", "outbox"} {
		if n := s.number(`select count(*) from ` + table); n != 0 {
			t.Errorf("%d rows in %s", n, table)
		}
	}
	s.get(page[:len(page)-3] + "abc").is(http.StatusGone) // nobody else can make such a page
}

func TestAFormThatComesTooQuicklyIsRefusedPolitely(t *testing.T) {
	s := newSite(t)
	form := s.filled("acme", "maya@acme.example")
	s.clock.Add(-4 * time.Second) // one second after it was drawn
	s.post("/register", form).is(422).says("very quick", `value="Acme Studio"`, form.Get("stamp"))
	s.clock.Add(2 * time.Second)
	s.post("/register", form).is(303)
}

func TestAFormThatWasKeptForADayIsRefusedPolitely(t *testing.T) {
	s := newSite(t)
	form := s.filled("acme", "maya@acme.example")
	s.clock.Add(25 * time.Hour)
	a := s.post("/register", form).is(422).says("open for a long time").silent(form.Get("stamp"))
	form.Set("stamp", stampField.FindStringSubmatch(a.Body.String())[1])
	s.clock.Add(3 * time.Second)
	s.post("/register", form).is(303)
	form.Set("stamp", "made up")
	s.post("/register", form).is(422).says("open for a long time")
}

func TestANetMayRegisterFiveTimesAnHour(t *testing.T) {
	s := newSite(t)
	for i := range 5 {
		s.registered(fmt.Sprintf("acme-%d-x", i), fmt.Sprintf("maya%d@acme.example", i))
	}
	form := s.filled("acme", "maya@acme.example")
	s.post("/register", form).is(http.StatusTooManyRequests).says("Too many tries", `value="Acme Studio"`)
	s.from = "198.51.100.7:1"
	s.post("/register", form).is(303)
	s.from = "192.0.2.1:9"
	s.clock.Add(61 * time.Minute)
	s.registered("late", "late@acme.example")
}

func TestANetMayTryThirtyTimesAnHour(t *testing.T) {
	s := newSite(t)
	s.from = "[2001:db8:1:2:3::1]:1"
	form := s.filled("acme", "no address")
	for range 30 {
		s.post("/register", form).is(422)
	}
	s.from = "[2001:db8:1:2:9::9]:1" // the same /64
	s.post("/register", form).is(http.StatusTooManyRequests)
	s.from = "[2001:db8:1:3::1]:1"
	s.post("/register", form).is(422)
}

func TestTheWholeSiteTakesTwoHundredAnHour(t *testing.T) {
	s := newSite(t)
	_, err := s.DB.Exec(t.Context(), `with recursive n(i) as (select 1 union all select i + 1 from n where i < 200)
		insert into attempt (kind, who, at) select 'registrations', '', ? from n`, s.clock.Now().UnixMilli())
	must(t, err)
	s.post("/register", s.filled("acme", "maya@acme.example")).is(http.StatusTooManyRequests)
}

func TestNamesAreAskedSixtyTimesAMinute(t *testing.T) {
	s := newSite(t)
	for range maxAsked {
		s.get("/register/name?name=acme").is(200)
	}
	s.get("/register/name?name=acme").is(http.StatusTooManyRequests)
	s.clock.Add(time.Minute)
	s.get("/register/name?name=acme").is(200)
}

func TestNamesCarryNoAddressesAndNoLineBreaks(t *testing.T) {
	s := newSite(t)
	for _, bad := range []string{"see https://spam.example", "WWW.spam.example", "Maya\r\nBcc: all", "Maya\u2028x", "a\u202eb", strings.Repeat("ä", 101)} {
		for _, field := range []string{"person", "company"} {
			form := s.filled("acme", "maya@acme.example")
			form.Set(field, bad)
			s.from = "192.0.2." + fmt.Sprint(len(bad)+len(field)) + ":1"
			s.post("/register", form).is(422).says(field + "-e")
		}
	}
	form := s.filled("acme", "maya@acme.example")
	form.Set("company", `<script>alert(1)</script>`)
	form.Set("person", `"><img src=x>`)
	s.from = "192.0.2.250:1"
	page := s.post("/register", form).to()
	s.get(page).is(200).says("&lt;script&gt;").silent("<script>alert", "<img src=x")
	s.get(page+"/details").is(200).silent("<script>alert", "<img src=x")
}
