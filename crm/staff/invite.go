package staff

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"

	"rowhouse/crm/record"
	"rowhouse/data"
	"rowhouse/data/fault"
	"rowhouse/ui"
	"rowhouse/ui/mail"
	"rowhouse/ui/session"
)

// InviteLife is how long an invitation's link works.
const InviteLife = 24 * time.Hour

// House is what letters say about the site they come from.
type House struct {
	Name, URL string // Acme, https://acme.example.com
	Seats     int64
}

// Invite takes a seat for a person and posts the letter with the link to choose a password.
func Invite(ctx context.Context, s *record.Store, h House, n New) error {
	if err := n.clean(); err != nil {
		return err
	}
	err := s.DB.Tx(ctx, func(tx *sql.Tx) error {
		if err := seatFree(ctx, tx, h.Seats); err != nil {
			return err
		}
		if err := n.check(ctx, tx); err != nil {
			return err
		}
		done, err := tx.ExecContext(ctx, `insert into staff (email, first, last, role, team, state, language, created_at) values (?, ?, ?, ?, ?, 'invited', ?, ?)`,
			n.Email, n.First, n.Last, n.Role, orNull(n.Team), n.Language, s.Now.UnixMilli())
		if data.Unique(err) {
			return &fault.Fault{Kind: fault.Invalid, Format: "Please correct the marked fields.",
				Fields: map[string]error{"email": fault.New(fault.Invalid, "Somebody with this address is among your staff already.")}}
		}
		if err != nil {
			return err
		}
		id, err := done.LastInsertId()
		if err != nil {
			return err
		}
		if err := postInvitation(ctx, tx, s, h, id, n.Email, n.First); err != nil {
			return err
		}
		return note(ctx, tx, s.Now, s.Actor.ID, "invited", id, n.First+" "+n.Last, s.IP)
	})
	if err != nil {
		return fmt.Errorf("invite: %w", err)
	}
	s.DB.Forget()
	return nil
}

// InviteAgain posts a new link; the old one stops to work.
func InviteAgain(ctx context.Context, s *record.Store, h House, id int64) error {
	return s.DB.Tx(ctx, func(tx *sql.Tx) error {
		var email, first string
		err := tx.QueryRowContext(ctx, `select email, first from staff where id = ? and state = 'invited'`, id).Scan(&email, &first)
		if err == sql.ErrNoRows {
			return fault.New(fault.Conflict, "This invitation was accepted already.")
		}
		if err != nil {
			return err
		}
		return postInvitation(ctx, tx, s, h, id, email, first)
	})
}

func postInvitation(ctx context.Context, tx *sql.Tx, s *record.Store, h House, id int64, email, first string) error {
	limits := []session.Limit{{Kind: "invitation", Who: strings.ToLower(email), Most: 3, In: time.Hour}, {Kind: "invitation", Who: "house", Most: 50, In: 24 * time.Hour}}
	if err := session.Allow(ctx, tx, s.Now, limits...); err != nil {
		return err // nobody's mailbox is filled by means of this site
	}
	if err := session.Count(ctx, tx, s.Now, limits...); err != nil {
		return err
	}
	secret, err := session.Issue(ctx, tx, "invite", id, s.Now.Add(InviteLife))
	if err != nil {
		return err
	}
	w := s.Look.Words
	text := w.T("Hello %s,", first) + "\n\n" + w.T("%s invites you to the CRM of %s.", s.Actor.Name, h.Name) + "\n" +
		w.T("Choose your password here; the link works once, for 24 hours:") + "\n\n    " + h.URL + "/admin/password/" + secret + "\n\n" +
		w.T("Afterwards you sign in at %s with %s.", h.URL+"/admin", email) + "\n"
	return mail.Post(ctx, tx, s.Now, mail.Letter{Key: "invite/" + secret[:12], To: email, Subject: w.T("Your invitation to the CRM of %s", h.Name), Text: text})
}

// First makes the owner of a new file, with the password that was typed at registration, if there was one.
func First(ctx context.Context, tx *sql.Tx, now time.Time, n New, passwordHash string) error {
	state := Active
	if passwordHash == "" {
		state = Invited
	}
	_, err := tx.ExecContext(ctx, `insert into staff (email, first, last, role, state, owner, password_hash, language, created_at)
		values (?, ?, ?, (select id from role where admin = 1), ?, 1, ?, ?, ?)`, n.Email, n.First, n.Last, state, passwordHash, n.Language, now.UnixMilli())
	return err
}

// InviteOwner makes the owner's link to choose a password.
func InviteOwner(ctx context.Context, db *data.DB, now time.Time) (secret string, err error) {
	err = db.Tx(ctx, func(tx *sql.Tx) error {
		var id int64
		if err := tx.QueryRowContext(ctx, `select id from staff where owner = 1`).Scan(&id); err != nil {
			return err
		}
		secret, err = session.Issue(ctx, tx, "invite", id, now.Add(InviteLife))
		return err
	})
	return secret, err
}

// Change is what an administrator may change about a person.
type Change struct {
	First, Last string
	Role, Team  int64
	Active      bool
}

// Save changes a person. The owner stays an active administrator, and so does at least one more person than none.
// Whoever is deactivated or gets another role is signed out everywhere.
func Save(ctx context.Context, s *record.Store, h House, id int64, c Change) error {
	n := New{Email: "x@example.com", First: c.First, Last: c.Last, Role: c.Role, Team: c.Team}
	if err := n.clean(); err != nil {
		return err
	}
	err := s.DB.Tx(ctx, func(tx *sql.Tx) error {
		old, err := scan(tx.QueryRowContext(ctx, selectPerson+`where s.id = ?`, id))
		if err == sql.ErrNoRows {
			return fault.New(fault.Missing, "This member of staff does not exist.")
		}
		if err != nil {
			return err
		}
		if err := n.check(ctx, tx); err != nil {
			return err
		}
		state, err := nextState(ctx, tx, h, old, c)
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `update staff set first = ?, last = ?, role = ?, team = ?, state = ? where id = ?`,
			n.First, n.Last, n.Role, orNull(n.Team), state, id); err != nil {
			return err
		}
		if old.Role != c.Role || state == Inactive {
			if err := session.EndAll(ctx, tx, id, ""); err != nil {
				return err
			}
		}
		return note(ctx, tx, s.Now, s.Actor.ID, "staff changed", id, n.First+" "+n.Last, s.IP)
	})
	if err != nil {
		return err
	}
	s.DB.Forget()
	if s.Hub != nil {
		s.Hub.End(s.House, id)
	}
	return nil
}

// nextState is the state after a change, if the change may be made.
func nextState(ctx context.Context, tx *sql.Tx, h House, old Person, c Change) (State, error) {
	var admin bool
	if err := tx.QueryRowContext(ctx, `select admin from role where id = ?`, c.Role).Scan(&admin); err != nil {
		return "", err
	}
	switch {
	case old.Owner && (!c.Active || !admin):
		return "", fault.New(fault.Conflict, "The owner of the account stays an active administrator.")
	case !c.Active:
		return Inactive, nil
	case old.State == Inactive:
		if err := seatFree(ctx, tx, h.Seats); err != nil {
			return "", err
		}
		var has bool
		err := tx.QueryRowContext(ctx, `select password_hash <> '' from staff where id = ?`, old.ID).Scan(&has)
		if !has {
			return Invited, err
		}
		return Active, err
	}
	return old.State, nil
}

// Profile is what a person may change about themselves.
type Profile struct {
	First, Last      string
	Language, Mirror string
	Zone             string
}

// SaveProfile keeps it.
func SaveProfile(ctx context.Context, s *record.Store, p Profile) error {
	n := New{Email: "x@example.com", First: p.First, Last: p.Last}
	if err := n.clean(); err != nil {
		return err
	}
	if _, err := time.LoadLocation(p.Zone); err != nil || len(p.Zone) > 60 || p.Zone == "Local" {
		return fault.New(fault.Invalid, "This time zone is not known.")
	}
	if p.Language != "" && ui.WordsFor(p.Language).Tag != p.Language {
		return fault.New(fault.Invalid, "Please choose one of the list.")
	}
	if p.Mirror != "" && p.Mirror != "rtl" && p.Mirror != "ltr" {
		return fault.New(fault.Invalid, "Please choose one of the list.")
	}
	_, err := s.DB.Exec(ctx, `update staff set first = ?, last = ?, language = ?, mirror = ?, zone = ? where id = ?`,
		n.First, n.Last, p.Language, p.Mirror, p.Zone, s.Actor.ID)
	s.DB.Forget()
	return err
}
