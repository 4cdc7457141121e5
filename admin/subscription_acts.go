package admin

import (
	"database/sql"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"rowhouse/billing"
	"rowhouse/data/fault"
	"rowhouse/data/money"
	"rowhouse/ui"
)

// onSubscription is an act on the subscription of the tenant of the path. It is written to the log beside what billing itself notes.
func (p *Panel) onSubscription(w http.ResponseWriter, r *http.Request, form, said string, names []string, act func(billing.Subscription, url.Values) error) error {
	name := r.PathValue("name")
	return p.take(w, r, post{right: mayServe, form: form, names: names,
		page: func(w http.ResponseWriter, r *http.Request, status int, bad *refused) error {
			return p.showWith(w, r, status, "", bad)
		},
		act: func(typed url.Values) (string, string, error) {
			to := "/admin/tenants/" + name
			t, err := p.Tenants.ByName(r.Context(), name)
			if err != nil {
				return "", to, err
			}
			s, err := p.Billing.SubscriptionOf(r.Context(), t.ID)
			if err != nil {
				return "", to, err
			}
			if err := act(s, typed); err != nil {
				return "", to, err
			}
			return said, to, p.audit(r, form, name, typed.Get("reason"))
		}})
}

// audit writes an act to the host's log.
func (p *Panel) audit(r *http.Request, act, tenant, detail string) error {
	return p.DB.Tx(r.Context(), func(tx *sql.Tx) error {
		return p.Tenants.Audit(r.Context(), tx, actor(r), act, tenant, detail)
	})
}

func (p *Panel) extendTrial(w http.ResponseWriter, r *http.Request) error {
	return p.onSubscription(w, r, "trial", ui.LookOf(r).T("The trial is longer now."), []string{"days"}, func(s billing.Subscription, form url.Values) error {
		days, err := strconv.Atoi(form.Get("days"))
		if err != nil {
			return about("days", fault.New(fault.Invalid, "Please enter a whole number."))
		}
		return about("days", p.Billing.ExtendTrial(r.Context(), s.ID, days, actor(r)))
	})
}

func (p *Panel) extendDue(w http.ResponseWriter, r *http.Request) error {
	return p.onSubscription(w, r, "due", ui.LookOf(r).T("You wait for it. Nothing is closed until then."), []string{"until", "reason"}, func(s billing.Subscription, form url.Values) error {
		all, err := p.Billing.InvoicesOf(r.Context(), s.ID, 100)
		if err != nil {
			return err
		}
		for _, i := range all {
			if i.State != billing.InvoiceOpen {
				continue
			}
			if err := p.Billing.WaitFor(r.Context(), i.ID, dayOr(form.Get("until"), 0), form.Get("reason"), actor(r)); err != nil {
				return about("until", err)
			}
		}
		return nil
	})
}

func (p *Panel) grant(w http.ResponseWriter, r *http.Request) error {
	return p.onSubscription(w, r, "credit", ui.LookOf(r).T("The credit is granted."), []string{"amount", "currency", "reason", "key"}, func(s billing.Subscription, form url.Values) error {
		amount, err := money.Parse(form.Get("amount"), form.Get("currency"))
		if err != nil {
			return about("amount", err)
		}
		key := form.Get("key")
		if len(key) < 10 || len(key) > 60 {
			return fault.New(fault.Invalid, "The form is incomplete. Please open it again.")
		}
		return p.Billing.Grant(r.Context(), s.ID, amount, strings.TrimSpace(form.Get("reason")), key, actor(r))
	})
}

func (p *Panel) cancel(w http.ResponseWriter, r *http.Request) error {
	return p.onSubscription(w, r, "cancellation", ui.LookOf(r).T("The subscription is cancelled."), []string{"when", "reason"}, func(s billing.Subscription, form url.Values) error {
		if form.Get("when") == "now" {
			return p.Billing.EndNow(r.Context(), s.ID, form.Get("reason"), actor(r))
		}
		return p.Billing.Cancel(r.Context(), s.ID, form.Get("reason"), actor(r))
	})
}

func (p *Panel) goOn(w http.ResponseWriter, r *http.Request) error {
	return p.onSubscription(w, r, "continuation", ui.LookOf(r).T("The cancellation is taken back."), nil, func(s billing.Subscription, _ url.Values) error {
		return p.Billing.Resume(r.Context(), s.ID, actor(r))
	})
}

// restore brings a tenant back that was put away.
func (p *Panel) restore(w http.ResponseWriter, r *http.Request) error {
	if err := may(r, mayServe); err != nil {
		return err
	}
	return p.act(w, r, "The tenant is back. Its owner can start the subscription again, or you give it a plan.", p.Billing.Restore(r.Context(), r.PathValue("name"), actor(r)))
}
