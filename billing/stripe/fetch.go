package stripe

import (
	"context"
	"fmt"
	"net/url"
	"strings"

	api "github.com/stripe/stripe-go/v76"

	"rowhouse/billing/gateway"
)

// Return asks how the attempt stands. The address only helps to find a page whose opening was not answered.
func (g *Stripe) Return(ctx context.Context, a gateway.Attempt, query url.Values) (gateway.Result, error) {
	if sid := query.Get("sid"); a.Ref == "" && number(sid, "cs_") {
		a.Ref = sid
	}
	return g.Fetch(ctx, a)
}

// Fetch asks how an attempt stands: by its page or payment, or else by going through what the customer has at Stripe.
// The state Unknown comes with an error, and only if a lost attempt cannot be decided yet.
func (g *Stripe) Fetch(ctx context.Context, a gateway.Attempt) (gateway.Result, error) {
	switch {
	case a.Ref == "":
		return g.seek(ctx, a)
	case number(a.Ref, "cs_"):
		return g.fetchPage(ctx, a)
	case number(a.Ref, "pi_"):
		return g.fetchPayment(ctx, a)
	}
	return gateway.Result{}, fmt.Errorf("stripe: fetching the attempt: %q is not a number of Stripe's", a.Ref)
}

func (g *Stripe) fetchPage(ctx context.Context, a gateway.Attempt) (gateway.Result, error) {
	p := &api.CheckoutSessionParams{Params: asking(ctx), Expand: append(intentParts("payment_intent."),
		api.String("payment_intent.payment_method"), api.String("setup_intent.payment_method"))}
	s, err := g.api.CheckoutSessions.Get(a.Ref, p)
	if err != nil {
		return gateway.Result{}, failed("fetching the page", err)
	}
	if err := ours(a, s.Metadata); err != nil {
		return gateway.Result{}, err
	}
	return g.page(s), nil
}

func (g *Stripe) fetchPayment(ctx context.Context, a gateway.Attempt) (gateway.Result, error) {
	pi, err := g.api.PaymentIntents.Get(a.Ref, &api.PaymentIntentParams{Params: asking(ctx), Expand: intentParts("")})
	if err != nil {
		return gateway.Result{}, failed("fetching the payment", err)
	}
	if err := ours(a, pi.Metadata); err != nil {
		return gateway.Result{}, err
	}
	return g.intent(pi), nil
}

// intentParts are the parts of a payment that must be in the answer, so that the fee and the day are known.
func intentParts(under string) []*string {
	return []*string{api.String(under + "latest_charge.balance_transaction")}
}

// ours tells whether an object belongs to the attempt: an address with another page's number moves nothing.
func ours(a gateway.Attempt, marks map[string]string) error {
	if marks["attempt"] != a.Key {
		return fmt.Errorf("stripe: fetching the attempt: %s belongs to another attempt", a.Ref)
	}
	return nil
}

// number tells whether a text is a number of Stripe's of one sort, so that it may stand in an address.
func number(s, sort string) bool {
	return strings.HasPrefix(s, sort) && len(s) < 200 && strings.Trim(strings.ToLower(s), "abcdefghijklmnopqrstuvwxyz0123456789_") == ""
}
