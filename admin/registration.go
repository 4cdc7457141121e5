package admin

import (
	"database/sql"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"rowhouse/billing/shop"
	"rowhouse/data/fault"
	"rowhouse/ui"
)

var registrationPage = ui.Parse[registrationSheet](files, ui.App, "registration.html", "parts.html")

// registrationSheet says who can register, and shows the invitations.
type registrationSheet struct {
	ui.Frame
	Modes   []option
	Problem string
	Form    box
	Rows    []shop.Invitation
	Link    string // of an invitation that was made just now: it is shown once
}

var modeWords = map[shop.Mode]string{shop.Open: "Open", shop.Approval: "By approval", shop.Invite: "By invitation", shop.Closed: "Closed"}

var modeHints = map[shop.Mode]string{
	shop.Open:     "Everybody can register and begins at once.",
	shop.Approval: "Everybody can register. After the code of the letter it waits for you; nothing is paid or set up before you approve it.",
	shop.Invite:   "Only those who have the code of an invitation can register.",
	shop.Closed:   "Nobody can register. Who has a CRM can sign in as always.",
}

// Until says how long an invitation is good.
func (s registrationSheet) Until(i shop.Invitation) string {
	if i.Until.IsZero() {
		return s.T("without end")
	}
	return s.T("until %s", s.Date(i.Until))
}

func (p *Panel) registration(w http.ResponseWriter, r *http.Request) error {
	return p.registrationWith(w, r, http.StatusOK, nil)
}

func (p *Panel) registrationWith(w http.ResponseWriter, r *http.Request, status int, bad *refused) error {
	page, err := p.newRegistration(w, r, bad)
	if err != nil {
		return err
	}
	return registrationPage.ShowAs(w, r, status, page)
}

func (p *Panel) newRegistration(w http.ResponseWriter, r *http.Request, bad *refused) (registrationSheet, error) {
	page := registrationSheet{Frame: p.below(w, r, "Registration", "Sign-ups", "/admin/signups")}
	texts, err := p.Shop.Texts(r.Context())
	if err != nil {
		return page, err
	}
	for _, mode := range []shop.Mode{shop.Open, shop.Approval, shop.Invite, shop.Closed} {
		page.Modes = append(page.Modes, option{Value: string(mode), Label: page.T(modeWords[mode]), Text: page.T(modeHints[mode]), On: mode == texts.Mode})
	}
	if bad != nil && bad.form == "mode" {
		page.Problem = page.T(bad.fault.Format, bad.fault.Args...)
	}
	plans, err := p.Billing.PlanRows(r.Context())
	if err != nil {
		return page, err
	}
	some := []option{{Label: page.T("Any")}}
	for _, plan := range plans {
		some = append(some, option{Value: strconv.FormatInt(plan.ID, 10), Label: plan.Name})
	}
	page.Form = box{Look: page.Look, ID: "invitation", Action: "/admin/invitations", Label: "New invitation", Hint: "Its link is shown once, when it is made.", Button: page.T("Create"), Inputs: []input{
		{Name: "note", Label: "Whom it is for", Wide: true, Hint: "Only you see this."}, {Name: "plan", Label: "Plan", Kind: "select", Options: some},
		{Name: "most", Label: "How often", Kind: "number", Value: "1", Required: true}, {Name: "until", Label: "Last day", Kind: "date", Hint: "Empty is without end."}}}.again(bad)
	page.Rows, err = p.Shop.Invitations(r.Context())
	return page, err
}

func (p *Panel) keepMode(w http.ResponseWriter, r *http.Request) error {
	look := ui.LookOf(r)
	return p.take(w, r, post{right: mayWrite, form: "mode", names: []string{"mode"}, page: p.registrationWith, act: func(form url.Values) (string, string, error) {
		if mode := form.Get("mode"); string(shop.ModeOf(mode)) != mode { // nothing chosen must not open what was closed
			return "", "", fault.New(fault.Invalid, "Registration is open, by approval, by invitation or closed.")
		}
		err := p.DB.Tx(r.Context(), func(tx *sql.Tx) error {
			var texts shop.Texts
			if err := texts.Set(r.Context(), tx, "registration", form.Get("mode")); err != nil {
				return err
			}
			return p.Tenants.Audit(r.Context(), tx, actor(r), "registration", "", form.Get("mode"))
		})
		return look.T("Saved"), "/admin/registration", err
	}})
}

// invite makes an invitation. Its answer is the page with the link, and no redirect: the code is not kept, so no other page can show it.
func (p *Panel) invite(w http.ResponseWriter, r *http.Request) error {
	if err := may(r, mayServe); err != nil {
		return err
	}
	form, err := ui.Form(w, r, "note", "plan", "most", "until")
	if err != nil {
		return err
	}
	i, err := p.readInvitation(form)
	code := ""
	if err == nil {
		code, err = p.Shop.AddInvitation(r.Context(), i, actor(r))
	}
	if f := fault.Of(err); err != nil && f.Kind == fault.Invalid {
		return p.registrationWith(w, r, http.StatusUnprocessableEntity, &refused{"invitation", form, f})
	}
	if err != nil {
		return err
	}
	page, err := p.newRegistration(w, r, nil)
	page.Link = p.Tenants.Home() + "/register?invite=" + code
	if err != nil {
		return err
	}
	return registrationPage.ShowAs(w, r, http.StatusCreated, page)
}

func (p *Panel) readInvitation(form url.Values) (shop.Invitation, error) {
	bad := ui.Problems{}
	i := shop.Invitation{Note: form.Get("note"), Most: readWhole(form, "most", bad)}
	if s := form.Get("plan"); s != "" {
		n, err := strconv.ParseInt(s, 10, 64)
		if i.Plan = n; err != nil {
			bad.Add("plan", "Please choose a plan of the list.")
		}
	}
	if s := form.Get("until"); s != "" {
		day, err := time.ParseInLocation(time.DateOnly, s, time.UTC)
		if i.Until = day.AddDate(0, 0, 1); err != nil {
			bad.Add("until", "Please enter a day.")
		}
	}
	return i, bad.Err()
}

func (p *Panel) endInvitation(w http.ResponseWriter, r *http.Request) error {
	look := ui.LookOf(r)
	return p.take(w, r, post{right: mayServe, act: func(url.Values) (string, string, error) {
		return look.T("The invitation has ended."), "/admin/registration", p.Shop.EndInvitation(r.Context(), number(r), actor(r))
	}})
}
