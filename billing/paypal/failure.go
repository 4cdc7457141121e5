package paypal

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"rowhouse/billing/gateway"
)

// refused is an answer of PayPal that says no. Its free text is left out: it may quote what was sent.
type refused struct {
	status int
	name   string // UNPROCESSABLE_ENTITY
	issue  string // INSTRUMENT_DECLINED
	field  string
	debug  string // PayPal's number of the case
}

func (r *refused) Error() string {
	return fmt.Sprintf("HTTP %d %s %s %s (debug id %s)", r.status, r.name, r.issue, r.field, r.debug)
}

func refusedBy(answer *http.Response, text []byte) error {
	var said struct {
		Name    string `json:"name"`
		Error   string `json:"error"` // the word for a failed sign-in
		Debug   string `json:"debug_id"`
		Details []struct {
			Issue string `json:"issue"`
			Field string `json:"field"`
		} `json:"details"`
	}
	_ = json.Unmarshal(text, &said) // what is no JSON is still a no
	r := &refused{status: answer.StatusCode, name: gateway.Clip(cmp.Or(said.Name, said.Error), 80),
		debug: gateway.Clip(cmp.Or(said.Debug, answer.Header.Get("Paypal-Debug-Id")), 80)}
	if len(said.Details) > 0 {
		r.issue, r.field = gateway.Clip(said.Details[0].Issue, 80), gateway.Clip(said.Details[0].Field, 120)
	}
	return r
}

// refusal is the error if PayPal has definitely done nothing. A call that came too fast, or twice at once, says nothing.
func refusal(err error) (*refused, bool) {
	var r *refused
	if !errors.As(err, &r) || r.name == "" || r.issue == "PREVIOUS_REQUEST_IN_PROGRESS" || r.issue == "DUPLICATE_REQUEST_ID" {
		return nil, false
	}
	switch r.status {
	case http.StatusBadRequest, http.StatusForbidden, http.StatusNotFound, http.StatusUnprocessableEntity:
		return r, true
	}
	return nil, false
}

// status is the HTTP status of a refusal, or 0.
func status(err error) int {
	var r *refused
	if errors.As(err, &r) {
		return r.status
	}
	return 0
}

// declined is how an attempt stands after a refusal. Nothing was taken.
func declined(r *refused) gateway.Result {
	code := cmp.Or(r.issue, r.name)
	if code == "PAYER_ACTION_REQUIRED" {
		return gateway.Result{State: gateway.NeedsYou, Code: code}
	}
	return gateway.Result{State: gateway.Failed, Code: code, Class: class(code)}
}

// class tells whether a wallet may work later. What is not known to be final is not.
func class(code string) gateway.Class {
	switch code {
	case "PAYER_ACCOUNT_LOCKED_OR_CLOSED", "PAYER_ACCOUNT_RESTRICTED", "CARD_EXPIRED", "CARD_CLOSED", "TOKEN_ID_NOT_FOUND",
		"TOKEN_EXPIRED", "VAULT_ID_NOT_FOUND", "INVALID_RESOURCE_ID", "RESOURCE_NOT_FOUND", "AGREEMENT_ALREADY_CANCELLED",
		"BILLING_AGREEMENT_NOT_FOUND", "PAYER_CONSENT_REVOKED", "DECLINED_DUE_TO_FRAUD", "SUSPECTED_FRAUD":
		return gateway.Hard
	}
	return gateway.Soft
}

// failed says what was being done when a call went wrong.
func failed(doing string, err error) error { return fmt.Errorf("paypal: %s: %w", doing, err) }
