package billing

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"rowhouse/data/fault"
)

// WaitFor waits for a customer who has said when an invoice will be paid. Until the end of that day nothing is closed, and what was
// closed for this invoice is opened; after it the steps go on where the CRM is first closed, not at once with the hardest.
func (b *Billing) WaitFor(ctx context.Context, invoice int64, until Day, reason, actor string) error {
	return b.DB.Tx(ctx, func(tx *sql.Tx) error {
		i, today, err := b.openInvoice(ctx, tx, invoice)
		if err != nil {
			return err
		}
		if until < today || until > today+366 {
			return fault.New(fault.Invalid, "Please choose a day from today on, at most a year ahead.")
		}
		step, on := i.Step, i.StepOn
		for n, s := range i.Policy.Steps {
			if s.Act != Remind && n < step {
				step, on = n, until
			}
		}
		_, err = tx.ExecContext(ctx, `update invoice set promise_on = ?, step = ?, step_on = nullif(?, 0), void_on = iif(void_on < ?, ?, void_on) where id = ?`, until, step, on, until, until, i.ID)
		if err != nil {
			return fmt.Errorf("promise for invoice %d: %w", i.ID, err)
		}
		if err := b.Tenants.Audit(ctx, tx, actor, "wait for payment", "", i.Name()+" until "+until.String()+": "+short(reason)); err != nil {
			return err
		}
		return b.ease(ctx, tx, i, actor, "promised until "+until.String())
	})
}

// ease opens what was closed for want of a payment, as the host has decided to wait or to let it be.
func (b *Billing) ease(ctx context.Context, tx *sql.Tx, i Invoice, actor, why string) error {
	if i.Subscription == 0 {
		return nil
	}
	s, err := subscriptionIn(ctx, tx, i.Subscription)
	if err != nil || s.State == Canceled {
		return err
	}
	if _, err := b.Tenants.ReleaseIn(ctx, tx, s.Tenant, billingHolds...); err != nil {
		return err
	}
	before := s
	if s.State == Unpaid {
		s.State = PastDue
	}
	if err := s.keep(ctx, tx); err != nil {
		return err
	}
	return b.note(ctx, tx, before, s, "waiting", actor, i.Name()+" "+why)
}

// openInvoice is an invoice that is still to be paid. Any other is a fault.Conflict.
func (b *Billing) openInvoice(ctx context.Context, tx *sql.Tx, invoice int64) (Invoice, Day, error) {
	i, err := invoiceIn(ctx, tx, invoice)
	if err == nil && i.State != InvoiceOpen {
		err = fault.New(fault.Conflict, "This invoice is not open any more.")
	}
	if err != nil {
		return i, 0, err
	}
	today, err := b.today(ctx, tx)
	return i, today, err
}

// Void takes an open invoice back, with a credit note if it has a number. What was closed for it opens again. A period that goes on is
// invoiced anew by the next turn.
func (b *Billing) Void(ctx context.Context, invoice int64, reason, actor string) error {
	if strings.TrimSpace(reason) == "" {
		return fault.New(fault.Invalid, "Please say why. The customer reads it.")
	}
	return b.DB.Tx(ctx, func(tx *sql.Tx) error {
		i, _, err := b.openInvoice(ctx, tx, invoice)
		if err != nil {
			return err
		}
		if err := b.void(ctx, tx, i, reason); err != nil {
			return err
		}
		if err := b.Tenants.Audit(ctx, tx, actor, "void invoice", "", i.Name()+": "+short(reason)); err != nil || i.Subscription == 0 {
			return err
		}
		s, err := subscriptionIn(ctx, tx, i.Subscription)
		if err != nil || s.State != PastDue && s.State != Unpaid || i.VoidOn > 0 {
			return err // an offer that is taken back opens nothing
		}
		return b.lift(ctx, tx, s, i)
	})
}

// WriteOff gives an open invoice up: nobody asks for it any more. If it was for a period of a subscription, that ends with it, as
// nobody is served for nothing by oversight.
func (b *Billing) WriteOff(ctx context.Context, invoice int64, reason, actor string) error {
	return b.DB.Tx(ctx, func(tx *sql.Tx) error {
		i, today, err := b.openInvoice(ctx, tx, invoice)
		if err != nil {
			return err
		}
		if err := moving(ctx, tx, i.ID); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `update invoice set state = 'uncollectible', charge_at = null where id = ?`, i.ID); err != nil {
			return fmt.Errorf("write invoice %d off: %w", i.ID, err)
		}
		if err := b.Tenants.Audit(ctx, tx, actor, "write invoice off", "", i.Name()+": "+short(reason)); err != nil || i.Subscription == 0 {
			return err
		}
		s, err := subscriptionIn(ctx, tx, i.Subscription)
		if err != nil || s.State != PastDue && s.State != Unpaid && (s.State != Trialing || i.Kind != Renewal) {
			return err
		}
		return b.endNow(ctx, tx, s, today, "written off", actor)
	})
}

// EndNow ends a subscription today: what is open is taken back and the CRM is closed. What was paid for the days to come is not
// given back by itself.
func (b *Billing) EndNow(ctx context.Context, subscription int64, reason, actor string) error {
	return b.DB.Tx(ctx, func(tx *sql.Tx) error {
		s, err := subscriptionIn(ctx, tx, subscription)
		if err != nil {
			return err
		}
		if s.State == Canceled {
			return fault.New(fault.Conflict, "The subscription has ended already.")
		}
		today, err := b.today(ctx, tx)
		if err != nil {
			return err
		}
		s.CancelReason = short(reason)
		return b.endNow(ctx, tx, s, today, "ended by the host", actor)
	})
}
