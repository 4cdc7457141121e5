package stripe

import (
	"cmp"
	"context"
	"strings"
	"time"

	api "github.com/stripe/stripe-go/v76"

	"rowhouse/billing/gateway"
	"rowhouse/data/fault"
)

// Pay opens a Checkout page with one line: the invoice's total. Asked again with the same order it gives the same page.
// A fault.Invalid is an amount that Stripe cannot take; a fault.Ours is an order that Stripe refused.
func (g *Stripe) Pay(ctx context.Context, o gateway.Order) (gateway.Page, error) {
	n, err := units(o.Amount)
	if err != nil {
		return gateway.Page{}, err
	}
	p := g.form(ctx, o)
	p.Mode = api.String(string(api.CheckoutSessionModePayment))
	p.LineItems = []*api.CheckoutSessionLineItemParams{{
		Quantity: api.Int64(1),
		PriceData: &api.CheckoutSessionLineItemPriceDataParams{
			Currency:    api.String(strings.ToLower(o.Amount.Currency)),
			UnitAmount:  api.Int64(n),
			ProductData: &api.CheckoutSessionLineItemPriceDataProductDataParams{Name: api.String(title(o))},
		},
	}}
	p.PaymentIntentData = &api.CheckoutSessionPaymentIntentDataParams{Description: api.String(statement(o)), Metadata: g.marks(o)}
	if o.Remember {
		p.PaymentIntentData.SetupFutureUsage = api.String(string(api.PaymentIntentSetupFutureUsageOffSession))
	}
	return g.show(ctx, o, p)
}

// Save opens a Checkout page on which a method is saved for charges while the customer is away.
func (g *Stripe) Save(ctx context.Context, o gateway.Order) (gateway.Page, error) {
	p := g.form(ctx, o)
	p.Mode = api.String(string(api.CheckoutSessionModeSetup))
	p.Currency = word(strings.ToLower(o.Amount.Currency))
	p.SetupIntentData = &api.CheckoutSessionSetupIntentDataParams{Metadata: g.marks(o)}
	return g.show(ctx, o, p)
}

// form is what both kinds of page have in common.
func (g *Stripe) form(ctx context.Context, o gateway.Order) *api.CheckoutSessionParams {
	return &api.CheckoutSessionParams{
		Params:            once(ctx, o.Attempt),
		ClientReferenceID: api.String(o.Attempt),
		SuccessURL:        api.String(returning(o.ReturnURL)),
		CancelURL:         api.String(cmp.Or(o.CancelURL, o.ReturnURL)),
		ExpiresAt:         g.expires(o.Expires),
		Locale:            api.String(locale(o.Language)),
		Metadata:          g.marks(o),
	}
}

// show opens the page for the order's customer.
func (g *Stripe) show(ctx context.Context, o gateway.Order, p *api.CheckoutSessionParams) (gateway.Page, error) {
	customer, err := g.customer(ctx, o.Customer)
	if err != nil {
		return gateway.Page{}, err
	}
	p.Customer = api.String(customer)
	s, err := g.api.CheckoutSessions.New(p)
	if reused(err) {
		// The page is there, but the order was worded otherwise when it was opened: another language, name or hour.
		if s, err = g.lost(ctx, o.Attempt); err != nil {
			return gateway.Page{}, err
		}
	}
	if err != nil {
		return gateway.Page{}, unopened("opening the page", err)
	}
	if s.Customer != nil && s.Customer.ID != "" {
		customer = s.Customer.ID
	}
	return gateway.Page{URL: s.URL, Ref: s.ID, Customer: customer, Expires: time.Unix(s.ExpiresAt, 0).UTC()}, nil
}

// unopened is the error of a page that was not opened. If Stripe refused, it is certain that there is none, and that the order was wrong.
func unopened(doing string, err error) error {
	if _, ok := refusal(err); ok {
		return fault.Because(failed(doing, err), fault.Ours, "The payment page could not be opened.")
	}
	return failed(doing, err)
}

// marks let an object be known again: which of several installations made it, and for what.
func (g *Stripe) marks(o gateway.Order) map[string]string {
	return map[string]string{"install": g.install, "attempt": o.Attempt, "invoice": o.Invoice}
}

func title(o gateway.Order) string { return cmp.Or(o.Text, o.Invoice, "Payment") }

// statement is what the host sees in Stripe's lists.
func statement(o gateway.Order) string { return strings.TrimSpace(o.Invoice + " " + o.Text) }

// returning adds the page's number to the address. Stripe fills in what is in braces, which must not be escaped.
func returning(address string) string {
	address, part, _ := strings.Cut(address, "#")
	mark := "?"
	if strings.Contains(address, "?") {
		mark = "&"
	}
	if part != "" {
		part = "#" + part
	}
	return address + mark + "sid={CHECKOUT_SESSION_ID}" + part
}

// expires is when a page closes: Stripe takes 30 minutes to 24 hours, the latter if nothing is said.
func (g *Stripe) expires(t time.Time) *int64 {
	in := t.Sub(g.now())
	if t.IsZero() || in > 24*time.Hour-time.Minute {
		return nil
	}
	if in < 31*time.Minute {
		t = g.now().Add(31 * time.Minute)
	}
	return api.Int64(t.Unix())
}
