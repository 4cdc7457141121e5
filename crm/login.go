package crm

import (
	"database/sql"
	"embed"
	"net/http"
	"strings"

	"rowhouse/crm/staff"
	"rowhouse/data/fault"
	"rowhouse/tenant"
	"rowhouse/ui"
	"rowhouse/ui/session"
)

//go:embed *.html
var files embed.FS

var (
	loginPage  = ui.Parse[Login](files, ui.Auth, "login.html")
	factorPage = ui.Parse[Login](files, ui.Auth, "factor.html")
	forgotPage = ui.Parse[Login](files, ui.Auth, "forgot.html")
	choosePage = ui.Parse[Login](files, ui.Auth, "choose.html")
)

// Login is the pages on the way in: sign in, second factor, forgotten password, new password.
type Login struct {
	ui.Frame
	Email, Next string
	Problem     string
	Problems    ui.Problems
	Sent        bool
	Person      string
	Secret      string
}

// Wrong says what is wrong with a field.
func (l Login) Wrong(field string) string { return l.Problems.Say(l.Look, field) }

func (c *CRM) newLogin(r *http.Request, title string) Login {
	return Login{Frame: ui.NewFrame(r, ui.LookOf(r).T(title))}
}

func (c *CRM) showLogin(w http.ResponseWriter, r *http.Request) error {
	p := c.newLogin(r, "Sign in")
	p.Next = ui.LocalPath(r.FormValue("next"), "")
	p.Toast = ui.TakeToast(w, r)
	return loginPage.Show(w, r, p)
}

func (c *CRM) login(w http.ResponseWriter, r *http.Request) error {
	form, err := ui.Form(w, r, "email", "password", "next")
	if err != nil {
		return err
	}
	email := strings.ToLower(strings.TrimSpace(form.Get("email")))
	next := ui.LocalPath(form.Get("next"), "/admin")
	pending, err := staff.SignIn(r.Context(), tenant.Of(r).DB, c.Cookies, w, r, c.Clock.Now(), tenant.Of(r).Limits.Staff, email, form.Get("password"))
	if err != nil {
		kind := fault.Of(err).Kind
		if kind != fault.Invalid && kind != fault.TooMany {
			return err
		}
		p := c.newLogin(r, "Sign in")
		p.Email, p.Next, p.Problem = form.Get("email"), next, sentence(p.Look, err)
		return loginPage.ShowAs(w, r, ui.Status(kind), p)
	}
	if pending {
		return ui.Back(w, r, "/admin/second-factor?next="+escape(next))
	}
	return ui.Back(w, r, next)
}

func sentence(look *ui.Look, err error) string {
	f := fault.Of(err)
	return look.T(f.Format, f.Args...)
}

func escape(s string) string {
	return strings.NewReplacer("%", "%25", "?", "%3F", "&", "%26", "#", "%23", "+", "%2B").Replace(s)
}

func (c *CRM) logout(w http.ResponseWriter, r *http.Request) error {
	site := tenant.Of(r)
	s, err := c.Cookies.Of(r.Context(), site.DB, r, c.Clock.Now())
	if err != nil {
		return err
	}
	if s.Person != 0 {
		if err := site.DB.Tx(r.Context(), func(tx *sql.Tx) error { return session.End(r.Context(), tx, s.Person, s.Hash) }); err != nil {
			return err
		}
		c.Hub.End(site.UID, s.Person)
	}
	c.Cookies.Forget(w)
	w.Header().Set("Clear-Site-Data", `"cache"`)
	return ui.Back(w, r, "/admin/login")
}

// half returns the session that waits for its second factor.
func (c *CRM) half(r *http.Request) (session.Session, error) {
	s, err := c.Cookies.Of(r.Context(), tenant.Of(r).DB, r, c.Clock.Now())
	if err == nil && (s.Person == 0 || !s.Pending) {
		err = fault.New(fault.SignIn, "Please sign in.")
	}
	return s, err
}

func (c *CRM) showFactor(w http.ResponseWriter, r *http.Request) error {
	if _, err := c.half(r); err != nil {
		return err
	}
	p := c.newLogin(r, "Second factor")
	p.Next = ui.LocalPath(r.FormValue("next"), "")
	return factorPage.Show(w, r, p)
}

func (c *CRM) factor(w http.ResponseWriter, r *http.Request) error {
	s, err := c.half(r)
	if err != nil {
		return err
	}
	form, err := ui.Form(w, r, "code", "next")
	if err != nil {
		return err
	}
	err = staff.SecondFactor(r.Context(), tenant.Of(r).DB, c.Cookies, w, r, c.Clock.Now(), s.Person, form.Get("code"))
	if err != nil {
		kind := fault.Of(err).Kind
		if kind != fault.Invalid && kind != fault.TooMany {
			return err
		}
		p := c.newLogin(r, "Second factor")
		p.Next, p.Problem = ui.LocalPath(form.Get("next"), ""), sentence(p.Look, err)
		return factorPage.ShowAs(w, r, ui.Status(kind), p)
	}
	return ui.Back(w, r, ui.LocalPath(form.Get("next"), "/admin"))
}

func (c *CRM) showForgot(w http.ResponseWriter, r *http.Request) error {
	return forgotPage.Show(w, r, c.newLogin(r, "Forgotten password"))
}

func (c *CRM) forgot(w http.ResponseWriter, r *http.Request) error {
	form, err := ui.Form(w, r, "email")
	if err != nil {
		return err
	}
	site := tenant.Of(r)
	p := c.newLogin(r, "Forgotten password")
	p.Email, p.Sent = strings.TrimSpace(form.Get("email")), true
	h := staff.House{Name: p.Brand.Name, URL: site.URL, Seats: site.Limits.Staff}
	if err := staff.Forgot(r.Context(), site.DB, p.Look, h, r, c.Clock.Now(), strings.ToLower(p.Email)); err != nil {
		return err
	}
	c.Letters(r.Context(), site.DB, site.Name)
	return forgotPage.Show(w, r, p)
}

func (c *CRM) showChoose(w http.ResponseWriter, r *http.Request) error {
	who, err := staff.Welcome(r.Context(), tenant.Of(r).DB, r.PathValue("secret"), c.Clock.Now())
	if err != nil {
		return err
	}
	p := c.newLogin(r, "Choose a password")
	p.Person, p.Email = who.Name(), who.Email
	w.Header().Set("Referrer-Policy", "no-referrer") // the address holds the secret
	return choosePage.Show(w, r, p)
}

func (c *CRM) choose(w http.ResponseWriter, r *http.Request) error {
	form, err := ui.Form(w, r, "password", "again")
	if err != nil {
		return err
	}
	db, secret := tenant.Of(r).DB, r.PathValue("secret")
	who, err := staff.Welcome(r.Context(), db, secret, c.Clock.Now())
	if err != nil {
		return err
	}
	problems := ui.Problems{}
	if form.Get("password") != form.Get("again") {
		problems.Add("again", "This is not the same password.")
	} else if err = staff.ChoosePassword(r.Context(), db, secret, c.Clock.Now(), form.Get("password"), session.IP(r)); fault.Is(err, fault.Invalid) {
		problems["password"] = err
	} else if err != nil {
		return err
	}
	if len(problems) > 0 {
		p := c.newLogin(r, "Choose a password")
		p.Person, p.Email, p.Problems = who.Name(), who.Email, problems
		return choosePage.ShowAs(w, r, http.StatusUnprocessableEntity, p)
	}
	c.Hub.End(tenant.Of(r).UID, who.ID) // open pages stop listening with their sessions
	ui.Say(w, ui.LookOf(r).T("Your password is set. Please sign in with it."), "")
	return ui.Back(w, r, "/admin/login")
}
