package admin

import (
	"net/http"
	"slices"

	"rowhouse/data/fault"
)

// right is a group of acts that a role of operators can have.
type right string

// The rights.
const (
	mayMoney   right = "money"   // payments, refunds, credit, what is asked for
	maySell    right = "sell"    // plans, prices, coupons, taxes, policies, modules
	mayConnect right = "connect" // gateways and their messages
	mayWrite   right = "write"   // letters, the public site, announcements
	mayServe   right = "serve"   // tenants and their subscriptions
	mayEnter   right = "enter"   // signing in as a tenant's owner
	mayKeep    right = "keep"    // a tenant's files: backups, copies, names
	mayRemove  right = "remove"  // putting tenants away and deleting them
	mayRun     right = "run"     // jobs, updates, the outbox
	mayRule    right = "rule"    // operators, tokens, webhooks, settings
)

// Role is what an operator is there for.
type Role string

// The roles.
const (
	Owner    Role = "owner"
	Billing  Role = "billing"
	Support  Role = "support"
	ReadOnly Role = "read_only"
)

// rightsOf are what each role may do. Everybody may look at everything that is no secret.
var rightsOf = map[Role][]right{
	Owner:    {mayMoney, maySell, mayConnect, mayWrite, mayServe, mayEnter, mayKeep, mayRemove, mayRun, mayRule},
	Billing:  {mayMoney, maySell, mayWrite, mayServe},
	Support:  {mayServe, mayEnter, mayKeep, mayRun},
	ReadOnly: {},
}

var roleWords = map[Role]string{Owner: "Owner", Billing: "Billing", Support: "Support", ReadOnly: "Looking only"}

// may refuses an act that the operator's role does not include. It is the one place to ask.
func may(r *http.Request, wanted right) error {
	role := visitOf(r).operator.Role
	if slices.Contains(rightsOf[role], wanted) {
		return nil
	}
	return fault.New(fault.Denied, "Your role %q does not include this. An owner can give you another one.", roleWords[role])
}
