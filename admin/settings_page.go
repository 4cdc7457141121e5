package admin

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"database/sql"
	"fmt"
	"math/big"
	"net/http"
	"net/url"
	"strings"
	"time"

	"rowhouse/data/fault"
	"rowhouse/ui"
	"rowhouse/ui/mail"
)

var settingsPage = ui.Parse[settingSheet](files, ui.App, "settings.html", "parts.html")

// settingSheet is what the host has set, with where each value is from.
type settingSheet struct {
	ui.Frame
	Rows       []settingRow
	Mail       *box
	Code       *box // for the code of the test letter
	Proven     bool
	MailSource string
}

type settingRow struct{ Label, Value, Source string }

func (p *Panel) settings(w http.ResponseWriter, r *http.Request) error {
	return p.settingsWith(w, r, http.StatusOK, nil)
}

func (p *Panel) settingsWith(w http.ResponseWriter, r *http.Request, status int, bad *refused) error {
	page := settingSheet{Frame: p.frame(w, r, "Settings", "/admin/settings")}
	for _, s := range settings {
		value, source, err := p.Settings.Get(r.Context(), s.key)
		if err != nil {
			return err
		}
		if s.key == "domain" && value == "" {
			value = p.Tenants.Domain
		}
		if s.secret && value != "" {
			value = page.T("is set")
		}
		page.Rows = append(page.Rows, settingRow{page.T(s.label), value, page.T(sourceWords[source])})
	}
	if may(r, mayRule) == nil {
		if err := p.mailForms(r, &page, bad); err != nil {
			return err
		}
	}
	return settingsPage.ShowAs(w, r, status, page)
}

var sourceWords = map[string]string{"": "default", "panel": "set here", "command line": "command line", "environment": "environment"}

// mailForms are the mail server and, until it has proven itself, the field for the code that it brought.
func (p *Panel) mailForms(r *http.Request, page *settingSheet, bad *refused) error {
	mailbox, err := p.Settings.Mailbox(r.Context())
	if err != nil && fault.Of(err).Kind == fault.Ours {
		return err
	}
	page.Proven = mailbox.Proven
	_, source, err := p.Settings.Get(r.Context(), "smtp")
	if err != nil {
		return err
	}
	if source != "" && source != "panel" {
		page.MailSource = page.T(sourceWords[source])
		return nil
	}
	form := p.mailForm(page.Look, mailbox, "/admin/settings/mail").again(bad)
	page.Mail = &form
	if mailbox.Server != nil && !mailbox.Proven {
		code := codeForm(page.Look, "/admin/settings/proof").again(bad)
		page.Code = &code
	}
	return nil
}

func (p *Panel) mailForm(look *ui.Look, m Mailbox, action string) box {
	server := ""
	if m.Server != nil {
		shown := *m.Server
		if shown.User != nil {
			shown.User = url.User(shown.User.Username())
		}
		server = look.T("%s is set; type it whole to change it", shown.Redacted())
	}
	return box{Look: look, ID: "mail", Action: action, Label: "Mail server", Hint: "A test letter goes to your own address. All others wait in the outbox until you have typed its code here.", Button: look.T("Save and send a test letter"),
		Inputs: []input{{Name: "smtp", Label: "Mail server", Kind: "secret", Value: server, Hint: "Such as smtp://user:password@host:587, or smtps:// for port 465.", Wide: true},
			{Name: "from", Label: "Sender of letters", Value: m.From, Required: true, Most: 254, Hint: "Such as hello@example.com"}}}
}

func codeForm(look *ui.Look, action string) box {
	return box{Look: look, ID: "proof", Action: action, Label: "Has the test letter arrived?", Hint: "Type the six digits that are in it, and all waiting letters go out.", Button: look.T("It has arrived"),
		Inputs: []input{{Name: "code", Label: "Code", Required: true, Most: 10}}}
}

// keepMail keeps the mail server after it has taken a test letter.
func (p *Panel) keepMail(r *http.Request, form url.Values) error {
	from := strings.TrimSpace(form.Get("from"))
	if _, err := mail.Address(from); err != nil {
		return about("from", err)
	}
	address := strings.TrimSpace(form.Get("smtp"))
	if address == "" { // as it is kept
		var err error
		if address, _, err = p.Settings.Get(r.Context(), "smtp"); err != nil {
			return err
		}
	}
	server, err := ParseServer(address)
	if err != nil {
		return about("smtp", err)
	}
	code, err := sixDigits()
	if err != nil {
		return err
	}
	if err := p.tryMail(r.Context(), Mailbox{Server: server, From: from}, actor(r), code, ui.LookOf(r)); err != nil {
		return about("smtp", fault.Because(err, fault.Invalid, "The mail server did not take the test letter: %s", err.Error()))
	}
	return p.DB.Tx(r.Context(), func(tx *sql.Tx) error {
		until := p.Clock.Now().Add(24 * time.Hour).UnixMilli()
		for key, value := range map[string]string{"smtp": address, "mail-from": from, "mail.code": fmt.Sprintf("%s %d", sha(code), until), "mail.proven": ""} {
			if err := p.Settings.Set(r.Context(), tx, key, value); err != nil {
				return err
			}
		}
		return p.Tenants.Audit(r.Context(), tx, actor(r), "mail server set", "", server.Host)
	})
}

func (p *Panel) tryMail(ctx context.Context, m Mailbox, to, code string, look *ui.Look) error {
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	return p.Try(ctx, m, mail.Letter{To: to, Subject: look.T("Test letter of %s", look.Brand.Name), Text: look.T("Letters of your host arrive. The code for the panel is:") + "\n\n    " + code + "\n"})
}

func sixDigits() (string, error) {
	n, err := rand.Int(rand.Reader, big.NewInt(1_000_000))
	return fmt.Sprintf("%06d", n), err
}

// proveMail takes the code of the test letter.
func (p *Panel) proveMail(r *http.Request, form url.Values) error {
	if err := p.count(r, "mail code", actor(r)); err != nil {
		return err
	}
	mailbox, err := p.Settings.Mailbox(r.Context())
	if err != nil {
		return err
	}
	kept, _, err := p.Settings.Get(r.Context(), "mail.code")
	if err != nil {
		return err
	}
	var want string
	var until int64
	if _, err := fmt.Sscan(kept, &want, &until); err != nil || mailbox.Server == nil || until < p.Clock.Now().UnixMilli() ||
		subtle.ConstantTimeCompare([]byte(want), []byte(sha(strings.TrimSpace(form.Get("code"))))) == 0 {
		return about("code", fault.New(fault.Invalid, "This code is wrong, or has run out. Send another test letter."))
	}
	return p.DB.Tx(r.Context(), func(tx *sql.Tx) error {
		if err := p.Settings.Set(r.Context(), tx, "mail.proven", mailbox.From+" "+mailbox.Server.Host); err != nil {
			return err
		}
		return p.Tenants.Audit(r.Context(), tx, actor(r), "mail server proven", "", mailbox.Server.Host)
	})
}

func (p *Panel) saveMail(w http.ResponseWriter, r *http.Request) error {
	return p.take(w, r, post{right: mayRule, form: "mail", names: []string{"smtp", "from"}, page: p.settingsWith, act: func(form url.Values) (string, string, error) {
		return ui.LookOf(r).T("The test letter is on its way to you."), "/admin/settings", p.keepMail(r, form)
	}})
}

func (p *Panel) saveProof(w http.ResponseWriter, r *http.Request) error {
	return p.take(w, r, post{right: mayRule, form: "proof", names: []string{"code"}, page: p.settingsWith, act: func(form url.Values) (string, string, error) {
		return ui.LookOf(r).T("Letters go out from now on."), "/admin/settings", p.proveMail(r, form)
	}})
}
