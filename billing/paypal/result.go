package paypal

import (
	"cmp"
	"errors"

	"rowhouse/billing/gateway"
)

// stand is how an order stands. One that is approved is still open: whether to capture it is not decided here.
func stand(o *order) (gateway.Result, error) {
	r := gateway.Result{State: gateway.Unknown, Ref: o.ID}
	switch o.Status {
	case "COMPLETED":
		return taken(o)
	case "CREATED", "SAVED", "APPROVED", "PAYER_ACTION_REQUIRED":
		r.State = gateway.Open
	case "VOIDED":
		r.State = gateway.Closed
	}
	return r, nil
}

// taken is how a completed order stands, of which the money may yet be under way or refused.
func taken(o *order) (gateway.Result, error) {
	r := gateway.Result{State: gateway.Unknown, Ref: o.ID}
	c, ok := decisive(o.unit().Payments.Captures)
	if !ok {
		return r, failed("reading the order", errors.New("it is completed without a payment"))
	}
	switch c.Status {
	case "COMPLETED", "REFUNDED", "PARTIALLY_REFUNDED": // what went back since is told by itself
		return booked(r, o, c)
	case "PENDING":
		r.State, r.Code = gateway.Processing, c.Details.Reason
	case "DECLINED", "FAILED":
		code := cmp.Or(c.Details.Reason, c.Status)
		r.State, r.Code, r.Class = gateway.Failed, code, class(code)
	}
	return r, nil
}

// decisive is the capture that counts: one that has the money, or else the last.
func decisive(all []capture) (capture, bool) {
	if len(all) == 0 {
		return capture{}, false
	}
	for _, c := range all {
		if c.Status != "DECLINED" && c.Status != "FAILED" {
			return c, true
		}
	}
	return all[len(all)-1], true
}

// booked adds the money. A fee in another currency than the payment's is left out: it cannot be set against it.
func booked(r gateway.Result, o *order, c capture) (gateway.Result, error) {
	a, err := c.Amount.amount()
	if err != nil {
		return r, failed("reading the payment", err)
	}
	r.State, r.Payment, r.Amount, r.At, r.Method = gateway.Succeeded, c.ID, a, c.Created.UTC(), o.method()
	if fee, err := c.Breakdown.Fee.amount(); err == nil && fee.Currency == a.Currency {
		r.Fee = fee.Minor
	}
	return r, nil
}
