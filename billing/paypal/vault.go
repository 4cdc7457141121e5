package paypal

import (
	"context"
	"errors"
	"net/url"
	"strconv"

	"rowhouse/billing/gateway"
)

// saving is what is read of a wallet on its way into the vault, or in it.
type saving struct {
	ID       string `json:"id"`
	Status   string `json:"status"`
	Customer struct {
		ID string `json:"id"`
	} `json:"customer"`
	Source struct {
		PayPal struct {
			Email string `json:"email_address"`
		} `json:"paypal"`
	} `json:"payment_source"`
	Links []link `json:"links"`
}

func (s saving) method() *gateway.Method {
	return &gateway.Method{Customer: s.Customer.ID, Ref: s.ID, Label: label(s.Source.PayPal.Email)}
}

// Save opens a page on which the customer agrees that his wallet is saved and charged while he is away.
func (g *PayPal) Save(ctx context.Context, o gateway.Order) (gateway.Page, error) {
	customer := object{"merchant_customer_id": gateway.Clip(g.install+"-"+strconv.FormatInt(o.Customer.ID, 10), 64)}
	if o.Customer.Ref != "" {
		customer["id"] = o.Customer.Ref
	}
	sent := object{"customer": customer, "payment_source": object{"paypal": object{"usage_type": "MERCHANT", "usage_pattern": "RECURRING_PREPAID",
		"customer_type": "CONSUMER", "permit_multiple_payment_tokens": true, "experience_context": g.experience(o, false)}}}
	var made saving
	if err := g.post(ctx, "/v3/vault/setup-tokens", o.Attempt, sent, &made); err != nil {
		return gateway.Page{}, unopened(err)
	}
	page := gateway.Page{URL: approve(made.Links), Ref: made.ID, Customer: made.Customer.ID, Expires: g.now().Add(approval)}
	if page.URL == "" || page.Ref == "" {
		return gateway.Page{}, failed("opening the page", errors.New("the answer has no page"))
	}
	return page, nil
}

// fetchSetup is how the saving of a wallet stands. One that the customer has agreed to is put into the vault.
func (g *PayPal) fetchSetup(ctx context.Context, a gateway.Attempt) (gateway.Result, error) {
	var s saving
	if err := g.get(ctx, "/v3/vault/setup-tokens/"+a.Ref, &s); err != nil {
		return g.gone(a, "fetching the wallet", err)
	}
	switch s.Status {
	case "APPROVED":
		return g.keep(ctx, a, s)
	case "VAULTED", "TOKENIZED":
		return g.inVault(ctx, a, s)
	}
	return gateway.Result{State: gateway.Open, Ref: a.Ref}, nil
}

// keep puts an agreed wallet into the vault.
func (g *PayPal) keep(ctx context.Context, a gateway.Attempt, s saving) (gateway.Result, error) {
	var made saving
	sent := object{"payment_source": object{"token": object{"id": a.Ref, "type": "SETUP_TOKEN"}}}
	err := g.post(ctx, "/v3/vault/payment-tokens", a.Key+":vault", sent, &made)
	if r, ok := refusal(err); ok && r.issue == "SETUP_TOKEN_ALREADY_TOKENIZED" {
		return g.inVault(ctx, a, s)
	} else if ok {
		v := declined(r)
		v.Ref = a.Ref
		return v, nil
	}
	if err != nil {
		return gateway.Result{State: gateway.Unknown, Ref: a.Ref}, failed("saving the wallet", err)
	}
	return gateway.Result{State: gateway.Succeeded, Ref: a.Ref, Method: made.method(), At: g.now().UTC()}, nil
}

// inVault finds a wallet that was put into the vault while the answer was lost: the customer's only one, or his newest.
func (g *PayPal) inVault(ctx context.Context, a gateway.Attempt, s saving) (gateway.Result, error) {
	var list struct {
		Tokens []saving `json:"payment_tokens"`
	}
	if err := g.get(ctx, "/v3/vault/payment-tokens?customer_id="+url.QueryEscape(s.Customer.ID), &list); err != nil {
		return gateway.Result{State: gateway.Unknown, Ref: a.Ref}, failed("finding the wallet", err)
	}
	if len(list.Tokens) == 0 {
		return gateway.Result{State: gateway.Unknown, Ref: a.Ref}, failed("finding the wallet", errors.New("the customer has none"))
	}
	found := list.Tokens[len(list.Tokens)-1]
	if found.Customer.ID == "" {
		found.Customer = s.Customer
	}
	return gateway.Result{State: gateway.Succeeded, Ref: a.Ref, Method: found.method(), At: g.now().UTC()}, nil
}
