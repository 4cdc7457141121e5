package billing

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"

	"rowhouse/data/money"
)

// CustomerByID returns who pays. The error is a fault.Missing if there is none.
func (b *Billing) CustomerByID(ctx context.Context, id int64) (Customer, error) {
	c, err := scanCustomer(b.DB.QueryRow(ctx, `select `+customerColumns+` from customer c where c.id = ?`, id))
	return c, missing(err, "There is no such customer.")
}

// PriceByID returns any price, also one that is no longer offered. 0 is free of charge and has no further seats.
func (b *Billing) PriceByID(ctx context.Context, id int64) (Price, error) {
	if id == 0 {
		return Price{Seat: NoSeats}, nil
	}
	p, err := scanPrice(b.DB.QueryRow(ctx, `select `+priceColumns+` from price where id = ?`, id))
	return p, missing(err, "There is no such price.")
}

// RulesOf are the rules for a subscription whose invoices are not paid, as they are now.
func (b *Billing) RulesOf(ctx context.Context, s Subscription) (Policy, error) {
	var rules string
	if err := b.DB.QueryRow(ctx, `select rules from policy where id = ?`, s.Policy).Scan(&rules); err != nil {
		return Policy{}, fmt.Errorf("policy %d: %w", s.Policy, err)
	}
	return readPolicy(rules)
}

// LastDay is the day on which a subscription ends if it is canceled today.
func (s Subscription) LastDay(today Day) Day { return s.lastDay(today) }

// LastDay is the last day on which a method is good; 0 is without end.
func (m Method) LastDay() Day {
	if m.Year == 0 {
		return 0
	}
	return m.lastDay()
}

// NextAct is what happens next to an invoice that stays unpaid, and when; letters do not count. Without one, ok is false.
func (i Invoice) NextAct() (act Act, on Day, ok bool) {
	last := i.StepOn
	for n := i.Step; ; n++ {
		step, day, more := due(i.Policy.Steps, n, i.DueOn, last)
		if !more {
			return "", 0, false
		}
		if step.Act != Remind {
			if i.PromiseOn > 0 {
				day = max(day, i.PromiseOn+1)
			}
			return step.Act, day, true
		}
		last = day
	}
}

// Coming is the invoice that a subscription gets next, before it is issued.
type Coming struct {
	Wish
	On    Day // when its period begins; 0: there is none to come
	Quote Quote
}

// Coming works out the next invoice of a subscription that goes on.
func (b *Billing) Coming(ctx context.Context, s Subscription) (next Coming, err error) {
	if s.CancelAtEnd || s.State == Canceled || s.State == Incomplete || s.State == Unpaid {
		return next, nil
	}
	err = b.DB.Tx(ctx, func(tx *sql.Tx) error {
		w, on, err := b.coming(ctx, tx, s)
		if err != nil || w.Price.ID == 0 || w.Price.Free() || w.Price.Interval == "once" {
			return err
		}
		c, err := customerIn(ctx, tx, s.Customer)
		if err != nil {
			return err
		}
		coupon, err := couponOf(ctx, tx, s, w.Plan.ID)
		if err != nil {
			return err
		}
		q, err := b.quote(ctx, tx, c, w.Plan, w.Price, w.Seats, coupon, false, on, on.Next(w.Price.Interval, max(s.Anchor, 1)))
		next = Coming{w, on, q}
		return err
	})
	return next, err
}

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

const selectCreditNote = `select n.id, n.invoice, n.number, coalesce(i.number, ''), i.currency, n.net, n.tax, n.reason, n.created_at from credit_note n join invoice i on i.id = n.invoice `

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

// Entry is a line of a customer's statement: what is owed more, or less if the amount is below 0.
type Entry struct {
	At     time.Time
	Kind   string // invoice, credit note, payment, chargeback, refund, gift, change or returned
	Ref    string // a number, or the reason of a gift
	Amount money.Amount
}

// Entries are what a customer was asked for, has paid and got back, the oldest first. What moved between the balance and an invoice
// changes nothing of what is owed and is not among them. With a subscription they are only of its invoices: people of one
// tenant do not see what another one of the same customer pays.
func (b *Billing) Entries(ctx context.Context, customer, subscription int64) ([]Entry, error) {
	var all []Entry
	for _, query := range []string{
		`select i.issued_at, 'invoice', i.number, i.total, i.currency from invoice i where i.customer = ?1 and (?2 = 0 or i.subscription = ?2) and i.number is not null`,
		`select n.created_at, 'credit note', n.number, -(n.net + n.tax), i.currency from credit_note n join invoice i on i.id = n.invoice where i.customer = ?1 and (?2 = 0 or i.subscription = ?2)`,
		`select p.at, p.kind, coalesce(i.number, ''), -p.amount, p.currency from payment p join invoice i on i.id = p.invoice where i.customer = ?1 and (?2 = 0 or i.subscription = ?2) and p.gateway <> 'balance'`,
		`select r.created_at, 'refund', coalesce(i.number, ''), r.amount, p.currency from refund r join payment p on p.id = r.payment join invoice i on i.id = p.invoice
			where i.customer = ?1 and (?2 = 0 or i.subscription = ?2) and r.state = 'done'`,
		`select b.at, b.kind, b.note, -b.amount, b.currency from balance b where b.customer = ?1 and b.kind in ('gift', 'change')
			and (?2 = 0 or (select count(*) from subscription s where s.customer = ?1) = 1 or exists (select 1 from invoice i where b.kind = 'change' and b.ref = 'invoice/' || i.id and i.subscription = ?2))`,
	} {
		rows, err := b.DB.Query(ctx, query, customer, subscription)
		if err != nil {
			return nil, err
		}
		some, err := gather(rows, scanEntry)
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	slices.SortStableFunc(all, func(a, b Entry) int { return a.At.Compare(b.At) })
	return all, nil
}

func scanEntry(row interface{ Scan(...any) error }) (Entry, error) {
	var e Entry
	var at int64
	err := row.Scan(&at, &e.Kind, &e.Ref, &e.Amount.Minor, &e.Amount.Currency)
	e.At = moment(at)
	return e, err
}

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

// SetupPage is the address of the page on which a subscription's method is being saved, or empty.
func (b *Billing) SetupPage(ctx context.Context, subscription int64) (string, error) {
	open, err := b.attempts(ctx, `where a.subscription = ? and a.mode = 'setup' and a.state in ('open', 'requires_action') order by a.id desc limit 1`, subscription)
	if err != nil || len(open) == 0 || !b.Clock.Now().Before(open[0].Expires) {
		return "", err
	}
	return open[0].URL, nil
}
