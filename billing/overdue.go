package billing

import (
	"context"
	"database/sql"
	"fmt"

	"rowhouse/tenant"
)

// grace is how many days a payment that is under way, as by bank debit, counts as if it had arrived.
const grace = 10

// overdue takes the next step against an invoice that is not paid: one step a run and no closer together than the policy has them.
func (b *Billing) overdue(ctx context.Context, tx *sql.Tx, id int64, today Day) error {
	i, err := invoiceIn(ctx, tx, id)
	if err != nil || i.State != InvoiceOpen || i.Subscription == 0 || i.DueOn > today || i.PromiseOn >= today {
		return err
	}
	if waiting, err := countsAsPaid(ctx, tx, i, today); err != nil || waiting {
		return err
	}
	s, err := subscriptionIn(ctx, tx, i.Subscription)
	if err != nil {
		return err
	}
	if s.State == Canceled {
		return nil
	}
	if s, err = b.markLate(ctx, tx, i, s, today); err != nil {
		return err
	}
	step, on, ok := due(i.Policy.Steps, i.Step, i.DueOn, i.StepOn)
	if !ok || on > today {
		return nil
	}
	if under, err := underWay(ctx, tx, i.ID); err != nil || under && step.Act == Terminate {
		return err // nothing is ended while money for it may be on its way
	}
	if _, err := tx.ExecContext(ctx, `update invoice set step = step + 1, step_on = ? where id = ?`, today, i.ID); err != nil {
		return err
	}
	return b.step(ctx, tx, i, s, step, today)
}

// countsAsPaid tells whether a payment of the invoice is on its way, and has been for no longer than banks take. One that was begun long
// after the due day counts on its first day only: else a debit that bounces each week would keep a CRM open for ever.
func countsAsPaid(ctx context.Context, tx *sql.Tx, i Invoice, today Day) (bool, error) {
	var n int
	err := tx.QueryRowContext(ctx, `select count(*) from moving_attempt where invoice = ? and created_at >= ? and (created_at < ? or created_at >= ?)`,
		i.ID, (today - grace).In(i.Seller.Location()).UnixMilli(), (i.DueOn + grace + 1).In(i.Seller.Location()).UnixMilli(), today.In(i.Seller.Location()).UnixMilli()).Scan(&n)
	return n > 0, err
}

// markLate makes a subscription past due. One whose trial nobody paid for is that from its last day on.
func (b *Billing) markLate(ctx context.Context, tx *sql.Tx, i Invoice, s Subscription, today Day) (Subscription, error) {
	late := s.State == Active && i.DueOn < today || s.State == Trialing && i.Kind == Renewal
	if !late {
		return s, nil
	}
	before := s
	s.State = PastDue
	if err := s.keep(ctx, tx); err != nil {
		return s, err
	}
	return s, b.note(ctx, tx, before, s, "past due", "system", i.Name())
}

// step does one thing about an unpaid invoice, and says so in a letter that also says what comes next.
func (b *Billing) step(ctx context.Context, tx *sql.Tx, i Invoice, s Subscription, step Step, today Day) error {
	facts := b.stepFacts(i, today)
	trial := len(i.Policy.Steps) > 0 && i.Policy.Steps[0].Act == Restrict && i.Policy.Steps[0].Day == 0
	switch step.Act {
	case Remind:
		return b.post(ctx, tx, "reminder", fmt.Sprintf("remind:%d:%d", i.ID, i.Step+1), s, facts, fmt.Sprint("invoice/", i.ID))
	case Restrict:
		kind, reason := "access_read_only", tenant.BillingSoft
		if trial {
			kind, reason = "trial_ended", tenant.TrialEnded
		}
		if err := b.hold(ctx, tx, s, reason, tenant.ReadOnly, i); err != nil {
			return err
		}
		return b.post(ctx, tx, kind, fmt.Sprintf("soft:%d:%d", i.ID, i.Step), s, facts, "")
	case Block:
		return b.block(ctx, tx, i, s, trial, facts)
	case Terminate:
		return b.terminate(ctx, tx, i, s, today, facts)
	}
	return fmt.Errorf("the policy of invoice %d has a step %q", i.ID, step.Act)
}

func (b *Billing) block(ctx context.Context, tx *sql.Tx, i Invoice, s Subscription, trial bool, facts map[string]string) error {
	before := s
	s.State = Unpaid
	if err := s.keep(ctx, tx); err != nil {
		return err
	}
	if err := b.note(ctx, tx, before, s, "unpaid", "system", i.Name()); err != nil {
		return err
	}
	reason := tenant.BillingHard
	if trial {
		reason = tenant.TrialEnded
	}
	facts["link"] = b.billingPage(ctx, tx, s)
	if err := b.hold(ctx, tx, s, reason, tenant.BillingOnly, i); err != nil {
		return err
	}
	return b.post(ctx, tx, "access_blocked", fmt.Sprintf("hard:%d:%d", i.ID, i.Step), s, facts, "")
}

func (b *Billing) terminate(ctx context.Context, tx *sql.Tx, i Invoice, s Subscription, today Day, facts map[string]string) error {
	s, err := b.end(ctx, tx, s, today, "ended unpaid", "system")
	if err != nil {
		return err
	}
	if facts["next"], err = b.archiveDay(ctx, tx, s, i.Buyer.Language); err != nil {
		return err
	}
	facts["link"] = b.billingPage(ctx, tx, s)
	return b.post(ctx, tx, "canceled_nonpayment", fmt.Sprintf("nonpay:%d:%d", s.ID, i.ID), s, facts, "")
}

// giveUp ends a subscription that was closed and whose invoice was taken back for an offer that nobody paid either.
func (b *Billing) giveUp(ctx context.Context, tx *sql.Tx, id int64, today Day) error {
	s, err := subscriptionIn(ctx, tx, id)
	if err != nil || s.State != Unpaid {
		return err
	}
	last, err := scanInvoice(tx.QueryRowContext(ctx, `select `+invoiceColumns+` from invoice i where i.subscription = ? and (i.kind = 'renewal' or i.applied_at is not null) order by i.id desc limit 1`, id))
	if err != nil {
		return err
	}
	final := last.Policy.Steps[len(last.Policy.Steps)-1]
	if today < last.DueOn+Day(final.Day) {
		return nil
	}
	return b.terminate(ctx, tx, last, s, today, b.stepFacts(last, today))
}

func (b *Billing) hold(ctx context.Context, tx *sql.Tx, s Subscription, reason string, level tenant.Level, i Invoice) error {
	return b.Tenants.HoldIn(ctx, tx, s.Tenant, tenant.Hold{Reason: reason, Level: level, Note: fmt.Sprintf("the invoice %s is not paid", i.Name())})
}

// stepFacts are what letters of steps know: also the next step, and what it does.
func (b *Billing) stepFacts(i Invoice, today Day) map[string]string {
	facts, words := b.invoiceFacts(i), look(i.Buyer.Language)
	next, on, ok := due(i.Policy.Steps, i.Step+1, i.DueOn, today)
	for n := i.Step + 1; ok && next.Act == Remind; n++ { // what is only a letter is no news
		next, on, ok = due(i.Policy.Steps, n+1, i.DueOn, on)
	}
	if !ok {
		facts["next"], facts["act"] = "", words.T("Nothing is deleted without two more letters.")
		return facts
	}
	facts["next"] = sayDay(i.Buyer.Language, on)
	switch next.Act {
	case Restrict:
		facts["act"] = words.T("If it is not paid until %s, the CRM can only be read from then on.", facts["next"])
	case Block:
		facts["act"] = words.T("If it is not paid until %s, the CRM is closed. Nothing is deleted then.", facts["next"])
	case Terminate:
		facts["act"] = words.T("If it is not paid until %s, the subscription ends. The data is kept for some time after that.", facts["next"])
	}
	return facts
}

func (b *Billing) archiveDay(ctx context.Context, tx *sql.Tx, s Subscription, language string) (string, error) {
	p, err := b.policyOf(ctx, tx, s)
	if err != nil || len(p.Closing) < 4 {
		return "", err
	}
	return sayDay(language, s.EndedOn+Day(p.Closing[2])), nil
}

func (b *Billing) billingPage(ctx context.Context, tx *sql.Tx, s Subscription) string {
	var name string
	if tx.QueryRowContext(ctx, `select name from tenant where id = ?`, s.Tenant).Scan(&name) != nil {
		return b.Tenants.Home()
	}
	return b.Tenants.URL(name) + "/admin/billing"
}

// refreshLevel closes a CRM whose days of reading after the end are over.
func (b *Billing) refreshLevel(ctx context.Context, tx *sql.Tx, id int64, _ Day) error {
	s, err := subscriptionIn(ctx, tx, id)
	if err != nil {
		return err
	}
	level, err := b.level(ctx, tx, s)
	if err != nil || level == tenant.ReadOnly {
		return err
	}
	return b.allow(ctx, tx, s)
}
