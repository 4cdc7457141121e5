package billing

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"rowhouse/data/fault"
	"rowhouse/tenant"
)

// The steps from the end of a subscription to the end of its data, as their days stand in Policy.Closing.
const (
	firstWarning = iota
	secondWarning
	putAway
	deleted
)

// mostClosed is how many tenants are archived or purged on one day at the most; 2 % of all if that is more. A mistake then costs little.
const mostClosed = 10

// close takes the next step on the way of an ended subscription: two warnings, archive, purge. As with unpaid invoices, a time in
// which we did not run takes nobody's days away.
func (b *Billing) close(ctx context.Context, id int64) error {
	var s Subscription
	var ready bool
	err := b.DB.Tx(ctx, func(tx *sql.Tx) error {
		var err error
		if s, err = subscriptionIn(ctx, tx, id); err != nil || s.State != Canceled {
			return err
		}
		p, today, err := b.terms(ctx, tx, s)
		if err != nil || s.Closing >= len(p.Closing) || today < s.closesOn(p) {
			return err
		}
		if s.Closing > secondWarning {
			ready, err = b.mayClose(ctx, tx, s, today)
			return err
		}
		return b.warnClosing(ctx, tx, s, p, today)
	})
	if err != nil || !ready {
		return err
	}
	t, err := b.tenantOf(ctx, s)
	if err != nil {
		return err
	}
	if s.Closing == putAway {
		err = b.Tenants.Archive(ctx, t.Name, "system", func(tx *sql.Tx) error { return b.closed(ctx, tx, s, "archived") })
	} else {
		err = b.Tenants.Purge(ctx, t.Name, "system", func(tx *sql.Tx) error { return b.closed(ctx, tx, s, "purged") })
	}
	if fault.Is(err, fault.Conflict) {
		return nil // locked: it stays
	}
	return err
}

// closesOn is the day of the next step: no earlier than its own, and no closer to the step before than the policy has them apart.
func (s Subscription) closesOn(p Policy) Day {
	on := s.EndedOn + Day(p.Closing[s.Closing])
	if s.Closing > 0 {
		on = max(on, s.ClosingOn+Day(p.Closing[s.Closing]-p.Closing[s.Closing-1]))
	}
	return on
}

// warnClosing writes that the data will be put away, and counts the step.
func (b *Billing) warnClosing(ctx context.Context, tx *sql.Tx, s Subscription, p Policy, today Day) error {
	c, err := customerIn(ctx, tx, s.Customer)
	if err != nil {
		return err
	}
	left := p.Closing[putAway] - p.Closing[s.Closing]
	err = b.post(ctx, tx, "archive_warning", closingKey(s, s.Closing), s, map[string]string{"date": sayDay(c.Language, today+Day(left))}, "")
	if err != nil {
		return err
	}
	s.Closing, s.ClosingOn = s.Closing+1, today
	return s.keep(ctx, tx)
}

func closingKey(s Subscription, n int) string {
	return fmt.Sprintf("archwarn:%d:%d:%d", s.ID, s.EndedOn, n+1)
}

// mayClose holds the interlock: both warnings have gone out, no payment is under way, and not too many are closed on one day.
func (b *Billing) mayClose(ctx context.Context, tx *sql.Tx, s Subscription, today Day) (bool, error) {
	var unsent, moving, closed, all int
	err := tx.QueryRowContext(ctx, `select (select count(*) from outbox where key in (?1, ?2) and state not in ('sent', 'moved')),
		(select count(*) from moving_attempt where subscription = ?3) + (select count(*) from invoice where subscription = ?3 and kind = 'reactivation' and state = 'open'),
		(select count(*) from subscription where closing_on = ?4 and closing > 2), (select count(*) from tenant where state in ('active', 'archived'))`,
		closingKey(s, firstWarning), closingKey(s, secondWarning), s.ID, today).Scan(&unsent, &moving, &closed, &all)
	if err != nil {
		return false, err
	}
	if b.Inbox {
		unsent = 0 // letters stay in the built-in inbox and count as delivered
	}
	switch {
	case unsent > 0:
		return false, b.alert(ctx, tx, fmt.Sprintf("unwarned:%d:%d", s.ID, s.EndedOn), "A tenant is not put away", "/admin/letters",
			"Its data would be put away today, but a letter that warns of it has not been delivered. It stays until that is mended.")
	case moving > 0:
		return false, nil
	case closed >= max(mostClosed, all/50):
		return false, b.alert(ctx, tx, fmt.Sprintf("many-closed:%d", today), "Many tenants are to be put away", "/admin/tenants",
			fmt.Sprintf("%d tenants were put away or deleted today. The rest waits until tomorrow. If that is a surprise, please look why.", closed))
	}
	return true, nil
}

// closed counts a step that moved or deleted data, and writes to the customer.
func (b *Billing) closed(ctx context.Context, tx *sql.Tx, s Subscription, kind string) error {
	p, today, err := b.terms(ctx, tx, s)
	if err != nil {
		return err
	}
	c, err := customerIn(ctx, tx, s.Customer)
	if err != nil {
		return err
	}
	facts := map[string]string{"date": sayDay(c.Language, today+Day(p.Closing[deleted]-p.Closing[putAway])), "home": b.Tenants.Home()}
	if err := b.post(ctx, tx, kind, fmt.Sprintf("%s:%d:%d", kind, s.ID, s.EndedOn), s, facts, ""); err != nil {
		return err
	}
	s.Closing, s.ClosingOn = s.Closing+1, today
	if err := s.keep(ctx, tx); err != nil {
		return err
	}
	return b.note(ctx, tx, s, s, kind, "system", "")
}

// Restore brings an archived tenant back. Its subscription has ended; its owner can start it again.
func (b *Billing) Restore(ctx context.Context, name, actor string) error {
	return b.Tenants.Unarchive(ctx, name, actor, func(tx *sql.Tx) error {
		var id int64
		if err := tx.QueryRowContext(ctx, `select id from tenant where name = ?`, name).Scan(&id); err != nil {
			return err
		}
		s, err := subscriptionOf(ctx, tx, id)
		if fault.Is(err, fault.Missing) {
			return nil
		}
		if err != nil {
			return err
		}
		today, err := b.today(ctx, tx)
		if err != nil {
			return err
		}
		if s.State == Active { // it was paid while it was put away
			if err := start(ctx, tx, &s, today); err != nil {
				return err
			}
		} else {
			s.Closing, s.ClosingOn, s.EndedOn = 0, 0, today // the days are counted anew
		}
		if err := s.keep(ctx, tx); err != nil {
			return err
		}
		return errors.Join(b.note(ctx, tx, s, s, "restored", actor, ""), b.post(ctx, tx, "restored", fmt.Sprintf("restored:%d:%d", s.ID, today), s, b.crmLink(ctx, tx, s), ""))
	})
}

func (b *Billing) tenantOf(ctx context.Context, s Subscription) (tenant.Tenant, error) {
	var name string
	if err := b.DB.QueryRow(ctx, `select name from tenant where id = ?`, s.Tenant).Scan(&name); err != nil {
		return tenant.Tenant{}, fmt.Errorf("find tenant %d: %w", s.Tenant, err)
	}
	return b.Tenants.ByName(ctx, name)
}
