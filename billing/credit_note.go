package billing

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"rowhouse/data/money"
)

// CreditNote takes back a part of an invoice.
type CreditNote struct {
	ID, Invoice int64
	Number      string
	Of          string // the number of the invoice
	Currency    string
	Net, Tax    int64
	Reason      string
	Issued      time.Time
}

// Amount is what it takes back, with tax.
func (n CreditNote) Amount() money.Amount {
	return money.Amount{Minor: n.Net + n.Tax, Currency: n.Currency}
}

func scanCreditNote(row interface{ Scan(...any) error }) (CreditNote, error) {
	var n CreditNote
	var issued int64
	err := row.Scan(&n.ID, &n.Invoice, &n.Number, &n.Of, &n.Currency, &n.Net, &n.Tax, &n.Reason, &issued)
	n.Issued = moment(issued)
	return n, err
}

// CreditNoteByID returns a credit note. The error is a fault.Missing if there is none.
func (b *Billing) CreditNoteByID(ctx context.Context, id int64) (CreditNote, error) {
	n, err := scanCreditNote(b.DB.QueryRow(ctx, selectCreditNote+`where n.id = ?`, id))
	return n, missing(err, "There is no such credit note.")
}

// CreditNotesOf returns a subscription's credit notes, the newest first.
func (b *Billing) CreditNotesOf(ctx context.Context, subscription int64, limit int) ([]CreditNote, error) {
	rows, err := b.DB.Query(ctx, selectCreditNote+`where i.subscription = ? order by n.id desc limit ?`, subscription, limit)
	if err != nil {
		return nil, err
	}
	return gather(rows, scanCreditNote)
}

const selectCreditNote = `select n.id, n.invoice, n.number, coalesce(i.number, ''), i.currency, n.net, n.tax, n.reason, n.created_at from credit_note n join invoice i on i.id = n.invoice `

// creditedOf is what credit notes have taken back of an invoice, with tax.
func creditedOf(ctx context.Context, tx *sql.Tx, invoice int64) (int64, error) {
	var sum int64
	err := tx.QueryRowContext(ctx, `select coalesce(sum(net + tax), 0) from credit_note where invoice = ?`, invoice).Scan(&sum)
	return sum, err
}

// creditNote takes back a part of an invoice, in minor units with tax. Its tax is rounded so that the notes of a whole invoice
// have the invoice's tax together.
func (b *Billing) creditNote(ctx context.Context, tx *sql.Tx, i Invoice, amount int64, reason string) (int64, error) {
	if amount <= 0 {
		return 0, nil
	}
	credited, err := creditedOf(ctx, tx, i.ID)
	if err != nil {
		return 0, err
	}
	today, err := b.today(ctx, tx)
	if err != nil {
		return 0, err
	}
	n, err := next(ctx, tx, i.Seller.Credits, today.Time().Year())
	if err != nil {
		return 0, err
	}
	tax := money.Share(i.Tax, credited+amount, i.Total) - money.Share(i.Tax, credited, i.Total)
	done, err := tx.ExecContext(ctx, `insert into credit_note (number, invoice, net, tax, reason, created_at) values (?, ?, ?, ?, ?, ?)`, n, i.ID, amount-tax, tax, reason, b.Clock.Now().UnixMilli())
	if err != nil {
		return 0, fmt.Errorf("credit note for invoice %d: %w", i.ID, err)
	}
	return done.LastInsertId()
}
