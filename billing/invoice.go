package billing

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"rowhouse/data/fault"
	"rowhouse/data/money"
)

// InvoiceState is where an invoice stands.
type InvoiceState string

// The states of an invoice.
const (
	InvoiceOpen   InvoiceState = "open"
	InvoicePaid   InvoiceState = "paid"
	InvoiceVoid   InvoiceState = "void"
	Uncollectible InvoiceState = "uncollectible"
)

// The kinds of invoices.
const (
	Initial      = "initial"
	Renewal      = "renewal"
	Change       = "change"
	Reactivation = "reactivation"
	ByHand       = "manual"
)

// Invoice is what a customer owes, or has paid. What was issued stays: corrections are credit notes.
type Invoice struct {
	ID                     int64
	Number                 string // empty until it is issued for good
	Kind                   string
	Customer, Subscription int64
	State                  InvoiceState
	Currency               string
	Net, Tax, Discount     int64
	Total, Paid, Refunded  int64
	Start, End             Day // the period that it pays for
	Effects                Effects
	DueOn, PromiseOn       Day
	VoidOn                 Day
	ChargeAt               time.Time // zero: it is not charged by itself
	Charges                int
	Step                   int
	StepOn                 Day
	Issued, PaidAt         time.Time
	Applied                bool
	Seller                 Seller
	Buyer                  Customer
	Policy                 Policy
}

// Open is what is still to be paid, in minor units.
func (i Invoice) Open() int64 {
	if i.State != InvoiceOpen {
		return 0
	}
	return i.Total - i.Paid
}

// Due is what is still to be paid.
func (i Invoice) Due() money.Amount { return money.Amount{Minor: i.Open(), Currency: i.Currency} }

// Name is the number, or what the invoice is called as long as it has none.
func (i Invoice) Name() string {
	if i.Number != "" {
		return i.Number
	}
	return i.Reference()
}

// Reference is what a bank transfer is found by: the invoice's own number and two digits that find slips of the finger (ISO 7064, 97-10).
func (i Invoice) Reference() string {
	return fmt.Sprintf("RH%06d%02d", i.ID, 98-i.ID*100%97)
}

const invoiceColumns = `i.id, coalesce(i.number, ''), i.kind, i.customer, coalesce(i.subscription, 0), i.state, i.currency, i.net, i.tax, i.discount, i.total, i.paid, i.refunded,
	coalesce(i.period_start, 0), coalesce(i.period_end, 0), i.effects, i.due_on, coalesce(i.promise_on, 0), coalesce(i.void_on, 0), coalesce(i.charge_at, 0), i.charges, i.step,
	coalesce(i.step_on, 0), i.issued_at, coalesce(i.paid_at, 0), i.applied_at is not null, i.seller, i.buyer, i.policy`

func scanInvoice(row interface{ Scan(...any) error }) (Invoice, error) {
	var i Invoice
	var effects, seller, buyer, policy string
	var charge, issued, paid int64
	err := row.Scan(&i.ID, &i.Number, &i.Kind, &i.Customer, &i.Subscription, &i.State, &i.Currency, &i.Net, &i.Tax, &i.Discount, &i.Total, &i.Paid, &i.Refunded,
		&i.Start, &i.End, &effects, &i.DueOn, &i.PromiseOn, &i.VoidOn, &charge, &i.Charges, &i.Step, &i.StepOn, &issued, &paid, &i.Applied, &seller, &buyer, &policy)
	if err != nil {
		return i, err
	}
	i.ChargeAt, i.Issued, i.PaidAt = moment(charge), moment(issued), moment(paid)
	return i, errors.Join(json.Unmarshal([]byte(effects), &i.Effects), json.Unmarshal([]byte(seller), &i.Seller), json.Unmarshal([]byte(buyer), &i.Buyer),
		json.Unmarshal([]byte(policy), &i.Policy))
}

// moment reads unix milliseconds; 0 is no moment.
func moment(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

// millis is a moment as it is kept; none is 0.
func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

func invoiceIn(ctx context.Context, tx *sql.Tx, id int64) (Invoice, error) {
	i, err := scanInvoice(tx.QueryRowContext(ctx, `select `+invoiceColumns+` from invoice i where i.id = ?`, id))
	return i, missing(err, "There is no such invoice.")
}

// missing turns "no row" into a fault with words.
func missing(err error, words string) error {
	if errors.Is(err, sql.ErrNoRows) {
		return fault.New(fault.Missing, words)
	}
	return err
}

// Invoice returns an invoice. The error is a fault.Missing if there is none.
func (b *Billing) Invoice(ctx context.Context, id int64) (Invoice, error) {
	i, err := scanInvoice(b.DB.QueryRow(ctx, `select `+invoiceColumns+` from invoice i where i.id = ?`, id))
	return i, missing(err, "There is no such invoice.")
}

// InvoicesOf returns a subscription's invoices, the newest first. Offers that ended unpaid are not among them.
func (b *Billing) InvoicesOf(ctx context.Context, subscription int64, limit int) ([]Invoice, error) {
	rows, err := b.DB.Query(ctx, `select `+invoiceColumns+` from invoice i where i.subscription = ? and (i.number is not null or i.state = 'open') order by i.id desc limit ?`, subscription, limit)
	if err != nil {
		return nil, err
	}
	return gather(rows, scanInvoice)
}

// Lines returns what stands on an invoice.
func (b *Billing) Lines(ctx context.Context, invoice int64) ([]Line, error) {
	rows, err := b.DB.Query(ctx, `select kind, text, quantity, unit, amount, discount, rate, tax_name, reason, inclusive, net, tax, coalesce(from_day, 0), coalesce(to_day, 0)
		from line where invoice = ? order by id`, invoice)
	if err != nil {
		return nil, err
	}
	return gather(rows, scanLine)
}

func scanLine(row interface{ Scan(...any) error }) (Line, error) {
	var l Line
	err := row.Scan(&l.Kind, &l.Text, &l.Quantity, &l.Unit, &l.Amount, &l.Discount, &l.Rate, &l.TaxName, &l.Reason, &l.Inclusive, &l.Net, &l.Tax, &l.From, &l.To)
	return l, err
}
