package billing

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"time"
)

// job is work that is found by asking what is due, never by counting ticks: it can be missed, or run twice, and nothing is lost or
// done twice. Each subject has a transaction of its own, in which it is looked at again, so that one that fails never stops the rest.
type job struct {
	name  string
	every time.Duration
	list  string // the subjects; ?1 is today, ?2 is now
	do    func(ctx context.Context, tx *sql.Tx, id int64, today Day) error
	after func(ctx context.Context, id int64) error // what must not happen in a transaction: calls to gateways, moves of folders
}

// jobs are in the order in which they must run: money comes before steps against those who have not paid.
func (b *Billing) jobs() []job {
	return []job{
		{name: "pages", every: 10 * time.Minute, list: `select id from payment_attempt where mode in ('hosted', 'setup') and state in ('open', 'requires_action') and
			(expires_at < ?2 or asked_at < ?2 - 600000 or invoice in (select id from invoice where state <> 'open'))`, after: b.lookAtPage},
		{name: "reconcile", every: 10 * time.Minute, list: `select id from moving_attempt where asked_at < ?2 - 600000`, after: b.reconcile},
		{name: "switch", every: time.Hour, list: `select id from subscription where next_on <= ?1`, do: b.switchDue},
		{name: "renewals", every: time.Hour, list: `select s.id from subscription s join policy p on p.id = s.policy where s.state in ('active', 'past_due') and s.cancel_at_end = 0 and
			s.period_end <= ?1 + max(coalesce(json_extract(p.rules, '$.manual'), 7), coalesce(json_extract(p.rules, '$.auto'), 3)) and
			not exists (select 1 from invoice i where i.subscription = s.id and i.kind = 'renewal' and i.period_start = s.period_end and i.state <> 'void')
			union all select id from subscription where state = 'trialing' and trial_end <= ?1 and cancel_at_end = 0`, do: b.renew},
		{name: "charges", every: 5 * time.Minute, list: `select id from invoice where state = 'open' and charge_at <= ?2`, after: b.charge},
		{name: "refunds", every: 10 * time.Minute, list: `select id from refund where state = 'created' and created_at < ?2 - 60000`, after: b.sendRefund},
		{name: "trials", every: time.Hour, list: `select id from subscription where state = 'trialing' and trial_end between ?1 and ?1 + 3 and cancel_at_end = 0`, do: b.remindTrial},
		{name: "overdue", every: time.Hour, list: `select id from invoice where state = 'open' and (kind in ('renewal', 'manual') or applied_at is not null) and due_on <= ?1`, do: b.overdue},
		{name: "abandoned", every: time.Hour, list: `select id from subscription where state = 'unpaid' and not exists (select 1 from invoice i where i.subscription = subscription.id and i.state = 'open')`, do: b.giveUp},
		{name: "ends", every: time.Hour, list: `select id from subscription where cancel_at_end = 1 and state <> 'canceled'`, do: b.endDue},
		{name: "offers", every: 15 * time.Minute, list: `select id from invoice where state = 'open' and void_on < ?1`, do: b.expireOffer},
		{name: "unpaid orders", every: time.Hour, list: `select i.id from invoice i where i.kind = 'initial' and i.state = 'open' and i.issued_at < ?2 - 43200000 and
			not exists (select 1 from outbox o where o.key = 'sremind:' || i.subscription)`, do: b.remindOrder},
		{name: "orders", every: 15 * time.Minute, list: `select id from subscription where state = 'incomplete' and created_at < ?2 - 172800000 and
			not exists (select 1 from invoice i where i.subscription = subscription.id and i.state = 'open')`, do: b.expireOrder},
		{name: "cards", every: 24 * time.Hour, list: `select s.id from subscription s join method m on m.id = s.method where s.state = 'active' and s.cancel_at_end = 0 and m.usable = 1 and m.year > 0 and
			s.period_end <= ?1 + 30 and date(printf('%04d-%02d-01', m.year, m.month), '+1 month') <= date(s.period_end * 86400, 'unixepoch')`, do: b.warnCard},
		{name: "delayed", every: 5 * time.Minute, list: `select s.id from subscription s join tenant t on t.id = s.tenant where t.state in ('provisioning', 'provision_failed') and s.state in ('active', 'trialing') and
			coalesce((select max(paid_at) from invoice i where i.subscription = s.id), s.created_at) < ?2 - 600000 and not exists (select 1 from outbox o where o.key = 'pdelay:' || s.tenant)`, do: b.sayDelayed},
		{name: "closing", every: time.Hour, list: `select s.id from subscription s join tenant t on t.id = s.tenant where s.state = 'canceled' and s.closing < 4 and coalesce(s.closing_on, s.ended_on) < ?1 and
			t.state in ('active', 'archived')`, after: b.close},
		{name: "agreements", every: time.Hour, list: `select distinct tenant from limit_override where until_on < ?1`, do: b.endOverride},
		{name: "levels", every: time.Hour, list: `select s.id from subscription s join tenant t on t.id = s.tenant where s.state = 'canceled' and t.level = 'read_only'`, do: b.refreshLevel},
	}
}

// Tick does what is due, each job no more often than it needs: it may be called every few seconds.
func (b *Billing) Tick(ctx context.Context) error { return b.turn(ctx, b.pace) }

// Turn does all that is due.
func (b *Billing) Turn(ctx context.Context) error {
	return b.turn(ctx, func(job) bool { return true })
}

// pace tells whether a job's time has come, and notes that it has.
func (b *Billing) pace(j job) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := b.Clock.Now()
	if last, ok := b.ran[j.name]; ok && now.Sub(last) < j.every && now.After(last) {
		return false
	}
	if b.ran == nil {
		b.ran = map[string]time.Time{}
	}
	b.ran[j.name] = now
	return true
}

// turn does the jobs that wanted says. While the clock is not to be trusted, nothing is done that closes, ends or issues.
func (b *Billing) turn(ctx context.Context, wanted func(job) bool) error {
	steady, err := b.steady(ctx)
	if err != nil {
		return err
	}
	var failed error
	for _, j := range b.jobs() {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if !steady && j.name != "pages" && j.name != "reconcile" && j.name != "refunds" {
			continue
		}
		if !wanted(j) {
			continue
		}
		failed = errors.Join(failed, b.run(ctx, j))
	}
	return failed
}

// run does one job, and notes how it went.
func (b *Billing) run(ctx context.Context, j job) error {
	began := time.Now()
	seller, err := b.Seller(ctx)
	if err != nil {
		return err
	}
	now := b.Clock.Now()
	today := DayOf(now, seller.Location())
	rows, err := b.DB.Query(ctx, j.list, today, now.UnixMilli())
	if err != nil {
		return fmt.Errorf("list for %s: %w", j.name, err)
	}
	ids, err := gather(rows, scanID)
	if err != nil {
		return fmt.Errorf("list for %s: %w", j.name, err)
	}
	var bad int
	var last error
	for _, id := range ids {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err := b.do(ctx, j, id, today); err != nil {
			slog.Error("billing work failed", "job", j.name, "subject", id, "err", err)
			bad, last = bad+1, fmt.Errorf("%s of %d: %w", j.name, id, err)
		}
	}
	return errors.Join(last, b.noteJob(ctx, j.name, began, len(ids), bad, last))
}

func (b *Billing) do(ctx context.Context, j job, id int64, today Day) error {
	if b.Fail != nil {
		b.Fail()
	}
	if j.after != nil {
		return j.after(ctx, id)
	}
	return b.DB.Tx(ctx, func(tx *sql.Tx) error { return j.do(ctx, tx, id, today) })
}

// noteJob keeps how a job went. One that found nothing is noted once an hour only: a note is a write.
func (b *Billing) noteJob(ctx context.Context, name string, began time.Time, done, bad int, failure error) error {
	words := ""
	if failure != nil {
		words = failure.Error()
	}
	now := b.Clock.Now().UnixMilli()
	if done == 0 {
		var last int64
		err := b.DB.QueryRow(ctx, `select coalesce((select began_at from job where name = ? and error = ''), 0)`, name).Scan(&last)
		if err != nil || now >= last && now-last < time.Hour.Milliseconds() {
			return err
		}
	}
	_, err := b.DB.Exec(ctx, `insert into job (name, began_at, took, done, failed, error) values (?, ?, ?, ?, ?, ?)
		on conflict (name) do update set began_at = excluded.began_at, took = excluded.took, done = excluded.done, failed = excluded.failed, error = excluded.error`,
		name, now, time.Since(began).Milliseconds(), done, bad, words)
	return err
}

// JobRun is how a job went last.
type JobRun struct {
	Name         string
	Began        time.Time
	Took         time.Duration
	Every        time.Duration
	Done, Failed int
	Error        string
}

// Jobs returns how each job went last, in the order in which they run.
func (b *Billing) Jobs(ctx context.Context) ([]JobRun, error) {
	var runs []JobRun
	for _, j := range b.jobs() {
		r := JobRun{Name: j.name, Every: j.every}
		var began, took int64
		err := b.DB.QueryRow(ctx, `select began_at, took, done, failed, error from job where name = ?`, j.name).Scan(&began, &took, &r.Done, &r.Failed, &r.Error)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return nil, err
		}
		r.Began, r.Took = moment(began), time.Duration(took)*time.Millisecond
		runs = append(runs, r)
	}
	return runs, nil
}
