package shop

import (
	"net/http"
	"net/url"
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

func TestAPlanWithAPriceIsShownButNotSoldYet(t *testing.T) {
	s := newSite(t)
	s.addPlans()
	s.get("/prices").is(200).says("€29", "a month", "or €290 a year", "Soon", "/register?plan=starter").silent("/register?plan=team", "Secret", "Inner")
	s.get("/prices/team").is(200).says("Soon", "Any number of colleagues").silent(`/register?plan=team"`)
	s.get("/prices/secret").is(200).says("Secret")
	s.get("/prices/inner").is(404)
	s.get("/register?plan=team").is(200).says("Registration is closed").silent("<form")
	form := s.filled("acme", "maya@acme.example")
	form.Set("plan", "inner")
	s.post("/register", form).is(http.StatusForbidden)
}

func TestASiteWithoutPlansSaysSo(t *testing.T) {
	s := newSite(t)
	_, err := s.DB.Exec(t.Context(), `update plan set visibility = 'hidden'`)
	must(t, err)
	s.get("/").is(200).says("No plans yet").silent("/register?plan")
	s.get("/prices").is(200).says("No plans yet")
	s.get("/register").is(200).says("Registration is closed")
}
