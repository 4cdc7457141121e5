package staff

import (
	"context"
	"database/sql"
	"errors"
	"net/http"
	"time"

	"rowhouse/crm/record"
	"rowhouse/data"
	"rowhouse/data/fault"
	"rowhouse/ui"
	"rowhouse/ui/mail"
	"rowhouse/ui/session"
)

// Forgot posts a link to choose a new password, if the address belongs to somebody. The caller says the same in any case.
func Forgot(ctx context.Context, db *data.DB, look *ui.Look, h House, r *http.Request, now time.Time, email string) error {
	if len(email) > mail.MaxAddress {
		return nil
	}
	tries := []session.Limit{{Kind: "forgot", Who: "account/" + email, Most: 3, In: time.Hour}, {Kind: "forgot", Who: "net/" + session.Net(r), Most: 20, In: time.Hour}}
	return db.Tx(ctx, func(tx *sql.Tx) error {
		if err := session.Allow(ctx, tx, now, tries[1]); err != nil {
			return err
		}
		tooMany := session.Allow(ctx, tx, now, tries[0])
		if err := session.Count(ctx, tx, now, tries...); err != nil || tooMany != nil {
			return err // silently: an answer would tell that the address is known
		}
		var id int64
		var first string
		err := tx.QueryRowContext(ctx, `select id, first from staff where email = ? and state <> 'inactive'`, email).Scan(&id, &first)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		secret, err := session.Issue(ctx, tx, "reset", id, now.Add(time.Hour))
		if err != nil {
			return err
		}
		text := look.T("Hello %s,", first) + "\n\n" + look.T("somebody, probably you, wants to choose a new password for the CRM of %s.", h.Name) + "\n" +
			look.T("This link works once, for one hour:") + "\n\n    " + h.URL + "/admin/password/" + secret + "\n\n" +
			look.T("If it was not you, do nothing: your password stays as it is.") + "\n"
		return mail.Post(ctx, tx, now, mail.Letter{Key: "reset/" + secret[:12], To: email, Subject: look.T("Choose a new password for %s", h.Name), Text: text})
	})
}

// Welcome returns whose link it is, to show the form behind it.
func Welcome(ctx context.Context, db *data.DB, secret string, now time.Time) (p Person, err error) {
	err = db.Snapshot(ctx, func(tx *sql.Tx) error {
		id, err := holder(ctx, tx, secret, now)
		if err != nil {
			return err
		}
		p, err = scan(tx.QueryRowContext(ctx, selectPerson+`where s.id = ?`, id))
		return err
	})
	return p, err
}

func holder(ctx context.Context, tx *sql.Tx, secret string, now time.Time) (int64, error) {
	if id, err := session.Holder(ctx, tx, "invite", secret, now); err == nil {
		return id, nil
	}
	return session.Holder(ctx, tx, "reset", secret, now)
}

// ChoosePassword uses a link up: the password is set, an invited person becomes active, and all sessions end.
// A second factor stays: a letter that was read by somebody else does not open the door alone.
func ChoosePassword(ctx context.Context, db *data.DB, secret string, now time.Time, password, ip string) error {
	p, err := Welcome(ctx, db, secret, now)
	if err != nil {
		return err
	}
	if err := session.Strong(password, p.First, p.Last, p.Email); err != nil {
		return err
	}
	kept, err := session.HashPassword(ctx, password)
	if err != nil {
		return err
	}
	err = db.Tx(ctx, func(tx *sql.Tx) error {
		id, err := session.Redeem(ctx, tx, "invite", secret, now)
		if err != nil {
			if id, err = session.Redeem(ctx, tx, "reset", secret, now); err != nil {
				return err
			}
		}
		if _, err := tx.ExecContext(ctx, `update staff set password_hash = ?, state = iif(state = 'invited', 'active', state) where id = ?`, kept, id); err != nil {
			return err
		}
		if err := session.EndAll(ctx, tx, id, ""); err != nil {
			return err
		}
		return note(ctx, tx, now, id, "password chosen", id, p.Name(), ip)
	})
	db.Forget()
	return err
}

// ChangePassword sets a new password for somebody who is signed in, and ends the other sessions.
func ChangePassword(ctx context.Context, s *record.Store, current session.Session, old, password string) error {
	p, err := ByID(ctx, s.DB, s.Actor.ID)
	if err != nil {
		return err
	}
	var kept string
	if err := s.DB.QueryRow(ctx, `select password_hash from staff where id = ?`, p.ID).Scan(&kept); err != nil {
		return err
	}
	if ok, err := session.CheckPassword(ctx, kept, old); err != nil || !ok {
		return wrongField(err, "old", "This is not your password.")
	}
	if err := session.Strong(password, p.First, p.Last, p.Email); err != nil {
		return &fault.Fault{Kind: fault.Invalid, Format: "Please correct the marked fields.", Fields: map[string]error{"password": err}}
	}
	if kept, err = session.HashPassword(ctx, password); err != nil {
		return err
	}
	return s.DB.Tx(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `update staff set password_hash = ? where id = ?`, kept, p.ID); err != nil {
			return err
		}
		if err := session.EndAll(ctx, tx, p.ID, current.Hash); err != nil {
			return err
		}
		return note(ctx, tx, s.Now, p.ID, "password changed", p.ID, p.Name(), s.IP)
	})
}

func wrongField(err error, field, sentence string) error {
	if err != nil {
		return err
	}
	return &fault.Fault{Kind: fault.Invalid, Format: "Please correct the marked fields.", Fields: map[string]error{field: &fault.Fault{Kind: fault.Invalid, Format: sentence}}}
}
