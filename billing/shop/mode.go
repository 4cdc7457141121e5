package shop

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"rowhouse/billing"
	"rowhouse/ui/mail"
)

// Mode says who can register.
type Mode string

// The modes of registration.
const (
	Open     Mode = "open"     // everybody
	Approval Mode = "approval" // everybody whom the host approves
	Invite   Mode = "invite"   // whoever has the code of an invitation
	Closed   Mode = "closed"   // nobody
)

// ModeOf reads a mode as it is kept. What is none is open, as it has always been.
func ModeOf(value string) Mode {
	switch m := Mode(value); m {
	case Approval, Invite, Closed:
		return m
	}
	return Open
}

// patience is how long a registration waits for the host before it runs out.
const patience = 30 * 24 * time.Hour

// waits tells whether registrations wait for the host's approval.
func (s *Shop) waits(ctx context.Context) bool {
	texts, err := s.Texts(ctx)
	return err == nil && texts.Mode == Approval
}

// wait keeps a registration whose e-mail address is proven until the host has looked at it. Its name stays reserved; nothing is
// ordered, paid or set up.
func (s *Shop) wait(ctx context.Context, tx *sql.Tx, u signup) error {
	until := s.Clock.Now().Add(patience).UnixMilli()
	if _, err := tx.ExecContext(ctx, `update signup set state = 'verified', code_hash = '', link_hash = '', expires_at = ? where id = ?`, until, u.ID); err != nil {
		return fmt.Errorf("let registration wait: %w", err)
	}
	if _, err := tx.ExecContext(ctx, `update tenant set reserved_to = ? where id = ? and state = 'reserved'`, until, u.Tenant); err != nil {
		return err
	}
	return s.tell(ctx, tx, u, "signup_waiting", map[string]string{"link": s.Tenants.Home() + "/register/" + s.token(u)})
}

// tell writes to somebody whose e-mail address is proven about their registration, once for each kind.
func (s *Shop) tell(ctx context.Context, tx *sql.Tx, u signup, kind string, more map[string]string) error {
	plan, err := billing.PlanIn(ctx, tx, u.Plan)
	if err != nil {
		return err
	}
	facts := map[string]string{"name": u.Person, "company": u.Company, "crm": s.Tenants.URL(u.Name) + "/admin", "brand": s.Brand(ctx), "plan": plan.Name, "home": s.Tenants.Home()}
	for name, value := range more {
		facts[name] = value
	}
	l, _ := billing.LetterOf(kind)
	subject, text, err := l.Write(ctx, tx, u.Language, facts)
	if err != nil {
		return err
	}
	return mail.Post(ctx, tx, s.Clock.Now(), mail.Letter{Key: kind + "/" + u.Hash, To: u.Email, Subject: subject, Text: text})
}
