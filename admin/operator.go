package admin

import (
	"context"
	"database/sql"
	"errors"
	"net/http"
	"net/netip"
	"time"

	"rowhouse/admin/office"
	"rowhouse/data"
	"rowhouse/data/fault"
	"rowhouse/ui/session"
)

// linkLife is how long an operator's link to choose a password works.
const linkLife = 24 * time.Hour

// The kinds of an operator's one-time links: in the host's file, no other works.
const (
	passwordLink = "operator"       // to choose a password
	firstLink    = "first operator" // to make the first account of all
)

// Invite makes an operator's account, or takes the one that the address has, and returns the secret of the one-time link to choose a
// password. It is shown to whoever asks for it, never put into a letter.
func Invite(ctx context.Context, db *data.DB, o *office.Office, now time.Time, a office.Account) (secret string, err error) {
	known, err := o.ByEmail(ctx, a.Email)
	if err != nil {
		return "", err
	}
	if known.Number == 0 {
		if known, err = o.Create(ctx, a); err != nil {
			return "", err
		}
	}
	return link(ctx, db, now, known.Number)
}

// link makes an operator's one-time link to choose a password.
func link(ctx context.Context, db *data.DB, now time.Time, number int64) (secret string, err error) {
	err = db.Tx(ctx, func(tx *sql.Tx) error {
		secret, err = session.Issue(ctx, tx, passwordLink, number, now.Add(linkLife))
		return err
	})
	return secret, err
}

// Reset takes an operator's second factor away and ends their sessions, and returns the secret of a link to choose a new password.
func Reset(ctx context.Context, db *data.DB, o *office.Office, now time.Time, email string) (secret string, err error) {
	a, err := o.ByEmail(ctx, email)
	if err != nil {
		return "", err
	}
	if a.Number == 0 {
		return "", fault.New(fault.Missing, "There is no operator with this address.")
	}
	if err := o.DropFactor(ctx, a.Number); err != nil {
		return "", err
	}
	if err := db.Tx(ctx, func(tx *sql.Tx) error { return shutOut(ctx, tx, a.Number, "") }); err != nil {
		return "", err
	}
	return link(ctx, db, now, a.Number)
}

// shutOut ends everything by which an operator could still come in: sessions but the one that is spared, links, tokens.
func shutOut(ctx context.Context, tx *sql.Tx, number int64, spare string) error {
	for _, q := range []string{`delete from api_token where operator = ?`, `delete from ticket where person = ? and kind = '` + passwordLink + `'`} {
		if _, err := tx.ExecContext(ctx, q, number); err != nil {
			return err
		}
	}
	return session.EndAll(ctx, tx, number, spare)
}

// First returns the secret of the link with which the first operator makes their account, or nothing if there is one already. An earlier
// link works no more.
func First(ctx context.Context, db *data.DB, o *office.Office, now time.Time) (secret string, err error) {
	all, err := o.List(ctx)
	if err != nil || !unfounded(all) {
		return "", err
	}
	err = db.Tx(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `delete from ticket where kind = ?`, firstLink); err != nil {
			return err
		}
		secret, err = session.Issue(ctx, tx, firstLink, 0, now.Add(7*linkLife))
		return err
	})
	return secret, err
}

// Adopt makes accounts of the rows in which an older program kept operators. They need new links to choose their passwords.
func Adopt(ctx context.Context, db *data.DB, o *office.Office) error {
	rows, err := db.Query(ctx, `select id, email, name, state = 'active' from operator`)
	if err != nil {
		return err
	}
	var old []office.Account
	for rows.Next() {
		a := office.Account{Role: office.Owner}
		if err := rows.Scan(&a.Number, &a.Email, &a.Name, &a.Active); err != nil {
			return errors.Join(err, rows.Close())
		}
		old = append(old, a)
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil || len(old) == 0 {
		return err
	}
	for _, a := range old {
		known, err := o.ByEmail(ctx, a.Email)
		if err != nil {
			return err
		}
		if !a.Active || known.Number > 0 {
			continue // who could not sign in stays out; the others may have been made before a stop
		}
		if _, err := o.Create(ctx, a); err != nil {
			return err
		}
	}
	_, err = db.Exec(ctx, `delete from operator`)
	return err
}

// operator returns whose session it is, if they may still come, and from here. Otherwise it is the zero Account.
func (p *Panel) operator(r *http.Request, number int64) (office.Account, error) {
	if number == 0 {
		return office.Account{}, nil
	}
	o, err := p.Office(r.Context())
	if err != nil {
		return office.Account{}, err
	}
	a, err := o.ByNumber(r.Context(), number)
	if err != nil || !a.Active || !here(a, r) {
		return office.Account{}, err
	}
	return a, nil
}

// here tells whether an operator may come from where a request comes from.
func here(a office.Account, r *http.Request) bool {
	ip, err := netip.ParseAddr(session.IP(r))
	return len(a.Networks) == 0 || err == nil && a.From(ip)
}
