package billing_test

import (
	"context"
	"database/sql"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"rowhouse/billing"
	"rowhouse/billing/gateway"
	"rowhouse/billing/offline"
	"rowhouse/billing/rehearsal"
	"rowhouse/data"
	"rowhouse/data/clock"
	"rowhouse/data/money"
	"rowhouse/tenant"
	"rowhouse/ui/mail"
)

// books is a host's billing with the rehearsal gateway and a clock that is moved by hand.
type books struct {
	*billing.Billing
	t    testing.TB
	hand *clock.Hand
	desk *rehearsal.Desk
}

// noon is when the tests begin: the middle of a day of a month with 30 days.
var noon = time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)

// newBooks are in memory where that can be had; what is measured or killed uses the disk by openBooks.
func newBooks(t testing.TB) *books {
	t.Helper()
	return openBooks(t, memory(t), clock.At(noon))
}

// openBooks opens the books in a folder, as a program does that starts again.
func openBooks(t testing.TB, dir string, hand *clock.Hand) *books {
	t.Helper()
	path := filepath.Join(dir, "data.db")
	db, err := data.Open(t.Context(), path)
	if errors.Is(err, os.ErrNotExist) {
		db, err = data.Create(t.Context(), path)
	}
	must(t, err)
	t.Cleanup(func() { must(t, db.Close()) })
	schema := data.Schema{{Name: "mail", Files: mail.Schema}, {Name: "tenant", Files: tenant.Schema}, {Name: "billing", Files: billing.Schema}, {Name: "rehearsal", Files: rehearsal.Schema}}
	must(t, schema.Migrate(t.Context(), db, nil))
	seal, err := billing.OpenSeal(dir)
	must(t, err)
	k := &books{t: t, hand: hand}
	ts := &tenant.Tenants{DB: db, Dir: dir, Domain: "example.com", HTTPS: true, Clock: hand}
	ts.Files = &data.Pool{Dir: filepath.Join(dir, "tenants"), Prepare: func(context.Context, string, *data.DB) error { return nil }}
	k.desk = &rehearsal.Desk{DB: db, Clock: hand, Secret: "secret of the tests", Home: ts.Home}
	k.Billing = &billing.Billing{DB: db, Tenants: ts, Clock: hand, Seal: seal, Kinds: []gateway.Kind{k.desk.Kind(), offline.Kind()}, Inbox: true, Patience: time.Nanosecond}
	ts.Activated = k.Billing.Activated
	k.desk.Send = func(ctx context.Context, h http.Header, body []byte) error {
		return k.Hear(ctx, rehearsal.Name, h, body)
	}
	must(t, k.KeepGateway(t.Context(), rehearsal.Name, nil, true, "test"))
	must(t, k.KeepGateway(t.Context(), offline.Name, gateway.Keys{"instructions": "IBAN XX00"}, true, "test"))
	return k
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// plan is one of the plans that every host begins with.
func (k *books) plan(slug string) billing.Plan {
	k.t.Helper()
	p, err := k.PlanBySlug(context.Background(), slug)
	must(k.t, err)
	return p
}

// order reserves a tenant and buys a plan for it.
func (k *books) order(name string, plan billing.Plan, interval string, seats int64, more ...func(*billing.Purchase)) (billing.Bought, error) {
	k.t.Helper()
	price, ok := plan.PriceFor(interval)
	if !ok {
		k.t.Fatalf("%s has no price by %s", plan.Slug, interval)
	}
	var bought billing.Bought
	err := k.DB.Tx(context.Background(), func(tx *sql.Tx) error {
		id, err := k.Tenants.Reserve(context.Background(), tx, tenant.Order{Name: name, Company: "Company " + name, OwnerName: "Ada", OwnerEmail: name + "@example.org",
			Limits: plan.Limits(), Until: k.hand.Now().Add(24 * time.Hour)})
		if err != nil {
			return err
		}
		p := billing.Purchase{Tenant: id, Customer: billing.Customer{Email: name + "@example.org", Name: "Ada"}, Plan: plan, Price: price, Seats: seats, Gateway: rehearsal.Name}
		for _, f := range more {
			f(&p)
		}
		bought, err = k.Buy(context.Background(), tx, p)
		return err
	})
	return bought, err
}

// play does what a customer does on the payment page of an invoice, and what follows from it.
func (k *books) play(invoice int64, p rehearsal.Play, card rehearsal.Behaviour) {
	k.t.Helper()
	page, err := k.Pay(context.Background(), invoice, rehearsal.Name)
	must(k.t, err)
	_, err = k.desk.Play(context.Background(), filepath.Base(page), p, card, rehearsal.Delivery{Times: 1})
	must(k.t, err)
	k.work()
}

// work delivers messages and does what follows from them; a tenant that waits for its CRM gets it.
func (k *books) work() {
	k.t.Helper()
	ctx := context.Background()
	must(k.t, k.desk.Deliver(ctx))
	must(k.t, k.Listen(ctx))
	k.provision()
}

// provision makes waiting tenants active, as provisioning does in its last step.
func (k *books) provision() {
	k.t.Helper()
	must(k.t, k.DB.Tx(context.Background(), func(tx *sql.Tx) error {
		rows, err := tx.Query(`update tenant set state = 'active' where state = 'provisioning' returning id`)
		if err != nil {
			return err
		}
		var ids []int64
		for rows.Next() {
			var id int64
			if err := rows.Scan(&id); err != nil {
				return err
			}
			ids = append(ids, id)
		}
		if err := errors.Join(rows.Err(), rows.Close()); err != nil {
			return err
		}
		for _, id := range ids {
			if err := k.Activated(context.Background(), tx, id); err != nil {
				return err
			}
		}
		return nil
	}))
}

// days lets days go by, with a turn of the books on each.
func (k *books) days(n int) {
	k.t.Helper()
	for range n {
		k.hand.Add(24 * time.Hour)
		k.turn()
	}
}

func (k *books) turn() {
	k.t.Helper()
	must(k.t, k.Turn(context.Background()))
	k.work()
}

// customer buys Pro and pays for it with a card.
func (k *books) customer(name string, card rehearsal.Behaviour) billing.Subscription {
	k.t.Helper()
	b, err := k.order(name, k.plan("pro"), "month", 0)
	must(k.t, err)
	k.play(b.Invoice.ID, rehearsal.DoPay, card)
	return k.sub(name)
}

func (k *books) sub(name string) billing.Subscription {
	k.t.Helper()
	t, err := k.Tenants.ByName(context.Background(), name)
	must(k.t, err)
	s, err := k.SubscriptionOf(context.Background(), t.ID)
	must(k.t, err)
	return s
}

func (k *books) level(name string) tenant.Level {
	k.t.Helper()
	t, err := k.Tenants.ByName(context.Background(), name)
	must(k.t, err)
	level, _ := t.Access()
	return level
}

// invoices are a tenant's, the oldest first.
func (k *books) invoices(name string) []billing.Invoice {
	k.t.Helper()
	list, err := k.InvoicesOf(context.Background(), k.sub(name).ID, 1000)
	must(k.t, err)
	for i, j := 0, len(list)-1; i < j; i, j = i+1, j-1 {
		list[i], list[j] = list[j], list[i]
	}
	return list
}

// letters are the keys of all letters to a tenant's customer, the oldest first.
func (k *books) letters(name string) []string {
	k.t.Helper()
	list, err := mail.Latest(context.Background(), k.DB, name+"@example.org", 1000)
	must(k.t, err)
	var keys []string
	for _, l := range list {
		keys = append([]string{l.Key}, keys...)
	}
	return keys
}

func (k *books) count(query string, args ...any) (n int64) {
	k.t.Helper()
	must(k.t, k.DB.QueryRow(context.Background(), query, args...).Scan(&n))
	return n
}

// green fails the test if an audit is red.
func (k *books) green() {
	k.t.Helper()
	red, err := k.Audit(context.Background())
	must(k.t, err)
	for _, r := range red {
		k.t.Errorf("red: %s: %s", r.Name, r.Text)
	}
}

const day = 24 * time.Hour

func eur(minor int64) money.Amount { return money.Amount{Minor: minor, Currency: "EUR"} }

// folder makes a tenant's file, for what moves and deletes it.
func (k *books) folder(name string) {
	k.t.Helper()
	dir := k.Tenants.Folder(name)
	must(k.t, os.MkdirAll(dir, 0o700))
	db, err := data.Create(context.Background(), filepath.Join(dir, data.FileName))
	must(k.t, err)
	must(k.t, db.Close())
	must(k.t, os.MkdirAll(filepath.Join(k.Tenants.Dir, "archive"), 0o700))
}

func (k *books) exists(name string) bool {
	_, err := os.Stat(k.Tenants.Folder(name))
	return err == nil
}
