package shop

import (
	"context"
	"database/sql"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"rowhouse/billing"
	"rowhouse/data/fault"
	"rowhouse/ui"
	"rowhouse/ui/mail"
	"rowhouse/ui/session"
)

// codeLife is how long the code and the link of a letter last.
const codeLife = 30 * time.Minute

// confirmation is sent by somebody who finds everything right: the letter that proves the e-mail address goes off.
// Sent twice, it does no more than once.
func (s *Shop) confirmation(w http.ResponseWriter, r *http.Request) error {
	return s.post(w, r, "details")
}

// letter sends the proof once more; the code and the link of the letter before end.
func (s *Shop) letter(w http.ResponseWriter, r *http.Request) error {
	return s.post(w, r, "email_pending")
}

// post sends the letter of a registration that is in a state, and leads back to its page.
func (s *Shop) post(w http.ResponseWriter, r *http.Request, state string) error {
	if _, err := ui.Form(w, r); err != nil {
		return err
	}
	token := r.PathValue("token")
	u, err := s.find(r, token)
	if err != nil {
		return s.ended(w, r, err)
	}
	if u.Decoy {
		u.State = "email_pending"
		return s.sendDecoy(w, r, u)
	}
	if err := s.send(r.Context(), token, state, session.Net(r)); err != nil {
		return s.show(w, r, u, err)
	}
	if state == "email_pending" {
		ui.Say(w, ui.LookOf(r).T("The letter is on its way."), "")
	}
	return ui.Back(w, r, "/register/"+token)
}

// send makes a new code and link and posts their letter. A registration that is not in the state gets none.
func (s *Shop) send(ctx context.Context, token, state, net string) error {
	brand := s.Brand(ctx)
	return s.DB.Tx(ctx, func(tx *sql.Tx) error {
		now := s.Clock.Now()
		u, err := s.findSignup(ctx, tx.QueryRowContext, token)
		if err != nil || u.State != state || !u.open(now) {
			return err
		}
		return s.sendIn(ctx, tx, u, token, brand, letterLimits(u.Email, net))
	})
}

// sendIn makes a new code and link of a registration and posts their letter, in the caller's transaction.
func (s *Shop) sendIn(ctx context.Context, tx *sql.Tx, u signup, token, brand string, limits []session.Limit) error {
	now, code, secret := s.Clock.Now(), s.code(), s.secret()
	if err := session.Allow(ctx, tx, now, limits...); err != nil {
		return sentEnough(err)
	}
	_, err := tx.ExecContext(ctx, `update signup set state = 'email_pending', code_hash = ?, link_hash = ?, code_tries = 0, code_expires_at = ?, letters = letters + 1 where id = ?`,
		s.codeDigest(u, code), digest(secret), now.Add(codeLife).UnixMilli(), u.ID)
	if err != nil {
		return fmt.Errorf("keep code: %w", err)
	}
	link := s.Tenants.Home() + "/register/" + token + "/proof/" + secret
	letter, err := proofLetter(ctx, tx, u, u.Hash, brand, code, link)
	if err != nil {
		return err
	}
	if err := mail.Post(ctx, tx, now, letter); err != nil {
		return err
	}
	return session.Count(ctx, tx, now, limits...)
}

// sentEnough says what a person can do who gets no more letters.
func sentEnough(err error) error {
	if f := fault.Of(err); f.Kind == fault.TooMany {
		return &fault.Fault{Kind: fault.TooMany, Format: "Enough letters were sent for now. Please look into the spam folder too, or try again in %d minutes.",
			Args: f.Args, Retry: f.Retry, Cause: err}
	}
	return err
}

// codeDigest is what is kept of a code. A secret that does not lie in the host's file makes six digits as hard to find as 120 bits.
func (s *Shop) codeDigest(u signup, code string) string {
	return digest(s.Seal.Secret("signup/"+u.Hash) + "/" + code)
}

// proofLetter holds nothing that its sender has typed: else anybody could send words of their own to a stranger.
// Its key is made of the token: the numbers of rows that were replaced are given again.
func proofLetter(ctx context.Context, tx *sql.Tx, u signup, hash, brand, code, link string) (mail.Letter, error) {
	l, _ := billing.LetterOf("verify_email")
	minutes := strconv.Itoa(int(codeLife / time.Minute))
	subject, text, err := l.Write(ctx, tx, u.Language, map[string]string{"brand": brand, "code": code, "link": link, "minutes": minutes})
	return mail.Letter{Key: fmt.Sprintf("proof/%s/%d", hash, u.Letters+1), To: u.Email, Subject: subject, Text: text}, err
}
