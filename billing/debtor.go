package billing

import (
	"context"

	"rowhouse/data/money"
)

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
