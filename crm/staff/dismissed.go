package staff

import (
	"context"
	"fmt"
	"time"

	"rowhouse/data"
	"rowhouse/data/fault"
)

// maxDismissed is how many notices somebody can have put away; the oldest come back, which their announcements have ended long since.
const maxDismissed = 200

// Dismissed are the notices that somebody has put away. They are kept until the tenant's file changes.
func Dismissed(ctx context.Context, db *data.DB, person int64) (map[string]bool, error) {
	found, err := db.Memo(fmt.Sprint("dismissed/", person), func() (any, error) {
		rows, err := db.Query(ctx, `select notice from dismissed where staff = ?`, person)
		if err != nil {
			return nil, err
		}
		defer rows.Close()
		set := map[string]bool{}
		for rows.Next() {
			var notice string
			if err := rows.Scan(&notice); err != nil {
				return nil, err
			}
			set[notice] = true
		}
		return set, rows.Err()
	})
	if err != nil {
		return nil, fmt.Errorf("read dismissed notices: %w", err)
	}
	return found.(map[string]bool), nil
}

// Dismiss puts a notice away for somebody.
func Dismiss(ctx context.Context, db *data.DB, now time.Time, person int64, notice string) error {
	if notice == "" || len(notice) > 60 {
		return fault.New(fault.Missing, "Nothing is at this address.")
	}
	_, err := db.Exec(ctx, `insert or ignore into dismissed (staff, notice, at) values (?, ?, ?)`, person, notice, now.UnixMilli())
	if err != nil {
		return fmt.Errorf("dismiss notice: %w", err)
	}
	_, err = db.Exec(ctx, `delete from dismissed where staff = ?1 and notice not in (select notice from dismissed where staff = ?1 order by at desc, notice limit ?2)`, person, maxDismissed)
	return err
}
