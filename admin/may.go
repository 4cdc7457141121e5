package admin

import (
	"net/http"
	"slices"

	"rowhouse/admin/office"
	"rowhouse/data/fault"
)

// right is a group of acts that a role of operators can have.
type right string

// The rights.
const (
	mayAlways  right = ""        // one's own account
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

// rightsOf are what each role may do. Everybody may look at everything that is no secret.
var rightsOf = map[office.Role][]right{
	office.Owner:    {mayMoney, maySell, mayConnect, mayWrite, mayServe, mayEnter, mayKeep, mayRemove, mayRun, mayRule},
	office.Billing:  {mayMoney, maySell, mayWrite, mayServe},
	office.Support:  {mayServe, mayEnter, mayKeep, mayRun},
	office.ReadOnly: {},
}

var roleWords = map[office.Role]string{office.Owner: "Owner", office.Billing: "Billing", office.Support: "Support", office.ReadOnly: "Looking only"}

// may refuses an act that the operator's role does not include. It is the one place to ask.
func may(r *http.Request, wanted right) error {
	role := visitOf(r).operator.Role
	if wanted == mayAlways {
		return nil
	}
	if slices.Contains(rightsOf[role], wanted) {
		return nil
	}
	return fault.New(fault.Denied, "Your role %q does not include this. An owner can give you another one.", roleWords[role])
}

// MayEnter tells whether a role includes signing in for a tenant's owner.
func MayEnter(role office.Role) bool { return slices.Contains(rightsOf[role], mayEnter) }
