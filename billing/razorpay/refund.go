package razorpay

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"time"

	"rowhouse/billing/gateway"
	"rowhouse/data/money"
)

// refund is money that was given back.
type refund struct {
	ID       string `json:"id"`
	Status   string `json:"status"`
	Amount   int64  `json:"amount"`
	Currency string `json:"currency"`
	Payment  string `json:"payment_id"`
	Notes    notes  `json:"notes"`
	Created  int64  `json:"created_at"`
}

// dispute is a case that a customer has opened with the bank.
type dispute struct {
	ID       string `json:"id"`
	Status   string `json:"status"`
	Amount   int64  `json:"amount"`
	Deducted int64  `json:"amount_deducted"`
	Currency string `json:"currency"`
	Payment  string `json:"payment_id"`
	Created  int64  `json:"created_at"`
}

// Refund gives money back. What Razorpay will not give back is Refused.
func (g *Razorpay) Refund(ctx context.Context, r gateway.Refund) (gateway.Reversal, error) {
	if !number(r.Payment, "pay_") || r.Amount.Minor <= 0 {
		return gateway.Reversal{}, errors.New("razorpay: giving money back: there is no such payment, or no amount")
	}
	sum := sha256.Sum256([]byte(r.Key)) // a key is ten letters or longer there, and only of some letters
	var made refund
	err := g.post(ctx, "/v1/payments/"+r.Payment+"/refund", "refund-"+hex.EncodeToString(sum[:16]), object{"amount": r.Amount.Minor,
		"speed": "normal", "notes": object{"install": g.install, "attempt": r.Attempt, "refund": gateway.Clip(r.Key, 256), "reason": gateway.Clip(r.Reason, 256)}}, &made)
	if _, ok := refusal(err); ok {
		return gateway.Reversal{Kind: gateway.Refunded, Payment: r.Payment, Amount: r.Amount, State: gateway.Refused, At: g.now().UTC()}, nil
	}
	if err != nil {
		return gateway.Reversal{}, failed("giving money back", err)
	}
	return made.reversal(), nil
}

// Look asks how the refund or dispute of an event stands.
func (g *Razorpay) Look(ctx context.Context, e gateway.Event) (gateway.Reversal, error) {
	switch {
	case e.Topic == gateway.Refunded && number(e.Ref, "rfnd_"):
		var r refund
		if err := g.get(ctx, "/v1/refunds/"+e.Ref, &r); err != nil {
			return gateway.Reversal{}, failed("fetching the refund", err)
		}
		return r.reversal(), nil
	case e.Topic == gateway.Disputed && number(e.Ref, "disp_"):
		var d dispute
		if err := g.get(ctx, "/v1/disputes/"+e.Ref, &d); err != nil {
			return gateway.Reversal{}, failed("fetching the dispute", err)
		}
		return d.reversal(), nil
	}
	return gateway.Reversal{}, errors.New("razorpay: looking at an event: it is about no refund and no dispute")
}

func (r refund) reversal() gateway.Reversal {
	v := gateway.Reversal{Kind: gateway.Refunded, ID: r.ID, Payment: r.Payment, Amount: money.Amount{Minor: r.Amount, Currency: r.Currency},
		State: gateway.Pending, At: time.Unix(r.Created, 0).UTC()}
	switch r.Status {
	case "processed":
		v.State = gateway.Done
	case "failed":
		v.State = gateway.Refused
	}
	return v
}

// reversal tells how a dispute stands. One that was closed is lost if money was kept back for it.
func (d dispute) reversal() gateway.Reversal {
	v := gateway.Reversal{Kind: gateway.Disputed, ID: d.ID, Payment: d.Payment, Amount: money.Amount{Minor: d.Amount, Currency: d.Currency},
		State: gateway.Pending, At: time.Unix(d.Created, 0).UTC()}
	switch {
	case d.Status == "lost", d.Status == "closed" && d.Deducted > 0:
		v.State = gateway.Done
	case d.Status == "won", d.Status == "closed":
		v.State = gateway.Refused
	}
	return v
}
