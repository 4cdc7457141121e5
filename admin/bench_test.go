package admin

import (
	"database/sql"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"time"
)

// crowd is a house with 10,000 tenants, each with a subscription and some invoices.
func crowd(tb testing.TB) *house {
	tb.Helper()
	h := openHouse(tb)
	now := h.hand.Now().UnixMilli()
	must(tb, h.DB.Tx(tb.Context(), func(tx *sql.Tx) error {
		for _, q := range []string{
			`with recursive n (i) as (select 1 union all select i + 1 from n where i < 10000)
				insert into tenant (id, uid, name, company, owner_name, owner_email, state, plan, created_at, seen_at, people, version)
				select 1000 + i, 'u' || i, printf('tenant-%05d', i), 'Company ' || i, 'Owner ' || i, 'owner' || i || '@example.org', iif(i % 50 = 0, 'archived', 'active'), iif(i % 3, 'Starter', 'Pro'),
				?1 - i * 3600000, ?1 - i * 60000, i % 7, 10 from n`,
			`insert into customer (id, email, name, company, created_at) select id, owner_email, owner_name, company, ?1 from tenant where id > 1000`,
			`insert into subscription (id, tenant, customer, plan, price, state, policy, period_start, period_end, created_at) select id, id, id, 2, (select id from price where amount > 0 limit 1), 'active', 1,
				20000, 20500, ?1 from tenant where id > 1000`,
			`insert into subscription_event (subscription, at, kind, mrr, currency, actor) select id, created_at, 'initial', 2900, 'EUR', 'payment' from subscription where id > 1000`,
			`insert into hold (tenant, reason, level, created_at) select id, 'manual', 'blocked', ?1 from tenant where id > 1000 and id % 40 = 0`,
		} {
			if _, err := tx.ExecContext(tb.Context(), q, now); err != nil {
				return fmt.Errorf("%s: %w", q, err)
			}
		}
		return nil
	}))
	return h
}

// median asks for a page n times, the clock moving on by pause between, and returns the median of how long it took, in milliseconds.
func (h *house) median(tb testing.TB, path string, n int, pause time.Duration) float64 {
	var took []time.Duration
	for range n {
		r := httptest.NewRequest(http.MethodGet, path, nil)
		began := time.Now()
		w := h.do(r)
		took = append(took, time.Since(began))
		if w.Code != http.StatusOK {
			tb.Fatal(path, w.Code)
		}
		h.hand.Add(pause)
	}
	slices.Sort(took)
	return float64(took[n/2].Microseconds()) / 1000
}

// BenchmarkTenThousandTenants measures the list and the dashboard, beside the bare question for the same rows.
func BenchmarkTenThousandTenants(b *testing.B) {
	h := crowd(b)
	n := max(b.N, 20)
	var floor []time.Duration
	for range n {
		began := time.Now()
		rows, err := h.DB.Query(b.Context(), `select id, name, company, owner_email, state, plan from tenant where state <> 'purged' order by name limit 100`)
		must(b, err)
		for rows.Next() {
		}
		must(b, rows.Close())
		floor = append(floor, time.Since(began))
	}
	slices.Sort(floor)
	bare := float64(floor[n/2].Microseconds()) / 1000
	report := func(name, path string, pause time.Duration) {
		ms := h.median(b, path, n, pause)
		b.ReportMetric(ms, name+"-ms")
		b.ReportMetric(ms/bare, name+"-x-bare")
	}
	report("list", "/admin/tenants", time.Second)
	report("filtered", "/admin/tenants?state=active&hold=any&plan=Pro&sort=seen", time.Second)
	report("search", "/admin/tenants?q=company+77", time.Second)
	report("dashboard", "/admin", time.Second)
	report("dashboard-anew", "/admin", 2*time.Minute) // all of it worked out again each time
	b.ReportMetric(bare, "bare-ms")
	b.ReportMetric(0, "ns/op")
}
