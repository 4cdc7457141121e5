package billing

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"rowhouse/ui/mail"
)

// Alert is something that the host should look at.
type Alert struct {
	ID               int64
	Kind, Text, Link string
	At               time.Time
}

// Alerts returns what is open, the newest first.
func (b *Billing) Alerts(ctx context.Context, limit int) ([]Alert, error) {
	rows, err := b.DB.Query(ctx, `select id, kind, text, link, created_at from alert where closed_at is null order by id desc limit ?`, limit)
	if err != nil {
		return nil, err
	}
	return gather(rows, func(row interface{ Scan(...any) error }) (Alert, error) {
		var a Alert
		var at int64
		err := row.Scan(&a.ID, &a.Kind, &a.Text, &a.Link, &at)
		a.At = moment(at)
		return a, err
	})
}

// CloseAlert puts an alert away.
func (b *Billing) CloseAlert(ctx context.Context, id int64, actor string) error {
	return b.DB.Tx(ctx, func(tx *sql.Tx) error {
		var kind string
		err := tx.QueryRowContext(ctx, `update alert set closed_at = ? where id = ? and closed_at is null returning kind`, b.Clock.Now().UnixMilli(), id).Scan(&kind)
		if err != nil {
			return missing(err, "This alert is closed already.")
		}
		return b.Tenants.Audit(ctx, tx, actor, "close alert", "", kind)
	})
}

// alert tells the host of something that needs a person, once for each key: in the panel, and by letter if it has an address.
func (b *Billing) alert(ctx context.Context, tx *sql.Tx, key, kind, link, text string) error {
	done, err := tx.ExecContext(ctx, `insert or ignore into alert (key, kind, text, link, created_at) values (?, ?, ?, ?, ?)`, key, kind, text, link, b.Clock.Now().UnixMilli())
	if err != nil {
		return fmt.Errorf("keep alert %s: %w", key, err)
	}
	if n, err := done.RowsAffected(); err != nil || n == 0 {
		return err
	}
	seller, err := sellerIn(ctx, tx)
	if err != nil || seller.Email == "" {
		return err
	}
	return mail.Post(ctx, tx, b.Clock.Now(), mail.Letter{Key: "alert:" + key, To: seller.Email, Subject: "Rowhouse: " + kind, Text: text + "\n\n    " + b.Tenants.Home() + link + "\n"})
}
