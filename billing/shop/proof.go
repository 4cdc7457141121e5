package shop

import (
	"context"
	"database/sql"
	"fmt"
	"net/http"
	"strings"

	"rowhouse/data/fault"
	"rowhouse/tenant"
	"rowhouse/ui"
)

// maxTries is how many wrong codes end a code.
const maxTries = 5

var (
	errCode     = fault.New(fault.Invalid, "This code is not right. Please look at the newest letter.")
	errTries    = fault.New(fault.Invalid, "This code was wrong %d times and has ended. Please let us send a new one.", maxTries)
	errOld      = fault.New(fault.Invalid, "This code has run out. Please let us send a new one.")
	errUsedLink = fault.New(fault.Gone, "This link has been used or has run out. Please use the newest letter, or let us send one more.")
)

// typed takes the code of the letter.
func (s *Shop) typed(w http.ResponseWriter, r *http.Request) error {
	form, err := ui.Form(w, r, "code")
	if err != nil {
		return err
	}
	code := strings.NewReplacer(" ", "", "-", "", "\u00a0", "").Replace(form.Get("code"))
	return s.prove(w, r, func(u signup) error { return checkCode(u, s.codeDigest(u, code)) })
}

// link shows what the link in the letter is for. It does nothing yet: programs that look for bad links open it too.
func (s *Shop) link(w http.ResponseWriter, r *http.Request) error {
	token := r.PathValue("token")
	u, err := s.find(r, token)
	if err != nil {
		return s.ended(w, r, err)
	}
	if u.State != "email_pending" {
		return ui.Back(w, r, "/register/"+token)
	}
	p, err := s.newRegistration(w, r, u)
	if err != nil {
		return err
	}
	p.Title, p.Steps = p.T("Prove your e-mail address"), stages(p.Look, 3)
	return proofView.Show(w, r, p)
}

// followed takes the link of the letter.
func (s *Shop) followed(w http.ResponseWriter, r *http.Request) error {
	if _, err := ui.Form(w, r); err != nil {
		return err
	}
	secret := r.PathValue("secret")
	return s.prove(w, r, func(u signup) error {
		if u.LinkHash == "" || u.LinkHash != digest(secret) || !s.Clock.Now().Before(u.CodeExpires) {
			return errUsedLink
		}
		return nil
	})
}

// checkCode compares what was typed with the code that was sent.
func checkCode(u signup, typed string) error {
	switch {
	case u.CodeTries >= maxTries:
		return errTries
	case u.CodeHash == "" || u.CodeHash != typed:
		return errCode
	}
	return nil
}

// prove sends a registration whose proof is right into provisioning, and leads to its page.
func (s *Shop) prove(w http.ResponseWriter, r *http.Request, right func(u signup) error) error {
	token := r.PathValue("token")
	u, err := s.find(r, token)
	if err != nil {
		return s.ended(w, r, err)
	}
	if u.Decoy {
		return s.show(w, r, u, errCode)
	}
	refused, err := s.finish(r.Context(), token, right)
	switch {
	case err != nil:
		return s.ended(w, r, err)
	case refused != nil:
		return s.show(w, r, u, refused)
	}
	s.options.Wake()
	return ui.Back(w, r, "/register/"+token)
}

// finish checks the proof, approves the tenant and marks the registration as done, in one transaction.
// A wrong proof is counted, which must be kept: so it is no error of the transaction but its result.
func (s *Shop) finish(ctx context.Context, token string, right func(u signup) error) (refused, err error) {
	err = s.DB.Tx(ctx, func(tx *sql.Tx) error {
		now := s.Clock.Now()
		u, err := s.findSignup(ctx, tx.QueryRowContext, token)
		if err != nil || u.State == "done" || u.State == "verified" {
			return err
		}
		if u.State != "email_pending" || !u.open(now) {
			return errEnded
		}
		if refused = right(u); refused == nil && !now.Before(u.CodeExpires) {
			refused = errOld
		}
		if refused != nil {
			refused = last(refused, u)
			_, err := tx.ExecContext(ctx, `update signup set code_tries = min(code_tries + 1, ?) where id = ?`, maxTries, u.ID)
			return err
		}
		if s.waits(ctx) {
			return s.wait(ctx, tx, u)
		}
		return s.approve(ctx, tx, u)
	})
	return refused, err
}

// last says of the wrong code that was one too many that it was.
func last(refused error, u signup) error {
	if refused == errCode && u.CodeTries+1 >= maxTries {
		return errTries
	}
	return refused
}

func (s *Shop) approve(ctx context.Context, tx *sql.Tx, u signup) error {
	var state tenant.State
	if err := tx.QueryRowContext(ctx, `select state from tenant where id = ?`, u.Tenant).Scan(&state); err != nil {
		return fmt.Errorf("approve %s: %w", u.Name, err)
	}
	if state != tenant.Reserved {
		return errEnded
	}
	if err := s.buy(ctx, tx, u); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `update signup set state = 'done', code_hash = '', link_hash = '' where id = ?`, u.ID); err != nil {
		return err
	}
	// What else the same address has begun frees its names: whoever proved it has what they wanted.
	if _, err := tx.ExecContext(ctx, `delete from tenant where state = 'reserved' and id in
		(select tenant from signup where email = ? and state in ('details', 'email_pending', 'verified'))`, u.Email); err != nil {
		return err
	}
	return s.Tenants.Audit(ctx, tx, u.Email, "register", u.Name, u.Company)
}
