package staff

import (
	"context"
	"fmt"

	"rowhouse/data"
	"rowhouse/data/fault"
	"rowhouse/tenant"
)

// Seated refuses a person for whom the plan has no seat: after a change to a smaller plan there may be more people than seats. The
// owner has one always, then those who were here last. Nobody is deactivated by that: with more seats, all are back.
func Seated(ctx context.Context, db *data.DB, limit, person int64) error {
	if limit == tenant.Unlimited {
		return nil
	}
	kept, err := db.Memo(fmt.Sprint("seated/", limit), func() (any, error) { return seated(ctx, db, limit) })
	if err != nil {
		return err
	}
	if kept.(map[int64]bool)[person] {
		return nil
	}
	return fault.New(fault.Limit, "Your company's plan has %d seats, and others have taken them. Please ask the owner of your CRM for a seat. Nothing of yours is deleted.", limit)
}

func seated(ctx context.Context, db *data.DB, limit int64) (map[int64]bool, error) {
	rows, err := db.Query(ctx, `select id from staff where state = 'active' order by owner desc, last_login_at desc nulls last, id limit ?`, max(limit, 1))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	some := map[int64]bool{}
	for rows.Next() {
		var id int64
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		some[id] = true
	}
	return some, rows.Err()
}
