package billing

import (
	"context"
	"crypto/rand"
	"database/sql"
	"fmt"
	"time"

	"rowhouse/billing/gateway"
	"rowhouse/data/fault"
	"rowhouse/data/money"
)

// Payment is money that has come, or gone back.
type Payment struct {
	ID, Invoice, Attempt int64
	Kind, Gateway, Ref   string
	Amount               money.Amount
	Fee                  int64
	Parked               bool
	At                   int64 // unix milliseconds
}

const paymentColumns = `p.id, p.invoice, coalesce(p.attempt, 0), p.kind, p.gateway, p.ref, p.amount, p.currency, p.fee, p.parked, p.at`

func scanPayment(row interface{ Scan(...any) error }) (Payment, error) {
	var p Payment
	err := row.Scan(&p.ID, &p.Invoice, &p.Attempt, &p.Kind, &p.Gateway, &p.Ref, &p.Amount.Minor, &p.Amount.Currency, &p.Fee, &p.Parked, &p.At)
	return p, err
}

// PaymentsOf returns what was paid of an invoice, and went back, the oldest first.
func (b *Billing) PaymentsOf(ctx context.Context, invoice int64) ([]Payment, error) {
	rows, err := b.DB.Query(ctx, `select `+paymentColumns+` from payment p where p.invoice = ? order by p.id`, invoice)
	if err != nil {
		return nil, err
	}
	return gather(rows, scanPayment)
}

// Refund gives money of a payment back, with a credit note. It is written down first and then asked of the gateway, again if we
// stop in between; money that came by bank transfer goes back by the host's own hand.
func (b *Billing) Refund(ctx context.Context, payment int64, amount money.Amount, reason, actor string) error {
	if reason == "" {
		return fault.New(fault.Invalid, "Please say why. The customer reads it.")
	}
	var id int64
	err := b.DB.Tx(ctx, func(tx *sql.Tx) error {
		p, err := scanPayment(tx.QueryRowContext(ctx, `select `+paymentColumns+` from payment p where p.id = ?`, payment))
		if err = missing(err, "There is no such payment."); err != nil {
			return err
		}
		if err := b.refundable(ctx, tx, p, amount); err != nil {
			return err
		}
		done, err := tx.ExecContext(ctx, `insert into refund (key, payment, amount, state, reason, actor, created_at) values (?, ?, ?, 'created', ?, ?, ?)`,
			"rf"+rand.Text(), p.ID, amount.Minor, reason, actor, b.Clock.Now().UnixMilli())
		if err != nil {
			return fmt.Errorf("note refund: %w", err)
		}
		if err := b.Tenants.Audit(ctx, tx, actor, "refund", "", fmt.Sprintf("%s %s of payment %d: %s", amount.Decimal(), amount.Currency, p.ID, reason)); err != nil {
			return err
		}
		id, err = done.LastInsertId()
		return err
	})
	if err != nil {
		return err
	}
	return b.sendRefund(ctx, id)
}

func (b *Billing) refundable(ctx context.Context, tx *sql.Tx, p Payment, amount money.Amount) error {
	if p.Kind != "payment" || p.Gateway == byBalance {
		return fault.New(fault.Invalid, "This cannot be given back. Grant a credit instead.")
	}
	if amount.Currency != p.Amount.Currency || amount.Minor <= 0 {
		return fault.New(fault.Invalid, "Please enter an amount above 0 in %s.", p.Amount.Currency)
	}
	var before, disputed, same, returned int64
	var state string
	err := tx.QueryRowContext(ctx, `select (select state from invoice where id = ?4), (select count(*) from payment where invoice = ?4 and kind = 'returned'), coalesce((select sum(amount) from refund where payment = ?1 and state <> 'refused'), 0), (select count(*) from dispute where payment = ?1 and state <> 'refused'),
		(select count(*) from refund where payment = ?1 and amount = ?2 and created_at > ?3)`, p.ID, amount.Minor, b.Clock.Now().Add(-10*time.Minute).UnixMilli(), p.Invoice).Scan(&state, &returned, &before, &disputed, &same)
	switch {
	case err != nil:
		return err
	case disputed > 0:
		return fault.New(fault.Conflict, "The customer's bank is taking this payment back already. A refund would pay it back twice.")
	case state == string(InvoiceOpen) || returned > 0:
		return fault.New(fault.Conflict, "This invoice is not paid in full, so nothing of it can be given back here. What was paid of it counts for the customer.")
	case same > 0: // a form that is sent twice
		return fault.New(fault.Conflict, "The same amount was given back some minutes ago. If you mean it to go back once more, please wait ten minutes.")
	case before+amount.Minor > p.Amount.Minor:
		left := money.Amount{Minor: p.Amount.Minor - before, Currency: p.Amount.Currency}
		return fault.New(fault.Invalid, "At most %s %s of this payment can be given back.", left.Decimal(), left.Currency)
	}
	return nil
}

// sendRefund asks the gateway for a refund that is written down. Its key makes a second call harmless.
func (b *Billing) sendRefund(ctx context.Context, id int64) error {
	r := gateway.Refund{}
	var name, state string
	err := b.DB.QueryRow(ctx, `select r.key, r.amount, r.reason, r.state, p.gateway, p.ref, p.currency, coalesce(a.key, '') from refund r join payment p on p.id = r.payment
		left join payment_attempt a on a.id = p.attempt where r.id = ?`, id).Scan(&r.Key, &r.Amount.Minor, &r.Reason, &state, &name, &r.Payment, &r.Amount.Currency, &r.Attempt)
	if err != nil || state != "created" {
		return err
	}
	g, err := b.gateway(ctx, name)
	if err != nil {
		return err
	}
	said, err := g.Refund(ctx, r)
	if err != nil {
		return fault.Because(err, fault.Busy, "The gateway does not answer at the moment. The refund is noted and is asked for again in some minutes.")
	}
	return b.DB.Tx(ctx, func(tx *sql.Tx) error { return b.refunded(ctx, tx, id, said) })
}

// refunded writes how a refund stands; once the money has gone back, there is a credit note and a letter.
func (b *Billing) refunded(ctx context.Context, tx *sql.Tx, id int64, said gateway.Reversal) error {
	var was string
	var amount, payment int64
	var reason string
	err := tx.QueryRowContext(ctx, `select state, amount, payment, reason from refund where id = ?`, id).Scan(&was, &amount, &payment, &reason)
	if err == nil && was == "done" && said.State == gateway.Refused {
		return b.alert(ctx, tx, fmt.Sprint("refund-back:", id), "A refund has come back", "/admin/invoices", "A refund that was done did not reach the customer, and its money is back at the gateway. Please look at it there.")
	}
	if err != nil || was == string(said.State) || was == "done" || was == "refused" {
		return err
	}
	if _, err := tx.ExecContext(ctx, `update refund set state = ?, ref = nullif(?, '') where id = ?`, string(said.State), said.ID, id); err != nil {
		return fmt.Errorf("keep refund %d: %w", id, err)
	}
	if said.State == gateway.Refused {
		return b.alert(ctx, tx, fmt.Sprint("refund:", id), "A refund was refused", "/admin/invoices", "The gateway refused to give money back. Please look at it there.")
	}
	if said.State != gateway.Done {
		return nil
	}
	p, err := scanPayment(tx.QueryRowContext(ctx, `select `+paymentColumns+` from payment p where p.id = ?`, payment))
	if err != nil {
		return err
	}
	return b.bookRefund(ctx, tx, id, p, amount, reason)
}

// bookRefund takes what was given back off the invoice. What had gone to the balance comes out of there first: it was never the invoice's.
func (b *Billing) bookRefund(ctx context.Context, tx *sql.Tx, id int64, p Payment, amount int64, reason string) error {
	i, err := invoiceIn(ctx, tx, p.Invoice)
	if err != nil {
		return err
	}
	over, err := b.refundSurplus(ctx, tx, i, p, id, amount)
	if err != nil {
		return err
	}
	attach := ""
	if part := min(amount-over, i.Total-i.Refunded); part > 0 && !p.Parked {
		if _, err := tx.ExecContext(ctx, `update invoice set refunded = refunded + ? where id = ?`, part, i.ID); err != nil {
			return err
		}
		note, err := b.creditNote(ctx, tx, i, part, reason)
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `update refund set credit_note = ? where id = ?`, note, id); err != nil {
			return err
		}
		attach = fmt.Sprint("credit/", note)
	}
	if i.Subscription == 0 {
		return nil
	}
	s, err := subscriptionIn(ctx, tx, i.Subscription)
	if err != nil {
		return err
	}
	s.Standing = lessRefunded(s.Standing, i, amount-over)
	if err := s.keep(ctx, tx); err != nil {
		return err
	}
	facts := b.invoiceFacts(i)
	facts["amount"], facts["reason"] = say(i.Buyer.Language, money.Amount{Minor: amount, Currency: p.Amount.Currency}), reason
	facts["link"] = b.billingPage(ctx, tx, s)
	return b.post(ctx, tx, "refund_issued", fmt.Sprint("refund:", id), s, facts, attach)
}

// lessRefunded takes what was given back of an invoice off what stands as paid for the days to come: else a change of plan would
// give it back once more.
func lessRefunded(standing []Charge, i Invoice, amount int64) []Charge {
	if i.Kind == Change || i.Total == 0 {
		return standing
	}
	for n, c := range standing {
		first := DayOf(i.PaidAt, i.Seller.Location())
		if i.End > 0 && c.To == i.End || i.End == 0 && c.From == first {
			standing[n].Amount -= money.Share(c.Amount, min(amount, i.Total), i.Total)
		}
	}
	return standing
}

// refundSurplus takes back from the balance what of a payment had gone there and is still there.
func (b *Billing) refundSurplus(ctx context.Context, tx *sql.Tx, i Invoice, p Payment, refund, amount int64) (int64, error) {
	var went int64
	err := tx.QueryRowContext(ctx, `select coalesce((select amount from balance where kind = 'overpayment' and ref = ?), 0) + coalesce((select sum(amount) from balance where kind = 'refunded' and ref like ?), 0)`,
		fmt.Sprint("payment/", p.ID), fmt.Sprintf("payment/%d/%%", p.ID)).Scan(&went)
	if err != nil {
		return 0, err
	}
	good, err := toTheGood(ctx, tx, i.Customer, i.Currency)
	if err != nil {
		return 0, err
	}
	over := min(went, amount, max(good, 0))
	if over <= 0 {
		return 0, nil
	}
	return over, b.balance(ctx, tx, entry{i.Customer, i.Currency, -over, "refunded", fmt.Sprintf("payment/%d/%d", p.ID, refund), i.Name()})
}
