package admin

import (
	"database/sql"
	"net/http"

	"rowhouse/admin/office"
	"rowhouse/data/fault"
	"rowhouse/ui"
	"rowhouse/ui/session"
)

var factorPage = ui.Parse[factorDoor](files, ui.Auth, "factor.html")

// factorDoor asks for the second factor; from somebody who has none yet, it wants one to be set up.
type factorDoor struct {
	door
	Secret, Picture string
	Codes           []string // shown once, after it was set up
}

// half returns who has shown their password and not yet their second factor.
func (p *Panel) half(r *http.Request) (office.Account, error) {
	s, err := p.Cookies.Of(r.Context(), p.DB, r, p.Clock.Now())
	if err != nil {
		return office.Account{}, err
	}
	a, err := p.operator(r, s.Person)
	if err == nil && (a.Number == 0 || !s.Pending) {
		err = fault.New(fault.SignIn, "Please sign in.")
	}
	return a, err
}

func (p *Panel) showFactor(w http.ResponseWriter, r *http.Request) error {
	return p.factorWith(w, r, http.StatusOK, "")
}

func (p *Panel) factorWith(w http.ResponseWriter, r *http.Request, status int, problem string) error {
	a, err := p.half(r)
	if err != nil {
		return err
	}
	d := factorDoor{door: newDoor(r, "Second factor")}
	d.Problem = problem
	if !a.Factor {
		o, err := p.Office(r.Context())
		if err != nil {
			return err
		}
		if d.Secret, d.Picture, err = o.BeginFactor(r.Context(), a.Number, d.Brand.Name); err != nil {
			return err
		}
	}
	w.Header().Set("Cache-Control", "no-store")
	return factorPage.ShowAs(w, r, status, d)
}

// factor takes the code. With the first one of a new factor come the recovery codes, which are shown once.
func (p *Panel) factor(w http.ResponseWriter, r *http.Request) error {
	a, err := p.half(r)
	if err != nil {
		return err
	}
	form, err := ui.Form(w, r, "code", "next")
	if err != nil {
		return err
	}
	codes, err := p.checkFactor(r, a, form.Get("code"))
	if kind := fault.Of(err).Kind; err != nil && (kind == fault.Invalid || kind == fault.TooMany) {
		f := fault.Of(err)
		for _, wrong := range f.Fields {
			f = fault.Of(wrong)
		}
		return p.factorWith(w, r, ui.Status(kind), ui.LookOf(r).T(f.Format, f.Args...))
	}
	if err != nil {
		return err
	}
	if err := p.admit(w, r, a); err != nil {
		return err
	}
	next := ui.LocalPath(form.Get("next"), "/admin")
	if len(codes) == 0 {
		return ui.Back(w, r, next)
	}
	d := factorDoor{door: newDoor(r, "Recovery codes"), Codes: codes}
	d.Next = next
	w.Header().Set("Cache-Control", "no-store")
	return factorPage.Show(w, r, d)
}

// checkFactor tells whether a code is right; codes are those of a factor that has just been set up.
func (p *Panel) checkFactor(r *http.Request, a office.Account, code string) (codes []string, err error) {
	if err := p.count(r, "operator factor", a.Email); err != nil {
		return nil, err
	}
	o, err := p.Office(r.Context())
	if err != nil {
		return nil, err
	}
	if !a.Factor {
		if codes, err = o.ConfirmFactor(r.Context(), a.Number, code, p.Clock.Now()); err != nil {
			return nil, err
		}
		// Whoever was in without it is out.
		return codes, p.DB.Tx(r.Context(), func(tx *sql.Tx) error { return session.EndAll(r.Context(), tx, a.Number, "") })
	}
	if ok, err := o.CheckFactor(r.Context(), a.Number, code, p.Clock.Now()); err != nil || !ok {
		return nil, fault.Because(err, fault.Invalid, "This code is wrong. Please enter the one that your app shows now.")
	}
	return nil, nil
}
