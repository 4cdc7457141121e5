package stripe

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"

	api "github.com/stripe/stripe-go/v76"

	"rowhouse/billing/gateway"
)

// class tells whether a method may work later. What is not known to be final is not.
func class(code string) gateway.Class {
	switch code {
	case "stolen_card", "lost_card", "pickup_card", "fraudulent", "do_not_try_again", "stop_payment_order",
		"revocation_of_authorization", "revocation_of_all_authorizations", "invalid_account", "expired_card",
		"resource_missing", "payment_method_unexpected_state", "payment_intent_mandate_invalid", "account_closed",
		"no_account", "debit_not_authorized":
		return gateway.Hard
	}
	return gateway.Soft
}

// code is Stripe's most exact word for a failure: the bank's, if there is one.
func code(e *api.Error) string {
	switch {
	case e == nil:
		return "unknown"
	case e.DeclineCode != "":
		return string(e.DeclineCode)
	case e.Code != "":
		return string(e.Code)
	}
	return string(e.Type)
}

// sca tells whether the failure is that the customer must confirm the payment.
func sca(e *api.Error) bool {
	return e != nil && (e.Code == api.ErrorCodeAuthenticationRequired || e.DeclineCode == api.DeclineCodeAuthenticationRequired)
}

// refusal is the error if Stripe has definitely done nothing: it declined, or did not like the question.
// A question under a key that was used for another, one that came too fast, or one with a wrong key of ours
// says nothing about what happened before, so they are no refusals.
func refusal(err error) (*api.Error, bool) {
	var e *api.Error
	if !errors.As(err, &e) || e.Type == api.ErrorTypeIdempotency {
		return nil, false
	}
	switch e.HTTPStatusCode {
	case http.StatusBadRequest, http.StatusPaymentRequired, http.StatusNotFound:
		return e, true
	}
	return nil, false
}

// reused tells whether a key was used before for a question that was worded otherwise.
func reused(err error) bool {
	var e *api.Error
	return errors.As(err, &e) && e.Type == api.ErrorTypeIdempotency && e.HTTPStatusCode == http.StatusBadRequest
}

// failed says what was being done when a call went wrong. The vendor's errors print whole answers,
// in which there are secrets of payments: only what is needed to find the case is taken over.
func failed(doing string, err error) error {
	var e *api.Error
	var u *url.Error
	switch {
	case errors.As(err, &e):
		return fmt.Errorf("stripe: %s: HTTP %d %s %s %s (request %s)", doing, e.HTTPStatusCode, code(e), e.Param, message(e), e.RequestID)
	case errors.As(err, &u):
		return fmt.Errorf("stripe: %s: no answer: %w", doing, u.Err)
	case cut(err):
		return fmt.Errorf("stripe: %s: the answer broke off: %w", doing, err)
	}
	return fmt.Errorf("stripe: %s: the answer is not understood", doing)
}

// message is Stripe's sentence, unless it may quote a key.
func message(e *api.Error) string {
	if e.HTTPStatusCode == http.StatusUnauthorized || e.Type != api.ErrorTypeInvalidRequest || len(e.Msg) > 500 {
		return ""
	}
	return e.Msg
}

func cut(err error) bool {
	var long *http.MaxBytesError
	return errors.As(err, &long) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, context.Canceled) ||
		errors.Is(err, context.DeadlineExceeded)
}
