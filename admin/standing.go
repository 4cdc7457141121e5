package admin

import (
	"net/http"
	"slices"

	"rowhouse/billing"
	"rowhouse/data/fault"
	"rowhouse/tenant"
)

// holdReasons are the reasons that the list can be narrowed to.
var holdReasons = []string{tenant.BillingSoft, tenant.BillingHard, tenant.TrialEnded, tenant.Manual, tenant.Abuse, tenant.QuotaStorage, tenant.Maintenance, tenant.LegalLock}

// standing is a tenant with what decides what can be done with it.
type standing struct {
	tenant.Tenant
	Held []string // the reasons of its holds
	Sub  billing.Subscription
	Owed []billing.Invoice // what is to be paid
	Full bool              // Sub and Owed are known; the list does without
}

// standing finds the tenant of the path.
func (p *Panel) standing(r *http.Request) (standing, error) {
	t, err := p.Tenants.ByName(r.Context(), r.PathValue("name"))
	if err != nil {
		return standing{}, err
	}
	st := standing{Tenant: t, Full: true}
	for _, h := range t.Holds {
		st.Held = append(st.Held, h.Reason)
	}
	st.Sub, err = p.Billing.SubscriptionOf(r.Context(), t.ID)
	if fault.Is(err, fault.Missing) {
		return st, nil
	}
	if err != nil {
		return st, err
	}
	all, err := p.Billing.InvoicesOf(r.Context(), st.Sub.ID, 100)
	st.Owed = slices.DeleteFunc(all, func(i billing.Invoice) bool { return i.State != billing.InvoiceOpen })
	return st, err
}

// Open tells whether there is a CRM to look at.
func (st standing) Open() bool { return st.running() }

func (st standing) running() bool        { return st.State == tenant.Active }
func (st standing) held(why string) bool { return slices.Contains(st.Held, why) }
func (st standing) unfinished() bool {
	return st.State == tenant.Provisioning || st.State == tenant.ProvisionFailed
}
func (st standing) maybe(known bool) bool { return !st.Full || known }

// subscribed tells whether it has a subscription that runs.
func (st standing) subscribed() bool {
	return st.maybe(st.Sub.ID > 0 && st.Sub.State != billing.Canceled && st.Sub.State != billing.Incomplete)
}

// trying tells whether it is in its trial, or could be again.
func (st standing) trying() bool {
	s := st.Sub
	return st.maybe(s.ID > 0 && (s.TrialEnd > 0 && s.End == 0 && s.State != billing.Canceled || s.State == billing.Trialing))
}
