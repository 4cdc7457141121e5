package admin

import (
	"context"
	"database/sql"
	"net/http"
	"net/url"
	"strings"
	"time"

	"rowhouse/admin/office"
	"rowhouse/data/fault"
	"rowhouse/ui"
	"rowhouse/ui/mail"
	"rowhouse/ui/session"
)

var (
	loginPage  = ui.Parse[door](files, ui.Auth, "login.html")
	choosePage = ui.Parse[door](files, ui.Auth, "choose.html")
)

// door is the pages on the way in.
type door struct {
	ui.Frame
	Email, Name, Next, Problem string
	Problems                   ui.Problems
	First                      bool // the first account is made
}

// Wrong says what is wrong with a field.
func (d door) Wrong(field string) string { return d.Problems.Say(d.Look, field) }

func newDoor(r *http.Request, title string) door {
	return door{Frame: ui.NewFrame(r, ui.LookOf(r).T(title)), Next: ui.LocalPath(r.FormValue("next"), "")}
}

func (p *Panel) showLogin(w http.ResponseWriter, r *http.Request) error {
	d := newDoor(r, "Sign in")
	d.Toast = ui.TakeToast(w, r)
	return loginPage.Show(w, r, d)
}

func (p *Panel) login(w http.ResponseWriter, r *http.Request) error {
	form, err := ui.Form(w, r, "email", "password", "next")
	if err != nil {
		return err
	}
	next := ui.LocalPath(form.Get("next"), "/admin")
	pending, err := p.signIn(r.Context(), w, r, strings.ToLower(strings.TrimSpace(form.Get("email"))), form.Get("password"))
	if kind := fault.Of(err).Kind; err != nil && (kind == fault.Invalid || kind == fault.TooMany || kind == fault.Denied) {
		d := newDoor(r, "Sign in")
		d.Email, d.Next = form.Get("email"), next
		d.Problem = d.T(fault.Of(err).Format, fault.Of(err).Args...)
		return loginPage.ShowAs(w, r, ui.Status(kind), d)
	}
	if err != nil {
		return err
	}
	if pending {
		return ui.Back(w, r, "/admin/second-factor?"+url.Values{"next": {next}}.Encode())
	}
	return ui.Back(w, r, next)
}

// tries are the limits of guessing: for one account, and for one network.
// From one network few tries hit an account; from all together many may, so that a stranger cannot keep its owner out with a handful.
func tries(r *http.Request, kind, who string) []session.Limit {
	return []session.Limit{{Kind: kind, Who: "here/" + who + "/" + session.Net(r), Most: 10, In: 15 * time.Minute}, {Kind: kind, Who: "account/" + who, Most: 200, In: 15 * time.Minute},
		{Kind: kind, Who: "net/" + session.Net(r), Most: 30, In: 5 * time.Minute}}
}

// count refuses a guess too many, and counts this one.
func (p *Panel) count(r *http.Request, kind, who string) error {
	now, limits := p.Clock.Now(), tries(r, kind, who)
	return p.DB.Tx(r.Context(), func(tx *sql.Tx) error {
		if err := session.Allow(r.Context(), tx, now, limits...); err != nil {
			return err
		}
		return session.Count(r.Context(), tx, now, limits...)
	})
}

// signIn checks address and password. The session that it begins waits for the second factor, which everybody needs.
func (p *Panel) signIn(ctx context.Context, w http.ResponseWriter, r *http.Request, email, password string) (pending bool, err error) {
	if len(email) > mail.MaxAddress {
		return false, fault.New(fault.Invalid, "The address or the password is wrong.") // nobody has it, and what was tried is kept
	}
	if err := p.count(r, "operator", email); err != nil {
		return false, err
	}
	o, err := p.Office(ctx)
	if err != nil {
		return false, err
	}
	a, ok, err := o.CheckPassword(ctx, email, password)
	if err != nil {
		return false, err
	}
	if !ok {
		return false, p.refuse(r, email, fault.New(fault.Invalid, "The address or the password is wrong."))
	}
	if !here(a, r) {
		return false, p.refuse(r, email, fault.New(fault.Denied, "Your account cannot be used from this network."))
	}
	if pending = a.Factor || !p.Lenient; pending {
		return true, p.DB.Tx(ctx, func(tx *sql.Tx) error { return p.Cookies.Start(ctx, tx, w, r, p.Clock.Now(), a.Number, true) })
	}
	return false, p.admit(w, r, a)
}

// refuse notes a failed try in the host's log.
func (p *Panel) refuse(r *http.Request, email string, why error) error {
	if err := p.DB.Tx(r.Context(), func(tx *sql.Tx) error {
		return p.Tenants.Audit(r.Context(), tx, email, "sign-in failed", "", session.IP(r))
	}); err != nil {
		return err
	}
	return why
}

// admit begins the session of somebody who has shown all that is asked for.
func (p *Panel) admit(w http.ResponseWriter, r *http.Request, a office.Account) error {
	ctx, now := r.Context(), p.Clock.Now()
	o, err := p.Office(ctx)
	if err != nil {
		return err
	}
	if err := o.NoteLogin(ctx, a.Number, now); err != nil {
		return err
	}
	return p.DB.Tx(ctx, func(tx *sql.Tx) error {
		if err := session.Pardon(ctx, tx, "operator", "here/"+strings.ToLower(a.Email)+"/"+session.Net(r)); err != nil {
			return err
		}
		if err := p.Tenants.Audit(ctx, tx, a.Email, "signed in", "", session.IP(r)); err != nil {
			return err
		}
		return p.Cookies.Start(ctx, tx, w, r, now, a.Number, false)
	})
}

func (p *Panel) logout(w http.ResponseWriter, r *http.Request) error {
	s, err := p.Cookies.Of(r.Context(), p.DB, r, p.Clock.Now())
	if err != nil {
		return err
	}
	if s.Person != 0 {
		if err := p.DB.Tx(r.Context(), func(tx *sql.Tx) error { return session.End(r.Context(), tx, s.Person, s.Hash) }); err != nil {
			return err
		}
	}
	p.Cookies.Forget(w)
	return ui.Back(w, r, "/admin/login")
}
