package record

import (
	"context"
	"fmt"

	"rowhouse/crm/entity"
	"rowhouse/data/money"
)

// Totals is how many records a query finds, and the sums of a field of money, one for each currency.
type Totals struct {
	Count int64
	Sums  []money.Amount
}

// Totals counts and adds up. It is worked out anew only after the file was written.
func (s *Store) Totals(ctx context.Context, e *entity.Entity, want Query, sum string) (Totals, error) {
	q := &query{}
	if sum == "" {
		q.add("select count(*), '', 0 from " + quote(e.Name) + " t where ")
	} else {
		q.add("select count(*), t." + quote(sum+"_currency") + ", coalesce(sum(t." + quote(sum) + "), 0) from " + quote(e.Name) + " t where ")
	}
	if err := s.conditions(e, want, q); err != nil {
		return Totals{}, err
	}
	if sum != "" {
		q.add(" group by 2 order by 3 desc")
	}
	made, err := s.DB.Memo("totals/"+q.String()+fmt.Sprintf("%q", q.args), func() (any, error) {
		var t Totals
		err := each(ctx, s.DB, func(scan func(...any) error) error {
			var n int64
			var a money.Amount
			if err := scan(&n, &a.Currency, &a.Minor); err != nil {
				return err
			}
			t.Count += n
			if a.Currency != "" {
				t.Sums = append(t.Sums, a)
			}
			return nil
		}, q.String(), q.args...)
		return t, err
	})
	if err != nil {
		return Totals{}, fmt.Errorf("totals of %s: %w", e.Name, err)
	}
	return made.(Totals), nil
}
