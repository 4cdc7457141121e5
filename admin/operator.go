package admin

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"rowhouse/data"
	"rowhouse/data/fault"
	"rowhouse/ui/mail"
	"rowhouse/ui/session"
)

// Operator is one of the host's people.
type Operator struct {
	ID          int64
	Email, Name string
	Role        Role
}

// linkLife is how long an operator's link to choose a password works.
const linkLife = 24 * time.Hour

// kind is the kind of an operator's one-time link: in the host's file, no other works.
const kind = "operator"

// Create makes an operator's account, or for an address that has one a new link, and returns the secret of the one-time
// link to choose a password. It goes to the console of whoever runs the command, never into a letter.
func Create(ctx context.Context, db *data.DB, now time.Time, name, email string) (secret string, err error) {
	email, err = mail.Address(email)
	if err != nil {
		return "", err
	}
	if name = strings.TrimSpace(name); name == "" || len([]rune(name)) > 100 {
		return "", fault.New(fault.Invalid, "Please say the operator's name.")
	}
	err = db.Tx(ctx, func(tx *sql.Tx) error {
		var id int64
		err := tx.QueryRowContext(ctx, `insert into operator (email, name, created_at) values (?, ?, ?)
			on conflict (email) do update set name = excluded.name returning id`, email, name, now.UnixMilli()).Scan(&id)
		if err != nil {
			return fmt.Errorf("create operator: %w", err)
		}
		secret, err = session.Issue(ctx, tx, kind, id, now.Add(linkLife))
		return err
	})
	return secret, err
}

// operator returns an active operator, or the zero Operator.
func operator(ctx context.Context, db *data.DB, id int64) (Operator, error) {
	if id == 0 {
		return Operator{}, nil
	}
	found, err := db.Memo(fmt.Sprint("operator/", id), func() (any, error) {
		o := Operator{ID: id, Role: Owner}
		err := db.QueryRow(ctx, `select email, name from operator where id = ? and state = 'active'`, id).Scan(&o.Email, &o.Name)
		if errors.Is(err, sql.ErrNoRows) {
			return Operator{}, nil
		}
		return o, err
	})
	if err != nil {
		return Operator{}, err
	}
	return found.(Operator), nil
}
