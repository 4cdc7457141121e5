package razorpay

import (
	"cmp"
	"context"
	"time"

	"rowhouse/billing/gateway"
	"rowhouse/data/money"
)

// payment is one try to pay.
type payment struct {
	ID          string `json:"id"`
	Status      string `json:"status"`
	Amount      int64  `json:"amount"`
	Currency    string `json:"currency"`
	Fee         int64  `json:"fee"` // with its tax
	Order       string `json:"order_id"`
	Customer    string `json:"customer_id"`
	Token       string `json:"token_id"`
	Description string `json:"description"`
	Notes       notes  `json:"notes"`
	Code        string `json:"error_code"`
	Reason      string `json:"error_reason"`
	Created     int64  `json:"created_at"`
}

// stand is how an attempt stands by its payment. Money that is only reserved is taken if it is still wanted and its amount is right.
func (g *Razorpay) stand(ctx context.Context, a gateway.Attempt, p payment) (gateway.Result, error) {
	r := gateway.Result{State: gateway.Processing, Ref: a.Ref, Ref2: p.ID}
	paid := money.Amount{Minor: p.Amount, Currency: p.Currency}
	switch p.Status {
	case "captured", "refunded": // what went back since is told by itself
		r.State, r.Payment, r.Amount, r.Fee, r.At = gateway.Succeeded, p.ID, paid, p.Fee, time.Unix(p.Created, 0).UTC()
	case "failed":
		code := cmp.Or(p.Reason, p.Code, "failed")
		r.State, r.Code, r.Class = gateway.Failed, code, class(code)
	case "authorized":
		if a.Wanted && paid == a.Amount {
			return g.capture(ctx, a, p)
		}
	}
	return r, nil
}

// capture takes money that is reserved, on accounts that do not take it by themselves. A payment can be captured once.
func (g *Razorpay) capture(ctx context.Context, a gateway.Attempt, p payment) (gateway.Result, error) {
	var done payment
	err := g.post(ctx, "/v1/payments/"+p.ID+"/capture", "", object{"amount": p.Amount, "currency": p.Currency}, &done)
	if _, ok := refusal(err); ok { // somebody else was faster, or it is about to be
		return gateway.Result{State: gateway.Processing, Ref: a.Ref, Ref2: p.ID}, nil
	}
	if err != nil {
		return gateway.Result{State: gateway.Unknown, Ref: a.Ref, Ref2: p.ID}, failed("capturing the payment", err)
	}
	a.Wanted = false // whatever it says, it is not captured twice
	return g.stand(ctx, a, done)
}

// tried are the payments on an order, the newest first.
func (g *Razorpay) tried(ctx context.Context, order string) ([]payment, error) {
	var list struct {
		Items []payment `json:"items"`
	}
	if err := g.get(ctx, "/v1/orders/"+order+"/payments", &list); err != nil {
		return nil, failed("fetching the payments", err)
	}
	return list.Items, nil
}

// decisive is the payment that counts: one that has the money, or may get it, before one that failed.
func decisive(all []payment) payment {
	best := all[0]
	for _, p := range all[1:] {
		if rank(p.Status) > rank(best.Status) {
			best = p
		}
	}
	return best
}

func rank(status string) int {
	switch status {
	case "captured", "refunded":
		return 3
	case "authorized":
		return 2
	case "failed":
		return 0
	}
	return 1
}
