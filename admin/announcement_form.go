package admin

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"rowhouse/ui"
)

const momentShape = "2006-01-02T15:04"

func (p *Panel) newsForm(r *http.Request, look *ui.Look, a Announcement) (box, error) {
	plans, err := p.Billing.PlanRows(r.Context())
	if err != nil {
		return box{}, err
	}
	var some, chosen []string
	var offered []option
	for _, plan := range plans {
		offered = append(offered, option{Value: strconv.FormatInt(plan.ID, 10), Label: plan.Name})
	}
	for _, id := range a.Plans {
		chosen = append(chosen, strconv.FormatInt(id, 10))
	}
	some = a.Standings
	standings := []option{{Value: "open", Label: look.T("Open, without a hold")}, {Value: "trialing", Label: look.T("In its trial")}}
	for _, reason := range holdReasons {
		standings = append(standings, option{Value: reason, Label: look.T(holdWords[reason])})
	}
	form := box{Look: look, ID: "announcement", Action: "/admin/announcements", Label: "What you announce", Button: look.T("Save the draft"), Inputs: []input{
		{Name: "kind", Label: "Kind", Kind: "select", Value: a.Kind, Options: choose([]option{{Value: "info", Label: look.T("For information")}, {Value: "warn", Label: look.T("Warning")}, {Value: "bad", Label: look.T("Serious")}}, a.Kind)},
		{Name: "who", Label: "Who sees it", Kind: "select", Options: choose([]option{{Value: "staff", Label: look.T("All staff")}, {Value: "admins", Label: look.T("Only administrators")}}, map[bool]string{true: "admins", false: "staff"}[a.Admins])}}}
	if a.ID > 0 {
		form.Action, form.Button = newsPath(a.ID), look.T("Save")
	}
	for _, language := range ui.Languages {
		words := a.Words[language.Tag]
		form.Inputs = append(form.Inputs, input{Name: "text_" + language.Tag, Label: look.T("Text") + " · " + language.Name, Kind: "area", Lines: 3, Most: 1000, Value: words.Text, Hint: "**bold** and [words](https://…) work."})
	}
	for _, language := range ui.Languages {
		form.Inputs = append(form.Inputs, input{Name: "button_" + language.Tag, Label: look.T("Button") + " · " + language.Name, Value: a.Words[language.Tag].Button})
	}
	form.Inputs = append(form.Inputs, input{Name: "link", Label: "Where the button leads", Value: a.Link, Most: 1000, Wide: true, Hint: "A path of each CRM like /admin/billing, or a whole address. Empty: there is no button."},
		input{Name: "starts", Label: "Begins", Kind: "datetime-local", Value: moment(look, a.Starts), Hint: "Empty: as soon as you announce it."}, input{Name: "ends", Label: "Ends", Kind: "datetime-local", Value: moment(look, a.Ends), Hint: "Empty: when you end it."},
		input{Name: "plans", Label: "For these plans", Kind: "checks", Options: choose(offered, chosen...), Hint: "None chosen: all."},
		input{Name: "standings", Label: "For tenants that stand so", Kind: "checks", Options: choose(standings, some...), Hint: "None chosen: all."},
		input{Name: "dismissible", Label: "Everybody can hide it for themselves", Kind: "check", On: a.Dismissible},
		input{Name: "letter", Label: "Write to the owners too", Kind: "check", On: a.Letter, Hint: "One letter for each tenant. You see how many before you announce it."})
	for _, language := range ui.Languages {
		form.Inputs = append(form.Inputs, input{Name: "subject_" + language.Tag, Label: look.T("Subject of the letter") + " · " + language.Name, Value: a.Words[language.Tag].Subject})
	}
	return form, nil
}

func moment(look *ui.Look, t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(look.Zone).Format(momentShape)
}

func readNews(form url.Values, zone *time.Location) (Announcement, error) {
	bad := ui.Problems{}
	a := Announcement{Kind: form.Get("kind"), Link: strings.TrimSpace(form.Get("link")), Dismissible: form.Get("dismissible") != "", Admins: form.Get("who") == "admins", Letter: form.Get("letter") != "",
		Standings: slices.Clone(form["standings[]"]), Words: map[string]newsWords{}}
	for _, language := range ui.Languages {
		w := newsWords{strings.TrimSpace(strings.ReplaceAll(form.Get("text_"+language.Tag), "\r\n", "\n")), strings.TrimSpace(form.Get("button_" + language.Tag)), strings.TrimSpace(form.Get("subject_" + language.Tag))}
		if w != (newsWords{}) {
			a.Words[language.Tag] = w
		}
	}
	for _, s := range form["plans[]"] {
		id, err := strconv.ParseInt(s, 10, 64)
		if a.Plans = append(a.Plans, id); err != nil {
			bad.Add("plans", "Please choose plans of the list.")
		}
	}
	for name, at := range map[string]*time.Time{"starts": &a.Starts, "ends": &a.Ends} {
		if s := form.Get(name); s != "" {
			t, err := time.ParseInLocation(momentShape, s, zone)
			if *at = t.UTC(); err != nil {
				bad.Add(name, "Please enter a day and a time.")
			}
		}
	}
	return a, bad.Err()
}

// newsFields are what the form may have.
var newsFields = []string{"kind", "who", "text_en", "text_de", "button_en", "button_de", "subject_en", "subject_de", "link", "starts", "ends", "plans[]", "standings[]", "dismissible", "letter"}
