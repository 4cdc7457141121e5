package billing

import (
	"context"
	"database/sql"
	"fmt"

	"rowhouse/data/fault"
)

// mostExtended is how far a trial can be extended at once, in days.
const mostExtended = 366

// ExtendTrial gives a trial more days. One that has ended unpaid runs again: its invoice is taken back and its CRM opened.
func (b *Billing) ExtendTrial(ctx context.Context, subscription int64, days int, actor string) error {
	if days < 1 || days > mostExtended {
		return fault.New(fault.Invalid, "Please enter 1 to %d days.", mostExtended)
	}
	return b.DB.Tx(ctx, func(tx *sql.Tx) error {
		s, err := subscriptionIn(ctx, tx, subscription)
		if err != nil {
			return err
		}
		before := s
		today, err := b.today(ctx, tx)
		if err != nil {
			return err
		}
		switch {
		case s.TrialEnd > 0 && s.End == 0 && (s.State == Trialing || s.State == PastDue || s.State == Unpaid):
			s.State, s.TrialEnd = Trialing, max(s.TrialEnd, today)+Day(days)
		case s.State == Trialing:
			s.TrialDays += days // the CRM is not ready: the days are not counted yet
		default:
			return fault.New(fault.Conflict, "There is no trial to extend.")
		}
		if err := b.voidOpen(ctx, tx, s, "the trial goes on", Renewal); err != nil {
			return err
		}
		if _, err := b.Tenants.ReleaseIn(ctx, tx, s.Tenant, billingHolds...); err != nil {
			return err
		}
		if err := s.keep(ctx, tx); err != nil {
			return err
		}
		return b.note(ctx, tx, before, s, "trial extended", actor, fmt.Sprintf("%d days", days))
	})
}
