package main

import (
	"context"
	"net/http"
	"path/filepath"

	"rowhouse/admin"
	"rowhouse/billing"
	"rowhouse/billing/account"
	"rowhouse/billing/gateway"
	"rowhouse/billing/offline"
	"rowhouse/billing/paypal"
	"rowhouse/billing/razorpay"
	"rowhouse/billing/rehearsal"
	"rowhouse/billing/shop"
	"rowhouse/billing/stripe"
	"rowhouse/crm"
)

// till is what takes money.
func (a *app) till() error {
	seal, err := billing.OpenSeal(filepath.Join(a.dir, "host"))
	if err != nil {
		return err
	}
	a.desk = &rehearsal.Desk{DB: a.host, Clock: a.ahead, Secret: seal.Secret("rehearsal"), Home: a.tenants.Home}
	a.billing = &billing.Billing{DB: a.host, Tenants: a.tenants, Clock: a.ahead, Seal: seal, Wake: a.poke, Inbox: a.demo, Modules: crm.Modules(),
		Kinds: []gateway.Kind{stripe.Kind(), paypal.Kind(), razorpay.Kind(), a.desk.Kind(), offline.Kind()}}
	a.desk.Send = func(ctx context.Context, header http.Header, body []byte) error {
		return a.billing.Hear(ctx, rehearsal.Name, header, body)
	}
	a.options = &admin.Settings{DB: a.host, Seal: seal, Given: a.given}
	a.tenants.Activated, a.tenants.Welcome = a.billing.Activated, a.billing.Welcome
	a.crm.Routes = append(a.crm.Routes, account.New(a.billing).Routes)
	a.shop = shop.New(a.billing, shop.Options{Demo: a.demo, Wake: a.poke})
	a.tenants.Brand = a.shop.Brand
	return nil
}
