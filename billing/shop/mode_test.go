package shop

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"
)

var waitingLink = regexp.MustCompile(`https://example\.com(/register/\S+)`)

// waiting is a registration whose address is proven where the host approves.
func (s *site) waiting(name, email string) string {
	s.t.Helper()
	page := s.pending(name, email)
	s.post(page+"/code", url.Values{"code": {s.lastCode(email)}}).to()
	return page
}

func TestAnApprovedRegistrationGoesOnWhereItStopped(t *testing.T) {
	s := newSite(t)
	s.set("registration", "approval")
	page := s.waiting("acme", "maya@acme.example")
	s.get(page).is(200).says("We look at it and write to you", "acme.example.com")
	must(t, s.Tenants.Resume(t.Context()))
	if n := s.number(`select count(*) from tenant where state <> 'reserved'`) + s.number(`select count(*) from subscription`); n != 0 {
		t.Fatalf("%d things were set up before the approval", n)
	}
	s.clock.Add(25 * time.Hour) // the reservation of a form would have run out
	must(t, s.Expire(t.Context()))
	must(t, s.Tenants.ExpireReservations(t.Context()))
	link := waitingLink.FindStringSubmatch(s.letters("maya@acme.example")[0].Text)[1]
	s.get(link).is(200).says("We look at it")
	s.get(link[:len(link)-1] + "x").is(http.StatusGone)
	s.get(page + "/details").to()
	must(t, s.Approve(t.Context(), 1, "olga"))
	must(t, s.Tenants.Resume(t.Context()))
	letter := s.letters("maya@acme.example")
	if !strings.Contains(letter[0].Text+letter[1].Text, "is approved") {
		t.Fatal(letter[0].Text)
	}
	s.get(link).is(200).says("Your CRM is ready")
	s.get(page).is(200).says("Your CRM is ready")
	if s.Approve(t.Context(), 1, "olga") == nil || s.Refuse(t.Context(), 1, "", "olga") == nil {
		t.Error("it was decided twice")
	}
}

func TestARefusedRegistrationFreesItsNameAndIsWrittenTo(t *testing.T) {
	s := newSite(t)
	s.set("registration", "approval")
	page := s.waiting("acme", "maya@acme.example")
	s.get("/register/name?name=acme").says("taken")
	if s.Refuse(t.Context(), 1, "a\u202eb", "olga") == nil || s.Refuse(t.Context(), 1, strings.Repeat("x", 501), "olga") == nil {
		t.Error("a strange reason is taken")
	}
	must(t, s.Refuse(t.Context(), 1, "We only serve harbours.", "olga"))
	s.get(page).is(http.StatusGone)
	s.get("/register/name?name=acme").says("is free")
	if text := s.letters("maya@acme.example")[0].Text; !strings.Contains(text, "We only serve harbours.") {
		t.Error(text)
	}
	list, err := s.Signups(t.Context(), SignupWish{Tab: Done, Limit: 10})
	if err != nil || len(list) != 1 || list[0].Decision != "refused" || list[0].By != "olga" {
		t.Errorf("%+v %v", list, err)
	}
}

func TestTheHostSendsTheCodeAgain(t *testing.T) {
	s := newSite(t)
	page := s.registered("acme", "maya@acme.example")
	must(t, s.SendAgain(t.Context(), 1, "olga"))
	if !strings.Contains(s.lastLink("maya@acme.example"), "/register/1-") {
		t.Error(s.lastLink("maya@acme.example"))
	}
	s.get(s.lastLink("maya@acme.example")).is(200).says("Acme Studio")
	s.post(page+"/code", url.Values{"code": {s.lastCode("maya@acme.example")}}).to() // typed on the page that was open all the time
	s.get(page).says("Setting up your CRM")
	if s.SendAgain(t.Context(), 1, "olga") == nil || s.Forget(t.Context(), 1, "olga") == nil {
		t.Error("a finished registration was changed")
	}
}

func TestAnInvitationIsUsedExactlyAsOftenAsItAllows(t *testing.T) {
	s := newSite(t)
	s.set("registration", "invite")
	code, err := s.AddInvitation(t.Context(), Invitation{Note: "For friends", Most: 3}, "olga")
	must(t, err)
	if n := s.number(`select count(*) from invitation where hash = ? or note = ?`, code, code); n != 0 {
		t.Error("the code is kept")
	}
	s.get("/register").is(200).says("Registration is by invitation").silent(`name="company"`)
	s.get("/register?invite=wrong").is(422).says("This invitation is not known", `value="wrong"`)
	stamp := stampField.FindStringSubmatch(s.get("/register?invite=" + code).is(200).says(code).Body.String())[1]
	s.clock.Add(5 * time.Second)
	var wait sync.WaitGroup
	results := make(chan int, 20)
	for n := range 20 {
		visitor := *s
		visitor.from = fmt.Sprintf("198.51.100.%d:1", n+1)
		form := url.Values{"plan": {"starter"}, "stamp": {stamp}, "invite": {code}, "person": {"Maya"}, "email": {fmt.Sprintf("maya%d@acme.example", n)}, "company": {"Acme"}, "name": {fmt.Sprintf("acme-%d-x", n)},
			"password": {password}, "again": {password}, "terms": {"yes"}}
		wait.Go(func() { results <- visitor.post("/register", form).Code })
	}
	wait.Wait()
	close(results)
	got := map[int]int{}
	for code := range results {
		got[code]++
	}
	if got[303] != 3 || got[422] != 17 || s.number(`select count(*) from signup`) != 3 || s.number(`select count(*) from tenant`) != 3 {
		t.Fatalf("%v", got)
	}
	must(t, s.Forget(t.Context(), int64(s.number(`select min(id) from signup`)), "olga")) // one that is not finished gives its use back
	s.get("/register?invite=" + code).is(200)
	list, err := s.Invitations(t.Context())
	if err != nil || len(list) != 1 || list[0].Used != 2 || !list[0].Good {
		t.Errorf("%+v %v", list, err)
	}
	if list, err = s.Invitations(t.Context()); err != nil {
		t.Fatal(err)
	}
	form := url.Values{"plan": {"starter"}, "stamp": {stamp}, "invite": {"run-out"}, "person": {"Maya"}, "email": {"maya@acme.example"}, "company": {"Acme Kept"}, "name": {"acme"}, "password": {password}, "again": {password}, "terms": {"yes"}}
	s.post("/register", form).is(422).says("This invitation is not known", `value="Acme Kept"`)
	must(t, s.EndInvitation(t.Context(), list[0].ID, "olga"))
	s.get("/register?invite=" + code).is(422)
}

func TestAnInvitationCannotBeGoneAround(t *testing.T) {
	s := newSite(t)
	s.addPlans()
	stamp := s.drawn().Get("stamp")
	s.set("registration", "invite")
	form := url.Values{"plan": {"starter"}, "stamp": {stamp}, "person": {"Maya"}, "email": {"maya@acme.example"}, "company": {"Acme"}, "name": {"acme"}, "password": {password}, "again": {password}, "terms": {"yes"}}
	s.post("/register", form).is(422).says("by invitation")
	form.Set("instead", "made-up")
	s.post("/register", form).is(422).says("This invitation is not known")
	form.Set("instead", "1-abc")
	s.post("/register", form).is(422).says("This invitation is not known")
	until := s.clock.Now().Add(time.Hour)
	code, err := s.AddInvitation(t.Context(), Invitation{Most: 5, Plan: 11, Until: until}, "olga")
	must(t, err)
	s.get("/register?invite=" + code).is(200).says(`name="plan" value="secret"`) // its plan, which no page offers
	s.clock.Add(2 * time.Hour)
	s.get("/register?invite=" + code).is(422).says("has run out")
	if n := s.number(`select count(*) from signup`); n != 0 {
		t.Errorf("%d registrations", n)
	}
}

func TestWhatTheTrapsCatchIsNotedAndBounded(t *testing.T) {
	s := newSite(t)
	form := s.filled("acme", "maya@acme.example")
	form.Set("homepage", "x")
	form.Set("company", "<script>alert(1)</script>\u202e")
	s.post("/register", form).to()
	form = s.filled("acme", "quick@acme.example")
	s.clock.Add(-4 * time.Second)
	s.post("/register", form).is(422).says("very quick")
	list, err := s.Signups(t.Context(), SignupWish{Tab: Spam, Limit: 10})
	if err != nil || len(list) != 2 || list[0].Why != "quick" || list[1].Why != "field" || list[1].IP != "192.0.2.1" || strings.Contains(list[1].Company, "\u202e") {
		t.Fatalf("%+v %v", list, err)
	}
	_, err = s.DB.Exec(t.Context(), `with recursive n(i) as (select 1 union all select i + 1 from n where i < 1500)
		insert into signup_trap (at, why, email, person, company, name, ip) select i, 'net', 'x', 'x', 'x', 'x', 'x' from n`)
	must(t, err)
	s.clock.Add(time.Minute)
	form.Set("homepage", "x")
	s.post("/register", form).to()
	if n := s.number(`select count(*) from signup_trap`); n != maxCaught {
		t.Fatalf("%d are kept", n)
	}
	for range 100 { // a flood
		s.post("/register", form).to()
	}
	if n := s.number(`select count(*) from signup_trap where why = 'field'`); n > maxAsked+2 {
		t.Errorf("%d of a flood are noted", n)
	}
}

func TestSignupsAreFoundAndPaged(t *testing.T) {
	s := newSite(t)
	for n := range 3 {
		s.registered(fmt.Sprintf("acme-%d-x", n), fmt.Sprintf("maya%d@acme.example", n))
	}
	first, err := s.Signups(t.Context(), SignupWish{Tab: Unfinished, Limit: 2})
	must(t, err)
	rest, err := s.Signups(t.Context(), SignupWish{Tab: Unfinished, Limit: 2, Before: first[1].ID})
	if err != nil || len(first) != 2 || len(rest) != 1 {
		t.Fatal(len(first), len(rest), err)
	}
	found, err := s.Signups(t.Context(), SignupWish{Tab: Unfinished, Find: "MAYA1@", Limit: 10})
	if err != nil || len(found) != 1 || found[0].Name != "acme-1-x" {
		t.Errorf("%+v %v", found, err)
	}
	if none, _ := s.Signups(t.Context(), SignupWish{Tab: Unfinished, Find: "%", Limit: 10}); len(none) != 0 {
		t.Errorf("%% finds %d", len(none))
	}
}
