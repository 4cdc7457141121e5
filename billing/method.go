package billing

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"rowhouse/billing/gateway"
	"rowhouse/data/fault"
)

// Method is a saved way to pay.
type Method struct {
	ID, Customer        int64
	Gateway, Payer, Ref string
	Label               string // Visa •••• 4242
	Month, Year         int    // the last month in which it is good; 0 is without end
	Most                int64  // the largest amount that it may be charged with, in minor units; 0 is without end
	Usable              bool
}

const methodColumns = `m.id, m.customer, m.gateway, m.payer, m.ref, m.label, m.month, m.year, m.most, m.usable`

func scanMethod(row interface{ Scan(...any) error }) (Method, error) {
	var m Method
	err := row.Scan(&m.ID, &m.Customer, &m.Gateway, &m.Payer, &m.Ref, &m.Label, &m.Month, &m.Year, &m.Most, &m.Usable)
	return m, err
}

// methodIn returns a method; none is the zero value, which is not usable.
func methodIn(ctx context.Context, tx *sql.Tx, id int64) (Method, error) {
	m, err := scanMethod(tx.QueryRowContext(ctx, `select `+methodColumns+` from method m where m.id = ?`, id))
	if errors.Is(err, sql.ErrNoRows) {
		return Method{}, nil
	}
	return m, err
}

// MethodOf returns the method with which a subscription is paid; none is the zero value.
func (b *Billing) MethodOf(ctx context.Context, s Subscription) (Method, error) {
	return b.methodByID(ctx, s.Method)
}

func (b *Billing) methodByID(ctx context.Context, id int64) (Method, error) {
	m, err := scanMethod(b.DB.QueryRow(ctx, `select `+methodColumns+` from method m where m.id = ?`, id))
	if errors.Is(err, sql.ErrNoRows) {
		return Method{}, nil
	}
	return m, err
}

// keepMethod keeps a method that was saved and makes it the subscription's. What is open is charged with it at once.
func (b *Billing) keepMethod(ctx context.Context, tx *sql.Tx, a Attempt, m gateway.Method) error {
	var id, owner int64
	err := tx.QueryRowContext(ctx, `insert into method (customer, gateway, payer, ref, label, month, year, most, created_at) values (?, ?, ?, ?, ?, ?, ?, ?, ?)
		on conflict (gateway, ref) do update set label = excluded.label, month = excluded.month, year = excluded.year, most = excluded.most, usable = 1 returning id, customer`,
		a.Customer, a.Gateway, m.Customer, m.Ref, m.Label, m.Month, m.Year, m.Most, b.Clock.Now().UnixMilli()).Scan(&id, &owner)
	if err != nil {
		return fmt.Errorf("keep method of customer %d: %w", a.Customer, err)
	}
	if owner != a.Customer {
		return fmt.Errorf("method %d of customer %d was said to be customer %d's", id, owner, a.Customer)
	}
	if m.Customer != "" {
		if err := keepRef(ctx, tx, a.Customer, a.Gateway, m.Customer); err != nil {
			return err
		}
	}
	if a.Subscription == 0 {
		return nil
	}
	var was int64
	if err := tx.QueryRowContext(ctx, `select coalesce(method, 0) from subscription where id = ?`, a.Subscription).Scan(&was); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `update subscription set method = ?, gateway = ? where id = ?`, id, a.Gateway, a.Subscription); err != nil {
		return err
	}
	if a.Mode != gateway.Setup || was == id {
		return nil
	}
	if err := b.beginTrial(ctx, tx, a.Subscription); err != nil {
		return err
	}
	return b.chargeOpen(ctx, tx, a.Subscription)
}

// beginTrial opens the door for an order that waited for a way to pay.
func (b *Billing) beginTrial(ctx context.Context, tx *sql.Tx, subscription int64) error {
	s, err := subscriptionIn(ctx, tx, subscription)
	if err != nil || s.State != Incomplete || s.TrialDays == 0 {
		return err
	}
	s.State = Trialing
	return b.enter(ctx, tx, s, "trial")
}

// chargeOpen plans to charge what is open with a new method: at once what is due, on its day what is not.
func (b *Billing) chargeOpen(ctx context.Context, tx *sql.Tx, subscription int64) error {
	open, err := collect(ctx, tx, scanInvoice, `select `+invoiceColumns+` from invoice i where i.subscription = ? and i.state = 'open' and i.kind = 'renewal'`, subscription)
	if err != nil {
		return err
	}
	for _, i := range open {
		when := maxTime(i.DueOn.In(i.Seller.Location()), b.Clock.Now())
		if _, err := tx.ExecContext(ctx, `update invoice set charge_at = ? where id = ?`, when.UnixMilli(), i.ID); err != nil {
			return err
		}
	}
	return nil
}

func keepRef(ctx context.Context, tx *sql.Tx, customer int64, gateway, ref string) error {
	_, err := tx.ExecContext(ctx, `insert into customer_ref (customer, gateway, ref) values (?, ?, ?) on conflict (customer, gateway) do update set ref = excluded.ref`, customer, gateway, ref)
	return err
}

// ForgetMethod takes a subscription's saved method away: from now on it is paid by hand.
func (b *Billing) ForgetMethod(ctx context.Context, subscription int64, actor string) error {
	return b.DB.Tx(ctx, func(tx *sql.Tx) error {
		s, err := subscriptionIn(ctx, tx, subscription)
		if err != nil {
			return err
		}
		m, err := methodIn(ctx, tx, s.Method)
		if err != nil {
			return err
		}
		if m.ID == 0 {
			return fault.New(fault.Missing, "There is no saved way to pay.")
		}
		if _, err := tx.ExecContext(ctx, `update subscription set method = null where method = ?`, m.ID); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `update method set usable = 0 where id = ?`, m.ID); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `update invoice set charge_at = null where subscription = ? and state = 'open'`, s.ID); err != nil {
			return err
		}
		return b.note(ctx, tx, s, s, "method removed", actor, m.Label)
	})
}

// covers tells whether an amount, in minor units, can be charged with a method.
func (m Method) covers(amount int64) bool {
	return m.Usable && (m.Most == 0 || m.Most >= amount)
}

// LastDay is the last day on which a method is good; 0 is without end.
func (m Method) LastDay() Day {
	if m.Year == 0 {
		return 0
	}
	return day(m.Year, time.Month(m.Month+1), 1) - 1
}
