package paypal

import (
	"cmp"
	"context"
	"errors"
	"time"

	"rowhouse/billing/gateway"
	"rowhouse/data/fault"
)

// approval is how long PayPal waits for the customer.
const approval = 3 * time.Hour

// Pay opens an order that the customer approves on PayPal's page. Asked again with the same order it gives the same page.
// A fault.Invalid is an amount that PayPal cannot take; a fault.Ours is an order that PayPal refused.
func (g *PayPal) Pay(ctx context.Context, o gateway.Order) (gateway.Page, error) {
	sent, err := g.sheet(o, object{"experience_context": g.experience(o, true)})
	if err != nil {
		return gateway.Page{}, err
	}
	if o.Remember && g.vault {
		remember(sent, o.Customer.Ref)
	}
	var made order
	if err := g.post(ctx, "/v2/checkout/orders", o.Attempt, sent, &made); err != nil {
		return gateway.Page{}, unopened(err)
	}
	page := gateway.Page{URL: approve(made.Links), Ref: made.ID, Expires: g.now().Add(approval)}
	if page.URL == "" || page.Ref == "" {
		return gateway.Page{}, failed("opening the page", errors.New("the answer has no page"))
	}
	return page, nil
}

// sheet is an order for PayPal, to be paid from a wallet.
func (g *PayPal) sheet(o gateway.Order, wallet object) (object, error) {
	s, err := written(o.Amount)
	if err != nil {
		return nil, err
	}
	unit := object{"reference_id": gateway.Clip(o.Attempt, 256), "custom_id": g.mark(o.Attempt), "amount": s,
		"description": gateway.Clip(cmp.Or(o.Text, o.Invoice, "Payment"), 127)}
	if o.Invoice != "" {
		unit["invoice_id"] = gateway.Clip(o.Invoice, 127)
	}
	return object{"intent": "CAPTURE", "purchase_units": []object{unit}, "payment_source": object{"paypal": wallet}}, nil
}

// experience is how the page looks and where it leads.
func (g *PayPal) experience(o gateway.Order, paying bool) object {
	e := object{"shipping_preference": "NO_SHIPPING", "return_url": o.ReturnURL, "cancel_url": cmp.Or(o.CancelURL, o.ReturnURL)}
	if paying {
		e["user_action"] = "PAY_NOW"
		e["payment_method_preference"] = "IMMEDIATE_PAYMENT_REQUIRED"
	}
	if g.brand != "" {
		e["brand_name"] = gateway.Clip(g.brand, 127)
	}
	if l := locale(o.Language); l != "" {
		e["locale"] = l
	}
	return e
}

// remember has the wallet saved once it has paid.
func remember(sent object, customer string) {
	a := object{"vault": object{"store_in_vault": "ON_SUCCESS", "usage_type": "MERCHANT", "usage_pattern": "RECURRING_PREPAID",
		"customer_type": "CONSUMER"}}
	if customer != "" {
		a["customer"] = object{"id": customer}
	}
	sent["payment_source"].(object)["paypal"].(object)["attributes"] = a
}

// unopened is the error of a page that was not opened. If PayPal refused, it is certain that there is none, and that the order was wrong.
func unopened(err error) error {
	if _, ok := refusal(err); ok {
		return fault.Because(failed("opening the page", err), fault.Ours, "The payment page could not be opened.")
	}
	return failed("opening the page", err)
}

// Cancel does nothing: PayPal has no way to close an order. One that is approved after all is not captured, and ends by itself.
func (g *PayPal) Cancel(context.Context, gateway.Attempt) error { return nil }
