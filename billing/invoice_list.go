package billing

import (
	"context"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"rowhouse/data/money"
)

// InvoiceWish is which invoices the host would like to see.
type InvoiceWish struct {
	State  string // open, overdue, paid, void (with those that are uncollectible), failed (a charge was refused), attention, or empty for all
	Search string // a part of a number, company or e-mail address, or a reference of a transfer
	Before int64  // the id of the last one on the page before; 0 is the first page
	Limit  int
}

// InvoiceRow is an invoice with whose it is.
type InvoiceRow struct {
	Invoice
	Tenant, Company string // the tenant's name and company; empty if there is none
	Overdue         bool
}

// ours finds the invoice's own number in the reference of a transfer.
var ours = regexp.MustCompile(`(?i)^RH0*(\d+)\d\d$`)

// Invoices returns invoices of all customers, the newest first.
func (b *Billing) Invoices(ctx context.Context, w InvoiceWish) ([]InvoiceRow, error) {
	today, err := b.Today(ctx)
	if err != nil {
		return nil, err
	}
	var id int64
	if m := ours.FindStringSubmatch(strings.TrimSpace(w.Search)); m != nil {
		id, _ = strconv.ParseInt(m[1], 10, 64) // digits
	}
	rows, err := b.DB.Query(ctx, `select `+invoiceColumns+`, coalesce(t.name, ''), coalesce(t.company, '') from invoice i join customer c on c.id = i.customer
		left join subscription s on s.id = i.subscription left join tenant t on t.id = s.tenant
		where (?1 = 0 or i.id < ?1)
		and (?2 = '' or ?2 = i.state or ?2 = 'void' and i.state = 'uncollectible' or ?2 = 'overdue' and i.state = 'open' and i.due_on < ?3
			or ?2 = 'failed' and exists (select 1 from payment_attempt a where a.invoice = i.id and a.state = 'failed')
			or ?2 = 'attention' and exists (select 1 from payment p where p.invoice = i.id and (p.parked = 1 or exists (select 1 from dispute d where d.payment = p.id and d.state = 'pending'))))
		and (?4 = '' or i.id = ?5 or i.number like ?4 escape '\' or t.company like ?4 escape '\' or t.name like ?4 escape '\' or c.company like ?4 escape '\' or c.name like ?4 escape '\'
			or c.email like ?4 escape '\' or exists (select 1 from payment p where p.invoice = i.id and p.ref like ?4 escape '\'))
		order by i.id desc limit ?6`, w.Before, w.State, today, like(w.Search), id, w.Limit)
	if err != nil {
		return nil, err
	}
	return gather(rows, func(row interface{ Scan(...any) error }) (InvoiceRow, error) {
		var r InvoiceRow
		var err error
		r.Invoice, err = scanInvoice(behind{row, []any{&r.Tenant, &r.Company}})
		r.Overdue = r.State == InvoiceOpen && r.DueOn < today
		return r, err
	})
}

// behind reads further columns behind those that a scan knows.
type behind struct {
	row  interface{ Scan(...any) error }
	more []any
}

func (b behind) Scan(to ...any) error { return b.row.Scan(append(to, b.more...)...) }

// like is a pattern that finds a text anywhere; none finds all.
func like(text string) string {
	if text = strings.TrimSpace(text); text == "" {
		return ""
	}
	return "%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(text) + "%"
}

// RefundRow is a refund as it stands.
type RefundRow struct {
	ID, Payment int64
	Amount      money.Amount
	State       string // created, pending, done or refused
	Reason      string
	Actor       string
	At          time.Time
}

// RefundsOf returns the refunds of an invoice's payments, the oldest first.
func (b *Billing) RefundsOf(ctx context.Context, invoice int64) ([]RefundRow, error) {
	rows, err := b.DB.Query(ctx, `select r.id, r.payment, r.amount, p.currency, r.state, r.reason, r.actor, r.created_at from refund r join payment p on p.id = r.payment where p.invoice = ? order by r.id`, invoice)
	if err != nil {
		return nil, err
	}
	return gather(rows, func(row interface{ Scan(...any) error }) (RefundRow, error) {
		var r RefundRow
		var at int64
		err := row.Scan(&r.ID, &r.Payment, &r.Amount.Minor, &r.Amount.Currency, &r.State, &r.Reason, &r.Actor, &at)
		r.At = moment(at)
		return r, err
	})
}

// DisputeRow is a payment that a customer's bank takes back.
type DisputeRow struct {
	Gateway, Ref string
	Amount       money.Amount
	State        string // pending, done (lost) or refused (won)
	At           time.Time
}

// DisputesOf returns the disputes about an invoice's payments, the oldest first.
func (b *Billing) DisputesOf(ctx context.Context, invoice int64) ([]DisputeRow, error) {
	rows, err := b.DB.Query(ctx, `select d.gateway, d.ref, d.amount, p.currency, d.state, d.created_at from dispute d join payment p on p.id = d.payment where p.invoice = ? order by d.created_at`, invoice)
	if err != nil {
		return nil, err
	}
	return gather(rows, func(row interface{ Scan(...any) error }) (DisputeRow, error) {
		var d DisputeRow
		var at int64
		err := row.Scan(&d.Gateway, &d.Ref, &d.Amount.Minor, &d.Amount.Currency, &d.State, &at)
		d.At = moment(at)
		return d, err
	})
}

// AttemptsOf returns the tries to get an invoice paid, the oldest first.
func (b *Billing) AttemptsOf(ctx context.Context, invoice int64) ([]Attempt, error) {
	return b.attempts(ctx, `where a.invoice = ? order by a.id`, invoice)
}

// CreditNotesFor returns the credit notes of one invoice, the oldest first.
func (b *Billing) CreditNotesFor(ctx context.Context, invoice int64) ([]CreditNote, error) {
	rows, err := b.DB.Query(ctx, selectCreditNote+`where n.invoice = ? order by n.id`, invoice)
	if err != nil {
		return nil, err
	}
	return gather(rows, scanCreditNote)
}

// Sent is a letter about something.
type Sent struct {
	ID          int64
	To, Subject string
	State       string // waiting, sent, moved or dead
	At          time.Time
}

// LettersAbout returns the letters about an invoice, the oldest first. A letter is known by its key.
func (b *Billing) LettersAbout(ctx context.Context, invoice int64) ([]Sent, error) {
	rows, err := b.DB.Query(ctx, `select id, recipient, subject, state, created_at from outbox where attach = ?1 or key in (?2, ?3, ?4) or key like ?5 or key like ?6 or key like ?7 or key like ?8 or key like ?9
		or key like ?10 or key in (select 'failed:' || key from payment_attempt where invoice = ?11 union all select 'hard-failed:' || key from payment_attempt where invoice = ?11
		union all select 'sca:' || key from payment_attempt where invoice = ?11) order by id limit 200`, fmt.Sprint("invoice/", invoice), fmt.Sprint("issued:", invoice), fmt.Sprint("upcoming:", invoice),
		fmt.Sprint("changed:invoice:", invoice), fmt.Sprintf("receipt:%d:%%", invoice), fmt.Sprintf("remind:%d:%%", invoice), fmt.Sprintf("soft:%d:%%", invoice), fmt.Sprintf("hard:%d:%%", invoice),
		fmt.Sprintf("restored:%d:%%", invoice), fmt.Sprintf("nonpay:%%:%d", invoice), invoice)
	if err != nil {
		return nil, err
	}
	return gather(rows, func(row interface{ Scan(...any) error }) (Sent, error) {
		var l Sent
		var at int64
		err := row.Scan(&l.ID, &l.To, &l.Subject, &l.State, &at)
		l.At = moment(at)
		return l, err
	})
}

// Moment is when a payment was made.
func (p Payment) Moment() time.Time { return moment(p.At) }

// Headlines say in a few words what each of a subscription's invoices is for.
func (b *Billing) Headlines(ctx context.Context, subscription int64) (map[int64]string, error) {
	rows, err := b.DB.Query(ctx, `select l.invoice, l.text from line l join invoice i on i.id = l.invoice
		where i.subscription = ? and l.amount > 0 and l.kind <> 'balance' order by l.id desc`, subscription)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	found := map[int64]string{}
	for rows.Next() {
		var id int64
		var text string
		if err := rows.Scan(&id, &text); err != nil {
			return nil, err
		}
		found[id] = text // the first line comes last
	}
	return found, rows.Err()
}
