package main

import (
	"context"
	"database/sql"
	"path/filepath"
	"time"

	"rowhouse/billing"
	"rowhouse/billing/gateway"
	"rowhouse/billing/offline"
	"rowhouse/billing/rehearsal"
	"rowhouse/tenant"
)

// demoBilling sets up a host that sells: with the rehearsal gateway and a bank account, and a seller in Germany.
func (a *app) demoBilling(ctx context.Context) error {
	seller, err := a.billing.Seller(ctx)
	if err != nil || seller.Name != "" {
		return err // set up by an earlier start
	}
	seller.Name, seller.Address, seller.Country = "Rowhouse Demo Host", "1 Example Street\n10115 Berlin", "DE"
	seller.TaxID, seller.Email = "DE123456789", demoOperator
	seller.Bank = "Account holder: Rowhouse Demo Host\nIBAN: DE00 0000 0000 0000 0000 00"
	if err := a.billing.KeepSeller(ctx, seller, "demo"); err != nil {
		return err
	}
	if _, err := a.host.Exec(ctx, `insert or ignore into tax_rate (country, name, rate) values ('DE', 'VAT', 1900), ('AT', 'VAT', 2000), ('FR', 'VAT', 2000), ('DK', 'VAT', 2500)`); err != nil {
		return err
	}
	if err := a.billing.KeepGateway(ctx, rehearsal.Name, nil, true, "demo"); err != nil {
		return err
	}
	return a.billing.KeepGateway(ctx, offline.Name, gateway.Keys{"instructions": seller.Bank}, true, "demo")
}

// demoOrder orders a plan for an example company, and pays it as a customer would.
func (a *app) demoOrder(ctx context.Context, c demoCompany, hash string) error {
	plan, err := a.billing.PlanBySlug(ctx, c.plan)
	if err != nil {
		return err
	}
	var bought billing.Bought
	err = a.host.Tx(ctx, func(tx *sql.Tx) error {
		id, err := a.tenants.Reserve(ctx, tx, tenant.Order{Name: c.name, Company: c.company, OwnerName: c.owner, OwnerEmail: c.email, PasswordHash: hash,
			Limits: plan.Limits(), Demo: c.leads, Until: a.clock.Now().Add(time.Hour)})
		if err != nil {
			return err
		}
		bought, err = a.billing.Buy(ctx, tx, billing.Purchase{Tenant: id, Plan: plan, Price: plan.Prices[0],
			Customer: billing.Customer{Email: c.email, Name: c.owner, Company: c.company, Country: c.country}})
		return err
	})
	if err != nil || bought.Invoice.ID == 0 {
		return err
	}
	page, err := a.billing.Pay(ctx, bought.Invoice.ID, rehearsal.Name)
	if err != nil {
		return err
	}
	if _, err := a.desk.Play(ctx, filepath.Base(page), rehearsal.DoPay, rehearsal.Works, rehearsal.Delivery{Times: 1}); err != nil {
		return err
	}
	if err := a.desk.Deliver(ctx); err != nil {
		return err
	}
	return a.billing.Listen(ctx)
}

// advance lets days go by for billing, each with all that happens on it.
func (a *app) advance(ctx context.Context, days int) error {
	for range days {
		a.ahead.Add(24 * time.Hour)
		if err := a.day(ctx); err != nil {
			return err
		}
	}
	return nil
}

// day does what a day brings: what is due, what gateways say of it, and what follows from that.
func (a *app) day(ctx context.Context) error {
	for _, work := range []func(context.Context) error{a.billing.Turn, a.desk.Deliver, a.billing.Listen, a.tenants.Resume, a.billing.AuditDaily} {
		if err := work(ctx); err != nil {
			return err
		}
	}
	return nil
}
