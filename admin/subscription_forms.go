package admin

import (
	"crypto/rand"

	"rowhouse/billing"
	"rowhouse/data/money"
	"rowhouse/tenant"
	"rowhouse/ui"
)

// subscriptionForms are the acts that fit where a subscription stands.
func (p *Panel) subscriptionForms(look *ui.Look, t tenant.Tenant, s billing.Subscription, now billing.Wish, open bool) []box {
	path := "/admin/tenants/" + t.Name
	var forms []box
	if s.TrialEnd > 0 && s.End == 0 && s.State != billing.Canceled || s.State == billing.Trialing {
		forms = append(forms, box{Look: look, ID: "trial", Action: path + "/trial", Label: "Extend the trial", Hint: "From today, or from its end if that is later.", Button: look.T("Extend"),
			Inputs: []input{{Name: "days", Label: "Days", Kind: "number", Value: "14", Required: true}}})
	}
	if open {
		forms = append(forms, box{Look: look, ID: "due", Action: path + "/due", Label: "Wait for the payment", Hint: "For all open invoices. Nothing is closed until the day is over, and what was closed for them opens.", Button: look.T("Wait"),
			Inputs: []input{{Name: "until", Label: "Until", Kind: "date", Required: true}, {Name: "reason", Label: "Why", Hint: "For your own log."}}})
	}
	currency := now.Price.Amount.Currency
	if currency == "" {
		currency = "EUR"
	}
	forms = append(forms, box{Look: look, ID: "credit", Action: path + "/credit", Label: "Grant a credit", Hint: "It pays open invoices at once and the next ones by itself. The customer gets a letter.", Button: look.T("Grant"),
		Inputs: []input{{Name: "key", Kind: "hidden", Value: rand.Text()}, {Name: "amount", Label: "Amount", Required: true, Most: 20}, {Name: "currency", Label: "Currency", Kind: "select", Options: choose(currencies(), currency)},
			{Name: "reason", Label: "Why", Hint: "The customer reads it.", Required: true, Wide: true}}})
	if s.State != billing.Canceled && s.State != billing.Incomplete && !s.CancelAtEnd {
		forms = append(forms, box{Look: look, ID: "cancellation", Action: path + "/cancellation", Label: "Cancel the subscription", Hint: "Nothing is deleted by it. The customer gets a letter.", Button: look.T("Cancel it"), Danger: true,
			Inputs: []input{{Name: "when", Label: "When", Kind: "select", Options: []option{{Value: "end", Label: look.T("At the end of what is paid"), On: true}, {Value: "now", Label: look.T("Today")}}}, {Name: "reason", Label: "Why", Hint: "For your own log."}}})
	}
	return forms
}

// currencies are those that can be chosen.
func currencies() []option {
	var all []option
	for _, c := range money.Currencies {
		all = append(all, option{Value: c, Label: c})
	}
	return all
}
