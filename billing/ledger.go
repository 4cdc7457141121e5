package billing

import (
	"context"
	"time"

	"rowhouse/data/money"
)

// Booking is a row of the ledger: an invoice, a credit note, a payment or a refund.
type Booking struct {
	ID                      int64
	Kind                    string // invoice, credit note, payment, chargeback, returned or refund
	At                      time.Time
	Number                  string // of the invoice
	Ref                     string // of the credit note, or at the gateway
	Gateway                 string
	Company, Country, TaxID string
	Net, Tax, Amount        int64 // minor units; credit notes and refunds are below 0
	Currency                string
}

// Sum is the amount of a booking.
func (k Booking) Sum() money.Amount { return money.Amount{Minor: k.Amount, Currency: k.Currency} }

// ledgers are the parts of the ledger: each is read in pages by its ids, so that a slow reader holds nothing.
var ledgers = []string{
	`select i.id, 'invoice', i.issued_at, i.number, '', '', i.buyer ->> 'Company', i.buyer ->> 'Country', i.buyer ->> 'TaxID', i.net, i.tax, i.total, i.currency
		from invoice i where i.number is not null and i.id > ?1 and i.issued_at >= ?2 and i.issued_at < ?3 order by i.id limit 500`,
	`select n.id, 'credit note', n.created_at, coalesce(i.number, ''), n.number, '', i.buyer ->> 'Company', i.buyer ->> 'Country', i.buyer ->> 'TaxID', -n.net, -n.tax, -(n.net + n.tax), i.currency
		from credit_note n join invoice i on i.id = n.invoice where n.id > ?1 and n.created_at >= ?2 and n.created_at < ?3 order by n.id limit 500`,
	`select p.id, p.kind, p.at, coalesce(i.number, ''), p.ref, p.gateway, i.buyer ->> 'Company', i.buyer ->> 'Country', i.buyer ->> 'TaxID', 0, 0, p.amount, p.currency
		from payment p join invoice i on i.id = p.invoice where p.id > ?1 and p.at >= ?2 and p.at < ?3 order by p.id limit 500`,
	`select r.id, 'refund', r.created_at, coalesce(i.number, ''), coalesce(r.ref, ''), p.gateway, i.buyer ->> 'Company', i.buyer ->> 'Country', i.buyer ->> 'TaxID', 0, 0, -r.amount, p.currency
		from refund r join payment p on p.id = r.payment join invoice i on i.id = p.invoice where r.state = 'done' and r.id > ?1 and r.created_at >= ?2 and r.created_at < ?3 order by r.id limit 500`,
}

// Ledger tells each of all bookings from a day to another, both included: first the invoices, then credit notes, payments and refunds.
func (b *Billing) Ledger(ctx context.Context, from, to Day, each func(Booking) error) error {
	seller, err := b.Seller(ctx)
	if err != nil {
		return err
	}
	begin, end := from.In(seller.Location()).UnixMilli(), (to + 1).In(seller.Location()).UnixMilli()
	for _, query := range ledgers {
		for last := int64(0); ; {
			page, err := b.bookings(ctx, query, last, begin, end)
			if err != nil {
				return err
			}
			for _, k := range page {
				if err := each(k); err != nil {
					return err
				}
				last = k.ID
			}
			if len(page) == 0 {
				break
			}
		}
	}
	return nil
}

func (b *Billing) bookings(ctx context.Context, query string, args ...any) ([]Booking, error) {
	rows, err := b.DB.Query(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	return gather(rows, func(row interface{ Scan(...any) error }) (Booking, error) {
		var k Booking
		var at int64
		err := row.Scan(&k.ID, &k.Kind, &at, &k.Number, &k.Ref, &k.Gateway, &k.Company, &k.Country, &k.TaxID, &k.Net, &k.Tax, &k.Amount, &k.Currency)
		k.At = moment(at)
		return k, err
	})
}
