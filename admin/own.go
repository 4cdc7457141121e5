package admin

import (
	"database/sql"
	"net/http"
	"net/url"

	"rowhouse/data/fault"
	"rowhouse/ui"
	"rowhouse/ui/session"
)

var ownPage = ui.Parse[ownSheet](files, ui.App, "own.html", "parts.html")

// ownSheet is an operator's own account.
type ownSheet struct {
	ui.Frame
	Name, Email, RoleWord string
	Factor                bool
	Sessions              []sessionRow
	Password, Renew       box
}

type sessionRow struct {
	session.Session
	Current bool
}

func (p *Panel) own(w http.ResponseWriter, r *http.Request) error {
	return p.ownWith(w, r, http.StatusOK, nil)
}

func (p *Panel) ownWith(w http.ResponseWriter, r *http.Request, status int, bad *refused) error {
	v := visitOf(r)
	page := ownSheet{Frame: p.frame(w, r, "My account", "/admin/own"), Name: v.operator.Name, Email: v.operator.Email, Factor: v.operator.Factor}
	page.RoleWord = page.T(roleWords[v.operator.Role])
	list, err := session.List(r.Context(), p.DB, v.operator.Number, p.Clock.Now())
	if err != nil {
		return err
	}
	for _, s := range list {
		page.Sessions = append(page.Sessions, sessionRow{s, s.Hash == v.session.Hash})
	}
	old := input{Name: "old", Label: "Password you have now", Kind: "secret", Required: true, Wide: true}
	page.Password = box{Look: page.Look, ID: "password", Action: "/admin/own/password", Label: "Another password", Hint: "Your other sessions end.", Button: page.T("Change it"),
		Inputs: []input{old, {Name: "password", Label: "New password", Kind: "secret", Required: true}, {Name: "again", Label: "The same again", Kind: "secret", Required: true}}}.again(bad)
	page.Renew = box{Look: page.Look, ID: "factor", Action: "/admin/own/factor", Label: "Another phone", Hint: "The second factor you have now ends, and you set up a new one when you sign in again.", Button: page.T("Begin anew"), Inputs: []input{old}}.again(bad)
	return ownPage.ShowAs(w, r, status, page)
}

// confirmOwn checks the password that somebody has now, before it lets them change how they sign in.
func (p *Panel) confirmOwn(r *http.Request, password string) error {
	v := visitOf(r)
	if err := p.count(r, "operator inside", v.operator.Email); err != nil {
		return err
	}
	o, err := p.Office(r.Context())
	if err != nil {
		return err
	}
	if _, ok, err := o.CheckPassword(r.Context(), v.operator.Email, password); err != nil || !ok {
		return about("old", fault.Because(err, fault.Invalid, "This is not your password."))
	}
	return nil
}

func (p *Panel) changeOwn(w http.ResponseWriter, r *http.Request) error {
	return p.take(w, r, post{form: "password", names: []string{"old", "password", "again"}, page: p.ownWith, act: func(form url.Values) (string, string, error) {
		if err := p.confirmOwn(r, form.Get("old")); err != nil {
			return "", "", err
		}
		if problems := readPassword(form.Get("password"), form.Get("again")); len(problems) > 0 {
			return "", "", problems.Err()
		}
		o, err := p.Office(r.Context())
		if err != nil {
			return "", "", err
		}
		if err := o.SetPassword(r.Context(), visitOf(r).operator.Number, form.Get("password")); err != nil {
			return "", "", err
		}
		if err := p.endOthers(r, visitOf(r).operator.Number, true); err != nil {
			return "", "", err
		}
		return ui.LookOf(r).T("Your password is changed."), "/admin/own", p.audit(r, "own password changed", "", "")
	}})
}

// renewFactor ends the second factor and all sessions: the next sign-in sets up another one.
func (p *Panel) renewFactor(w http.ResponseWriter, r *http.Request) error {
	return p.take(w, r, post{form: "factor", names: []string{"old"}, page: p.ownWith, act: func(form url.Values) (string, string, error) {
		if err := p.confirmOwn(r, form.Get("old")); err != nil {
			return "", "", err
		}
		o, err := p.Office(r.Context())
		if err != nil {
			return "", "", err
		}
		number := visitOf(r).operator.Number
		if err := o.DropFactor(r.Context(), number); err != nil {
			return "", "", err
		}
		if err := p.audit(r, "own second factor ended", "", ""); err != nil {
			return "", "", err
		}
		return "", "/admin/login", p.DB.Tx(r.Context(), func(tx *sql.Tx) error { return shutOut(r.Context(), tx, number, "") })
	}})
}

// endSession ends one of somebody's own sessions.
func (p *Panel) endSession(w http.ResponseWriter, r *http.Request) error {
	return p.take(w, r, post{act: func(url.Values) (string, string, error) {
		return ui.LookOf(r).T("The session has ended."), "/admin/own", p.DB.Tx(r.Context(), func(tx *sql.Tx) error {
			return session.End(r.Context(), tx, visitOf(r).operator.Number, r.PathValue("key"))
		})
	}})
}
