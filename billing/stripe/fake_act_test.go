package stripe

import (
	"net/url"
	"strconv"
)

// create makes what is asked for.
func (f *fake) create(sort string, q url.Values) (int, object) {
	now := noon.Unix()
	switch sort {
	case "customers":
		return 200, f.keep(sort, object{"id": f.next("cus"), "object": "customer", "email": q.Get("email")})
	case "sessions":
		id := f.next("cs_test")
		return 200, f.keep(sort, object{"id": id, "object": "checkout.session", "status": "open", "payment_status": "unpaid", "created": now,
			"mode": q.Get("mode"), "customer": q.Get("customer"), "metadata": marks(q, "metadata"), "expires_at": now + 86400,
			"client_reference_id": q.Get("client_reference_id"), "url": "https://checkout.stripe.com/c/pay/" + id})
	case "payment_intents":
		return f.charge(q)
	case "refunds":
		n, _ := strconv.ParseInt(q.Get("amount"), 10, 64)
		return 200, f.keep(sort, object{"id": f.next("re"), "object": "refund", "amount": n, "currency": "eur", "created": now,
			"payment_intent": q.Get("payment_intent"), "status": "succeeded", "metadata": marks(q, "metadata")})
	case "webhook_endpoints":
		return 200, object{"id": f.next("we"), "object": "webhook_endpoint", "secret": "whsec_fresh0123456789"}
	}
	return 404, object{"error": object{"type": "invalid_request_error", "message": "Unrecognized request URL"}}
}

// charge decides by the method, as Stripe's test cards do.
func (f *fake) charge(q url.Values) (int, object) {
	n, _ := strconv.ParseInt(q.Get("amount"), 10, 64)
	pi := f.keep("payment_intents", payable(f.next("pi"), n, q.Get("currency"), marks(q, "metadata")))
	pi["customer"] = q.Get("customer")
	var failure object
	switch q.Get("payment_method") {
	case "pm_good":
		pay(pi)
		return 200, pi
	case "pm_debit":
		pi["status"] = "processing"
		return 200, pi
	case "pm_poor":
		failure = object{"type": "card_error", "code": "card_declined", "decline_code": "insufficient_funds", "message": "Your card has insufficient funds."}
	case "pm_stolen":
		failure = object{"type": "card_error", "code": "card_declined", "decline_code": "stolen_card", "message": "Your card was declined."}
	case "pm_old":
		failure = object{"type": "card_error", "code": "expired_card", "message": "Your card has expired."}
	case "pm_sca":
		failure = object{"type": "card_error", "code": "authentication_required", "decline_code": "authentication_required", "message": "Please confirm."}
	default:
		f.kept["payment_intents"] = f.kept["payment_intents"][1:]
		return 400, object{"error": object{"type": "invalid_request_error", "code": "resource_missing", "param": "payment_method", "message": "No such PaymentMethod"}}
	}
	pi["last_payment_error"] = failure
	sent := object{"payment_intent": pi}
	for k, v := range failure {
		sent[k] = v
	}
	return 402, object{"error": sent}
}

func payable(id string, n int64, currency string, marks object) object {
	return object{"id": id, "object": "payment_intent", "amount": n, "amount_received": 0, "currency": currency, "created": noon.Unix(),
		"status": "requires_payment_method", "metadata": marks, "client_secret": id + "_secret_of_the_payment"}
}

func pay(pi object) {
	pi["status"], pi["amount_received"] = "succeeded", pi["amount"]
	pi["latest_charge"] = object{"id": "ch_1", "object": "charge", "created": noon.Unix() + 5,
		"balance_transaction": object{"id": "txn_1", "object": "balance_transaction", "fee": 73, "currency": pi["currency"]}}
}

// end closes what is open.
func (f *fake) end(sort, id, act string) (int, object) {
	o := f.find(id)
	if o == nil || sort == "sessions" && o["status"] != "open" || sort == "payment_intents" && o["status"] == "succeeded" {
		return 400, object{"error": object{"type": "invalid_request_error", "code": "payment_intent_unexpected_state", "message": "It is over."}}
	}
	o["status"] = map[string]string{"expire": "expired", "cancel": "canceled"}[act]
	return 200, o
}

// finish is what the customer does on the page: he pays, with a card that is remembered.
func (f *fake) finish(session string, remember bool) object {
	f.mu.Lock()
	defer f.mu.Unlock()
	s := f.find(session)
	pi := f.keep("payment_intents", payable(f.next("pi"), 2900, "eur", object{}))
	pay(pi)
	if remember {
		pi["setup_future_usage"] = "off_session"
	}
	pi["payment_method"] = card(s["customer"])
	s["status"], s["payment_status"], s["payment_intent"] = "complete", "paid", pi
	return pi
}

func card(owner any) object {
	return object{"id": "pm_card", "object": "payment_method", "type": "card", "customer": owner,
		"card": object{"brand": "visa", "last4": "4242", "exp_month": 4, "exp_year": 2028}}
}
