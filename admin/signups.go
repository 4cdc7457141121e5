package admin

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"rowhouse/billing/shop"
	"rowhouse/ui"
)

var (
	signupsPage = ui.Parse[signupList](files, ui.App, "signups.html", "parts.html")
	refusalPage = ui.Parse[refusalSheet](files, ui.App, "refusal.html", "parts.html")
)

// signupRoutes are the pages about those who register.
func (p *Panel) signupRoutes() map[string]ui.Handler {
	return map[string]ui.Handler{
		"GET /admin/signups":                  p.signups,
		"POST /admin/signups/{id}/approval":   p.signupAct("Approved. The letter with the link is on its way.", shop.Waiting, p.Shop.Approve),
		"GET /admin/signups/{id}/refusal":     p.showRefusal,
		"POST /admin/signups/{id}/refusal":    p.refuseSignup,
		"POST /admin/signups/{id}/deletion":   p.signupAct("The registration is deleted and its address is free.", "", p.Shop.Forget),
		"POST /admin/signups/{id}/letter":     p.signupAct("The letter with the code is on its way.", "", p.Shop.SendAgain),
		"POST /admin/spam/{id}/deletion":      p.dropSpam,
		"POST /admin/spam/deletion":           p.dropSpam,
		"GET /admin/registration":             p.registration,
		"POST /admin/registration":            p.keepMode,
		"POST /admin/invitations":             p.invite,
		"POST /admin/invitations/{id}/ending": p.endInvitation,
	}
}

type signupList struct {
	ui.Frame
	Tabs  []tab
	Tab   string
	Find  string
	Rows  []signupRow
	More  string
	Modes string // who can register now
}

type signupRow struct {
	shop.Signup
	Status string
	Hue    int
	Codes  bool // its letter can be sent again
}

// signupTabs are the lists, with their labels.
var signupTabs = [][2]string{{shop.Waiting, "Waiting for approval"}, {shop.Unfinished, "Not finished"}, {shop.Done, "Done"}, {shop.Spam, "Spam"}}

var signupWords = map[string]string{"details": "Not confirmed yet", "email_pending": "Code not typed yet", "verified": "Waits for you", "done": "Done", "expired": "Run out"}

var trapWords = map[string]string{"field": "Filled in the hidden field", "quick": "Came too quickly", "net": "Too many from its network"}

func (p *Panel) signups(w http.ResponseWriter, r *http.Request) error {
	page := signupList{Frame: p.frame(w, r, "Sign-ups", "/admin/signups"), Tab: r.FormValue("tab"), Find: r.FormValue("q")}
	counts, err := p.Shop.SignupCounts(r.Context())
	if err != nil {
		return err
	}
	if page.Tab == "" {
		if page.Tab = shop.Unfinished; counts[shop.Waiting] > 0 {
			page.Tab = shop.Waiting
		}
	}
	for _, t := range signupTabs {
		page.Tabs = append(page.Tabs, tab{Label: page.T(t[1]), URL: "/admin/signups?tab=" + t[0], Current: t[0] == page.Tab, Count: counts[t[0]]})
	}
	before, _ := strconv.ParseInt(r.FormValue("before"), 10, 64) // what is no number is the first page
	found, err := p.Shop.Signups(r.Context(), shop.SignupWish{Tab: page.Tab, Find: page.Find, Before: before, Limit: pageSize + 1})
	if err != nil {
		return err
	}
	if len(found) > pageSize {
		found = found[:pageSize]
		page.More = "/admin/signups?" + url.Values{"tab": {page.Tab}, "q": {page.Find}, "before": {strconv.FormatInt(found[pageSize-1].ID, 10)}}.Encode()
	}
	for _, u := range found {
		page.Rows = append(page.Rows, signupLine(page.Look, u))
	}
	texts, err := p.Shop.Texts(r.Context())
	page.Modes = page.T(modeWords[texts.Mode])
	if err != nil {
		return err
	}
	return signupsPage.Show(w, r, page)
}

func signupLine(look *ui.Look, u shop.Signup) signupRow {
	row := signupRow{Signup: u, Status: look.T(signupWords[u.State]), Hue: 11, Codes: u.Tenant && (u.State == "details" || u.State == "email_pending")}
	switch {
	case u.Why != "":
		row.Status, row.Hue = look.T(trapWords[u.Why]), 1
	case u.Decision == "refused":
		row.Status, row.Hue = look.T("Refused"), 0
	case u.State == "done":
		row.Hue = 4
	case u.State == "verified":
		row.Hue = 8
	}
	return row
}

// signupAct is a button beside a registration.
func (p *Panel) signupAct(done, tab string, do func(ctx context.Context, id int64, actor string) error) ui.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		look, to := ui.LookOf(r), "/admin/signups"
		if tab != "" {
			to += "?tab=" + tab
		}
		return p.take(w, r, post{right: mayServe, act: func(url.Values) (string, string, error) {
			return look.T(done), to, do(r.Context(), number(r), actor(r))
		}})
	}
}

func (p *Panel) dropSpam(w http.ResponseWriter, r *http.Request) error {
	look := ui.LookOf(r)
	return p.take(w, r, post{right: mayServe, act: func(url.Values) (string, string, error) {
		id, _ := strconv.ParseInt(r.PathValue("id"), 10, 64) // none: all of it
		return look.T("Deleted"), "/admin/signups?tab=spam", p.Shop.ForgetSpam(r.Context(), id)
	}})
}

type refusalSheet struct {
	ui.Frame
	Form box
}

func (p *Panel) showRefusal(w http.ResponseWriter, r *http.Request) error {
	return p.refusalWith(w, r, http.StatusOK, nil)
}

func (p *Panel) refusalWith(w http.ResponseWriter, r *http.Request, status int, bad *refused) error {
	page := refusalSheet{Frame: p.below(w, r, "Refuse a registration", "Sign-ups", "/admin/signups")}
	page.Form = box{Look: page.Look, ID: "refusal", Action: "/admin/signups/" + strconv.FormatInt(number(r), 10) + "/refusal", Label: "Refuse a registration",
		Hint: "A letter tells whoever registered, and the address is free again.", Button: page.T("Refuse"), Danger: true,
		Inputs: []input{{Name: "reason", Label: "Reason", Kind: "area", Lines: 3, Most: 500, Hint: "A sentence that stands in the letter. It may be empty."}}}.again(bad)
	return refusalPage.ShowAs(w, r, status, page)
}

func (p *Panel) refuseSignup(w http.ResponseWriter, r *http.Request) error {
	look := ui.LookOf(r)
	return p.take(w, r, post{right: mayServe, form: "refusal", names: []string{"reason"}, page: p.refusalWith, act: func(form url.Values) (string, string, error) {
		return look.T("Refused. A letter says so."), "/admin/signups?tab=waiting", about("reason", p.Shop.Refuse(r.Context(), number(r), form.Get("reason"), actor(r)))
	}})
}
