package razorpay

import (
	"cmp"
	"context"
	"errors"
	"net/url"
	"strings"
	"time"

	"rowhouse/billing/gateway"
	"rowhouse/data/fault"
)

// unasked is the largest amount that Indian banks let be taken by mandate without asking the customer each time, in paise.
const unasked = 15_000_00

// registration is a page on which a mandate is given. Razorpay keeps it among its invoices.
type registration struct {
	ID       string `json:"id"`
	Status   string `json:"status"`
	URL      string `json:"short_url"`
	Receipt  string `json:"receipt"`
	Customer string `json:"customer_id"`
	Payment  string `json:"payment_id"`
	ExpireBy int64  `json:"expire_by"`
	Notes    notes  `json:"notes"`
}

func (m registration) page() gateway.Page {
	return gateway.Page{URL: m.URL, Ref: m.ID, Customer: m.Customer, Expires: time.Unix(m.ExpireBy, 0).UTC()}
}

// token is a mandate.
type token struct {
	ID       string `json:"id"`
	Customer string `json:"customer_id"`
	Method   string `json:"method"`
	Most     int64  `json:"max_amount"` // in paise
	Card     *struct {
		Last4   string `json:"last4"`
		Network string `json:"network"`
		Month   any    `json:"expiry_month"` // a number or a text
		Year    any    `json:"expiry_year"`
	} `json:"card"`
	Details struct {
		Status string `json:"status"`
	} `json:"recurring_details"`
}

// Save opens a page on which the customer gives a mandate by card, of up to ₹15,000 each time. One rupee is charged for it.
// The customer's name, address and number must be known; without them it is a fault.Invalid.
func (g *Razorpay) Save(ctx context.Context, o gateway.Order) (gateway.Page, error) {
	if c := o.Customer; c.Name == "" || c.Email == "" || c.Phone == "" {
		return gateway.Page{}, fault.New(fault.Invalid, "A mandate needs your name, your e-mail address and your phone number.")
	}
	if before, err := g.findMandate(ctx, o.Attempt); err != nil || before != nil {
		if err != nil {
			return gateway.Page{}, err
		}
		return before.page(), nil
	}
	var made registration
	err := g.post(ctx, "/v1/subscription_registration/auth_links", "", object{"customer": person(o.Customer), "type": "link", "amount": 100,
		"currency": "INR", "description": text(o), "receipt": reference(o.Attempt), "sms_notify": false, "email_notify": false,
		"expire_by": g.expires(o.Expires), "notes": g.marks(o), "subscription_registration": object{"method": "card", "max_amount": unasked,
			"expire_at": g.now().AddDate(10, 0, 0).Unix(), "frequency": "as_presented"}}, &made)
	if _, ok := refusal(err); ok {
		return gateway.Page{}, fault.Because(failed("opening the page", err), fault.Ours, "The page could not be opened.")
	}
	if err != nil {
		return gateway.Page{}, failed("opening the page", err)
	}
	return made.page(), nil
}

// findMandate is the page on which an attempt's mandate is given, or nil.
func (g *Razorpay) findMandate(ctx context.Context, attempt string) (*registration, error) {
	var list struct {
		Items []registration `json:"items"`
	}
	if err := g.get(ctx, "/v1/invoices?receipt="+url.QueryEscape(reference(attempt)), &list); err != nil {
		return nil, failed("finding the page", err)
	}
	for _, m := range list.Items {
		if m.Receipt == reference(attempt) && m.Notes["attempt"] == attempt {
			return &m, nil
		}
	}
	return nil, nil
}

// fetchMandate is how the giving of a mandate stands. Banks may take days to confirm it.
func (g *Razorpay) fetchMandate(ctx context.Context, a gateway.Attempt) (gateway.Result, error) {
	var m registration
	if err := g.get(ctx, "/v1/invoices/"+a.Ref, &m); err != nil {
		return gateway.Result{}, failed("fetching the page", err)
	}
	if m.Notes["attempt"] != a.Key {
		return gateway.Result{}, errOther
	}
	switch m.Status {
	case "paid":
		return g.given(ctx, a, m)
	case "cancelled", "expired":
		return gateway.Result{State: gateway.Closed, Ref: m.ID}, nil
	}
	return gateway.Result{State: gateway.Open, Ref: m.ID}, nil
}

// given is how a mandate stands whose page is done.
func (g *Razorpay) given(ctx context.Context, a gateway.Attempt, m registration) (gateway.Result, error) {
	var p payment
	var t token
	if !number(m.Payment, "pay_") {
		return gateway.Result{State: gateway.Processing, Ref: m.ID}, nil
	}
	if err := g.get(ctx, "/v1/payments/"+m.Payment, &p); err != nil {
		return gateway.Result{}, failed("fetching the payment", err)
	}
	customer := cmp.Or(p.Customer, m.Customer)
	if !number(p.Token, "token_") || !number(customer, "cust_") {
		return gateway.Result{}, failed("fetching the mandate", errors.New("the payment has none"))
	}
	if err := g.get(ctx, "/v1/customers/"+customer+"/tokens/"+p.Token, &t); err != nil {
		return gateway.Result{}, failed("fetching the mandate", err)
	}
	t.Customer = customer
	r := gateway.Result{State: gateway.Processing, Ref: a.Ref}
	switch t.Details.Status {
	case "confirmed":
		r.State, r.Method, r.At = gateway.Succeeded, t.saved(), time.Unix(p.Created, 0).UTC()
	case "rejected", "cancelled":
		r.State, r.Code, r.Class = gateway.Failed, "mandate_"+t.Details.Status, gateway.Hard
	}
	return r, nil
}

// saved is a mandate in our words.
func (t token) saved() *gateway.Method {
	m := &gateway.Method{Customer: t.Customer, Ref: t.ID, Most: t.Most, Label: strings.ToUpper(cmp.Or(t.Method, "mandate"))}
	if t.Card != nil {
		m.Month, m.Year = small(t.Card.Month), small(t.Card.Year)
		m.Label = cmp.Or(t.Card.Network, "Card")
		if t.Card.Last4 != "" {
			m.Label += " •••• " + t.Card.Last4
		}
	}
	return m
}
