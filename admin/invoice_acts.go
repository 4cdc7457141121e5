package admin

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"rowhouse/billing"
	"rowhouse/data/fault"
	"rowhouse/data/money"
	"rowhouse/ui"
)

func recordForm(s *invoiceSheet, path string, today billing.Day) box {
	return box{Look: s.Look, ID: "payments", Action: path + "/payments", Label: "Record a bank transfer", Hint: "Money that has arrived in your account. It counts as any other payment: what waited for it opens at once.", Button: s.T("Record it"), Inputs: []input{
		{Name: "amount", Label: "Amount", Value: s.I.Due().Decimal(), Unit: s.I.Currency, Required: true, Most: 20},
		{Name: "on", Label: "Day on the statement", Kind: "date", Value: today.String(), Required: true},
		{Name: "ref", Label: "Reference on the statement", Hint: "It keeps the payment from being recorded twice.", Required: true, Most: 100, Wide: true}}}
}

func waitForm(s *invoiceSheet, path string, today billing.Day) box {
	return box{Look: s.Look, ID: "promise", Action: path + "/promise", Label: "Wait for it", Hint: "Nothing is closed until the day that you choose is over. What was closed for this invoice opens.", Button: s.T("Wait"), Inputs: []input{
		{Name: "until", Label: "Until", Kind: "date", Value: (today + 7).String(), Required: true}, {Name: "reason", Label: "Why", Hint: "For your own log."}}}
}

func voidForm(s *invoiceSheet, path string) box {
	return box{Look: s.Look, ID: "voiding", Action: path + "/voiding", Label: "Take it back", Hint: "It gets a credit note and is not to be paid any more. If the subscription goes on, its period is invoiced anew with the details of then; to let the customer off, grant a credit instead.", Button: s.T("Take it back"), Danger: true,
		Inputs: []input{{Name: "reason", Label: "Why", Hint: "It stands on the credit note.", Required: true, Wide: true}}}
}

func writeOffForm(s *invoiceSheet, path string) box {
	return box{Look: s.Look, ID: "write-off", Action: path + "/write-off", Label: "Write it off", Hint: "You do not expect this money any more. Nobody is reminded, and a subscription that waits for it ends today.", Button: s.T("Write it off"), Danger: true,
		Inputs: []input{{Name: "reason", Label: "Why", Hint: "For your own log.", Wide: true}}}
}

// refundForm offers the payments that can be given back. Without any, it has no options.
func refundForm(s *invoiceSheet, path string) box {
	var options []option
	rest := ""
	for _, p := range s.Payments {
		if p.Kind != "payment" || p.Gateway == "balance" {
			continue
		}
		left := p.Amount.Minor
		for _, r := range s.Refunds {
			if r.Payment == p.ID && r.State != "refused" {
				left -= r.Amount.Minor
			}
		}
		if left > 0 {
			options = append(options, option{Value: strconv.FormatInt(p.ID, 10), Label: s.T("%s by %s", s.Money(p.Amount.Minor, p.Amount.Currency), p.Gateway)})
			rest = money.Amount{Minor: left, Currency: p.Amount.Currency}.Decimal()
		}
	}
	if len(options) > 0 {
		options[len(options)-1].On = true
	}
	return box{Look: s.Look, ID: "refunds", Action: path + "/refunds", Label: "Give money back", Hint: "It goes the way it came, with a credit note and a letter. A bank transfer you send back yourself.", Button: s.T("Give it back"), Danger: true, Inputs: []input{
		{Name: "payment", Label: "Payment", Kind: "select", Options: options}, {Name: "amount", Label: "Amount", Value: rest, Required: true, Most: 20},
		{Name: "reason", Label: "Why", Hint: "The customer reads it.", Required: true, Wide: true},
		{Name: "end", Label: "Also end access now", Hint: "The subscription ends today and the CRM is closed. Its data is kept as your policy says.", Kind: "check"}}}
}

// onInvoice is an act on the invoice of the path.
func (p *Panel) onInvoice(w http.ResponseWriter, r *http.Request, form, said string, names []string, act func(url.Values) error) error {
	return p.take(w, r, post{right: mayMoney, form: form, names: names, page: p.invoiceWith, act: func(typed url.Values) (string, string, error) {
		return said, "/admin/invoices/" + strconv.FormatInt(number(r), 10), act(typed)
	}})
}

func (p *Panel) recordPayment(w http.ResponseWriter, r *http.Request) error {
	return p.onInvoice(w, r, "payments", ui.LookOf(r).T("The payment is recorded."), []string{"amount", "on", "ref"}, func(form url.Values) error {
		i, err := p.Billing.Invoice(r.Context(), number(r))
		if err != nil {
			return err
		}
		amount, err := money.Parse(form.Get("amount"), i.Currency)
		if err != nil {
			return about("amount", err)
		}
		on := dayOr(form.Get("on"), 0)
		if on == 0 {
			return about("on", fault.New(fault.Invalid, "Please choose a day."))
		}
		return p.Billing.RecordPayment(r.Context(), i.ID, amount, strings.TrimSpace(form.Get("ref")), actor(r), on)
	})
}

func (p *Panel) refund(w http.ResponseWriter, r *http.Request) error {
	return p.onInvoice(w, r, "refunds", ui.LookOf(r).T("The money goes back."), []string{"payment", "amount", "reason", "end"}, func(form url.Values) error {
		i, err := p.Billing.Invoice(r.Context(), number(r))
		if err != nil {
			return err
		}
		payments, err := p.Billing.PaymentsOf(r.Context(), i.ID)
		if err != nil {
			return err
		}
		n := slices.IndexFunc(payments, func(pay billing.Payment) bool { return strconv.FormatInt(pay.ID, 10) == form.Get("payment") })
		if n < 0 {
			return about("payment", fault.New(fault.Invalid, "Please choose a payment of this invoice."))
		}
		amount, err := money.Parse(form.Get("amount"), payments[n].Amount.Currency)
		if err != nil {
			return about("amount", err)
		}
		reason := strings.TrimSpace(form.Get("reason"))
		if err := p.Billing.Refund(r.Context(), payments[n].ID, amount, reason, actor(r)); err != nil {
			return err
		}
		if form.Get("end") == "" || i.Subscription == 0 {
			return nil
		}
		return p.endNow(r, i.Subscription, reason)
	})
}

// endNow ends a subscription today. One that has ended already is as it should be.
func (p *Panel) endNow(r *http.Request, subscription int64, reason string) error {
	err := p.Billing.EndNow(r.Context(), subscription, reason, actor(r))
	if s, findErr := p.Billing.SubscriptionByID(r.Context(), subscription); err != nil && findErr == nil && s.State == billing.Canceled {
		return nil
	}
	return err
}

func (p *Panel) waitFor(w http.ResponseWriter, r *http.Request) error {
	return p.onInvoice(w, r, "promise", ui.LookOf(r).T("You wait for it. Nothing is closed until then."), []string{"until", "reason"}, func(form url.Values) error {
		return about("until", p.Billing.WaitFor(r.Context(), number(r), dayOr(form.Get("until"), 0), form.Get("reason"), actor(r)))
	})
}

func (p *Panel) void(w http.ResponseWriter, r *http.Request) error {
	return p.onInvoice(w, r, "voiding", ui.LookOf(r).T("The invoice is taken back."), []string{"reason"}, func(form url.Values) error {
		return about("reason", p.Billing.Void(r.Context(), number(r), form.Get("reason"), actor(r)))
	})
}

func (p *Panel) writeOff(w http.ResponseWriter, r *http.Request) error {
	return p.onInvoice(w, r, "write-off", ui.LookOf(r).T("The invoice is written off."), []string{"reason"}, func(form url.Values) error {
		return p.Billing.WriteOff(r.Context(), number(r), form.Get("reason"), actor(r))
	})
}
