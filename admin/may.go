package admin

import "net/http"

// right is a group of acts that a role of operators can have.
type right string

// The rights. Today every operator has all of them.
const (
	mayMoney   right = "money"   // payments, refunds, credit, what is asked for
	maySell    right = "sell"    // plans, prices, coupons, taxes, policies
	mayConnect right = "connect" // gateways and their messages
	mayWrite   right = "write"   // letters
	mayServe   right = "serve"   // tenants and their subscriptions
)

// may refuses an act that the operator's role does not include. It is the one place to ask, so that roles can come later.
func may(_ *http.Request, _ right) error { return nil }
