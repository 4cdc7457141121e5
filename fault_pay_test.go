package main

import (
	"context"
	"database/sql"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"

	"rowhouse/billing"
	"rowhouse/billing/rehearsal"
	"rowhouse/tenant"
)

// buyer orders Pro and pays on the payment page. What the gateway says of it is on its way when this returns.
func (a *app) buyer(t *testing.T, name string) {
	t.Helper()
	ctx := context.Background()
	must(t, a.demoBilling(ctx))
	plan, err := a.billing.PlanBySlug(ctx, "pro")
	must(t, err)
	var bought billing.Bought
	must(t, a.host.Tx(ctx, func(tx *sql.Tx) error {
		id, err := a.tenants.Reserve(ctx, tx, tenant.Order{Name: name, Company: name, OwnerName: "Ada", OwnerEmail: "ada@" + name + ".example", PasswordHash: testHash(), Limits: plan.Limits(), Until: a.clock.Now().Add(time.Hour)})
		if err != nil {
			return err
		}
		bought, err = a.billing.Buy(ctx, tx, billing.Purchase{Tenant: id, Plan: plan, Price: plan.Prices[0], Customer: billing.Customer{Email: "ada@" + name + ".example", Name: "Ada", Country: "DE"}})
		return err
	}))
	page, err := a.billing.Pay(ctx, bought.Invoice.ID, rehearsal.Name)
	must(t, err)
	_, err = a.desk.Play(ctx, filepath.Base(page), rehearsal.DoPay, rehearsal.Works, rehearsal.Delivery{Times: 2})
	must(t, err)
}

// childIsPaid is a server that hears of a payment and does all that follows from it, up to the welcome letter. It dies without a
// word before or after the n-th write of the host's file.
func childIsPaid(dir, at string) {
	ctx := context.Background()
	left, err := strconv.Atoi(at)
	if err != nil {
		panic(err)
	}
	a, err := build(ctx, config{dir: dir, domain: "example.com", https: true, demo: true})
	if err != nil {
		panic(err)
	}
	a.host.OnCommit = func() {
		if left--; left <= 0 {
			_ = syscall.Kill(syscall.Getpid(), syscall.SIGKILL)
			select {}
		}
	}
	if err := a.day(ctx); err != nil {
		panic(err)
	}
}

func TestAKillBetweenThePaymentAndTheWelcomeLetterChangesNothing(t *testing.T) {
	at, step := 1, 7
	if *long {
		step = 1
	}
	for ; ; at += step {
		dir := t.TempDir()
		a, err := build(t.Context(), config{dir: dir, domain: "example.com", https: true, demo: true})
		must(t, err)
		a.buyer(t, "acme")
		must(t, a.close())
		died := twin("paid", dir, strconv.Itoa(at)).Run() != nil
		a, err = build(t.Context(), config{dir: dir, domain: "example.com", https: true, demo: true})
		must(t, err)
		must(t, a.tenants.Resume(t.Context())) // as a program does first that starts again
		must(t, a.day(t.Context()))
		got := askHost[string](t, a, `select t.state || ' ' || s.state || ' ' || (select count(*) from payment) || ' ' || (select count(*) from outbox where key like 'receipt:%') || ' ' ||
			(select count(*) from outbox where key like 'welcome/%') || ' ' || (select count(*) from invoice where number is not null) from tenant t join subscription s on s.tenant = t.id where t.name = 'acme'`)
		if got != "active active 1 1 1 1" {
			t.Errorf("killed at write %d: %s", at, got)
		}
		if red, err := a.billing.Audit(t.Context()); err != nil || len(red) > 0 {
			t.Errorf("killed at write %d: %v %v", at, red, err)
		}
		a.signIn(t, "acme", "ada@acme.example")
		must(t, a.close())
		if !died {
			break
		}
	}
	t.Logf("the last child came to its end before its write %d", at)
}
