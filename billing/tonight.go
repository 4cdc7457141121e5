package billing

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// Tonight is what would happen to a tenant when the day turns.
type Tonight struct {
	Tenant, Company string
	Invoice         string // which invoice it is about; empty: the subscription has ended
	InvoiceID       int64
	Act             string // read_only, billing_only, cancel, or: warn, archive, purge
	On              Day    // since when it is due
}

// WouldClose works out what a policy would do to the tenants that have it until tomorrow, if it counted for all invoices that are
// open. Letters alone are not told. Nothing is changed.
func (b *Billing) WouldClose(ctx context.Context, id int64, p Policy) (list []Tonight, err error) {
	err = b.DB.Snapshot(ctx, func(tx *sql.Tx) error {
		today, err := b.today(ctx, tx)
		if err != nil {
			return err
		}
		late, err := collect(ctx, tx, scanInvoice, `select `+invoiceColumns+` from invoice i join subscription s on s.id = i.subscription where s.policy = ? and i.state = 'open' and i.due_on <= ?
			and (i.kind in ('renewal', 'manual') or i.applied_at is not null) order by i.due_on, i.id limit 1000`, id, today+1)
		if err != nil {
			return err
		}
		for _, i := range late {
			if t, ok := i.tonight(p, today+1); ok {
				list = append(list, t)
			}
		}
		ended, err := collect(ctx, tx, scanSubscription, `select `+subscriptionColumns+` from subscription s join tenant t on t.id = s.tenant where s.policy = ? and s.state = 'canceled' and s.closing < 4
			and s.ended_on is not null and t.state in ('active', 'archived') order by s.ended_on limit 1000`, id)
		if err != nil {
			return err
		}
		for _, s := range ended {
			if t, ok := s.tonight(p, today+1); ok {
				list = append(list, t)
			}
		}
		return b.nameThem(ctx, tx, list)
	})
	return list, err
}

// tonight is the hardest step that a policy has for an invoice until a day.
func (i Invoice) tonight(p Policy, day Day) (Tonight, bool) {
	steps := p.Steps
	if len(i.Policy.Steps) > 0 && i.Policy.Steps[0].Act == Restrict && i.Policy.Steps[0].Day == 0 {
		steps = p.Trial
	}
	done := Act("")
	if i.Step > 0 && i.Step <= len(i.Policy.Steps) {
		done = i.Policy.Steps[i.Step-1].Act
	}
	for _, s := range steps {
		on := i.DueOn + Day(s.Day)
		if on <= day && hardness[s.Act] > max(hardness[done], hardness[Remind]) && i.PromiseOn < day {
			return Tonight{Invoice: i.Name(), InvoiceID: i.ID, Act: string(s.Act), On: on, Tenant: fmt.Sprint(i.Subscription)}, true
		}
	}
	return Tonight{}, false
}

func (s Subscription) tonight(p Policy, day Day) (Tonight, bool) {
	on := s.closesOn(p)
	return Tonight{Act: []string{"warn", "warn", "archive", "purge"}[s.Closing], On: on, Tenant: fmt.Sprint(s.ID)}, on <= day
}

// nameThem puts the tenants' names where the numbers of their subscriptions stand.
func (b *Billing) nameThem(ctx context.Context, tx *sql.Tx, list []Tonight) error {
	for n := range list {
		err := tx.QueryRowContext(ctx, `select t.name, t.company from subscription s join tenant t on t.id = s.tenant where s.id = ?`, list[n].Tenant).Scan(&list[n].Tenant, &list[n].Company)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return err
		}
	}
	return nil
}
