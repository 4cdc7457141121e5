package admin

import (
	"context"
	"database/sql"
	"errors"
	"net/http"
	"strings"
	"time"

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
	Email, Next, Problem string
	Problems             ui.Problems
}

// Wrong says what is wrong with a field.
func (d door) Wrong(field string) string { return d.Problems.Say(d.Look, field) }

func (p *Panel) showLogin(w http.ResponseWriter, r *http.Request) error {
	d := door{Frame: ui.NewFrame(r, ui.LookOf(r).T("Sign in")), Next: ui.LocalPath(r.FormValue("next"), "")}
	d.Toast = ui.TakeToast(w, r)
	return loginPage.Show(w, r, d)
}

func (p *Panel) login(w http.ResponseWriter, r *http.Request) error {
	form, err := ui.Form(w, r, "email", "password", "next")
	if err != nil {
		return err
	}
	next := ui.LocalPath(form.Get("next"), "/admin")
	err = p.signIn(r.Context(), w, r, strings.ToLower(strings.TrimSpace(form.Get("email"))), form.Get("password"))
	if kind := fault.Of(err).Kind; err != nil && (kind == fault.Invalid || kind == fault.TooMany) {
		d := door{Frame: ui.NewFrame(r, ui.LookOf(r).T("Sign in")), Email: form.Get("email"), Next: next}
		d.Problem = d.T(fault.Of(err).Format, fault.Of(err).Args...)
		return loginPage.ShowAs(w, r, ui.Status(kind), d)
	}
	if err != nil {
		return err
	}
	return ui.Back(w, r, next)
}

func (p *Panel) signIn(ctx context.Context, w http.ResponseWriter, r *http.Request, email, password string) error {
	if len(email) > mail.MaxAddress {
		return fault.New(fault.Invalid, "The address or the password is wrong.") // nobody has it, and what was tried is kept
	}
	now := p.Clock.Now()
	tries := []session.Limit{{Kind: "operator", Who: "account/" + email, Most: 10, In: 15 * time.Minute}, {Kind: "operator", Who: "net/" + session.Net(r), Most: 30, In: 5 * time.Minute}}
	err := p.DB.Tx(ctx, func(tx *sql.Tx) error {
		if err := session.Allow(ctx, tx, now, tries...); err != nil {
			return err
		}
		return session.Count(ctx, tx, now, tries...)
	})
	if err != nil {
		return err
	}
	var id int64
	var kept string
	err = p.DB.QueryRow(ctx, `select id, password_hash from operator where email = ? and state = 'active'`, email).Scan(&id, &kept)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	if ok, err := session.CheckPassword(ctx, kept, password); err != nil || !ok {
		return errors.Join(fault.New(fault.Invalid, "The address or the password is wrong."), err)
	}
	return p.DB.Tx(ctx, func(tx *sql.Tx) error {
		if err := session.Pardon(ctx, tx, "operator", "account/"+email); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `update operator set last_login_at = ? where id = ?`, now.UnixMilli(), id); err != nil {
			return err
		}
		if err := p.Tenants.Audit(ctx, tx, email, "signed in", "", session.IP(r)); err != nil {
			return err
		}
		return p.Cookies.Start(ctx, tx, w, r, now, id, false)
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

func (p *Panel) showChoose(w http.ResponseWriter, r *http.Request) error {
	err := p.DB.Snapshot(r.Context(), func(tx *sql.Tx) error {
		_, err := session.Holder(r.Context(), tx, kind, r.PathValue("secret"), p.Clock.Now())
		return err
	})
	if err != nil {
		return err
	}
	w.Header().Set("Referrer-Policy", "no-referrer") // the address holds the secret
	return choosePage.Show(w, r, door{Frame: ui.NewFrame(r, ui.LookOf(r).T("Choose a password"))})
}

func (p *Panel) choose(w http.ResponseWriter, r *http.Request) error {
	form, err := ui.Form(w, r, "password", "again")
	if err != nil {
		return err
	}
	problems := ui.Problems{}
	if form.Get("password") != form.Get("again") {
		problems.Add("again", "This is not the same password.")
	} else if err := session.Strong(form.Get("password")); err != nil {
		problems["password"] = err
	}
	if len(problems) > 0 {
		d := door{Frame: ui.NewFrame(r, ui.LookOf(r).T("Choose a password")), Problems: problems}
		return choosePage.ShowAs(w, r, http.StatusUnprocessableEntity, d)
	}
	hash, err := session.HashPassword(r.Context(), form.Get("password"))
	if err != nil {
		return err
	}
	err = p.DB.Tx(r.Context(), func(tx *sql.Tx) error {
		id, err := session.Redeem(r.Context(), tx, kind, r.PathValue("secret"), p.Clock.Now())
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(r.Context(), `update operator set password_hash = ? where id = ?`, hash, id); err != nil {
			return err
		}
		return session.EndAll(r.Context(), tx, id, "")
	})
	if err != nil {
		return err
	}
	ui.Say(w, ui.LookOf(r).T("Your password is set. Please sign in with it."), "")
	return ui.Back(w, r, "/admin/login")
}
