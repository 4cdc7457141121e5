package shop

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"rowhouse/data"
	"rowhouse/tenant"
)

func TestAVisitorRegistersAndHasACRM(t *testing.T) {
	s := newSite(t)
	woken := 0
	s.options.Wake = func() { woken++ }
	s.get("/").is(200).says("/register?plan=starter")
	page := s.registered("acme", "maya@acme.example")
	s.get(page).is(200).says("Acme Studio", "acme.example.com", "maya@acme.example", "Starter", "1 GB", "Confirm and create", page+"/details")
	if n := len(s.letters("")); n != 0 {
		t.Fatalf("%d letters before the confirmation", n)
	}
	s.post(page+"/confirmation", nil).to()
	s.get(page).is(200).says(`name="code"`)
	if to := s.post(page+"/code", url.Values{"code": {s.lastCode("maya@acme.example")}}).to(); to != page || woken != 1 {
		t.Fatalf("leads to %s, woken %d times", to, woken)
	}
	s.get(page).is(200).says("Setting up your CRM", `data-controller="poll"`, "Your database", `class="running"`)
	must(t, s.Tenants.Resume(t.Context()))
	s.get(page).is(200).says("Your CRM is ready", `href="https://acme.example.com/admin"`).silent(`data-controller="poll"`)
	s.ownerIs("acme", "maya@acme.example", password)
	if n := s.number(`select count(*) from signup where state = 'done' and code_hash = '' and link_hash = ''`); n != 1 {
		t.Fatalf("%d registrations are done", n)
	}
}

// ownerIs stops the test if the tenant's file does not begin with this member of staff.
func (s *site) ownerIs(name, email, password string) {
	s.t.Helper()
	db, done, err := s.Tenants.Files.Use(s.t.Context(), name)
	must(s.t, err)
	defer done()
	var hash string
	must(s.t, db.QueryRow(s.t.Context(), `select hash from staff where email = ?`, email).Scan(&hash))
	right, err := checkPassword(s.t, hash, password)
	if err != nil || !right {
		s.t.Fatalf("the password of %s is another one: %v", email, err)
	}
	if uid, err := data.Meta(s.t.Context(), db, "tenant"); err != nil || uid == "" {
		s.t.Fatalf("the file belongs to nobody: %v", err)
	}
}

func TestTheTenantGetsTheLimitsOfItsPlan(t *testing.T) {
	s := newSite(t)
	s.registered("acme", "maya@acme.example")
	got, err := s.Tenants.ByName(t.Context(), "acme")
	must(t, err)
	if got.State != tenant.Reserved || got.Limits.Plan != "Starter" || got.Limits.Staff != 3 || got.Limits.Room != 1<<30 || !got.Limits.Includes("lead") || got.Limits.Includes("deal") {
		t.Fatalf("%+v", got)
	}
}

func TestWhatWasTypedIsKeptButNeverThePassword(t *testing.T) {
	s := newSite(t)
	form := s.filled("acme", "no address")
	form.Set("again", "three green bicycle")
	form.Del("terms")
	s.post("/register", form).is(http.StatusUnprocessableEntity).
		says(`value="Maya Ortiz"`, `value="no address"`, `value="Acme Studio"`, `value="acme"`, form.Get("stamp"),
			"Please enter an e-mail address", "The two passwords are not the same.", "accept the terms").
		silent("bicycle")
	if n := s.number(`select count(*) from tenant`); n != 0 {
		t.Fatalf("%d tenants", n)
	}
	form = s.filled("acme", "maya@acme.example")
	form.Set("password", "acme studio")
	s.post("/register", form).is(422).says("Please do not use your name, company or address").silent(`"acme studio"`)
}

func TestUnknownFieldsAreRefused(t *testing.T) {
	s := newSite(t)
	form := s.filled("acme", "maya@acme.example")
	form.Set("staff_limit", "999")
	s.post("/register", form).is(422).says("staff_limit")
	page := s.pending("acme", "maya@acme.example")
	s.post(page+"/code", url.Values{"code": {s.lastCode("")}, "state": {"done"}}).is(422)
	s.post(page+"/letter", url.Values{"email": {"other@acme.example"}}).is(422)
	if n := s.number(`select count(*) from tenant where state = 'reserved'`); n != 1 {
		t.Fatalf("%d reserved", n)
	}
}

func TestATakenNameOffersThreeFreeOnes(t *testing.T) {
	s := newSite(t)
	s.registered("acme", "maya@acme.example")
	a := s.post("/register", s.filled("acme", "other@acme.example")).is(422).says("is taken", "acme-crm", "acme-team", "acme-hq", `name="pick"`)
	if n := strings.Count(a.Body.String(), `name="pick"`); n != 3 {
		t.Fatalf("%d suggestions", n)
	}
	s.get("/register/name?name=acme").is(200).says("is taken", "acme-crm").silent("<html")
	s.get("/register/name?name=ACME-CRM").is(200).says("acme-crm.example.com is free.")
	s.get("/register/name?name=admin").is(200).says("is taken")
	s.get("/register/name?name=a").is(200).says("3 to 42 small letters")
}

func TestASuggestionIsPickedWithoutJavaScript(t *testing.T) {
	s := newSite(t)
	s.registered("acme", "maya@acme.example")
	form := s.filled("acme", "other@acme.example")
	form.Set("pick", "acme-hq")
	s.post("/register", form).is(422).says(`value="acme-hq"`, "acme-hq.example.com is free.", `value="other@acme.example"`).silent("bicycles")
}

func TestOfThirtyWhoWantOneNameExactlyOneGetsIt(t *testing.T) {
	s := newSite(t)
	forms := make([]url.Values, 30)
	for i := range forms {
		forms[i] = s.filled("acme", fmt.Sprintf("maya%d@acme.example", i))
	}
	var wait sync.WaitGroup
	results := make(chan int, len(forms))
	for i, form := range forms {
		visitor := *s
		visitor.from = fmt.Sprintf("198.51.100.%d:1", i+1)
		wait.Go(func() { results <- visitor.post("/register", form).Code })
	}
	wait.Wait()
	close(results)
	got := map[int]int{}
	for code := range results {
		got[code]++
	}
	if got[303] != 1 || got[422] != 29 || s.number(`select count(*) from tenant`) != 1 || s.number(`select count(*) from signup`) != 1 {
		t.Fatalf("%v", got)
	}
}

func TestNobodyEndsARegistrationByKnowingItsAddress(t *testing.T) {
	s := newSite(t)
	mine := s.pending("acme", "maya@acme.example")
	code := s.lastCode("maya@acme.example")
	other := s.registered("acme-hq", "Maya@ACME.example") // somebody types the same address
	s.get(mine).is(200)
	s.get("/register/name?name=acme").says("taken")
	s.post(mine+"/code", url.Values{"code": {code}}).to()
	s.get("/register/name?name=acme-hq").says("is free") // whoever proved the address has what they wanted
	s.get(other).is(http.StatusGone)
}

func TestARegistrationIsCorrectedWithoutTypingThePasswordAgain(t *testing.T) {
	s := newSite(t)
	page := s.pending("acme", "mya@acme.example")
	form := s.drawn()
	s.get(page+"/details").is(200).says(`value="mya@acme.example"`, `value="Acme Studio"`, `name="instead"`).silent("argon2id")
	for key, value := range map[string]string{"person": "Maya", "email": "maya@acme.example", "company": "Acme", "name": "acme", "terms": "yes",
		"password": "", "again": "", "instead": strings.TrimPrefix(page, "/register/")} {
		form.Set(key, value)
	}
	corrected := s.post("/register", form).to()
	s.post(corrected+"/confirmation", nil).to()
	s.post(corrected+"/code", url.Values{"code": {s.lastCode("maya@acme.example")}}).to()
	must(t, s.Tenants.Resume(t.Context()))
	s.ownerIs("acme", "maya@acme.example", password)
	s.get(page).is(http.StatusGone)
	s.post("/register", form).is(http.StatusGone).says("run out").silent(`name="instead"`) // nothing to take a password from
}

func TestNobodyLearnsWhetherAnAddressIsKnown(t *testing.T) {
	known, unknown := newSite(t), newSite(t)
	for _, s := range []*site{known, unknown} {
		s.secret = fixed("s")
		s.code = func() string { return "123456" }
		unknown.key = known.key
	}
	known.secret = fixed("owner")
	owner := known.pending("first", "maya@acme.example")
	known.post(owner+"/code", url.Values{"code": {"123456"}}).to()
	must(t, known.Tenants.Resume(t.Context()))
	known.secret = fixed("s")
	unknown.clock.Add(known.clock.Now().Sub(unknown.clock.Now()))
	var answers [2][]string
	for i, s := range []*site{known, unknown} {
		s.from = "203.0.113.9:1"
		a := s.post("/register", s.filled("acme", "maya@acme.example"))
		page := a.to()
		b := s.get(page).is(200)
		s.post(page+"/confirmation", nil).to()
		c := s.get(page).is(200)
		answers[i] = []string{fmt.Sprint(a.Code, a.Header()), b.Body.String(), c.Body.String(), s.letters("maya@acme.example")[0].Text}
	}
	for i := range answers[0] {
		if answers[0][i] != answers[1][i] {
			t.Errorf("answer %d differs:\n%s\n%s", i, answers[0][i], answers[1][i])
		}
	}
}

func TestWhatIsNotFinishedInADayIsGone(t *testing.T) {
	s := newSite(t)
	page := s.pending("acme", "maya@acme.example")
	done := s.pending("done", "done@acme.example")
	s.post(done+"/code", url.Values{"code": {s.lastCode("done@acme.example")}}).to()
	must(t, s.Tenants.Resume(t.Context()))
	s.clock.Add(25 * time.Hour)
	s.get(page).is(http.StatusGone)
	s.post(page+"/letter", nil).is(http.StatusGone)
	must(t, s.Expire(t.Context()))
	must(t, s.Tenants.ExpireReservations(t.Context()))
	if s.number(`select count(*) from tenant where name = 'acme'`) != 0 || s.number(`select count(*) from signup where state = 'expired' and tenant is null`) != 1 {
		t.Fatal("the name is not free")
	}
	s.clock.Add(31 * 24 * time.Hour)
	must(t, s.Expire(t.Context()))
	if n := s.number(`select count(*) from signup`); n != 1 {
		t.Fatalf("%d registrations are left, want the finished one", n)
	}
	s.get(done).is(200).says("Your CRM is ready")
}

func TestEverythingThatIsWrongIsSaidAtOnce(t *testing.T) {
	s := newSite(t)
	s.registered("acme", "maya@acme.example")
	form := s.filled("acme", "jo@acme.example")
	form.Set("password", "password12")
	s.post("/register", form).is(422).says("among the first", "is taken", "acme-crm")
	form.Set("email", "maya@acme.example") // who holds the name may have it again
	s.post("/register", form).is(422).says("among the first").silent("is taken")
}
