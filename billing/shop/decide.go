package shop

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"rowhouse/data/fault"
)

// Approve lets a registration that waits go on where it stopped: what is free or begins with a trial is set up, else it is to be paid.
// Its letter holds the link.
func (s *Shop) Approve(ctx context.Context, id int64, actor string) error {
	err := s.decide(ctx, id, "verified", func(tx *sql.Tx, u signup) error {
		if err := s.approve(ctx, tx, u); err != nil {
			return err
		}
		if err := s.note(ctx, tx, u, "approved", "done", actor); err != nil {
			return err
		}
		return s.tell(ctx, tx, u, "signup_approved", map[string]string{"link": s.Tenants.Home() + "/register/" + s.token(u)})
	})
	if err == nil {
		s.options.Wake()
	}
	return err
}

// Refuse ends a registration that waits, frees its name and writes to whoever made it. reason is a sentence for them, or empty.
func (s *Shop) Refuse(ctx context.Context, id int64, reason, actor string) error {
	if reason = strings.TrimSpace(reason); len([]rune(reason)) > 500 || strings.ContainsFunc(reason, func(r rune) bool { return r != '\n' && unprintable(r) }) {
		return fault.New(fault.Invalid, "Please use at most %d characters.", 500)
	}
	return s.decide(ctx, id, "verified", func(tx *sql.Tx, u signup) error {
		if err := s.tell(ctx, tx, u, "signup_refused", map[string]string{"reason": reason, "link": s.Tenants.Home()}); err != nil {
			return err
		}
		if err := free(ctx, tx, u); err != nil {
			return err
		}
		return s.note(ctx, tx, u, "refused", "expired", actor)
	})
}

// Forget deletes a registration that is not finished, and frees its name.
func (s *Shop) Forget(ctx context.Context, id int64, actor string) error {
	return s.decide(ctx, id, "", func(tx *sql.Tx, u signup) error {
		if u.State == "done" {
			return fault.New(fault.Conflict, "This registration is finished. Its tenant can be deleted among the tenants.")
		}
		if err := free(ctx, tx, u); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `delete from signup where id = ?`, u.ID); err != nil {
			return err
		}
		return s.Tenants.Audit(ctx, tx, actor, "delete registration", u.Name, u.Email)
	})
}

// SendAgain posts the letter with the code of a registration once more, for somebody who has asked the host for it. The letters to
// one address stay bounded.
func (s *Shop) SendAgain(ctx context.Context, id int64, actor string) error {
	brand := s.Brand(ctx)
	return s.decide(ctx, id, "", func(tx *sql.Tx, u signup) error {
		if u.State != "details" && u.State != "email_pending" || !u.open(s.Clock.Now()) {
			return fault.New(fault.Conflict, "This registration does not wait for a code any more.")
		}
		if err := s.sendIn(ctx, tx, u, s.token(u), brand, letterLimits(u.Email, "")[:1]); err != nil {
			return err
		}
		return s.Tenants.Audit(ctx, tx, actor, "send code again", u.Name, u.Email)
	})
}

// decide does something with a registration that is in a state; empty is any.
func (s *Shop) decide(ctx context.Context, id int64, state string, do func(*sql.Tx, signup) error) error {
	return s.DB.Tx(ctx, func(tx *sql.Tx) error {
		u, err := scanSignup(tx.QueryRowContext(ctx, `select `+signupColumns+` from signup where id = ?`, id))
		switch {
		case err != nil:
			return err
		case u.ID == 0:
			return fault.New(fault.Missing, "This registration is not there any more.")
		case state != "" && u.State != state:
			return fault.New(fault.Conflict, "This registration does not wait for an answer any more.")
		}
		return do(tx, u)
	})
}

func (s *Shop) note(ctx context.Context, tx *sql.Tx, u signup, decision, state, actor string) error {
	_, err := tx.ExecContext(ctx, `update signup set decision = ?, decided_at = ?, decided_by = ?, state = ?, expires_at = ? where id = ?`, decision, s.Clock.Now().UnixMilli(), actor, state,
		s.Clock.Now().UnixMilli(), u.ID)
	if err != nil {
		return fmt.Errorf("note decision: %w", err)
	}
	return s.Tenants.Audit(ctx, tx, actor, decision+" registration", u.Name, u.Email)
}

// free gives the name of a registration back.
func free(ctx context.Context, tx *sql.Tx, u signup) error {
	_, err := tx.ExecContext(ctx, `delete from tenant where id = ? and state = 'reserved'`, u.Tenant)
	return err
}

// errInvitation says the same of every code that is not good.
var errInvitation = fault.New(fault.Invalid, "This invitation is not known, has been used up or has run out. Please ask whoever gave it to you.")

// invitation is the number of the invitation that a registration uses, or nil. One that is corrected keeps what it has.
func (s *Shop) invitation(ctx context.Context, tx *sql.Tx, o order) (any, error) {
	if o.Instead != "" {
		var kept *int64
		err := tx.QueryRowContext(ctx, `select s.invitation from signup s left join invitation i on i.id = s.invitation
			where token_hash = ? and state in ('details', 'email_pending') and (i.plan is null or i.plan = ?)`, o.Instead, o.Plan.ID).Scan(&kept)
		if err == nil {
			return kept, nil
		}
		if !errors.Is(err, sql.ErrNoRows) {
			return nil, err
		}
	}
	if o.Invitation == "" && o.Mode == Invite {
		return nil, errInvitation
	}
	return s.redeem(ctx, tx, o.Invitation, o.Plan.ID)
}

// redeem uses an invitation once, in the caller's transaction, and returns its number; nil without a code. Whether there is a use left
// is counted among the registrations, so one that was not finished gives its use back.
func (s *Shop) redeem(ctx context.Context, tx *sql.Tx, code string, plan int64) (any, error) {
	if code == "" {
		return nil, nil
	}
	var id int64
	err := tx.QueryRowContext(ctx, `select id from invitation i where hash = ? and ended_at is null and (until is null or until > ?) and (plan is null or plan = ?)
		and most > (select count(*) from signup where invitation = i.id and state <> 'expired')`, digest(code), s.Clock.Now().UnixMilli(), plan).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, errInvitation
	}
	return id, err
}
