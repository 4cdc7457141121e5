package billing

import (
	"context"
	"database/sql"

	"rowhouse/data/fault"
	"rowhouse/tenant"
)

// Archive closes a tenant because the host says so: its subscription ends today, and its folder is put away. It can be brought
// back, and is deleted as late as its policy says, as with any other that has ended.
func (b *Billing) Archive(ctx context.Context, name, actor string) error {
	s, err := b.endFor(ctx, name, actor, "the host archived it")
	if err != nil {
		return err
	}
	return b.Tenants.Archive(ctx, name, actor, func(tx *sql.Tx) error { return b.movedOut(ctx, tx, s, putAway, "archived") })
}

// Delete deletes a tenant's data and its backups at once, because the host says so. Invoices stay, as the law wants.
func (b *Billing) Delete(ctx context.Context, name, actor string) error {
	t, err := b.Tenants.ByName(ctx, name)
	if err != nil {
		return err
	}
	switch t.State {
	case tenant.Active:
		if err := b.Archive(ctx, name, actor); err != nil {
			return err
		}
	case tenant.Reserved, tenant.ProvisionFailed:
		return b.dropUnfinished(ctx, t, actor)
	case tenant.Archived:
	default:
		return fault.New(fault.Conflict, "%s is being set up just now.", name)
	}
	s, err := b.SubscriptionOf(ctx, t.ID)
	if err != nil && !fault.Is(err, fault.Missing) {
		return err
	}
	return b.Tenants.Purge(ctx, name, actor, func(tx *sql.Tx) error { return b.movedOut(ctx, tx, s, deleted, "purged") })
}

// endFor ends a tenant's subscription today, if it has one that runs.
func (b *Billing) endFor(ctx context.Context, name, actor, why string) (Subscription, error) {
	t, err := b.Tenants.ByName(ctx, name)
	if err != nil {
		return Subscription{}, err
	}
	if err := t.Unlocked(); err != nil {
		return Subscription{}, err
	}
	s, err := b.SubscriptionOf(ctx, t.ID)
	if fault.Is(err, fault.Missing) {
		return s, nil
	}
	if err != nil || s.State == Canceled {
		return s, err
	}
	if err := b.EndNow(ctx, s.ID, why, actor); err != nil {
		return s, err
	}
	return b.SubscriptionOf(ctx, t.ID)
}

// movedOut counts a step that the host took earlier than the policy would have.
func (b *Billing) movedOut(ctx context.Context, tx *sql.Tx, s Subscription, step int, kind string) error {
	if s.ID == 0 {
		return nil
	}
	s, err := subscriptionIn(ctx, tx, s.ID) // as it is by now
	if err != nil {
		return err
	}
	s.Closing = step
	return b.closed(ctx, tx, s, kind)
}

// dropUnfinished frees the name of a tenant that never was.
func (b *Billing) dropUnfinished(ctx context.Context, t tenant.Tenant, actor string) error {
	if _, err := b.endFor(ctx, t.Name, actor, "its CRM was never set up"); err != nil {
		return err
	}
	return b.DB.Tx(ctx, func(tx *sql.Tx) error {
		if err := b.Tenants.Abandon(ctx, tx, t.ID); err != nil {
			return err
		}
		return b.Tenants.Audit(ctx, tx, actor, "delete", t.Name, t.Company)
	})
}
