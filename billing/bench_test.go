package billing_test

import (
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"sync/atomic"
	"testing"

	"rowhouse/billing"
	"rowhouse/billing/gateway"
	"rowhouse/billing/rehearsal"
	"rowhouse/data/clock"
)

func TestAPaymentIsAppliedWithThreeWritesAtMost(t *testing.T) {
	k := newBooks(t)
	b, err := k.order("acme", k.plan("pro"), "month", 0)
	must(t, err)
	page, err := k.Pay(t.Context(), b.Invoice.ID, rehearsal.Name)
	must(t, err)
	_, err = k.desk.Play(t.Context(), filepath.Base(page), rehearsal.DoPay, rehearsal.Works, rehearsal.Delivery{Times: 1})
	must(t, err)
	a, err := k.AttemptByURL(t.Context(), page)
	must(t, err)
	before := k.DB.Writes() // each is one wait for the disk
	body := k.event(gateway.Event{ID: "re_bench", Type: "payment.succeeded", Topic: gateway.Paying, Attempt: a.Key, Install: ""})
	must(t, k.Hear(t.Context(), rehearsal.Name, k.desk.Sign(body), body))
	must(t, k.Listen(t.Context()))
	if n := k.DB.Writes() - before; n > 3 {
		t.Errorf("%d writes from the message to the receipt", n)
	}
	if i := k.invoices("acme")[0]; i.State != billing.InvoicePaid {
		t.Fatalf("%+v", i)
	}
}

func (k *books) event(e gateway.Event) []byte {
	k.t.Helper()
	body, err := json.Marshal(e)
	must(k.t, err)
	return body
}

// crowd makes subscriptions that are all due on one day.
func (k *books) crowd(n int) {
	k.t.Helper()
	plan := k.plan("pro")
	first := billing.MustDay("2026-10-01")
	for _, q := range []string{
		`with recursive n(i) as (select 1 union all select i + 1 from n where i < ?1) insert into tenant (uid, name, company, owner_name, owner_email, state, created_at)
			select 'uid' || i, 'crowd' || i, 'Company ' || i, 'Ada', 'c' || i || '@example.org', 'active', 1 from n`,
		`with recursive n(i) as (select 1 union all select i + 1 from n where i < ?1) insert into customer (email, name, company, country, created_at) select 'c' || i || '@example.org', 'Ada', 'Company ' || i, 'DE', 1 from n`,
	} {
		_, err := k.DB.Exec(context.Background(), q, n)
		must(k.t, err)
	}
	_, err := k.DB.Exec(context.Background(), `insert into subscription (tenant, customer, plan, price, state, anchor, period_start, period_end, created_at)
		select t.id, c.id, ?, ?, 'active', 1, ?, ?, 1 from tenant t join customer c on c.email = t.owner_email`, plan.ID, plan.Prices[0].ID, first, first.Next("month", 1))
	must(k.t, err)
}

func TestManyRenewalsAreIssuedOnceEach(t *testing.T) {
	k := newBooks(t)
	k.crowd(200)
	k.turn()
	k.turn()
	if n := k.count(`select count(*) from invoice where kind = 'renewal' and number is not null`); n != 200 {
		t.Errorf("%d renewals", n)
	}
	if n := k.count(`select count(*) from outbox where key like 'issued:%'`); n != 200 {
		t.Errorf("%d letters", n)
	}
	k.green()
}

// BenchmarkTenThousandRenewals issues 10,000 invoices with their letters, a transaction each. The target is 60 s.
func BenchmarkTenThousandRenewals(b *testing.B) {
	const crowd = 10000
	for b.Loop() {
		b.StopTimer()
		k := openBooks(b, b.TempDir(), clock.At(noon))
		k.crowd(crowd)
		b.StartTimer()
		must(b, k.Turn(context.Background()))
		b.StopTimer()
		if n := k.count(`select count(*) from invoice where kind = 'renewal'`); n != crowd {
			b.Fatalf("%d renewals", n)
		}
		b.StartTimer()
	}
	b.ReportMetric(b.Elapsed().Seconds()/float64(b.N), "s/10000")
}

// BenchmarkWebhookIntake takes messages from many gateways' connections at once. The target is 1,000 a second.
func BenchmarkWebhookIntake(b *testing.B) {
	k := openBooks(b, b.TempDir(), clock.At(noon))
	var n atomic.Int64
	b.SetParallelism(8)
	b.RunParallel(func(p *testing.PB) {
		for p.Next() {
			body := k.event(gateway.Event{ID: fmt.Sprint("re_", n.Add(1)), Type: "payment.succeeded", Topic: gateway.Paying, Attempt: "none"})
			if err := k.Hear(context.Background(), rehearsal.Name, k.desk.Sign(body), body); err != nil {
				b.Error(err)
			}
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "messages/s")
}

// BenchmarkApplyPayment books a payment with all that follows, beside the floor of as many bare writes.
func BenchmarkApplyPayment(b *testing.B) {
	k := openBooks(b, b.TempDir(), clock.At(noon))
	var keys []string
	for n := range b.N {
		o, err := k.order(fmt.Sprintf("the%s", letters(n)), k.plan("pro"), "month", 0)
		must(b, err)
		page, err := k.Pay(context.Background(), o.Invoice.ID, rehearsal.Name)
		must(b, err)
		_, err = k.desk.Play(context.Background(), filepath.Base(page), rehearsal.DoPay, rehearsal.Works, rehearsal.Delivery{})
		must(b, err)
		a, err := k.AttemptByURL(context.Background(), page)
		must(b, err)
		keys = append(keys, a.Key)
	}
	b.ResetTimer()
	for n, key := range keys {
		body := k.event(gateway.Event{ID: fmt.Sprint("re_", n), Type: "payment.succeeded", Topic: gateway.Paying, Attempt: key})
		must(b, k.Hear(context.Background(), rehearsal.Name, k.desk.Sign(body), body))
		must(b, k.Listen(context.Background()))
	}
	applied := b.Elapsed()
	b.StopTimer()
	floor := k.floor(3 * b.N)
	b.ReportMetric(float64(applied)/float64(floor), "x-floor")
}

// floor is how long so many writes of one row take.
func (k *books) floor(n int) (took int64) {
	k.t.Helper()
	began := nanos()
	for i := range n {
		_, err := k.DB.Exec(context.Background(), `insert or replace into setting (name, value) values ('floor', ?)`, fmt.Sprint(i))
		must(k.t, err)
	}
	return nanos() - began
}

// letters is a number as letters that do not look like one another.
func letters(n int) string {
	const all = "abcdefghkmnpqrtuxyz"
	s := ""
	for range 4 {
		s += string(all[n%len(all)])
		n /= len(all)
	}
	return s
}
