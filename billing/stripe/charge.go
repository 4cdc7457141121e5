package stripe

import (
	"context"
	"strings"

	api "github.com/stripe/stripe-go/v76"

	"rowhouse/billing/gateway"
)

// Charge takes money with a saved method. A card that is declined is a Failed result, a bank that wants the customer's word is NeedsYou.
func (g *Stripe) Charge(ctx context.Context, o gateway.Order, m gateway.Method) (gateway.Result, error) {
	n, err := units(o.Amount)
	if err != nil {
		return gateway.Result{}, err
	}
	p := &api.PaymentIntentParams{
		Params:        once(ctx, o.Attempt),
		Amount:        api.Int64(n),
		Currency:      api.String(strings.ToLower(o.Amount.Currency)),
		Customer:      api.String(m.Customer),
		PaymentMethod: api.String(m.Ref),
		OffSession:    api.Bool(true),
		Confirm:       api.Bool(true),
		Description:   api.String(statement(o)),
		Metadata:      g.marks(o),
		Expand:        intentParts(""),
	}
	allow(p, o.ReturnURL)
	pi, err := g.api.PaymentIntents.New(p)
	if e, ok := refusal(err); ok {
		return declined(e), nil
	}
	if err != nil {
		return gateway.Result{}, failed("charging", err)
	}
	return g.intent(pi), nil
}

// allow says which kinds of method may be charged. Those that may send the customer elsewhere need to know where back to.
func allow(p *api.PaymentIntentParams, back string) {
	p.AutomaticPaymentMethods = &api.PaymentIntentAutomaticPaymentMethodsParams{Enabled: api.Bool(true)}
	if back != "" {
		p.ReturnURL = api.String(back)
		return
	}
	p.AutomaticPaymentMethods.AllowRedirects = api.String("never")
}

// declined is how an attempt stands after a refusal. Nothing was taken.
func declined(e *api.Error) gateway.Result {
	r := gateway.Result{State: gateway.Failed, Code: code(e), Class: class(code(e))}
	if sca(e) {
		r.State, r.Class = gateway.NeedsYou, ""
	}
	if e.PaymentIntent != nil {
		r.Ref = e.PaymentIntent.ID
	}
	return r
}
