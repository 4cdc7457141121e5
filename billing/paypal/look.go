package paypal

import (
	"context"
	"errors"
	"time"

	"rowhouse/billing/gateway"
)

// dispute is a case that a customer has opened.
type dispute struct {
	ID           string        `json:"dispute_id"`
	Status       string        `json:"status"`
	Amount       sum           `json:"dispute_amount"`
	Created      time.Time     `json:"create_time"`
	Transactions []transaction `json:"disputed_transactions"`
	Outcome      struct {
		Code     string `json:"outcome_code"`
		Refunded sum    `json:"amount_refunded"`
	} `json:"dispute_outcome"`
}

type transaction struct {
	Payment string `json:"seller_transaction_id"`
	Custom  string `json:"custom"`
}

// Look asks how the refund or dispute of an event stands.
func (g *PayPal) Look(ctx context.Context, e gateway.Event) (gateway.Reversal, error) {
	if !number(e.Ref) {
		return gateway.Reversal{}, errors.New("paypal: looking at an event: it has no number")
	}
	switch e.Topic {
	case gateway.Refunded:
		var r refund
		if err := g.get(ctx, "/v2/payments/refunds/"+e.Ref, &r); err != nil {
			return gateway.Reversal{}, failed("fetching the refund", err)
		}
		return r.reversal(e.Payment)
	case gateway.Disputed:
		var d dispute
		if err := g.get(ctx, "/v1/customer/disputes/"+e.Ref, &d); err != nil {
			return gateway.Reversal{}, failed("fetching the dispute", err)
		}
		return d.reversal(e.Payment)
	}
	return gateway.Reversal{}, errors.New("paypal: looking at an event: it is about no refund and no dispute")
}

func (d dispute) reversal(payment string) (gateway.Reversal, error) {
	a, err := d.Amount.amount()
	if err != nil {
		return gateway.Reversal{}, failed("reading the dispute", err)
	}
	v := gateway.Reversal{Kind: gateway.Disputed, ID: d.ID, Payment: payment, Amount: a, State: gateway.Pending, At: d.Created.UTC()}
	if len(d.Transactions) > 0 && d.Transactions[0].Payment != "" {
		v.Payment = d.Transactions[0].Payment
	}
	if d.Status != "RESOLVED" {
		return v, nil
	}
	v.State = gateway.Refused
	if d.Outcome.Code == "RESOLVED_BUYER_FAVOUR" || d.Outcome.Code == "ACCEPTED" {
		v.State = gateway.Done
		if back, err := d.Outcome.Refunded.amount(); err == nil && back.Currency == a.Currency && back.Minor > 0 {
			v.Amount = back
		}
	}
	return v, nil
}
