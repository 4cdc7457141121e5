package billing

import (
	"context"
	"database/sql"
)

// RunJob does one job now. It is noted also if it finds nothing to do.
func (b *Billing) RunJob(ctx context.Context, name string) error {
	if _, err := b.DB.Exec(ctx, `update job set began_at = 0 where name = ?`, name); err != nil {
		return err
	}
	return b.turn(ctx, func(j job) bool { return j.name == name })
}

// Alarm tells the host of something that needs a person, once for each key, for the parts that billing does not know.
func (b *Billing) Alarm(ctx context.Context, tx *sql.Tx, key, kind, link, text string) error {
	return b.alert(ctx, tx, key, kind, link, text)
}
