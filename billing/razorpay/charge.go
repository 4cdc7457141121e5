package razorpay

import (
	"context"
	"errors"
	"net/url"
	"time"

	"rowhouse/billing/gateway"
)

// settled is after what time a call that Razorpay has not begun will not be begun.
const settled = 5 * time.Minute

var errUndecided = errors.New("razorpay: the attempt is not there, but may still come")

// order is what a payment is made for. It can be paid once.
type order struct {
	ID      string `json:"id"`
	Status  string `json:"status"`
	Receipt string `json:"receipt"`
	Notes   notes  `json:"notes"`
	Created int64  `json:"created_at"`
}

// untried tells that Razorpay itself says that nobody has tried to pay the order, even if no payment is listed yet.
func (o order) untried() bool { return o.Status == "created" }

// Charge takes money by a mandate: it makes an order and has it paid. The money comes a day or two later, so that the result is Processing.
// Called again it uses the order that is there. An amount above the mandate's is NeedsYou, and Razorpay is not asked.
// If only the payment's answer is lost, the result beside the error has the order's number.
func (g *Razorpay) Charge(ctx context.Context, o gateway.Order, m gateway.Method) (gateway.Result, error) {
	if err := g.payable(o.Amount); err != nil {
		return gateway.Result{}, err
	}
	if m.Most > 0 && o.Amount.Minor > m.Most {
		return gateway.Result{State: gateway.NeedsYou, Code: "above_max_amount"}, nil
	}
	before, err := g.findOrder(ctx, o.Attempt)
	if err != nil {
		return gateway.Result{}, err
	}
	if before != nil {
		return g.again(ctx, o, m, before)
	}
	var made order
	err = g.post(ctx, "/v1/orders", "", object{"amount": o.Amount.Minor, "currency": o.Amount.Currency, "receipt": reference(o.Attempt),
		"partial_payment": false, "payment_capture": true, "notes": g.marks(o)}, &made)
	if r, ok := refusal(err); ok {
		return declined(r), nil
	}
	if err != nil {
		return gateway.Result{}, failed("making the order", err)
	}
	return g.debit(ctx, o, m, made.ID)
}

// again goes on with an order that was made by a call whose answer was lost: if nothing was tried on it for some minutes, nothing will be.
func (g *Razorpay) again(ctx context.Context, o gateway.Order, m gateway.Method, made *order) (gateway.Result, error) {
	tried, err := g.tried(ctx, made.ID)
	if err != nil {
		return gateway.Result{}, err
	}
	if len(tried) > 0 {
		return g.stand(ctx, gateway.Attempt{Ref: made.ID, Amount: o.Amount, Wanted: true}, decisive(tried))
	}
	if !made.untried() {
		return gateway.Result{State: gateway.Processing, Ref: made.ID}, nil
	}
	if g.now().Sub(time.Unix(made.Created, 0)) < settled {
		return gateway.Result{State: gateway.Unknown, Ref: made.ID}, errUndecided
	}
	return g.debit(ctx, o, m, made.ID)
}

// debit has an order paid by the mandate.
func (g *Razorpay) debit(ctx context.Context, o gateway.Order, m gateway.Method, id string) (gateway.Result, error) {
	email, contact, err := g.contact(ctx, o.Customer, m.Customer)
	if err != nil {
		return gateway.Result{State: gateway.Unknown, Ref: id}, err
	}
	var made struct {
		Payment string `json:"razorpay_payment_id"`
	}
	err = g.post(ctx, "/v1/payments/create/recurring", "", object{"email": email, "contact": contact, "amount": o.Amount.Minor,
		"currency": o.Amount.Currency, "order_id": id, "customer_id": m.Customer, "token": m.Ref, "recurring": "1", "description": text(o),
		"notes": g.marks(o)}, &made)
	if r, ok := refusal(err); ok {
		v := declined(r)
		v.Ref = id
		return v, nil
	}
	if err != nil {
		return gateway.Result{State: gateway.Unknown, Ref: id}, failed("charging", err)
	}
	return gateway.Result{State: gateway.Processing, Ref: id, Ref2: made.Payment}, nil
}

// contact is how the customer is reached, which a debit must say; Razorpay knows it if we do not.
func (g *Razorpay) contact(ctx context.Context, c gateway.Customer, ref string) (email, phone string, err error) {
	if c.Email != "" && c.Phone != "" || !number(ref, "cust_") {
		return c.Email, c.Phone, nil
	}
	var known struct {
		Email   string `json:"email"`
		Contact string `json:"contact"`
	}
	if err := g.get(ctx, "/v1/customers/"+ref, &known); err != nil {
		return "", "", failed("fetching the customer", err)
	}
	return known.Email, known.Contact, nil
}

// findOrder is the order of an attempt, or nil.
func (g *Razorpay) findOrder(ctx context.Context, attempt string) (*order, error) {
	var list struct {
		Items []order `json:"items"`
	}
	if err := g.get(ctx, "/v1/orders?receipt="+url.QueryEscape(reference(attempt)), &list); err != nil {
		return nil, failed("finding the order", err)
	}
	for _, o := range list.Items {
		if o.Receipt == reference(attempt) && o.Notes["attempt"] == attempt {
			return &o, nil
		}
	}
	return nil, nil
}
