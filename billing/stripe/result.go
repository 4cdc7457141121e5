package stripe

import (
	"strings"
	"time"

	api "github.com/stripe/stripe-go/v76"

	"rowhouse/billing/gateway"
)

// page is how the attempt behind a Checkout page stands.
func (g *Stripe) page(s *api.CheckoutSession) gateway.Result {
	var r gateway.Result
	switch {
	case s.Status == api.CheckoutSessionStatusExpired:
		r.State = gateway.Closed
	case s.Status == api.CheckoutSessionStatusOpen && s.PaymentStatus != api.CheckoutSessionPaymentStatusPaid:
		r.State = gateway.Open
	case s.Mode == api.CheckoutSessionModeSetup:
		r = saved(s.SetupIntent)
	default:
		r = g.paid(s)
	}
	r.Ref = s.ID
	return r
}

// paid is how a completed page stands. One that is complete but unpaid waits for a bank, or for a voucher to be paid:
// what would be a question to the customer elsewhere has been put to him on the page already.
func (g *Stripe) paid(s *api.CheckoutSession) gateway.Result {
	if s.PaymentIntent == nil {
		return gateway.Result{State: gateway.Processing}
	}
	r := g.intent(s.PaymentIntent)
	if r.State == gateway.NeedsYou && s.PaymentIntent.Status == api.PaymentIntentStatusRequiresAction {
		r.State = gateway.Processing
	}
	if r.State == gateway.Succeeded && s.PaymentIntent.SetupFutureUsage == api.PaymentIntentSetupFutureUsageOffSession {
		r.Method = method(s.PaymentIntent.PaymentMethod, s.Customer)
	}
	return r
}

// intent is how a payment stands.
func (g *Stripe) intent(pi *api.PaymentIntent) gateway.Result {
	r := gateway.Result{State: gateway.Unknown, Ref: pi.ID}
	switch pi.Status {
	case api.PaymentIntentStatusSucceeded:
		r.State, r.Payment, r.Amount = gateway.Succeeded, pi.ID, amount(pi.AmountReceived, pi.Currency)
		booked(&r, pi)
	case api.PaymentIntentStatusProcessing, api.PaymentIntentStatusRequiresCapture:
		r.State = gateway.Processing
	case api.PaymentIntentStatusRequiresAction:
		r.State = gateway.NeedsYou
	case api.PaymentIntentStatusCanceled:
		r.State = gateway.Closed
	case api.PaymentIntentStatusRequiresPaymentMethod:
		r.State, r.Code, r.Class = gateway.Failed, code(pi.LastPaymentError), class(code(pi.LastPaymentError))
		if sca(pi.LastPaymentError) {
			r.State, r.Class = gateway.NeedsYou, ""
		}
	}
	return r
}

// booked adds the day and the fee. A fee in another currency than the payment's is left out: it cannot be set against it.
func booked(r *gateway.Result, pi *api.PaymentIntent) {
	r.At = time.Unix(pi.Created, 0).UTC()
	c := pi.LatestCharge
	if c == nil || c.Created == 0 {
		return
	}
	r.At = time.Unix(c.Created, 0).UTC()
	if b := c.BalanceTransaction; b != nil && strings.EqualFold(string(b.Currency), string(pi.Currency)) {
		r.Fee = amount(b.Fee, b.Currency).Minor
	}
}

// saved is how the saving of a method stands.
func saved(si *api.SetupIntent) gateway.Result {
	if si == nil {
		return gateway.Result{State: gateway.Processing}
	}
	switch si.Status {
	case api.SetupIntentStatusSucceeded:
		return gateway.Result{State: gateway.Succeeded, Method: method(si.PaymentMethod, si.Customer), At: time.Unix(si.Created, 0).UTC()}
	case api.SetupIntentStatusCanceled:
		return gateway.Result{State: gateway.Closed}
	case api.SetupIntentStatusRequiresPaymentMethod:
		return gateway.Result{State: gateway.Failed, Code: code(si.LastSetupError), Class: class(code(si.LastSetupError))}
	}
	return gateway.Result{State: gateway.Processing}
}
