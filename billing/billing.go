// Package billing is what tenants pay for: the plans and their prices.
// It tells the tenant what it may use; nothing asks billing.
package billing

import (
	"embed"

	"rowhouse/data"
	"rowhouse/data/clock"
	"rowhouse/tenant"
)

// Schema holds the plans, their prices, and the one plan that every host begins with.
//
//go:embed *.sql
var Schema embed.FS

// Billing knows the plans.
type Billing struct {
	DB      *data.DB // the host's
	Tenants *tenant.Tenants
	Clock   clock.Clock
}
