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

// link is a payment link: a page on which one amount is paid.
type link struct {
	ID        string `json:"id"`
	Status    string `json:"status"`
	URL       string `json:"short_url"`
	Reference string `json:"reference_id"`
	Notes     notes  `json:"notes"`
	ExpireBy  int64  `json:"expire_by"`
	Payments  []struct {
		ID     string `json:"payment_id"`
		Status string `json:"status"`
	} `json:"payments"`
}

func (l link) page() gateway.Page {
	return gateway.Page{URL: l.URL, Ref: l.ID, Expires: time.Unix(l.ExpireBy, 0).UTC()}
}

// Pay opens a payment link. Asked again with the same order it gives the same link, which Razorpay finds by its reference.
// A fault.Invalid is an amount that Razorpay cannot take; a fault.Ours is an order that Razorpay refused.
// A payment link cannot save a method, so Remember is not heeded.
func (g *Razorpay) Pay(ctx context.Context, o gateway.Order) (gateway.Page, error) {
	if err := g.payable(o.Amount); err != nil {
		return gateway.Page{}, err
	}
	sent := object{"amount": o.Amount.Minor, "currency": o.Amount.Currency, "accept_partial": false, "reference_id": reference(o.Attempt),
		"description": text(o), "customer": person(o.Customer), "notify": object{"sms": false, "email": false}, "reminder_enable": false,
		"notes": g.marks(o), "callback_url": o.ReturnURL, "callback_method": "get", "expire_by": g.expires(o.Expires)}
	var made link
	err := g.post(ctx, "/v1/payment_links", "", sent, &made)
	if r, ok := refusal(err); ok {
		return g.opened(ctx, o, r)
	}
	if err != nil {
		return gateway.Page{}, failed("opening the page", err)
	}
	if made.URL == "" || made.ID == "" {
		return gateway.Page{}, failed("opening the page", errors.New("the answer has no page"))
	}
	return made.page(), nil
}

// opened is the page that was opened before under the same reference, for that is a reason to be refused; or else the refusal.
func (g *Razorpay) opened(ctx context.Context, o gateway.Order, r *refused) (gateway.Page, error) {
	l, err := g.findLink(ctx, o.Attempt)
	if err != nil {
		return gateway.Page{}, err
	}
	if l == nil {
		return gateway.Page{}, fault.Because(failed("opening the page", r), fault.Ours, "The payment page could not be opened.")
	}
	return l.page(), nil
}

// findLink is the payment link of an attempt, or nil.
func (g *Razorpay) findLink(ctx context.Context, attempt string) (*link, error) {
	var list struct {
		Links []link `json:"payment_links"`
	}
	if err := g.get(ctx, "/v1/payment_links?reference_id="+url.QueryEscape(reference(attempt)), &list); err != nil {
		return nil, failed("finding the page", err)
	}
	for _, l := range list.Links {
		if l.Reference == reference(attempt) && l.Notes["attempt"] == attempt {
			return &l, nil
		}
	}
	return nil, nil
}

// text is what the customer reads on the page.
func text(o gateway.Order) string {
	return gateway.Clip(cmp.Or(strings.TrimSpace(o.Text+" "+o.Invoice), "Payment"), 255)
}

// person is the customer, without what is not known: Razorpay takes no empty texts.
func person(c gateway.Customer) object {
	p := object{}
	for name, value := range map[string]string{"name": c.Name, "email": c.Email, "contact": c.Phone} {
		if value != "" {
			p[name] = value
		}
	}
	return p
}

// expires is when a page closes, in Unix seconds: at least a quarter of an hour ahead, and a day if nothing is said.
func (g *Razorpay) expires(t time.Time) int64 {
	soonest := g.now().Add(16 * time.Minute)
	switch {
	case t.IsZero():
		return g.now().Add(24 * time.Hour).Unix()
	case t.Before(soonest):
		return soonest.Unix()
	}
	return t.Unix()
}
