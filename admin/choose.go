package admin

import (
	"context"
	"database/sql"
	"net/http"
	"strings"

	"rowhouse/admin/office"
	"rowhouse/data/fault"
	"rowhouse/ui"
	"rowhouse/ui/session"
)

func (p *Panel) showChoose(w http.ResponseWriter, r *http.Request) error {
	return p.knock(w, r, passwordLink, newDoor(r, "Choose a password"))
}

// showFirst is the page of the very first account. It is there only with the link from the console, and only as long as there is none.
func (p *Panel) showFirst(w http.ResponseWriter, r *http.Request) error {
	d := newDoor(r, "Your account")
	d.First = true
	return p.knock(w, r, firstLink, d)
}

// knock shows the form behind a link, without using it up.
func (p *Panel) knock(w http.ResponseWriter, r *http.Request, kind string, d door) error {
	err := p.DB.Snapshot(r.Context(), func(tx *sql.Tx) error {
		_, err := session.Holder(r.Context(), tx, kind, r.PathValue("secret"), p.Clock.Now())
		return err
	})
	if err != nil {
		return err
	}
	w.Header().Set("Referrer-Policy", "no-referrer") // the address holds the secret
	return choosePage.Show(w, r, d)
}

// chosen reads a new password, typed twice.
func readPassword(password, again string) ui.Problems {
	problems := ui.Problems{}
	if password != again {
		problems.Add("again", "This is not the same password.")
	} else if err := session.Strong(password); err != nil {
		problems["password"] = err
	}
	return problems
}

func (p *Panel) choose(w http.ResponseWriter, r *http.Request) error {
	form, err := ui.Form(w, r, "password", "again")
	if err != nil {
		return err
	}
	d := newDoor(r, "Choose a password")
	if d.Problems = readPassword(form.Get("password"), form.Get("again")); len(d.Problems) > 0 {
		return choosePage.ShowAs(w, r, http.StatusUnprocessableEntity, d)
	}
	o, err := p.Office(r.Context())
	if err != nil {
		return err
	}
	number, err := p.redeem(r.Context(), passwordLink, r.PathValue("secret"))
	if err != nil {
		return err
	}
	if err := o.SetPassword(r.Context(), number, form.Get("password")); err != nil {
		return p.again(w, r, d, number, err)
	}
	ui.Say(w, d.T("Your password is set. Please sign in with it."), "")
	return ui.Back(w, r, "/admin/login")
}

// again gives a link back whose password was refused after all: it holds the person's own name, say. The address has a new secret then.
func (p *Panel) again(w http.ResponseWriter, r *http.Request, d door, number int64, refused error) error {
	f := fault.Of(refused)
	if f.Kind != fault.Invalid {
		return refused
	}
	secret, err := link(r.Context(), p.DB, p.Clock.Now(), number)
	if err != nil {
		return err
	}
	ui.Say(w, d.T(f.Format, f.Args...), "")
	return ui.Back(w, r, "/admin/password/"+secret)
}

// redeem uses a link up, and ends whatever sessions its person has.
func (p *Panel) redeem(ctx context.Context, kind, secret string) (number int64, err error) {
	err = p.DB.Tx(ctx, func(tx *sql.Tx) error {
		if number, err = session.Redeem(ctx, tx, kind, secret, p.Clock.Now()); err != nil || number == 0 {
			return err
		}
		return shutOut(ctx, tx, number, "")
	})
	return number, err
}

// makeFirst makes the first account and signs it in.
func (p *Panel) makeFirst(w http.ResponseWriter, r *http.Request) error {
	form, err := ui.Form(w, r, "name", "email", "password", "again")
	if err != nil {
		return err
	}
	d := newDoor(r, "Your account")
	d.First, d.Name, d.Email = true, strings.TrimSpace(form.Get("name")), strings.TrimSpace(form.Get("email"))
	if d.Problems = readPassword(form.Get("password"), form.Get("again")); len(d.Problems) > 0 {
		return choosePage.ShowAs(w, r, http.StatusUnprocessableEntity, d)
	}
	a, err := p.begin(r, office.Account{Name: d.Name, Email: d.Email, Role: office.Owner}, form.Get("password"))
	if f := fault.Of(err); err != nil && f.Kind == fault.Invalid {
		if d.Problems = ui.Problems(f.Fields); len(d.Problems) == 0 {
			d.Problems = ui.Problems{"password": err}
		}
		return choosePage.ShowAs(w, r, http.StatusUnprocessableEntity, d)
	}
	if err != nil {
		return err
	}
	err = p.DB.Tx(r.Context(), func(tx *sql.Tx) error {
		return p.Cookies.Start(r.Context(), tx, w, r, p.Clock.Now(), a.Number, !p.Lenient)
	})
	if err != nil {
		return err
	}
	if p.Lenient {
		return ui.Back(w, r, "/admin/setup")
	}
	return ui.Back(w, r, "/admin/second-factor?next=/admin/setup")
}

// unfounded tells whether there is no account yet that somebody could have signed in with.
func unfounded(all []office.Account) bool {
	return len(all) == 0 || len(all) == 1 && all[0].LastLogin.IsZero()
}

// begin makes the first account. Its link is used up last, so that a refused password does not cost it.
func (p *Panel) begin(r *http.Request, a office.Account, password string) (office.Account, error) {
	ctx := r.Context()
	o, err := p.Office(ctx)
	if err != nil {
		return a, err
	}
	p.founding.Lock() // of two with the same link, one is first
	defer p.founding.Unlock()
	all, err := o.List(ctx)
	if err != nil || !unfounded(all) {
		return a, fault.Because(err, fault.Gone, "This link has been used or has run out. Please ask for a new one.")
	}
	if err := p.DB.Snapshot(ctx, func(tx *sql.Tx) error {
		_, err := session.Holder(ctx, tx, firstLink, r.PathValue("secret"), p.Clock.Now())
		return err
	}); err != nil {
		return a, err
	}
	if err := a.Strong(password); err != nil {
		return a, err
	}
	if len(all) > 0 { // a try before this one came no further
		if err := o.Save(ctx, office.Account{Number: all[0].Number, Email: all[0].Email, Name: a.Name, Role: office.Owner, Active: true}); err != nil {
			return a, err
		}
		if !strings.EqualFold(all[0].Email, a.Email) {
			return a, about("email", fault.New(fault.Invalid, "The account was begun with the address %s. Please use that one.", all[0].Email))
		}
		a = all[0]
	} else if a, err = o.Create(ctx, a); err != nil {
		return a, err
	}
	if err := o.SetPassword(ctx, a.Number, password); err != nil {
		return a, err
	}
	_, err = p.redeem(ctx, firstLink, r.PathValue("secret"))
	return a, err
}
