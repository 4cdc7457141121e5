package billing

import (
	"context"
	"database/sql"
	"fmt"

	"rowhouse/tenant"
)

// lift opens the CRM again once nothing that is due is unpaid.
func (b *Billing) lift(ctx context.Context, tx *sql.Tx, s Subscription, i Invoice) error {
	today, err := b.today(ctx, tx)
	if err != nil {
		return err
	}
	var late int
	err = tx.QueryRowContext(ctx, `select count(*) from invoice where subscription = ? and state = 'open' and (kind in ('renewal', 'manual') or applied_at is not null) and due_on < ?`, s.ID, today).Scan(&late)
	if err != nil || late > 0 {
		return err
	}
	if s.State == PastDue || s.State == Unpaid {
		before := s
		s.State = Active
		if err := s.keep(ctx, tx); err != nil {
			return err
		}
		if err := b.note(ctx, tx, before, s, "recovered", "payment", i.Name()); err != nil {
			return err
		}
	}
	lifted, err := b.Tenants.ReleaseIn(ctx, tx, s.Tenant, billingHolds...)
	if err != nil || !lifted {
		return err
	}
	return b.post(ctx, tx, "access_restored", fmt.Sprintf("restored:%d:%d", i.ID, i.Step), s, b.crmLink(ctx, tx, s), "")
}

// billingHolds are the holds that billing sets, and a payment takes away.
var billingHolds = []string{tenant.BillingSoft, tenant.BillingHard, tenant.TrialEnded}

// crmLink makes the letter's link the CRM itself.
func (b *Billing) crmLink(ctx context.Context, tx *sql.Tx, s Subscription) map[string]string {
	var name string
	if tx.QueryRowContext(ctx, `select name from tenant where id = ?`, s.Tenant).Scan(&name) != nil {
		return nil // the letter then leads to the billing page
	}
	return map[string]string{"link": b.Tenants.URL(name) + "/admin"}
}
