package record

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"slices"

	"rowhouse/crm/entity"
	"rowhouse/data/fault"
)

// MaxBulk is how many records one bulk act may take.
const MaxBulk = 1000

// Bulk changes a field of many records, or with delete puts them into the trash, in one transaction.
// Records that the actor may not touch are skipped and counted.
func (s *Store) Bulk(ctx context.Context, e *entity.Entity, ids []int64, values Values, tag string, remove bool) (done, skipped int, err error) {
	if len(ids) == 0 || len(ids) > MaxBulk {
		return 0, 0, fault.New(fault.Invalid, "Please select between 1 and %d records.", MaxBulk)
	}
	ids = slices.Compact(slices.Sorted(slices.Values(ids)))
	err = s.tx(ctx, func(tx *sql.Tx) error {
		done, skipped = 0, 0
		for _, id := range ids {
			switch err := s.bulkOne(ctx, tx, e, id, values, tag, remove); {
			case err == nil:
				done++
			case fault.Is(err, fault.Missing) || fault.Is(err, fault.Denied):
				skipped++
			default:
				return err
			}
		}
		return nil
	})
	if err != nil {
		return 0, 0, fmt.Errorf("bulk act on %s: %w", e.Many, err)
	}
	s.publish(e.Name)
	return done, skipped, nil
}

func (s *Store) bulkOne(ctx context.Context, tx *sql.Tx, e *entity.Entity, id int64, values Values, tag string, remove bool) error {
	if remove {
		return s.delete(ctx, tx, e, id)
	}
	if tag != "" {
		row, err := s.forEdit(ctx, tx, e, id)
		if err != nil {
			return err
		}
		tags, _ := row.Value("tags").([]string)
		if values = maps.Clone(values); values == nil {
			values = Values{}
		}
		if values["tags"], err = (entity.Tags{}).Parse(append(slices.Clone(tags), tag), nil); err != nil {
			return err
		}
	}
	_, err := s.update(ctx, tx, e, id, 0, values)
	return err
}

// IDs returns the ids of the records that a query finds, at most limit.
func (s *Store) IDs(ctx context.Context, e *entity.Entity, want Query, limit int) ([]int64, error) {
	if s.Actor.Right(e).View == None {
		return nil, denied("seeing", e)
	}
	q := (&query{}).add("select t.id from " + quote(e.Name) + " t where ")
	if err := s.conditions(e, want, q); err != nil {
		return nil, err
	}
	q.add(" order by t.id limit ?", limit)
	var ids []int64
	err := each(ctx, s.DB, func(scan func(...any) error) error {
		ids = append(ids, 0)
		return scan(&ids[len(ids)-1])
	}, q.String(), q.args...)
	return ids, err
}

// Export calls take for every record that a query finds, a batch at a time, so that no read is open while the network is slow.
func (s *Store) Export(ctx context.Context, e *entity.Entity, want Query, take func([]Row) error) (int, error) {
	if !s.Actor.Right(e).Export {
		return 0, denied("exporting", e)
	}
	want.Size, want.After, want.Before = MaxPage, "", ""
	n := 0
	for {
		page, err := s.List(ctx, e, want)
		if err != nil {
			return n, err
		}
		n += len(page.Rows)
		if err := take(page.Rows); err != nil {
			return n, err
		}
		if want.After = page.Further; want.After == "" {
			return n, s.tx(ctx, func(tx *sql.Tx) error {
				return s.log(ctx, tx, "exported", e, 0, fmt.Sprintf("%d %s", n, e.Many), nil)
			})
		}
	}
}
