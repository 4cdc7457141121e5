package billing

import (
	"context"
	"database/sql"
	"fmt"

	"rowhouse/data/fault"
	"rowhouse/data/money"
	"rowhouse/tenant"
)

// transfer is the gateway that is the host's bank account.
const transfer = "offline"

// BankData is where customers transfer money to.
func (b *Billing) BankData(ctx context.Context) (string, error) {
	all, err := b.Gateways(ctx)
	for _, t := range all {
		if t.Name == transfer && t.Enabled {
			return t.Known["instructions"], err
		}
	}
	return "", err
}

// UnderWay tells whether a payment of an invoice is on its way, or being confirmed.
func (b *Billing) UnderWay(ctx context.Context, invoice int64) (bool, error) {
	var n int
	err := b.DB.QueryRow(ctx, `select count(*) from moving_attempt where invoice = ?`, invoice).Scan(&n)
	return n > 0, err
}

// TenantOf is the tenant of a subscription.
func (b *Billing) TenantOf(ctx context.Context, subscription int64) (tenant.Tenant, error) {
	s, err := b.SubscriptionByID(ctx, subscription)
	if err != nil {
		return tenant.Tenant{}, err
	}
	return b.tenantOf(ctx, s)
}

// SubscriptionByID returns a subscription. The error is a fault.Missing if there is none.
func (b *Billing) SubscriptionByID(ctx context.Context, id int64) (Subscription, error) {
	s, err := scanSubscription(b.DB.QueryRow(ctx, `select `+subscriptionColumns+` from subscription s where s.id = ?`, id))
	return s, missing(err, "There is no subscription.")
}

// CustomerOf is who pays for a subscription.
func (b *Billing) CustomerOf(ctx context.Context, s Subscription) (Customer, error) {
	return scanCustomer(b.DB.QueryRow(ctx, `select `+customerColumns+` from customer c where c.id = ?`, s.Customer))
}

// ChoicesFor are the ways in which an invoice can be paid.
func (b *Billing) ChoicesFor(ctx context.Context, i Invoice) ([]Choice, error) {
	plan, err := b.planOf(ctx, i)
	if err != nil {
		return nil, err
	}
	return b.Choices(ctx, plan, i.Due())
}

// Savers are the gateways at which a subscription's way to pay can be saved.
func (b *Billing) Savers(ctx context.Context, s Subscription) ([]Choice, error) {
	plan, err := b.PlanByID(ctx, s.Plan)
	if err != nil {
		return nil, err
	}
	all, err := b.Choices(ctx, plan, money.Amount{})
	var some []Choice
	for _, c := range all {
		if c.Save && c.Charge {
			some = append(some, c)
		}
	}
	return some, err
}

// AttemptByURL is the attempt whose page is open at an address.
func (b *Billing) AttemptByURL(ctx context.Context, url string) (Attempt, error) {
	found, err := b.attempts(ctx, `where a.url = ? order by a.id desc limit 1`, url)
	if err == nil && len(found) == 0 {
		err = fault.New(fault.Missing, "There is no such payment.")
	}
	if err != nil {
		return Attempt{}, err
	}
	return found[0], nil
}

// ByTransfer notes that an invoice will be paid by bank transfer: it gets its number, so that it can be paid like any other, and an
// order waits longer for it. Pages of gateways that are open are closed.
func (b *Billing) ByTransfer(ctx context.Context, invoice int64) error {
	i, err := b.Invoice(ctx, invoice)
	if err != nil {
		return err
	}
	plan, err := b.planOf(ctx, i)
	if err != nil {
		return err
	}
	if err := b.allowed(ctx, plan, i.Due(), transfer); err != nil {
		return err
	}
	if _, err := b.closePages(ctx, i, transfer); err != nil {
		return err
	}
	return b.DB.Tx(ctx, func(tx *sql.Tx) error {
		i, err := invoiceIn(ctx, tx, invoice)
		if err != nil || i.State != InvoiceOpen {
			return err
		}
		today, err := b.today(ctx, tx)
		if err != nil {
			return err
		}
		if i.VoidOn > 0 {
			if _, err := tx.ExecContext(ctx, `update invoice set void_on = ? where id = ?`, max(i.VoidOn, i.DueOn+Day(i.Policy.Checkout)), i.ID); err != nil {
				return err
			}
		}
		if i.Number != "" {
			return nil
		}
		return number(ctx, tx, i.ID, i.Seller.Prefix, today)
	})
}

// patience with somebody who says that a transfer is on its way, in days.
const promised = 3

// Promise notes that somebody has transferred the money: the host is told to look for it, and nothing is closed for three days, once.
func (b *Billing) Promise(ctx context.Context, invoice int64) error {
	asked, err := b.Invoice(ctx, invoice)
	if err != nil {
		return err
	}
	plan, err := b.planOf(ctx, asked)
	if err != nil {
		return err
	}
	if err := b.allowed(ctx, plan, asked.Due(), transfer); err != nil {
		return err
	}
	return b.DB.Tx(ctx, func(tx *sql.Tx) error {
		i, err := invoiceIn(ctx, tx, invoice)
		if err != nil || i.State != InvoiceOpen {
			return err
		}
		today, err := b.today(ctx, tx)
		if err != nil {
			return err
		}
		if i.PromiseOn == 0 {
			if _, err := tx.ExecContext(ctx, `update invoice set promise_on = ? where id = ?`, today+promised, i.ID); err != nil {
				return err
			}
		}
		return b.alert(ctx, tx, fmt.Sprint("promise:", i.ID), "A transfer is said to be on its way", fmt.Sprint("/admin/invoices/", i.ID),
			fmt.Sprintf("The customer of the invoice %s says that %s %s has been transferred with the reference %s. Please look for it and record it.",
				i.Name(), i.Due().Decimal(), i.Currency, i.Reference()))
	})
}
