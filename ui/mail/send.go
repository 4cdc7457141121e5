package mail

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net/url"
	"strconv"
	"time"

	gomail "github.com/wneessen/go-mail"

	"rowhouse/data"
)

// deadline bounds one letter: a mail server that never answers must not stop the others.
const deadline = 30 * time.Second

// pauses between the tries of a letter; after the last one it is dead and waits for a person.
var pauses = []time.Duration{time.Minute, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 6 * time.Hour, 24 * time.Hour}

// Sender sends the letters of the host's outbox by SMTP.
type Sender struct {
	DB     *data.DB
	Server *url.URL // smtp://user:password@host:587, or smtps://
	From   string   // Name <address>
	// Draw makes the document that a letter names.
	Draw func(ctx context.Context, name string) (file string, content []byte, err error)
}

// Run sends what is due, once, and tells how many letters that were and how many of them failed: these are tried again later.
func (s *Sender) Run(ctx context.Context, now time.Time) (done, failed int, err error) {
	due, err := read(ctx, s.DB, `where state = 'waiting' and due_at <= ? order by due_at limit 50`, now.UnixMilli())
	if err != nil {
		return 0, 0, err
	}
	for _, k := range due {
		failure := s.send(ctx, k)
		if failure != nil {
			failed++
		}
		done++
		if err := s.book(ctx, now, k, failure); err != nil {
			return done, failed, err
		}
	}
	return done, failed, nil
}

// Try sends a letter at once, without the outbox: to find out whether the server takes any.
func (s *Sender) Try(ctx context.Context, now time.Time, l Letter) error {
	return s.send(ctx, Kept{Letter: l, Created: now})
}

func (s *Sender) book(ctx context.Context, now time.Time, k Kept, failure error) error {
	if failure == nil {
		_, err := s.DB.Exec(ctx, `update outbox set state = 'sent', text = '', sent_at = ?, tries = tries + 1, error = '' where id = ?`, now.UnixMilli(), k.ID)
		return err
	}
	slog.Warn("letter not sent", "letter", k.ID, "try", k.Tries+1, "err", failure)
	if k.Tries >= len(pauses) {
		_, err := s.DB.Exec(ctx, `update outbox set state = 'dead', tries = tries + 1, error = ? where id = ?`, failure.Error(), k.ID)
		return err
	}
	_, err := s.DB.Exec(ctx, `update outbox set due_at = ?, tries = tries + 1, error = ? where id = ?`,
		now.Add(pauses[k.Tries]).UnixMilli(), failure.Error(), k.ID)
	return err
}

func (s *Sender) send(ctx context.Context, k Kept) error {
	ctx, cancel := context.WithTimeout(ctx, deadline)
	defer cancel()
	m := gomail.NewMsg()
	if err := m.From(s.From); err != nil {
		return err
	}
	if err := m.To(k.To); err != nil {
		return err
	}
	m.Subject(k.Subject)
	// The same letter has the same number however often it is tried, so a mail server can drop a double.
	m.SetMessageIDWithValue(fmt.Sprintf("rowhouse-%d-%d@%s", k.ID, k.Created.UnixMilli(), s.Server.Hostname()))
	m.SetBodyString(gomail.TypeTextPlain, k.Text)
	if err := s.attach(ctx, m, k); err != nil {
		return err
	}
	client, err := s.client()
	if err != nil {
		return err
	}
	return client.DialAndSendWithContext(ctx, m)
}

// attach draws the letter's document. One that cannot be drawn keeps the letter waiting: it would promise what is not there.
func (s *Sender) attach(ctx context.Context, m *gomail.Msg, k Kept) error {
	if k.Attach == "" || s.Draw == nil {
		return nil
	}
	file, content, err := s.Draw(ctx, k.Attach)
	if err != nil {
		return fmt.Errorf("draw %s: %w", k.Attach, err)
	}
	return m.AttachReader(file, bytes.NewReader(content), gomail.WithFileContentType("application/pdf"))
}

func (s *Sender) client() (*gomail.Client, error) {
	options := []gomail.Option{gomail.WithTimeout(deadline)}
	if s.Server.Scheme == "smtps" {
		options = append(options, gomail.WithSSLPort(false))
	}
	if port, err := strconv.Atoi(s.Server.Port()); err == nil {
		options = append(options, gomail.WithPort(port), gomail.WithTLSPolicy(s.tls())) // this port and no other: what answers there gets the password
	} else if s.Server.Scheme != "smtps" {
		options = append(options, gomail.WithTLSPortPolicy(s.tls()))
	}
	if user := s.Server.User; user != nil {
		password, _ := user.Password()
		options = append(options, gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover), gomail.WithUsername(user.Username()), gomail.WithPassword(password))
	}
	return gomail.NewClient(s.Server.Hostname(), options...)
}

// tls demands encryption on the way to the mail server, unless it is on this machine.
func (s *Sender) tls() gomail.TLSPolicy {
	if host := s.Server.Hostname(); host == "localhost" || host == "127.0.0.1" || host == "::1" {
		return gomail.TLSOpportunistic
	}
	return gomail.TLSMandatory
}
