package settings

import (
	"encoding/base64"
	"html/template"
	"net/http"
	"strings"

	"rowhouse/crm/page"
	"rowhouse/crm/staff"
	"rowhouse/data/fault"
	"rowhouse/ui"
)

var (
	factorPage = ui.Parse[factorSheet](files, ui.App, "factor.html", "parts.html")
	codesPage  = ui.Parse[codesSheet](files, ui.App, "codes.html", "parts.html")
)

// factorSheet sets a second factor up, or turns it off.
type factorSheet struct {
	Sheet
	On       bool
	Picture  template.URL // of the code that the phone reads
	Secret   string       // the same to type, in groups of four
	CodeErr  string
	Password Input
}

type codesSheet struct {
	Sheet
	Codes []string
}

func showFactor(w http.ResponseWriter, r *http.Request, d *page.Desk) error {
	return drawFactor(w, r, d, nil)
}

func drawFactor(w http.ResponseWriter, r *http.Request, d *page.Desk, failed error) error {
	s, err := begin(w, r, d, "Second factor", "/admin/profile", failed)
	if err != nil {
		return err
	}
	s.Crumbs = []ui.Item{{Label: s.T("My profile"), URL: "/admin/profile"}}
	p := factorSheet{Sheet: s, On: d.Person.Factor, CodeErr: s.Wrong.Say(s.Look, "code")}
	p.Password = p.fill([]Input{{Name: "password", Label: s.T("Your password"), Type: "password", Required: true, Max: 128, Auto: "current-password"}}, nil)[0]
	if !p.On {
		secret, picture, err := staff.BeginFactor(r.Context(), d.Store, s.Brand.Name)
		if err != nil {
			return err
		}
		p.Secret, p.Picture = fours(secret), template.URL(picture) // drawn by us: nobody else has a part in it
	}
	return factorPage.ShowAs(w, r, s.Status, p)
}

// fours parts a secret into groups that can be typed off.
func fours(s string) string {
	var groups []string
	for len(s) > 4 {
		groups, s = append(groups, s[:4]), s[4:]
	}
	return strings.Join(append(groups, s), " ")
}

// codesCookie carries the recovery codes over the redirect to the page that shows them. The file keeps only
// their hashes, so they can be on no page later.
const codesCookie = "recovery"

const codesPath = "/admin/profile/second-factor/codes"

func confirmFactor(w http.ResponseWriter, r *http.Request, d *page.Desk) error {
	form, err := ui.Form(w, r, "code")
	if err != nil {
		return err
	}
	if d.Person.Factor {
		return fault.New(fault.Conflict, "Your second factor is on already. Turn it off first to set up another one.")
	}
	codes, err := staff.ConfirmFactor(r.Context(), d.Store, d.Session, form.Get("code"))
	if err != nil {
		return drawFactor(w, r, d, err)
	}
	endStreams(d)
	setCodes(w, d, base64.RawURLEncoding.EncodeToString([]byte(strings.Join(codes, " "))), 60)
	return ui.Back(w, r, codesPath)
}

// setCodes hands the browser the codes for some seconds, or with a negative age takes them back.
func setCodes(w http.ResponseWriter, d *page.Desk, value string, age int) {
	http.SetCookie(w, &http.Cookie{Name: codesCookie, Value: value, Path: codesPath, MaxAge: age, HttpOnly: true, SameSite: http.SameSiteStrictMode,
		Secure: strings.HasPrefix(d.Site.URL, "https:")})
}

// showCodes shows the recovery codes, once.
func showCodes(w http.ResponseWriter, r *http.Request, d *page.Desk) error {
	c, err := r.Cookie(codesCookie)
	if err != nil {
		return ui.Back(w, r, "/admin/profile")
	}
	setCodes(w, d, "", -1)
	b, err := base64.RawURLEncoding.DecodeString(c.Value)
	if err != nil || len(b) > 200 {
		return ui.Back(w, r, "/admin/profile")
	}
	s, err := begin(w, r, d, "Recovery codes", "/admin/profile", nil)
	if err != nil {
		return err
	}
	s.Crumbs = []ui.Item{{Label: s.T("My profile"), URL: "/admin/profile"}}
	return codesPage.Show(w, r, codesSheet{s, strings.Fields(string(b))})
}

func dropFactor(w http.ResponseWriter, r *http.Request, d *page.Desk) error {
	form, err := ui.Form(w, r, "password")
	if err != nil {
		return err
	}
	if err := countTry(r, d); err != nil {
		return err
	}
	if err := staff.DropFactor(r.Context(), d.Store, form.Get("password")); err != nil {
		return drawFactor(w, r, d, err)
	}
	return done(w, r, "/admin/profile", "The second factor is off.")
}
