package staff

import (
	"context"
	"database/sql"
	"errors"
	"net/http"
	"time"

	"rowhouse/data"
	"rowhouse/data/fault"
	"rowhouse/ui/mail"
	"rowhouse/ui/session"
)

// limits on signing in: for one account, one network, and the whole house. They are counted apart, so that
// a stranger who tries one account cannot lock the others out, and one net alone not the house.
func limits(r *http.Request, email string) []session.Limit {
	return []session.Limit{
		{Kind: "login", Who: "account/" + email, Most: 10, In: 15 * time.Minute},
		{Kind: "login", Who: "net/" + session.Net(r), Most: 30, In: 15 * time.Minute},
		{Kind: "login", Who: "house", Most: 300, In: time.Hour},
	}
}

// errWrong is the same whether the address or the password was wrong.
var errWrong = fault.New(fault.Invalid, "The address or the password is wrong.")

// SignIn starts a session, if the plan's seats (tenant.Unlimited or a number) have room for the person. With a second factor the session is pending until its code has come.
func SignIn(ctx context.Context, db *data.DB, c session.Cookies, w http.ResponseWriter, r *http.Request, now time.Time, seats int64, email, password string) (pending bool, err error) {
	if len(email) > mail.MaxAddress {
		return false, errWrong // nobody has it, and what was tried is kept
	}
	tries := limits(r, email)
	err = db.Tx(ctx, func(tx *sql.Tx) error {
		if err := session.Allow(ctx, tx, now, tries...); err != nil {
			return err
		}
		return session.Count(ctx, tx, now, tries...) // before the password is checked: many at once count, too
	})
	if err != nil {
		return false, err
	}
	var id int64
	var kept, factor, name string
	err = db.QueryRow(ctx, `select id, password_hash, factor, first || ' ' || last from staff where email = ? and state = 'active'`, email).Scan(&id, &kept, &factor, &name)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return false, err
	}
	ok, err := session.CheckPassword(ctx, kept, password)
	if err != nil {
		return false, err
	}
	if !ok {
		err := db.Tx(ctx, func(tx *sql.Tx) error { return note(ctx, tx, now, 0, "login failed", id, email, session.IP(r)) })
		return false, errors.Join(errWrong, err)
	}
	if err := Seated(ctx, db, seats, id); err != nil {
		return false, err
	}
	pending = factor != ""
	err = db.Tx(ctx, func(tx *sql.Tx) error {
		if err := session.Pardon(ctx, tx, "login", "account/"+email); err != nil {
			return err
		}
		if err := session.Uncount(ctx, tx, tries[1:]...); err != nil {
			return err
		}
		if err := c.Start(ctx, tx, w, r, now, id, pending); err != nil {
			return err
		}
		if pending {
			return nil
		}
		return signedIn(ctx, tx, now, id, name, r)
	})
	return pending, err
}

func signedIn(ctx context.Context, tx *sql.Tx, now time.Time, id int64, name string, r *http.Request) error {
	if _, err := tx.ExecContext(ctx, `update staff set last_login_at = ? where id = ?`, now.UnixMilli(), id); err != nil {
		return err
	}
	return note(ctx, tx, now, id, "signed in", id, name, session.IP(r))
}

// SecondFactor takes the code of a pending session: from the phone, or one of the recovery codes. The session gets a new cookie.
func SecondFactor(ctx context.Context, db *data.DB, c session.Cookies, w http.ResponseWriter, r *http.Request, now time.Time, person int64, code string) error {
	p, err := ByID(ctx, db, person)
	if err != nil {
		return err
	}
	try := session.Limit{Kind: "factor", Who: p.Email, Most: 5, In: 15 * time.Minute}
	err = db.Tx(ctx, func(tx *sql.Tx) error {
		if err := session.Allow(ctx, tx, now, try); err != nil {
			return err
		}
		return session.Count(ctx, tx, now, try)
	})
	if err != nil {
		return err
	}
	return db.Tx(ctx, func(tx *sql.Tx) error {
		if err := useCode(ctx, tx, now, person, code); err != nil {
			return err
		}
		if err := session.Pardon(ctx, tx, "factor", p.Email); err != nil {
			return err
		}
		if err := c.Start(ctx, tx, w, r, now, person, false); err != nil {
			return err
		}
		return signedIn(ctx, tx, now, person, p.Name(), r)
	})
}

// useCode uses up a code of the second factor: each counts once.
func useCode(ctx context.Context, tx *sql.Tx, now time.Time, person int64, code string) error {
	var secret string
	var last int64
	if err := tx.QueryRowContext(ctx, `select factor, factor_step from staff where id = ? and state = 'active'`, person).Scan(&secret, &last); err != nil {
		return err
	}
	if step, ok := session.CheckFactor(secret, code, now); ok && step > last {
		_, err := tx.ExecContext(ctx, `update staff set factor_step = ? where id = ?`, step, person)
		return err
	}
	done, err := tx.ExecContext(ctx, `delete from recovery where staff = ? and hash = ?`, person, session.KeptCode(code))
	if err != nil {
		return err
	}
	if n, err := done.RowsAffected(); err != nil || n == 0 {
		return fault.Because(err, fault.Invalid, "This code is wrong or was used. Please enter the newest one.")
	}
	return nil
}
