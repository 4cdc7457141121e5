package billing

import (
	"context"
	"database/sql"
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
	if f.Tenants, err = b.counts(ctx, `select state, count(*) from tenant group by state`); err != nil {
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

// Alert is something that the host should look at.
type Alert struct {
	ID               int64
	Kind, Text, Link string
	At               time.Time
}

// Alerts returns what is open, the newest first.
func (b *Billing) Alerts(ctx context.Context, limit int) ([]Alert, error) {
	rows, err := b.DB.Query(ctx, `select id, kind, text, link, created_at from alert where closed_at is null order by id desc limit ?`, limit)
	if err != nil {
		return nil, err
	}
	return gather(rows, func(row interface{ Scan(...any) error }) (Alert, error) {
		var a Alert
		var at int64
		err := row.Scan(&a.ID, &a.Kind, &a.Text, &a.Link, &at)
		a.At = moment(at)
		return a, err
	})
}

// CloseAlert puts an alert away.
func (b *Billing) CloseAlert(ctx context.Context, id int64, actor string) error {
	return b.DB.Tx(ctx, func(tx *sql.Tx) error {
		var kind string
		err := tx.QueryRowContext(ctx, `update alert set closed_at = ? where id = ? and closed_at is null returning kind`, b.Clock.Now().UnixMilli(), id).Scan(&kind)
		if err != nil {
			return missing(err, "This alert is closed already.")
		}
		return b.Tenants.Audit(ctx, tx, actor, "close alert", "", kind)
	})
}

// Debtor is a customer with something to the good, or below it.
type Debtor struct {
	ID                   int64
	Email, Name, Company string
	Good                 money.Amount
	Tenants              int64
}

// Customers returns those who pay, by their e-mail address, with what they have to the good. after is the last address of the page before.
func (b *Billing) Customers(ctx context.Context, search, after string, limit int) ([]Debtor, error) {
	rows, err := b.DB.Query(ctx, `select c.id, c.email, c.name, c.company, coalesce((select sum(amount) from balance b where b.customer = c.id and b.currency = c.currency), 0), coalesce(c.currency, ''),
		(select count(*) from subscription s where s.customer = c.id) from customer c where c.email > ?1 and (?2 = '' or c.email like ?2 escape '\' or c.name like ?2 escape '\' or c.company like ?2 escape '\')
		order by c.email limit ?3`, after, like(search), limit)
	if err != nil {
		return nil, err
	}
	return gather(rows, func(row interface{ Scan(...any) error }) (Debtor, error) {
		var d Debtor
		err := row.Scan(&d.ID, &d.Email, &d.Name, &d.Company, &d.Good.Minor, &d.Good.Currency, &d.Tenants)
		return d, err
	})
}

// Audits returns the names of all audits, those that are green among them.
func Audits() []string {
	var names []string
	for _, c := range checks {
		names = append(names, c.name)
	}
	return names
}

// AuditText says what an audit looks for.
func AuditText(name string) string {
	for _, c := range checks {
		if c.name == name {
			return c.text
		}
	}
	return ""
}
