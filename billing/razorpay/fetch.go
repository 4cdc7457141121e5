package razorpay

import (
	"context"
	"errors"
	"net/url"

	"rowhouse/billing/gateway"
	"rowhouse/data/fault"
)

var errOther = errors.New("razorpay: fetching the attempt: the number belongs to another attempt")

// Return checks what the address says, if it says something, and asks how the attempt stands. An address that was made up is a fault.Invalid.
func (g *Razorpay) Return(ctx context.Context, a gateway.Attempt, query url.Values) (gateway.Result, error) {
	if query.Get("razorpay_signature") == "" {
		return g.Fetch(ctx, a)
	}
	id := query.Get("razorpay_payment_link_id")
	if !g.returned(query) || query.Get("razorpay_payment_link_reference_id") != reference(a.Key) || a.Ref != "" && a.Ref != id {
		return gateway.Result{}, fault.New(fault.Invalid, "This address was not made by Razorpay for this payment.")
	}
	a.Ref = id
	return g.Fetch(ctx, a)
}

// Fetch asks how an attempt stands, by its number or else by its reference. What is not there after some minutes was never made, and is Closed;
// before, it is Unknown, with an error.
func (g *Razorpay) Fetch(ctx context.Context, a gateway.Attempt) (gateway.Result, error) {
	switch {
	case a.Ref == "":
		return g.seek(ctx, a)
	case number(a.Ref, "plink_"):
		return g.fetchLink(ctx, a)
	case number(a.Ref, "inv_"):
		return g.fetchMandate(ctx, a)
	case number(a.Ref, "order_"):
		return g.fetchOrder(ctx, a)
	}
	return gateway.Result{}, errors.New("razorpay: fetching the attempt: this is not a number of Razorpay's")
}

// seek finds an attempt whose answer was lost.
func (g *Razorpay) seek(ctx context.Context, a gateway.Attempt) (gateway.Result, error) {
	ref, err := g.find(ctx, a)
	if err != nil {
		return gateway.Result{State: gateway.Unknown}, err
	}
	if ref == "" {
		return g.absent(a)
	}
	a.Ref = ref
	return g.Fetch(ctx, a)
}

// find is Razorpay's number of a lost attempt, or nothing.
func (g *Razorpay) find(ctx context.Context, a gateway.Attempt) (string, error) {
	switch a.Mode {
	case gateway.Saved:
		o, err := g.findOrder(ctx, a.Key)
		if o == nil {
			return "", err
		}
		return o.ID, nil
	case gateway.Setup:
		m, err := g.findMandate(ctx, a.Key)
		if m == nil {
			return "", err
		}
		return m.ID, nil
	}
	l, err := g.findLink(ctx, a.Key)
	if l == nil {
		return "", err
	}
	return l.ID, nil
}

// absent is how an attempt stands of which nothing was made.
func (g *Razorpay) absent(a gateway.Attempt) (gateway.Result, error) {
	if g.now().Sub(a.Began) < settled {
		return gateway.Result{State: gateway.Unknown, Ref: a.Ref}, errUndecided
	}
	return gateway.Result{State: gateway.Closed, Ref: a.Ref}, nil
}

func (g *Razorpay) fetchOrder(ctx context.Context, a gateway.Attempt) (gateway.Result, error) {
	var o order
	if err := g.get(ctx, "/v1/orders/"+a.Ref, &o); err != nil {
		return gateway.Result{}, failed("fetching the order", err)
	}
	if o.Notes["attempt"] != a.Key {
		return gateway.Result{}, errOther
	}
	tried, err := g.tried(ctx, o.ID)
	if err != nil {
		return gateway.Result{}, err
	}
	if len(tried) == 0 && o.untried() {
		return g.absent(a)
	}
	if len(tried) == 0 {
		return gateway.Result{State: gateway.Processing, Ref: o.ID}, nil
	}
	return g.stand(ctx, a, decisive(tried))
}

func (g *Razorpay) fetchLink(ctx context.Context, a gateway.Attempt) (gateway.Result, error) {
	var l link
	if err := g.get(ctx, "/v1/payment_links/"+a.Ref, &l); err != nil {
		return gateway.Result{}, failed("fetching the page", err)
	}
	if l.Notes["attempt"] != a.Key {
		return gateway.Result{}, errOther
	}
	for _, p := range l.Payments {
		if (p.Status == "captured" || p.Status == "authorized" || l.Status == "paid") && p.Status != "failed" && number(p.ID, "pay_") {
			return g.fetchPayment(ctx, a, p.ID)
		}
	}
	switch l.Status {
	case "expired", "cancelled":
		return gateway.Result{State: gateway.Closed, Ref: l.ID}, nil
	case "paid", "partially_paid": // the payment will be listed
		return gateway.Result{State: gateway.Processing, Ref: l.ID}, nil
	}
	return gateway.Result{State: gateway.Open, Ref: l.ID}, nil
}

func (g *Razorpay) fetchPayment(ctx context.Context, a gateway.Attempt, id string) (gateway.Result, error) {
	var p payment
	if err := g.get(ctx, "/v1/payments/"+id, &p); err != nil {
		return gateway.Result{}, failed("fetching the payment", err)
	}
	return g.stand(ctx, a, p)
}

// Cancel closes a payment link or the page of a mandate. What is over already is no error; an order cannot be closed.
func (g *Razorpay) Cancel(ctx context.Context, a gateway.Attempt) error {
	if a.Ref == "" {
		ref, err := g.find(ctx, a)
		if err != nil {
			return err
		}
		a.Ref = ref
	}
	path := ""
	switch {
	case number(a.Ref, "plink_"):
		path = "/v1/payment_links/" + a.Ref + "/cancel"
	case number(a.Ref, "inv_"):
		path = "/v1/invoices/" + a.Ref + "/cancel"
	default:
		return nil
	}
	err := g.post(ctx, path, "", object{}, &object{})
	if _, over := refusal(err); err == nil || over {
		return nil
	}
	return failed("closing the page", err)
}
