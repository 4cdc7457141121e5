package record

import (
	"context"
	"database/sql"
	"time"

	"rowhouse/crm/entity"
)

// Seedling is an example record and when it is said to have been made.
type Seedling struct {
	Values Values
	At     time.Time
}

// Sow keeps example records, all in one transaction.
func (s *Store) Sow(ctx context.Context, e *entity.Entity, list []Seedling) error {
	return s.tx(ctx, func(tx *sql.Tx) error {
		for _, x := range list {
			own := *s
			own.Now = x.At
			if _, err := own.insert(ctx, tx, e, x.Values); err != nil {
				return err
			}
		}
		return nil
	})
}
