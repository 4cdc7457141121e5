package shop

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"

	"rowhouse/billing"
	"rowhouse/tenant"
	"rowhouse/ui/session"
)

// reservation is how long a registration may take, and how long its name is held.
const reservation = 24 * time.Hour

// signup is a registration: who wants which CRM, and how far they have come.
type signup struct {
	ID                     int64
	Hash                   string // of its token
	State                  string
	Email, Person, Company string
	Name                   string // the subdomain
	Language               string
	Plan                   int64
	Interval               string // of the price, as all below for a plan that has one
	Country, TaxID, Coupon string
	Tenant                 int64 // 0 once the reservation has run out
	CodeHash, LinkHash     string
	CodeTries, Letters     int
	CodeExpires, Expires   time.Time
	Decision               string // of the host: approved, refused or none
	Decoy                  bool   // a robot's: nothing of it is kept
}

// open tells whether the registration can still be finished at now.
func (u signup) open(now time.Time) bool {
	return (u.State == "details" || u.State == "email_pending" || u.State == "verified") && now.Before(u.Expires) && (u.Tenant != 0 || u.Decoy)
}

// row is a *sql.Tx or the host's file.
type row func(ctx context.Context, query string, args ...any) *sql.Row

// findSignup returns the registration of a token, or the zero signup.
func (s *Shop) findSignup(ctx context.Context, ask row, token string) (signup, error) {
	hash, err := s.hashOf(ctx, ask, token)
	if err != nil {
		return signup{}, err
	}
	return scanSignup(ask(ctx, `select `+signupColumns+` from signup where token_hash = ?`, hash))
}

// hashOf is what is kept of a token: of the one that the visitor got, or of the one that letters of the host carry.
func (s *Shop) hashOf(ctx context.Context, ask row, token string) (string, error) {
	id, _, ok := strings.Cut(token, "-")
	if !ok {
		return digest(token), nil
	}
	var hash string
	err := ask(ctx, `select token_hash from signup where id = ?`, id).Scan(&hash)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	if _, ours := s.Seal.Redeem("signup/"+hash, token); !ours {
		return "", err
	}
	return hash, err
}

// token is a second token of a registration, for letters: the visitor's own is not kept. It dies with the registration, whose
// number may be given again.
func (s *Shop) token(u signup) string { return s.Seal.Token("signup/"+u.Hash, u.ID) }

const signupColumns = `id, token_hash, state, email, person, company, name, language, plan, interval, country, tax_id, coupon, coalesce(tenant, 0), code_hash, link_hash,
		code_tries, letters, code_expires_at, expires_at, decision`

func scanSignup(row interface{ Scan(...any) error }) (signup, error) {
	var u signup
	var codeExpires, expires int64
	err := row.Scan(&u.ID, &u.Hash, &u.State, &u.Email, &u.Person, &u.Company, &u.Name, &u.Language, &u.Plan, &u.Interval, &u.Country, &u.TaxID, &u.Coupon, &u.Tenant, &u.CodeHash, &u.LinkHash,
		&u.CodeTries, &u.Letters, &codeExpires, &expires, &u.Decision)
	if errors.Is(err, sql.ErrNoRows) {
		return signup{}, nil
	}
	u.CodeExpires, u.Expires = time.UnixMilli(codeExpires).UTC(), time.UnixMilli(expires).UTC()
	return u, err
}

// order is a filled-in form that was found to be right.
type order struct {
	details
	Plan         billing.Plan
	PasswordHash string // empty: that of the registration it is instead of
	Instead      string // the hash of the token of a registration that is being corrected
	Terms        string // the version that was accepted
	Language     string
	IP, Net      string
	Invitation   string // its code, or empty
	Mode         Mode   // of the site
}

// keep reserves the name and keeps the registration, in one transaction, and returns its token. A registration of the
// same e-mail address that was not finished is replaced, and its name is free again.
func (s *Shop) keep(ctx context.Context, o order) (token string, err error) {
	token, now := s.secret(), s.Clock.Now()
	limits := registrationLimits(o.Net)
	err = s.DB.Tx(ctx, func(tx *sql.Tx) error {
		if err := session.Allow(ctx, tx, now, limits...); err != nil {
			return err
		}
		if err := carryPassword(ctx, tx, &o); err != nil {
			return err
		}
		invitation, err := s.invitation(ctx, tx, o)
		if err != nil {
			return err
		}
		if err := replace(ctx, tx, o.Instead); err != nil {
			return err
		}
		id, err := s.Tenants.Reserve(ctx, tx, tenant.Order{Name: o.Name, Company: o.Company, OwnerName: o.Person, OwnerEmail: o.Email,
			PasswordHash: o.PasswordHash, Language: o.Language, Limits: o.Plan.Limits(), Until: now.Add(reservation)})
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `insert into signup (token_hash, email, person, company, name, language, plan, tenant, terms_version, ip, interval, country, tax_id, coupon, invitation, created_at, expires_at)
			values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, digest(token), o.Email, o.Person, o.Company, o.Name, o.Language, o.Plan.ID, id, o.Terms, o.IP, o.Interval, o.Country, o.TaxID, o.Coupon, invitation,
			now.UnixMilli(), now.Add(reservation).UnixMilli())
		if err != nil {
			return fmt.Errorf("keep registration: %w", err)
		}
		return session.Count(ctx, tx, now, limits...)
	})
	return token, err
}

// carryPassword takes the password over from the registration that is being corrected, if none was typed.
func carryPassword(ctx context.Context, tx *sql.Tx, o *order) error {
	if o.PasswordHash != "" {
		return nil
	}
	err := tx.QueryRowContext(ctx, `select t.password_hash from signup s join tenant t on t.id = s.tenant
		where s.token_hash = ? and s.state in ('details', 'email_pending') and t.state = 'reserved'`, o.Instead).Scan(&o.PasswordHash)
	if errors.Is(err, sql.ErrNoRows) {
		return errEnded
	}
	return err
}

// replace removes the unfinished registration that a token belongs to. The address alone is no proof: anybody could
// end somebody else's registration with it.
func replace(ctx context.Context, tx *sql.Tx, hash string) error {
	_, err := tx.ExecContext(ctx, `delete from tenant where state = 'reserved' and id in
		(select tenant from signup where state in ('details', 'email_pending', 'verified') and token_hash = ?)`, hash)
	if err != nil {
		return fmt.Errorf("free the name of an older registration: %w", err)
	}
	_, err = tx.ExecContext(ctx, `delete from signup where state in ('details', 'email_pending', 'verified') and token_hash = ?`, hash)
	return err
}

// digest is what is kept of a secret.
func digest(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}
