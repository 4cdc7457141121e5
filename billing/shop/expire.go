package shop

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// keptExpired is how long the host can see who did not finish.
const keptExpired = 30 * 24 * time.Hour

// Expire ends the registrations that were not finished in time, frees their names, and forgets those of a month ago.
func (s *Shop) Expire(ctx context.Context) error {
	now := s.Clock.Now()
	err := s.DB.Tx(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `update signup set state = 'expired', code_hash = '', link_hash = ''
			where state in ('details', 'email_pending', 'verified') and expires_at <= ?`, now.UnixMilli())
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `delete from tenant where state = 'reserved' and id in (select tenant from signup where state = 'expired')`)
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `delete from signup where state = 'expired' and expires_at <= ?`, now.Add(-keptExpired).UnixMilli())
		return err
	})
	if err != nil {
		return fmt.Errorf("expire registrations: %w", err)
	}
	return nil
}
