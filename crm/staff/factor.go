package staff

import (
	"context"
	"database/sql"

	"rowhouse/crm/record"
	"rowhouse/data/fault"
	"rowhouse/ui/session"
)

// BeginFactor makes the secret of a second factor, which counts only after its first code. It returns the one
// that was begun before, if there is one, so that a reload does not spoil what the phone has read.
func BeginFactor(ctx context.Context, s *record.Store, issuer string) (secret, picture string, err error) {
	p, err := ByID(ctx, s.DB, s.Actor.ID)
	if err != nil {
		return "", "", err
	}
	if err := s.DB.QueryRow(ctx, `select factor_new from staff where id = ?`, p.ID).Scan(&secret); err != nil {
		return "", "", err
	}
	if secret != "" {
		return secret, session.Picture(issuer, p.Email, secret), nil
	}
	if secret, picture, err = session.NewFactor(issuer, p.Email); err != nil {
		return "", "", err
	}
	_, err = s.DB.Exec(ctx, `update staff set factor_new = ? where id = ?`, secret, p.ID)
	return secret, picture, err
}

// ConfirmFactor turns the second factor on and returns the recovery codes, which are shown this once.
func ConfirmFactor(ctx context.Context, s *record.Store, current session.Session, code string) ([]string, error) {
	codes, kept := session.RecoveryCodes()
	err := s.DB.Tx(ctx, func(tx *sql.Tx) error {
		var secret string
		if err := tx.QueryRowContext(ctx, `select factor_new from staff where id = ?`, s.Actor.ID).Scan(&secret); err != nil {
			return err
		}
		step, ok := session.CheckFactor(secret, code, s.Now)
		if secret == "" || !ok {
			return wrongField(nil, "code", "This code is wrong. Please enter the one that your app shows now.")
		}
		if _, err := tx.ExecContext(ctx, `update staff set factor = factor_new, factor_new = '', factor_step = ? where id = ?`, step, s.Actor.ID); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `delete from recovery where staff = ?`, s.Actor.ID); err != nil {
			return err
		}
		for _, hash := range kept {
			if _, err := tx.ExecContext(ctx, `insert into recovery (staff, hash) values (?, ?)`, s.Actor.ID, hash); err != nil {
				return err
			}
		}
		if err := session.EndAll(ctx, tx, s.Actor.ID, current.Hash); err != nil {
			return err
		}
		return note(ctx, tx, s.Now, s.Actor.ID, "second factor on", s.Actor.ID, s.Actor.Name, s.IP)
	})
	return codes, err
}

// DropFactor turns the second factor off, for somebody who knows the password.
func DropFactor(ctx context.Context, s *record.Store, password string) error {
	var kept string
	if err := s.DB.QueryRow(ctx, `select password_hash from staff where id = ?`, s.Actor.ID).Scan(&kept); err != nil {
		return err
	}
	if ok, err := session.CheckPassword(ctx, kept, password); err != nil || !ok {
		return wrongField(err, "password", "This is not your password.")
	}
	return dropFactor(ctx, s, s.Actor.ID, s.Actor.Name)
}

// ResetFactor turns somebody else's second factor off: an administrator does that for a colleague whose phone is lost.
func ResetFactor(ctx context.Context, s *record.Store, id int64) error {
	p, err := ByID(ctx, s.DB, id)
	if err != nil {
		return err
	}
	if p.Owner && s.Actor.ID != p.ID {
		return fault.New(fault.Denied, "Only the owner can do this for themselves.")
	}
	return dropFactor(ctx, s, id, p.Name())
}

func dropFactor(ctx context.Context, s *record.Store, id int64, name string) error {
	return s.DB.Tx(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `update staff set factor = '', factor_new = '', factor_step = 0 where id = ?`, id); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `delete from recovery where staff = ?`, id); err != nil {
			return err
		}
		return note(ctx, tx, s.Now, s.Actor.ID, "second factor off", id, name, s.IP)
	})
}
