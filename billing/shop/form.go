package shop

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"

	"rowhouse/billing"
	"rowhouse/crm/entity"
	"rowhouse/data/fault"
	"rowhouse/ui"
	"rowhouse/ui/session"
)

// details is what somebody has typed, without the passwords.
type details struct {
	Person, Email, Company string
	Name                   string // the subdomain
	Accepted               bool   // the terms
	Interval               string // month, year or once; only of a plan with a price, as all below
	Country, TaxID, Coupon string
}

type formPage struct {
	page
	Plan        offer
	Typed       details
	Wrong       ui.Problems
	Names       names
	Stamp       string
	Instead     string // the token of a registration that is being corrected
	Domain      string
	Steps       []stage
	MinPassword int
	Refused     string // why the form was not taken
	Invite      string // the code of the invitation
}

// Bad says what is wrong with a field, or nothing.
func (p formPage) Bad(field string) string { return p.Wrong.Say(p.Look, field) }

// Ratings are the words of the strength meter, as JSON.
func (p formPage) Ratings() string {
	b, err := json.Marshal([]string{p.T("Too short"), p.T("Weak"), p.T("Fair"), p.T("Good"), p.T("Strong")})
	if err != nil {
		return "[]" // never happens: words can be written
	}
	return string(b)
}

var formView = ui.Parse[formPage](pages, ui.Auth, "form.html", "parts.html")

// form shows an empty form for the plan that was chosen.
func (s *Shop) form(w http.ResponseWriter, r *http.Request) error {
	slug, ok, err := s.invited(w, r, r.FormValue("plan"), http.StatusOK)
	if err != nil || !ok {
		return err
	}
	chosen, err := s.chosen(r, slug)
	if fault.Is(err, fault.Missing) {
		return s.closed(w, r, http.StatusOK)
	}
	if err != nil {
		return err
	}
	p, err := s.newForm(w, r, chosen)
	if err != nil {
		return err
	}
	return formView.Show(w, r, p)
}

// details shows the form of a registration again, with what was typed.
func (s *Shop) details(w http.ResponseWriter, r *http.Request) error {
	token := r.PathValue("token")
	u, err := s.find(r, token)
	if err != nil {
		return s.ended(w, r, err)
	}
	if u.Decoy {
		return ui.Back(w, r, "/register")
	}
	if u.State == "done" || u.State == "verified" {
		return ui.Back(w, r, "/register/"+token)
	}
	chosen, err := s.PlanByID(r.Context(), u.Plan)
	if err != nil {
		return err
	}
	p, err := s.newForm(w, r, chosen)
	if err != nil {
		return err
	}
	p.Invite = "" // its registration holds the invitation
	p.Typed = details{u.Person, u.Email, u.Company, u.Name, true, u.Interval, u.Country, u.TaxID, u.Coupon}
	p.Instead = token
	return formView.Show(w, r, p)
}

// chosen returns the plan called slug if it can be had now, or the first that can if slug is empty.
func (s *Shop) chosen(r *http.Request, slug string) (billing.Plan, error) {
	none := fault.New(fault.Missing, "Registration is closed at the moment.")
	texts, err := s.Texts(r.Context())
	if err != nil {
		return billing.Plan{}, err
	}
	if texts.Closed {
		return billing.Plan{}, none
	}
	if slug != "" {
		p, err := s.PlanBySlug(r.Context(), slug)
		if err == nil && !p.Sold() {
			return p, none
		}
		return p, err
	}
	plans, err := s.Plans(r.Context())
	if err != nil {
		return billing.Plan{}, err
	}
	for _, p := range plans {
		if p.Free() {
			return p, nil
		}
	}
	return billing.Plan{}, none
}

func (s *Shop) newForm(w http.ResponseWriter, r *http.Request, chosen billing.Plan) (formPage, error) {
	base, err := s.newPage(w, r, "Register")
	if err != nil {
		return formPage{}, err
	}
	base.Wide = true
	p := formPage{page: base, Stamp: s.stamp(s.Clock.Now()), Domain: s.Tenants.Domain, MinPassword: session.MinPassword, Steps: stages(base.Look, 1)}
	p.Plan = p.page.offer(chosen)
	p.Typed.Interval, p.Invite = r.FormValue("interval"), r.FormValue("invite")
	return p, nil
}

// Paid tells whether the form asks for what an invoice needs.
func (p formPage) Paid() bool { return !p.Plan.Free() }

// Countries are those that can be chosen, the host's own first.
func (p formPage) Countries() [][2]string { return entity.Countries }

// formFields are all that the form may have.
var formFields = []string{"plan", "person", "email", "company", "name", "password", "again", "terms", "homepage", "stamp", "instead", "pick", "interval", "country", "tax_id", "coupon", "invite"}

// register takes the form: it reserves the name and leads to the page that asks to confirm.
func (s *Shop) register(w http.ResponseWriter, r *http.Request) error {
	form, err := ui.Form(w, r, formFields...)
	if err != nil {
		return err
	}
	slug, ok, err := s.invited(w, r, form.Get("plan"), http.StatusUnprocessableEntity)
	if err != nil || !ok {
		return err
	}
	chosen, err := s.chosen(r, slug)
	if fault.Is(err, fault.Missing) {
		return s.closed(w, r, http.StatusForbidden)
	}
	if err != nil {
		return err
	}
	p, err := s.newForm(w, r, chosen)
	if err != nil {
		return err
	}
	p.refill(form, s)
	if form.Get("pick") != "" {
		return s.picked(w, r, p)
	}
	if form.Get("homepage") != "" {
		t := p.Typed
		s.caught(r, "field", t)
		return s.sendDecoy(w, r, signup{State: "details", Person: t.Person, Email: t.Email, Company: t.Company, Name: t.Name,
			Plan: chosen.ID, Expires: s.Clock.Now().Add(reservation)})
	}
	token, err := s.take(r, form, p, chosen)
	if err != nil {
		s.catch(r, p.Typed, err)
		return s.refuse(w, r, p, err)
	}
	return ui.Back(w, r, "/register/"+token)
}

// refill puts what was typed back into the form, but never a password. A stamp that is ours stays:
// who corrects a field at once must not be too quick again.
func (p *formPage) refill(form url.Values, s *Shop) {
	p.Typed = details{
		Person: strings.TrimSpace(form.Get("person")), Email: strings.TrimSpace(form.Get("email")), Company: strings.TrimSpace(form.Get("company")),
		Name: strings.ToLower(strings.TrimSpace(form.Get("name"))), Accepted: form.Get("terms") != "",
		Interval: form.Get("interval"), Country: form.Get("country"), TaxID: strings.TrimSpace(form.Get("tax_id")), Coupon: strings.TrimSpace(form.Get("coupon")),
	}
	p.Instead = form.Get("instead")
	if at, ok := s.drawn(form.Get("stamp")); ok && s.Clock.Now().Sub(at) < oldest {
		p.Stamp = form.Get("stamp")
	}
}

// picked takes one of the free names over into the form. The passwords must be typed again: they are in no page.
func (s *Shop) picked(w http.ResponseWriter, r *http.Request, p formPage) error {
	p.Typed.Name = strings.ToLower(strings.TrimSpace(r.PostFormValue("pick")))
	free, err := s.names(r, p.Look, p.Typed.Name)
	if err != nil {
		return err
	}
	p.Names = free
	return formView.ShowAs(w, r, http.StatusUnprocessableEntity, p)
}

// refuse shows the form again with what is wrong.
func (s *Shop) refuse(w http.ResponseWriter, r *http.Request, p formPage, wrong error) error {
	f := fault.Of(wrong)
	switch f.Kind {
	case fault.Invalid, fault.TooMany, fault.Gone:
	default:
		return wrong
	}
	p.Wrong, p.Refused = ui.Wrong(wrong), p.T(f.Format, f.Args...)
	if f.Kind == fault.Gone {
		p.Instead = "" // from now on it is a form of its own, and needs its passwords
	}
	if err := s.checkFree(r, &p); err != nil {
		return err
	}
	return formView.ShowAs(w, r, ui.Status(f.Kind), p)
}
