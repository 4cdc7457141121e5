package billing

import (
	"context"
	"time"

	"rowhouse/data/money"
)

// Figures are the numbers of the host's first page.
type Figures struct {
	Tenants   map[string]int64 // by state
	Held      int64            // active tenants whose CRM is not fully open
	Running   map[string]int64 // subscriptions by state
	Monthly   []money.Amount   // what comes in a month (MRR), without tax, trials and what is paid once; by currency
	Overdue   []money.Amount
	Late      int64 // how many invoices are overdue
	SignUps   int64 // tenants that have come in the last 30 days
	Failed    int64 // payments that failed in the last 30 days
	Alerts    int64 // open ones
	Attention int64 // parked payments and open disputes
}

// Figures counts.
func (b *Billing) Figures(ctx context.Context) (f Figures, err error) {
	today, err := b.Today(ctx)
	if err != nil {
		return f, err
	}
	month := b.Clock.Now().Add(-30 * 24 * time.Hour).UnixMilli()
	err = b.DB.QueryRow(ctx, `select (select count(*) from tenant t where state = 'active' and (level <> 'full' or exists (select 1 from hold h where h.tenant = t.id and h.level <> 'full'))),
		(select count(*) from invoice where state = 'open' and due_on < ?1), (select count(*) from tenant where created_at >= ?2 and state <> 'purged'),
		(select count(*) from payment_attempt where state = 'failed' and updated_at >= ?2), (select count(*) from alert where closed_at is null),
		(select count(*) from payment where parked = 1) + (select count(*) from dispute where state = 'pending')`, today, month).
		Scan(&f.Held, &f.Late, &f.SignUps, &f.Failed, &f.Alerts, &f.Attention)
	if err != nil {
		return f, err
	}
	if f.Tenants, err = b.TenantsByState(ctx); err != nil {
		return f, err
	}
	if f.Running, err = b.counts(ctx, `select state, count(*) from subscription group by state`); err != nil {
		return f, err
	}
	if f.Overdue, err = b.amounts(ctx, `select sum(total - paid), currency from invoice where state = 'open' and due_on < ? group by currency order by 1 desc`, today); err != nil {
		return f, err
	}
	f.Monthly, err = b.Monthly(ctx)
	return f, err
}

// TenantsByState counts the tenants in each state.
func (b *Billing) TenantsByState(ctx context.Context) (map[string]int64, error) {
	return b.counts(ctx, `select state, count(*) from tenant group by state`)
}

// Monthly is what all subscriptions bring in a month (the MRR), by currency.
func (b *Billing) Monthly(ctx context.Context) ([]money.Amount, error) {
	rows, err := b.DB.Query(ctx, `select p.amount, p.currency, p.interval, coalesce(p.seat_amount, -1), s.seats, count(*) from subscription s join price p on p.id = s.price
		where s.state in ('active', 'past_due') group by 1, 2, 3, 4, 5 order by p.currency`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var sums []money.Amount
	for rows.Next() {
		var p Price
		var seats, n int64
		if err := rows.Scan(&p.Amount.Minor, &p.Amount.Currency, &p.Interval, &p.Seat, &seats, &n); err != nil {
			return nil, err
		}
		if len(sums) == 0 || sums[len(sums)-1].Currency != p.Amount.Currency {
			sums = append(sums, money.Amount{Currency: p.Amount.Currency})
		}
		sums[len(sums)-1].Minor += n * monthly(p, seats)
	}
	return sums, rows.Err()
}

func (b *Billing) counts(ctx context.Context, query string) (map[string]int64, error) {
	rows, err := b.DB.Query(ctx, query)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	counts := map[string]int64{}
	for rows.Next() {
		var state string
		var n int64
		if err := rows.Scan(&state, &n); err != nil {
			return nil, err
		}
		counts[state] = n
	}
	return counts, rows.Err()
}

func (b *Billing) amounts(ctx context.Context, query string, args ...any) ([]money.Amount, error) {
	rows, err := b.DB.Query(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	return gather(rows, func(row interface{ Scan(...any) error }) (money.Amount, error) {
		var a money.Amount
		err := row.Scan(&a.Minor, &a.Currency)
		return a, err
	})
}
