package billing

import (
	"context"
	"slices"
	"time"

	"rowhouse/data/money"
)

// Entry is a line of a customer's statement: what is owed more, or less if the amount is below 0.
type Entry struct {
	At     time.Time
	Kind   string // invoice, credit note, payment, chargeback, refund, gift, change or returned
	Ref    string // a number, or the reason of a gift
	Amount money.Amount
}

// Entries are what a customer was asked for, has paid and got back, the oldest first. What moved between the balance and an invoice
// changes nothing of what is owed and is not among them. With a subscription they are only of its invoices: people of one
// tenant do not see what another one of the same customer pays.
func (b *Billing) Entries(ctx context.Context, customer, subscription int64) ([]Entry, error) {
	var all []Entry
	for _, query := range []string{
		`select i.issued_at, 'invoice', i.number, i.total, i.currency from invoice i where i.customer = ?1 and (?2 = 0 or i.subscription = ?2) and i.number is not null`,
		`select n.created_at, 'credit note', n.number, -(n.net + n.tax), i.currency from credit_note n join invoice i on i.id = n.invoice where i.customer = ?1 and (?2 = 0 or i.subscription = ?2)`,
		`select p.at, p.kind, coalesce(i.number, ''), -p.amount, p.currency from payment p join invoice i on i.id = p.invoice where i.customer = ?1 and (?2 = 0 or i.subscription = ?2) and p.gateway <> 'balance'`,
		`select r.created_at, 'refund', coalesce(i.number, ''), r.amount, p.currency from refund r join payment p on p.id = r.payment join invoice i on i.id = p.invoice
			where i.customer = ?1 and (?2 = 0 or i.subscription = ?2) and r.state = 'done'`,
		`select b.at, b.kind, b.note, -b.amount, b.currency from balance b where b.customer = ?1 and b.kind in ('gift', 'change')
			and (?2 = 0 or (select count(*) from subscription s where s.customer = ?1) = 1 or exists (select 1 from invoice i where b.kind = 'change' and b.ref = 'invoice/' || i.id and i.subscription = ?2))`,
	} {
		rows, err := b.DB.Query(ctx, query, customer, subscription)
		if err != nil {
			return nil, err
		}
		some, err := gather(rows, scanEntry)
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	slices.SortStableFunc(all, func(a, b Entry) int { return a.At.Compare(b.At) })
	return all, nil
}

func scanEntry(row interface{ Scan(...any) error }) (Entry, error) {
	var e Entry
	var at int64
	err := row.Scan(&at, &e.Kind, &e.Ref, &e.Amount.Minor, &e.Amount.Currency)
	e.At = moment(at)
	return e, err
}
