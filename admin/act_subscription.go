package admin

import (
	"crypto/rand"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"rowhouse/billing"
	"rowhouse/data/fault"
	"rowhouse/data/money"
	"rowhouse/ui"
)

// subscriptionActs are about what a tenant has and owes.
func (p *Panel) subscriptionActs() []tenantAct {
	return []tenantAct{
		{key: "plan", right: mayServe, Icon: "tag", Label: "Associate package", Page: "plan", Rule: true, fits: func(st standing) bool { return st.running() || st.unfinished() }},
		{key: "trial", right: mayServe, Icon: "calendar-clock", Label: "Extend the trial", Hint: "From today, or from its end if that is later.", button: "Extend", fits: standing.trying,
			inputs: func(*Panel, *http.Request, *ui.Look, standing) []input {
				return []input{{Name: "days", Label: "Days", Kind: "number", Value: "14", Required: true}}
			}, do: (*Panel).extendTrial},
		{key: "due", right: mayServe, Icon: "clock", Label: "Wait for the payment", Hint: "For all open invoices. Nothing is closed until the day is over, and what was closed for them opens.", button: "Wait",
			fits: func(st standing) bool { return st.maybe(len(st.Owed) > 0) }, do: (*Panel).extendDue,
			inputs: func(*Panel, *http.Request, *ui.Look, standing) []input {
				return []input{{Name: "until", Label: "Until", Kind: "date", Required: true}, {Name: "reason", Label: "Why", Hint: "For your own log."}}
			}},
		{key: "credit", right: mayMoney, Icon: "wallet", Label: "Grant a credit", Hint: "It pays open invoices at once and the next ones by itself. The customer gets a letter.", button: "Grant",
			fits: func(st standing) bool { return st.maybe(st.Sub.ID > 0) }, inputs: (*Panel).creditInputs, do: (*Panel).grant},
		{key: "cancellation", right: mayServe, Icon: "x", Label: "Cancel the subscription", Hint: "Nothing is deleted by it. The customer gets a letter.", button: "Cancel it", Danger: true,
			fits: func(st standing) bool { return st.subscribed() && !st.Sub.CancelAtEnd }, inputs: cancelInputs, do: (*Panel).cancel},
		{key: "continuation", right: mayServe, Icon: "rotate-ccw", Label: "Take the cancellation back", Hint: "The subscription goes on as if nothing had been.", button: "Go on",
			fits: func(st standing) bool { return st.Full && st.Sub.CancelAtEnd && st.Sub.State != billing.Canceled }, do: (*Panel).goOn},
	}
}

func (p *Panel) creditInputs(r *http.Request, _ *ui.Look, st standing) []input {
	currency := "EUR"
	if now, err := p.wishNow(r, st.Sub); err == nil && now.Price.Amount.Currency != "" {
		currency = now.Price.Amount.Currency
	}
	return []input{{Name: "key", Kind: "hidden", Value: rand.Text()}, {Name: "amount", Label: "Amount", Required: true, Most: 20}, {Name: "currency", Label: "Currency", Kind: "select", Options: choose(currencies(), currency)},
		{Name: "reason", Label: "Why", Hint: "The customer reads it.", Required: true, Wide: true}}
}

func cancelInputs(_ *Panel, _ *http.Request, look *ui.Look, _ standing) []input {
	return []input{{Name: "when", Label: "When", Kind: "select", Options: []option{{Value: "end", Label: look.T("At the end of what is paid"), On: true}, {Value: "now", Label: look.T("Today")}}},
		{Name: "reason", Label: "Why", Hint: "For your own log."}}
}

// currencies are those that can be chosen.
func currencies() []option {
	var all []option
	for _, c := range money.Currencies {
		all = append(all, option{Value: c, Label: c})
	}
	return all
}

// subscribed refuses what needs a subscription, and writes what was done to the host's log, beside what billing itself notes.
func (p *Panel) subscribed(r *http.Request, st standing, act, reason, said string, do func() error) (string, string, error) {
	if st.Sub.ID == 0 {
		return "", "", fault.New(fault.Conflict, "%s has no plan yet. Give it one first.", st.Name)
	}
	if err := do(); err != nil {
		return "", "", err
	}
	return said, "", p.audit(r, act, st.Name, reason)
}

func (p *Panel) extendTrial(r *http.Request, st standing, form url.Values) (string, string, error) {
	return p.subscribed(r, st, "trial", form.Get("days"), "The trial is longer now.", func() error {
		days, err := strconv.Atoi(form.Get("days"))
		if err != nil {
			return about("days", fault.New(fault.Invalid, "Please enter a whole number."))
		}
		return about("days", p.Billing.ExtendTrial(r.Context(), st.Sub.ID, days, actor(r)))
	})
}

func (p *Panel) extendDue(r *http.Request, st standing, form url.Values) (string, string, error) {
	return p.subscribed(r, st, "due", form.Get("reason"), "You wait for it. Nothing is closed until then.", func() error {
		for _, i := range st.Owed {
			if err := p.Billing.WaitFor(r.Context(), i.ID, dayOr(form.Get("until"), 0), form.Get("reason"), actor(r)); err != nil {
				return about("until", err)
			}
		}
		return nil
	})
}

func (p *Panel) grant(r *http.Request, st standing, form url.Values) (string, string, error) {
	return p.subscribed(r, st, "credit", form.Get("reason"), "The credit is granted.", func() error {
		amount, err := money.Parse(form.Get("amount"), form.Get("currency"))
		if err != nil {
			return about("amount", err)
		}
		key := form.Get("key")
		if len(key) < 10 || len(key) > 60 {
			return fault.New(fault.Invalid, "The form is incomplete. Please open it again.")
		}
		return p.Billing.Grant(r.Context(), st.Sub.ID, amount, strings.TrimSpace(form.Get("reason")), key, actor(r))
	})
}

func (p *Panel) cancel(r *http.Request, st standing, form url.Values) (string, string, error) {
	return p.subscribed(r, st, "cancellation", form.Get("reason"), "The subscription is cancelled.", func() error {
		if form.Get("when") == "now" {
			return p.Billing.EndNow(r.Context(), st.Sub.ID, form.Get("reason"), actor(r))
		}
		return p.Billing.Cancel(r.Context(), st.Sub.ID, form.Get("reason"), actor(r))
	})
}

func (p *Panel) goOn(r *http.Request, st standing, _ url.Values) (string, string, error) {
	return p.subscribed(r, st, "continuation", "", "The cancellation is taken back.", func() error {
		return p.Billing.Resume(r.Context(), st.Sub.ID, actor(r))
	})
}
