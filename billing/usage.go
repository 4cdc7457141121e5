package billing

import (
	"context"
	"database/sql"
	"fmt"

	"rowhouse/data/fault"
	"rowhouse/tenant"
)

// Usage is how much of its limits a tenant uses.
type Usage struct {
	Staff int64 // who can sign in, or are invited
	Room  int64 // bytes of files
}

// NoteUsage keeps how much a tenant uses today, and writes to its owner when a limit is nearly reached, is reached, or is exceeded
// after a change to a smaller plan: once a month each.
func (b *Billing) NoteUsage(ctx context.Context, t tenant.Tenant, u Usage) error {
	return b.DB.Tx(ctx, func(tx *sql.Tx) error {
		today, err := b.today(ctx, tx)
		if err != nil {
			return err
		}
		for key, value := range map[string]int64{"staff": u.Staff, "room": u.Room} {
			_, err := tx.ExecContext(ctx, `insert into usage_daily (tenant, day, key, value) values (?, ?, ?, ?) on conflict (tenant, day, key) do update set value = excluded.value`, t.ID, today, key, value)
			if err != nil {
				return fmt.Errorf("keep usage of %s: %w", t.Name, err)
			}
		}
		s, err := subscriptionOf(ctx, tx, t.ID)
		if fault.Is(err, fault.Missing) {
			return nil
		}
		if err != nil {
			return err
		}
		return b.sayUsage(ctx, tx, t, s, u, today)
	})
}

func (b *Billing) sayUsage(ctx context.Context, tx *sql.Tx, t tenant.Tenant, s Subscription, u Usage, today Day) error {
	c, err := customerIn(ctx, tx, s.Customer)
	if err != nil {
		return err
	}
	words, month := look(c.Language), today.Time().Format("200601")
	if t.Limits.Staff > 0 && u.Staff > t.Limits.Staff {
		detail := words.T("%s people are in the CRM of %s, and the plan has room for %s.", words.Number(u.Staff), t.Company, words.Number(t.Limits.Staff))
		return b.post(ctx, tx, "over_limit", fmt.Sprintf("over:%d:%s", s.ID, month), s, map[string]string{"detail": detail}, "")
	}
	for _, q := range []struct {
		key, text   string
		used, limit int64
	}{{"staff", words.T("%s of %s seats are taken.", words.Number(u.Staff), words.Number(t.Limits.Staff)), u.Staff, t.Limits.Staff},
		{"room", words.T("%s of %s for files are used.", clean(words.Size(u.Room)), clean(words.Size(t.Limits.Room))), u.Room, t.Limits.Room}} {
		reached := reachedOf(q.used, q.limit)
		if reached == 0 || q.key == "staff" && reached < 100 {
			continue // seats are taken one by one, by somebody who sees how many are left
		}
		if err := b.post(ctx, tx, "quota", fmt.Sprintf("quota:%d:%s:%s:%d", t.ID, q.key, month, reached), s, map[string]string{"detail": q.text}, ""); err != nil {
			return err
		}
	}
	return nil
}

// reachedOf is 100 or 80 if so many hundredths of a limit are used, else 0. A limit of one or two seats is meant to be full.
func reachedOf(used, limit int64) int {
	switch {
	case limit <= 2:
		return 0
	case used >= limit:
		return 100
	case used >= limit/100*80+limit%100*80/100:
		return 80
	}
	return 0
}

// UsageOf is what was last noted of a tenant: "staff", and "room" in bytes.
func (b *Billing) UsageOf(ctx context.Context, tenant int64) (map[string]int64, error) {
	rows, err := b.DB.Query(ctx, `select key, value from usage_daily where tenant = ?1 and day = (select max(day) from usage_daily where tenant = ?1)`, tenant)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	used := map[string]int64{}
	for rows.Next() {
		var key string
		var value int64
		if err := rows.Scan(&key, &value); err != nil {
			return nil, err
		}
		used[key] = value
	}
	return used, rows.Err()
}
