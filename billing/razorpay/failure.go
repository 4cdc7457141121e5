package razorpay

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"rowhouse/billing/gateway"
)

// refused is an answer of Razorpay that says no. Its free text is left out: it may quote what was sent.
type refused struct {
	status int
	code   string // BAD_REQUEST_ERROR
	reason string // insufficient_funds
	field  string
}

func (r *refused) Error() string {
	return fmt.Sprintf("HTTP %d %s %s %s", r.status, r.code, r.reason, r.field)
}

func refusedBy(status int, text []byte) error {
	var said struct {
		Error struct {
			Code   string `json:"code"`
			Reason string `json:"reason"`
			Field  string `json:"field"`
		} `json:"error"`
	}
	_ = json.Unmarshal(text, &said) // what is no JSON is still a no
	return &refused{status, gateway.Clip(said.Error.Code, 80), gateway.Clip(said.Error.Reason, 80), gateway.Clip(said.Error.Field, 80)}
}

// refusal is the error if Razorpay has definitely done nothing. A call that came too fast, or met trouble there, says nothing.
func refusal(err error) (*refused, bool) {
	var r *refused
	if !errors.As(err, &r) || r.code == "" {
		return nil, false
	}
	return r, r.status == http.StatusBadRequest || r.status == http.StatusNotFound
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
	code := cmp.Or(r.reason, r.code)
	return gateway.Result{State: gateway.Failed, Code: code, Class: class(code)}
}

// class tells whether a mandate may work later. What is not known to be final is not.
func class(code string) gateway.Class {
	switch code {
	case "card_expired", "card_stolen", "card_lost", "stolen_card", "lost_card", "pickup_card", "debit_instrument_blocked", "debit_instrument_inactive",
		"mandate_cancelled", "mandate_expired", "mandate_not_active", "mandate_revoked", "token_expired", "token_not_active", "token_cancelled",
		"bank_account_invalid", "bank_account_closed", "bank_account_blocked", "invalid_account", "do_not_try_again", "fraudulent":
		return gateway.Hard
	}
	return gateway.Soft
}

// failed says what was being done when a call went wrong.
func failed(doing string, err error) error { return fmt.Errorf("razorpay: %s: %w", doing, err) }
