package account

import (
	"net/http"
	"slices"
	"strings"

	"rowhouse/billing"
	"rowhouse/crm/page"
	"rowhouse/crm/settings"
	"rowhouse/data/fault"
	"rowhouse/ui"
)

var cancelPage = ui.Parse[cancelSheet](files, ui.App, "cancel.html", "parts.html")

// reasons are why people leave. They are kept in English, as the host reads them.
var reasons = []struct{ value, label string }{{"price", "It is too expensive"}, {"missing", "Something is missing"}, {"hard", "It is too hard to use"},
	{"other product", "We use something else now"}, {"over", "We needed it only for some time"}, {"other", "Another reason"}}

// mostWords is the most that people can write about why they leave, in bytes.
const mostWords = 400

// cancelSheet says what ends when, and what could be done instead.
type cancelSheet struct {
	settings.Sheet
	Facts   []string // what happens, in the order of the days
	Instead string   // the free plan's name; empty: there is none
	Free    string   // where it is chosen
	Reasons []settings.Option
	Words   string
	Most    int
}

func (a *Account) showCancellation(w http.ResponseWriter, r *http.Request, d *page.Desk, s billing.Subscription) error {
	if s.CancelAtEnd || s.State == billing.Canceled {
		return ui.Back(w, r, home)
	}
	return a.drawCancellation(w, r, d, s, "", "", nil)
}

func (a *Account) drawCancellation(w http.ResponseWriter, r *http.Request, d *page.Desk, s billing.Subscription, reason, words string, failed error) error {
	sheet, err := begin(w, r, d, "Cancellation", failed)
	if err != nil {
		return err
	}
	p := cancelSheet{Sheet: sheet, Words: words, Most: mostWords}
	for _, one := range reasons {
		p.Reasons = append(p.Reasons, settings.Option{Value: one.value, Label: sheet.T(one.label), Chosen: one.value == reason})
	}
	if p.Facts, err = a.ending(r, sheet.Look, s); err != nil {
		return err
	}
	if s.State == billing.Active || s.State == billing.Trialing {
		if p.Instead, p.Free, err = a.freePlan(r, s); err != nil {
			return err
		}
	}
	return cancelPage.ShowAs(w, r, sheet.Status, p)
}

// ending says what happens on which day after a cancellation.
func (a *Account) ending(r *http.Request, look *ui.Look, s billing.Subscription) ([]string, error) {
	today, err := a.books.Today(r.Context())
	if err != nil {
		return nil, err
	}
	rules, err := a.books.RulesOf(r.Context(), s)
	if err != nil {
		return nil, err
	}
	last := s.LastDay(today)
	facts := []string{look.T("Until %s everything works as before. Until then you can take the cancellation back with one click.", day(look, last)), look.T("Nothing more is charged.")}
	if last <= today {
		facts[0] = look.T("The subscription ends today, because nothing is paid for the days to come.")
	}
	closed := last
	if rules.Read > 0 {
		closed += billing.Day(rules.Read)
		facts = append(facts, look.T("From %s on it can be read and exported.", day(look, last)))
	}
	facts = append(facts, look.T("On %s the CRM is closed. You can start again at any time, and everything is as it was.", day(look, closed)))
	if c := rules.Closing; len(c) > 3 {
		facts = append(facts, look.T("The data is kept until %s, and deleted on %s. We write to you twice before.", day(look, last+billing.Day(c[2])), day(look, last+billing.Day(c[3]))))
	}
	return facts, nil
}

// freePlan is a public plan that costs nothing, unless it is the one of now.
func (a *Account) freePlan(r *http.Request, s billing.Subscription) (name, at string, err error) {
	plans, err := a.books.Plans(r.Context())
	for _, plan := range plans {
		if plan.ID == s.Plan || !plan.Sold() {
			continue
		}
		for _, price := range plan.Prices {
			if price.Free() {
				return plan.Name, home + "/plan?" + query(billing.Wish{Plan: plan, Price: price}), nil
			}
		}
	}
	return "", "", err
}

// cancel ends the subscription at the end of what is paid for.
func (a *Account) cancel(w http.ResponseWriter, r *http.Request, d *page.Desk, s billing.Subscription) error {
	form, err := ui.Form(w, r, "reason", "words")
	if err != nil {
		return err
	}
	reason, words := form.Get("reason"), strings.TrimSpace(form.Get("words"))
	known := slices.ContainsFunc(reasons, func(one struct{ value, label string }) bool { return one.value == reason })
	switch {
	case reason != "" && !known:
		err = fault.New(fault.Invalid, "Please choose one of the reasons, or none.")
	case len(words) > mostWords:
		err = fault.New(fault.Invalid, "This is too long.")
	default:
		err = a.books.Cancel(r.Context(), s.ID, strings.Trim(reason+": "+words, ": "), d.Person.Email)
	}
	if err != nil {
		return a.drawCancellation(w, r, d, s, reason, words, err)
	}
	return undoable(w, r, home+"/cancellation/deletion", ui.LookOf(r).T("Canceled. Nothing more is charged."))
}

// resume takes the cancellation back.
func (a *Account) resume(w http.ResponseWriter, r *http.Request, d *page.Desk, s billing.Subscription) error {
	if err := bare(w, r); err != nil {
		return err
	}
	if err := a.books.Resume(r.Context(), s.ID, d.Person.Email); err != nil {
		return err
	}
	return done(w, r, home, "Good to have you back. Everything goes on as before.")
}
