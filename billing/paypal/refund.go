package paypal

import (
	"context"
	"errors"
	"strings"
	"time"

	"rowhouse/billing/gateway"
)

// refund is money that PayPal has given back.
type refund struct {
	ID      string    `json:"id"`
	Status  string    `json:"status"`
	Amount  sum       `json:"amount"`
	Created time.Time `json:"create_time"`
	Links   []link    `json:"links"`
}

// Refund gives money back. What PayPal will not give back is Refused.
func (g *PayPal) Refund(ctx context.Context, r gateway.Refund) (gateway.Reversal, error) {
	s, err := written(r.Amount)
	if err != nil {
		return gateway.Reversal{}, err
	}
	if !number(r.Payment) {
		return gateway.Reversal{}, errors.New("paypal: giving money back: this is not a number of PayPal's")
	}
	sent := object{"amount": s, "custom_id": g.mark(r.Attempt)}
	if r.Reason != "" {
		sent["note_to_payer"] = gateway.Clip(r.Reason, 255)
	}
	var made refund
	err = g.post(ctx, "/v2/payments/captures/"+r.Payment+"/refund", r.Key, sent, &made)
	if _, ok := refusal(err); ok {
		return gateway.Reversal{Kind: gateway.Refunded, Payment: r.Payment, Amount: r.Amount, State: gateway.Refused, At: g.now().UTC()}, nil
	}
	if err != nil {
		return gateway.Reversal{}, failed("giving money back", err)
	}
	return made.reversal(r.Payment)
}

func (r refund) reversal(payment string) (gateway.Reversal, error) {
	a, err := r.Amount.amount()
	if err != nil {
		return gateway.Reversal{}, failed("reading the refund", err)
	}
	v := gateway.Reversal{Kind: gateway.Refunded, ID: r.ID, Payment: payment, Amount: a, State: gateway.Pending, At: r.Created.UTC()}
	if up := above(r.Links); up != "" {
		v.Payment = up
	}
	switch r.Status {
	case "COMPLETED":
		v.State = gateway.Done
	case "FAILED", "CANCELLED":
		v.State = gateway.Refused
	}
	return v, nil
}

// above is the number of the payment that a refund belongs to, which is only told by a link.
func above(links []link) string {
	for _, l := range links {
		if _, id, ok := strings.Cut(l.Href, "/v2/payments/captures/"); ok && l.Rel == "up" && number(id) {
			return id
		}
	}
	return ""
}
