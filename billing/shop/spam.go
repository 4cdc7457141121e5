package shop

import (
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"net/http"
	"strings"

	"rowhouse/data/fault"
	"rowhouse/ui/session"
)

// maxCaught is how many registrations that the traps have caught are kept; the oldest go.
const maxCaught = 1000

// catch notes a form that was refused because it came too quickly, or because its net has sent too many.
func (s *Shop) catch(r *http.Request, d details, refused error) {
	switch {
	case errors.Is(refused, errQuick):
		s.caught(r, "quick", d)
	case fault.Is(refused, fault.TooMany):
		s.caught(r, "net", d)
	}
}

// caught notes for the host what a trap has caught. The visitor sees the same as always, whether it could be noted or not; of a
// flood only some are, so that it does not fill the disk's queue.
func (s *Shop) caught(r *http.Request, why string, d details) {
	now := s.Clock.Now()
	if !s.noted.allow("", now) {
		return
	}
	ctx := context.WithoutCancel(r.Context())
	err := s.DB.Tx(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `insert into signup_trap (at, why, email, person, company, name, ip) values (?, ?, ?, ?, ?, ?, ?)`,
			now.UnixMilli(), why, noted(d.Email), noted(d.Person), noted(d.Company), noted(d.Name), session.IP(r))
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `delete from signup_trap where id <= (select id from signup_trap order by id desc limit 1 offset ?)`, maxCaught)
		return err
	})
	if err != nil {
		slog.Warn("what a trap has caught was not noted", "err", err)
	}
}

// noted is a stranger's word as it is kept: short, and without signs that could play with a page.
func noted(s string) string {
	clean := strings.Map(func(r rune) rune {
		if unprintable(r) {
			return ' '
		}
		return r
	}, s)
	if r := []rune(clean); len(r) > 200 {
		return string(r[:200])
	}
	return clean
}
