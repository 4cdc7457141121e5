package shop

import (
	"context"
	"database/sql"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"unicode"

	"rowhouse/billing"
	"rowhouse/data/fault"
	"rowhouse/ui"
	"rowhouse/ui/mail"
	"rowhouse/ui/session"
)

// maxName is the most characters that the name of a person or company may have.
const maxName = 100

// take checks a filled-in form and keeps it as a registration, whose token it returns.
func (s *Shop) take(r *http.Request, form url.Values, p formPage, chosen billing.Plan) (token string, err error) {
	ctx, now := r.Context(), s.Clock.Now()
	if err := s.count(ctx, session.Net(r)); err != nil {
		return "", err
	}
	if err := s.checkStamp(form.Get("stamp"), now); err != nil {
		return "", err
	}
	terms, err := s.termsVersion(r, p.Texts)
	if err != nil {
		return "", err
	}
	instead := ""
	if p.Instead != "" {
		if instead, err = s.hashOf(ctx, s.DB.QueryRow, p.Instead); err != nil {
			return "", err
		}
	}
	o := order{details: p.Typed, Plan: chosen, Instead: instead, Invitation: strings.TrimSpace(form.Get("invite")), Mode: p.Texts.Mode, Terms: terms, Language: p.Tag, IP: session.IP(r), Net: session.Net(r)}
	if err := o.check(form, p.Texts.Brand); err != nil {
		return "", err
	}
	if err := s.checkPaid(ctx, &o); err != nil {
		return "", err
	}
	// Only now: a hash costs as much as a thousand pages.
	if password := form.Get("password"); password != "" {
		if o.PasswordHash, err = session.HashPassword(ctx, password); err != nil {
			return "", err
		}
	}
	token, err = s.keep(ctx, o)
	if f := fault.Of(err); err != nil && !errors.Is(err, errInvitation) && (f.Kind == fault.Conflict || f.Kind == fault.Invalid) {
		return "", ui.Problems{"name": err}.Err() // what Reserve refuses is the name
	}
	return token, err
}

// count notes a try, and refuses it if its net has made too many. It is kept whatever becomes of the form.
func (s *Shop) count(ctx context.Context, net string) error {
	return s.DB.Tx(ctx, func(tx *sql.Tx) error {
		limits := tryLimits(net)
		if err := session.Allow(ctx, tx, s.Clock.Now(), limits...); err != nil {
			return err
		}
		return session.Count(ctx, tx, s.Clock.Now(), limits...)
	})
}

// check says what is wrong with which field. The name's own rules are those of tenant.Reserve.
func (o *order) check(form url.Values, brand string) error {
	p := ui.Problems{}
	checkName(p, "person", o.Person, "Please enter your name.")
	checkName(p, "company", o.Company, "Please enter the name of your company.")
	email, err := mail.Address(o.Email)
	if err != nil {
		p["email"] = err
	}
	o.Email = email
	if o.Name == "" {
		p.Add("name", "Please choose an address.")
	}
	o.checkPassword(p, form.Get("password"), form.Get("again"), brand)
	if !o.Accepted {
		p.Add("terms", "Please read and accept the terms.")
	}
	return p.Err()
}

// checkPassword lets an empty password pass only where the one that was typed before is kept.
func (o *order) checkPassword(p ui.Problems, password, again, brand string) {
	if password == "" && again == "" && o.Instead != "" {
		return
	}
	mailbox, _, _ := strings.Cut(o.Email, "@")
	if err := session.Strong(password, o.Name, o.Company, o.Person, mailbox, brand); err != nil {
		p["password"] = err
		return
	}
	if password != again {
		p.Add("again", "The two passwords are not the same.")
	}
}

// checkName refuses what is no name: names stand in letters, and must not carry a stranger's link into them.
func checkName(p ui.Problems, field, name, missing string) {
	low := strings.ToLower(name)
	switch {
	case name == "":
		p.Add(field, missing)
	case len([]rune(name)) > maxName:
		p.Add(field, "Please use at most %d characters.", maxName)
	case strings.Contains(low, "://") || strings.Contains(low, "www."):
		p.Add(field, "A name cannot hold a web address.")
	case strings.ContainsFunc(name, unprintable):
		p.Add(field, "A name is one line of letters.")
	}
}

// unprintable are line breaks, other control characters, and those that turn the direction of writing.
func unprintable(r rune) bool {
	return unicode.IsControl(r) || r == '\u2028' || r == '\u2029' || r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069'
}
