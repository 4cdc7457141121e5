package shop

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

func TestRegistrationCanBeClosed(t *testing.T) {
	s := newSite(t)
	form := s.filled("acme", "maya@acme.example")
	page := s.pending("before", "early@acme.example")
	s.set("registration", "closed")
	s.get("/").is(200).says("not taken at the moment").silent("/register?plan")
	s.get("/prices").is(200).says("Registration is closed").silent("/register?plan")
	s.get("/register").is(200).says("Registration is closed").silent("<form")
	s.post("/register", form).is(http.StatusForbidden).says("Registration is closed")
	s.post(page+"/code", url.Values{"code": {s.lastCode("")}}).to() // who was inside stays inside
}

func TestAPlanWithAPriceIsShownAndSold(t *testing.T) {
	s := newSite(t)
	s.addPlans()
	s.get("/prices").is(200).says("€29", "a month", "or €290 a year", "/register?plan=starter", "/register?plan=team", "On request").silent("Secret", "Inner", "/register?plan=enterprise")
	s.get("/prices/team").is(200).says("Any number of colleagues", `/register?plan=team"`)
	s.get("/prices/secret").is(200).says("Secret")
	s.get("/prices/inner").is(404)
	s.get("/register?plan=team").is(200).says("<form", "Country", "a month", "a year")
	for _, unsold := range []string{"inner", "enterprise"} {
		form := s.filled("acme", "maya@acme.example")
		form.Set("plan", unsold)
		if got := s.post("/register", form); got.Code < 400 {
			t.Errorf("%s was sold: %d", unsold, got.Code)
		}
	}
}

func TestAPaidPlanWaitsForItsPayment(t *testing.T) {
	s := newSite(t)
	form := s.filled("acme", "maya@acme.example")
	form.Set("plan", "pro")
	s.post("/register", form).is(422).says("Please choose a country.")
	form.Set("country", "DE")
	form.Set("tax_id", "DE12")
	form.Set("coupon", "none")
	s.post("/register", form).is(422).says("A VAT number of this country begins with DE", `value="DE12"`)
	form.Set("tax_id", "DE 123 456 789")
	s.post("/register", form).is(422).says("There is no coupon", "none")
	form.Set("coupon", "")
	form.Set("interval", "year")
	page := s.post("/register", form).to()
	s.get(page).is(200).says("Pro, yearly", "€290", "It renews every year")
	s.post(page+"/confirmation", nil).to()
	s.post(page+"/code", url.Values{"code": {s.lastCode("maya@acme.example")}}).to()
	if n := s.number(`select count(*) from tenant t join subscription s on s.tenant = t.id join invoice i on i.subscription = s.id
		where t.state = 'reserved' and s.state = 'incomplete' and i.state = 'open' and i.total = 29000 and i.number is null`); n != 1 {
		t.Fatal("the order is not kept as it should be")
	}
	if to := s.get(page).to(); !strings.HasPrefix(to, "/pay/1-") {
		t.Fatalf("the registration leads to %s", to)
	}
}

func TestASiteWithoutPlansSaysSo(t *testing.T) {
	s := newSite(t)
	_, err := s.DB.Exec(t.Context(), `update plan set visibility = 'hidden'`)
	must(t, err)
	s.get("/").is(200).says("No plans yet").silent("/register?plan")
	s.get("/prices").is(200).says("No plans yet")
	s.get("/register").is(200).says("Registration is closed")
}
