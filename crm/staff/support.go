package staff

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"rowhouse/crm/record"
	"rowhouse/data"
	"rowhouse/data/fault"
	"rowhouse/ui"
	"rowhouse/ui/mail"
	"rowhouse/ui/session"
)

// Support is whether the provider's operators may sign in to a CRM.
type Support string

// What a tenant can choose, kept in the setting SupportSetting.
const (
	SupportAlways Support = "always"
	SupportAsk    Support = "ask"
	SupportNever  Support = "never"
)

// SupportSetting is the setting that holds a Support; without it, support may always come.
const SupportSetting = "support.access"

const (
	visitLife = 15 * time.Minute // how long a visit lasts
	keyLife   = time.Minute      // how long its link works
)

// Visit is one visit of the provider's support, asked for or made.
type Visit struct {
	ID               int64
	Operator, Reason string
	State            string // asked, allowed, refused or made
	Asked, Until     time.Time
}

// AskSupport asks for a visit in a CRM. The secret is for a link that works once, for a minute; it is empty if the tenant is
// asked first, and its owner has been written to.
func AskSupport(ctx context.Context, db *data.DB, now time.Time, words *ui.Words, h House, operator, reason string) (secret string, err error) {
	if reason = strings.TrimSpace(reason); len([]rune(reason)) < 5 || len([]rune(reason)) > 200 {
		return "", fault.New(fault.Invalid, "Please say in 5 to 200 characters why you sign in; the customer can read it.")
	}
	err = db.Tx(ctx, func(tx *sql.Tx) error {
		access, err := supportAccess(ctx, tx)
		if err != nil {
			return err
		}
		v := Visit{Operator: operator, Reason: reason}
		switch access {
		case SupportNever:
			return fault.New(fault.Denied, "This customer does not want anybody else to sign in.")
		case SupportAsk:
			if ok, err := allowed(ctx, tx, now, operator); err != nil || !ok {
				return errors.Join(err, v.ask(ctx, tx, now, words, h))
			}
		}
		secret, err = v.begin(ctx, tx, now)
		return err
	})
	return secret, err
}

// SupportOf tells whether support may sign in to a CRM.
func SupportOf(ctx context.Context, db *data.DB) (access Support, err error) {
	err = db.Snapshot(ctx, func(tx *sql.Tx) error {
		access, err = supportAccess(ctx, tx)
		return err
	})
	return access, err
}

func supportAccess(ctx context.Context, tx *sql.Tx) (Support, error) {
	access := SupportAlways
	err := tx.QueryRowContext(ctx, `select value from setting where key = ?`, SupportSetting).Scan(&access)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return access, err
}

// allowed tells whether the tenant has let an operator in, and the time is not over.
func allowed(ctx context.Context, tx *sql.Tx, now time.Time, operator string) (ok bool, err error) {
	err = tx.QueryRowContext(ctx, `select exists (select 1 from support where operator = ? and state = 'allowed' and until > ?)`, operator, now.UnixMilli()).Scan(&ok)
	return ok, err
}

// ask writes to the owner, once for what is asked.
func (v Visit) ask(ctx context.Context, tx *sql.Tx, now time.Time, words *ui.Words, h House) error {
	done, err := tx.ExecContext(ctx, `insert into support (operator, reason, state, asked_at) select ?1, ?2, 'asked', ?3
		where not exists (select 1 from support where operator = ?1 and state = 'asked' and asked_at > ?3 - 86400000)`, v.Operator, v.Reason, now.UnixMilli())
	if err != nil {
		return err
	}
	if n, err := done.RowsAffected(); err != nil || n == 0 {
		return err
	}
	id, err := done.LastInsertId()
	if err != nil {
		return err
	}
	var owner string
	if err := tx.QueryRowContext(ctx, `select email from staff where owner = 1`).Scan(&owner); err != nil {
		return err
	}
	text := words.T("%s would like to sign in to your CRM to help you. The reason given:", v.Operator) + "\n\n    " + v.Reason + "\n\n" +
		words.T("You decide here, and see there what has been asked before:") + "\n\n    " + h.URL + "/admin/settings/support\n\n" + words.T("Nobody gets in before you have allowed it.") + "\n"
	err = mail.Post(ctx, tx, now, mail.Letter{Key: fmt.Sprint("support/", id), To: owner, Subject: words.T("Support asks to sign in to the CRM of %s", h.Name), Text: text})
	return errors.Join(err, note(ctx, tx, now, 0, "support asked", id, v.Operator+": "+v.Reason, ""))
}

// begin makes the link.
func (v Visit) begin(ctx context.Context, tx *sql.Tx, now time.Time) (string, error) {
	done, err := tx.ExecContext(ctx, `insert into support (operator, reason, state, asked_at) values (?, ?, 'made', ?)`, v.Operator, v.Reason, now.UnixMilli())
	if err != nil {
		return "", err
	}
	id, err := done.LastInsertId()
	if err != nil {
		return "", err
	}
	return session.Issue(ctx, tx, "support", id, now.Add(keyLife))
}

// EnterSupport uses a link up and signs the operator in with the owner's rights, for a quarter of an hour.
func EnterSupport(ctx context.Context, db *data.DB, c session.Cookies, w http.ResponseWriter, r *http.Request, now time.Time, secret string) error {
	return db.Tx(ctx, func(tx *sql.Tx) error {
		id, err := session.Redeem(ctx, tx, "support", secret, now)
		if err != nil {
			return err
		}
		var v Visit
		var owner int64
		err = tx.QueryRowContext(ctx, `select v.operator, v.reason, s.id from support v, staff s where v.id = ? and s.owner = 1`, id).Scan(&v.Operator, &v.Reason, &owner)
		if err != nil {
			return err
		}
		// Between the asking and now the tenant may have changed its mind.
		access, err := supportAccess(ctx, tx)
		if err == nil && access == SupportAsk {
			if ok, askErr := allowed(ctx, tx, now, v.Operator); askErr != nil || !ok {
				access, err = SupportNever, askErr
			}
		}
		if err != nil || access == SupportNever {
			return fault.Because(err, fault.Denied, "This customer does not want anybody else to sign in.")
		}
		if err := c.StartGuest(ctx, tx, w, r, now, owner, v.Operator, now.Add(visitLife)); err != nil {
			return err
		}
		return note(ctx, tx, now, 0, "support came", id, v.Operator+": "+v.Reason, session.IP(r))
	})
}

// AnswerSupport lets an operator in for so many hours, or refuses with 0.
func AnswerSupport(ctx context.Context, s *record.Store, id int64, hours int) error {
	state, until := "refused", int64(0)
	if hours > 0 {
		state, until = "allowed", s.Now.Add(time.Duration(min(hours, 168))*time.Hour).UnixMilli()
	}
	return s.DB.Tx(ctx, func(tx *sql.Tx) error {
		var operator string
		err := tx.QueryRowContext(ctx, `update support set state = ?, until = ?, answered_by = ? where id = ? and state in ('asked', 'allowed') returning operator`,
			state, until, s.Actor.ID, id).Scan(&operator)
		if errors.Is(err, sql.ErrNoRows) {
			return fault.New(fault.Missing, "This has been answered already.")
		}
		if err != nil {
			return err
		}
		if state == "refused" { // and whoever is in is out
			if _, err := tx.ExecContext(ctx, `delete from session where guest = ?`, operator); err != nil {
				return err
			}
		}
		return note(ctx, tx, s.Now, s.Actor.ID, "support "+state, id, operator, s.IP)
	})
}

// SetSupport keeps whether support may sign in. Never ends the visits that are being made.
func SetSupport(ctx context.Context, s *record.Store, access Support) error {
	if access != SupportAlways && access != SupportAsk && access != SupportNever {
		return fault.New(fault.Invalid, "Please choose one of the list.")
	}
	if err := s.SetSettings(ctx, map[string]string{SupportSetting: string(access)}); err != nil || access != SupportNever {
		return err
	}
	_, err := s.DB.Exec(ctx, `delete from session where guest <> ''`)
	return err
}

// Visits returns the last visits of support, those that wait for an answer first.
func Visits(ctx context.Context, db *data.DB, limit int) ([]Visit, error) {
	rows, err := db.Query(ctx, `select id, operator, reason, state, asked_at, until from support order by state <> 'asked', id desc limit ?`, limit)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []Visit
	for rows.Next() {
		var v Visit
		var asked, until int64
		if err := rows.Scan(&v.ID, &v.Operator, &v.Reason, &v.State, &asked, &until); err != nil {
			return nil, err
		}
		v.Asked, v.Until = time.UnixMilli(asked).UTC(), time.UnixMilli(until).UTC()
		list = append(list, v)
	}
	return list, rows.Err()
}
