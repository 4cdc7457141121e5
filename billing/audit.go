package billing

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
)

// Red is something in the books that must not be.
type Red struct {
	Name, Text string
	Link       string // where in the panel to look
}

// check is an audit: a query whose every row is something that must not be. Its first column says which.
type check struct {
	name  string
	text  string
	link  string
	query string // ?1 is today, ?2 is now
}

// checks look at the books from the outside: none of them knows how the work is done, only what must be true of it.
var checks = []check{
	{"unapplied", "is paid and has not been applied", "/admin/invoices", `select coalesce(number, id) from invoice where state = 'paid' and applied_at is null`},
	{"sums", "is not paid with what its payments sum up to", "/admin/invoices", `select coalesce(i.number, i.id) from invoice i where i.paid <>
		coalesce((select sum(p.amount) from payment p where p.invoice = i.id and p.parked = 0), 0)
		- coalesce((select sum(b.amount) from balance b join payment p on b.ref = 'payment/' || p.id where b.kind = 'overpayment' and p.invoice = i.id), 0)
		- coalesce((select sum(b.amount) from balance b join payment p on b.ref = 'payment/' || p.id || '/0' where b.kind = 'refunded' and p.invoice = i.id), 0)`},
	{"paid", "is called paid and is not", "/admin/invoices", `select coalesce(number, id) from invoice where (state = 'paid') <> (paid = total and state in ('paid', 'open')) and not (state = 'void' and paid = 0)`},
	{"lines", "has another total than its lines", "/admin/invoices", `select coalesce(i.number, i.id) from invoice i where i.net <> (select coalesce(sum(net), 0) from line where invoice = i.id) or i.tax <> (select coalesce(sum(tax), 0) from line where invoice = i.id)`},
	{"credited", "was credited with more than it is", "/admin/invoices", `select coalesce(i.number, i.id) from invoice i where i.total < coalesce((select sum(net + tax) from credit_note where invoice = i.id), 0)`},
	{"gaps", "is missing in the numbers of invoices", "/admin/invoices", `select s.prefix || '-' || s.year || ' has ' || (select count(*) from invoice i where i.number like s.prefix || '-' || s.year || '-%') || ' of ' || (s.next - 1)
		from series s where (select count(*) from invoice i where i.number like s.prefix || '-' || s.year || '-%') + (select count(*) from credit_note c where c.number like s.prefix || '-' || s.year || '-%') <> s.next - 1`},
	{"renewed twice", "has two renewals for one period", "/admin/invoices", `select subscription from invoice where kind = 'renewal' and state <> 'void' group by subscription, period_start having count(*) > 1`},
	{"overlaps", "has paid twice for the same days", "/admin/invoices", `select a.number from invoice a join invoice b on a.subscription = b.subscription and a.id < b.id and a.kind = 'renewal' and b.kind = 'renewal' and a.state = 'paid' and b.state = 'paid'
		and a.period_start < b.period_end and b.period_start < a.period_end`},
	{"unpaid access", "is open without a subscription that runs", "/admin/tenants", `select t.name from tenant t join subscription s on s.tenant = t.id where t.state = 'active' and s.state = 'canceled' and t.level not in ('billing_only', 'blocked', 'read_only')`},
	{"holds", "is held for an invoice that is not open", "/admin/tenants", `select t.name from hold h join tenant t on t.id = h.tenant join subscription s on s.tenant = t.id where h.reason in ('billing_soft', 'billing_hard', 'trial_ended')
		and s.state not in ('past_due', 'unpaid')`},
	{"open doors", "is not held although its invoice is long overdue", "/admin/tenants", `select t.name from tenant t join subscription s on s.tenant = t.id where s.state = 'unpaid' and not exists
		(select 1 from hold h where h.tenant = t.id and h.reason in ('billing_hard', 'trial_ended'))`},
	{"trials", "has a trial that is over and goes on", "/admin/tenants", `select t.name from tenant t join subscription s on s.tenant = t.id where s.state = 'trialing' and s.trial_end < ?1 - 1 and t.state = 'active'`},
	{"late", "has a period that is over and is called active", "/admin/tenants", `select t.name from tenant t join subscription s on s.tenant = t.id where s.state = 'active' and s.period_end < ?1 - 11 and t.state = 'active' and
		not exists (select 1 from invoice i where i.subscription = s.id and i.state = 'open' and i.promise_on >= ?1) and
		not exists (select 1 from payment_attempt a where a.subscription = s.id and a.state in ('processing', 'unknown'))`},
	{"in flight", "is a payment whose outcome has been unknown for a day", "/admin/events", `select gateway || ' ' || key from payment_attempt where state in ('created', 'unknown') and created_at < ?2 - 86400000`},
	{"events", "is an event that could not be worked on", "/admin/events", `select gateway || ' ' || id from event where state in ('unmatched', 'dead')`},
	{"letters", "is a letter that could not be delivered", "/admin/letters", `select recipient from outbox where state = 'dead' and text <> ''`},
	{"balance", "owes us by the balance", "/admin/customers", `select c.email from customer c join balance b on b.customer = c.id group by c.id, b.currency having sum(b.amount) < 0`},
	{"parked", "is a payment in another currency that waits for a decision", "/admin/invoices", `select gateway || ' ' || ref from payment where parked = 1 and not exists (select 1 from refund where payment = payment.id and refund.state = 'done')`},
	{"coupons", "was used more or less often than is noted", "/admin/coupons", `select code from coupon c where used <> (select count(*) from coupon_use where coupon = c.id)`},
	{"silent", "has not said anything for three days although payments were begun", "/admin/gateways", `select g.name from gateway g where g.enabled = 1 and g.name <> 'offline' and
		(select count(*) from payment_attempt a where a.gateway = g.name and a.state = 'succeeded' and a.created_at between ?2 - 259200000 and ?2 - 3600000) > 3 and coalesce(g.last_event, 0) < ?2 - 259200000`},
}

// shown is how many of one sort are named.
const named = 5

// Audit looks for what must not be in the books.
func (b *Billing) Audit(ctx context.Context) ([]Red, error) {
	today, err := b.Today(ctx)
	if err != nil {
		return nil, err
	}
	var red []Red
	for _, c := range checks {
		found, err := b.look(ctx, c, today)
		if err != nil {
			return nil, fmt.Errorf("audit %s: %w", c.name, err)
		}
		if len(found) > 0 {
			red = append(red, Red{Name: c.name, Text: strings.Join(found, ", ") + " " + c.text, Link: c.link})
		}
	}
	return red, nil
}

func (b *Billing) look(ctx context.Context, c check, today Day) ([]string, error) {
	rows, err := b.DB.Query(ctx, c.query, today, b.Clock.Now().UnixMilli())
	if err != nil {
		return nil, err
	}
	all, err := gather(rows, func(row interface{ Scan(...any) error }) (string, error) {
		var s string
		err := row.Scan(&s)
		return s, err
	})
	if len(all) > named {
		all = append(all[:named], fmt.Sprintf("and %d more", len(all)-named))
	}
	return all, err
}

// AuditDaily runs the audits once a day and tells the host what is red.
func (b *Billing) AuditDaily(ctx context.Context) error {
	today, err := b.Today(ctx)
	if err != nil {
		return err
	}
	var last string
	err = b.DB.QueryRow(ctx, `select value from setting where name = 'audited'`).Scan(&last)
	if err != nil && !errors.Is(err, sql.ErrNoRows) || last == today.String() {
		return err
	}
	red, err := b.Audit(ctx)
	if err != nil {
		return err
	}
	return b.DB.Tx(ctx, func(tx *sql.Tx) error {
		for _, r := range red {
			if err := b.alert(ctx, tx, fmt.Sprintf("audit:%s:%s", today, r.Name), "An audit is red", r.Link, r.Text); err != nil {
				return err
			}
		}
		_, err := tx.ExecContext(ctx, `insert into setting (name, value) values ('audited', ?) on conflict (name) do update set value = excluded.value`, today.String())
		return err
	})
}

// Audits returns the names of all audits, those that are green among them.
func Audits() []string {
	var names []string
	for _, c := range checks {
		names = append(names, c.name)
	}
	return names
}

// AuditText says what an audit looks for.
func AuditText(name string) string {
	for _, c := range checks {
		if c.name == name {
			return c.text
		}
	}
	return ""
}
