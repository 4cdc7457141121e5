// Package offline takes money by bank transfer: the customer gets the host's bank data and a reference, and the host records what
// has arrived. Nothing is asked of anybody, so nothing is ever known but what the host says.
package offline

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"time"

	"rowhouse/billing/gateway"
	"rowhouse/data/fault"
)

// Name is the gateway in addresses and rows.
const Name = "offline"

// Kind is bank transfer as a host turns it on.
func Kind() gateway.Kind {
	return gateway.Kind{Name: Name, Label: "Bank transfer", Text: "Customers transfer the amount to your account, and you record what has arrived.",
		Fields: []gateway.Field{{Name: "instructions", Label: "Bank data", Hint: "Account holder, IBAN, bank. Customers see it with their reference.", Text: true}},
		New: func(keys gateway.Keys, _ gateway.Options) (gateway.Gateway, error) {
			if strings.TrimSpace(keys["instructions"]) == "" {
				return nil, fault.New(fault.Invalid, "Please enter your bank data, so that customers know where to pay.")
			}
			return Account{keys["instructions"]}, nil
		}}
}

// Account is the host's bank account.
type Account struct{ Instructions string }

// Name is offline.
func (Account) Name() string { return Name }

// Can tells that it has a page and nothing else.
func (Account) Can() gateway.Can { return gateway.Can{Hosted: true} }

// Pay leads back at once: the page with the bank data is ours.
func (Account) Pay(_ context.Context, o gateway.Order) (gateway.Page, error) {
	return gateway.Page{URL: o.ReturnURL, Ref: o.Attempt}, nil
}

// Save is not possible.
func (Account) Save(context.Context, gateway.Order) (gateway.Page, error) {
	return gateway.Page{}, no()
}

// Charge is not possible.
func (Account) Charge(context.Context, gateway.Order, gateway.Method) (gateway.Result, error) {
	return gateway.Result{}, no()
}

// Return tells that nothing is known.
func (Account) Return(context.Context, gateway.Attempt, url.Values) (gateway.Result, error) {
	return gateway.Result{State: gateway.Open}, nil
}

// Fetch tells that nothing is known.
func (Account) Fetch(context.Context, gateway.Attempt) (gateway.Result, error) {
	return gateway.Result{State: gateway.Open}, nil
}

// Cancel does nothing: there is no page to close.
func (Account) Cancel(context.Context, gateway.Attempt) error { return nil }

// Refund is done: the host has transferred it by hand before saying so.
func (Account) Refund(_ context.Context, r gateway.Refund) (gateway.Reversal, error) {
	return gateway.Reversal{Kind: gateway.Refunded, ID: "offline/" + r.Key, Payment: r.Payment, Amount: r.Amount, State: gateway.Done}, nil
}

// Hear refuses all: banks do not call.
func (Account) Hear(context.Context, http.Header, []byte) (gateway.Event, error) {
	return gateway.Event{}, no()
}

// Look is not possible.
func (Account) Look(context.Context, gateway.Event) (gateway.Reversal, error) {
	return gateway.Reversal{}, no()
}

// Missed is empty.
func (Account) Missed(context.Context, time.Time) ([]gateway.Event, error) { return nil, nil }

// Check is always right.
func (Account) Check(context.Context) error { return nil }

func no() error { return fault.New(fault.Invalid, "This cannot be done by bank transfer.") }
