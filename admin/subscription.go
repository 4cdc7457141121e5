package admin

import (
	"net/http"
	"slices"

	"rowhouse/billing"
	"rowhouse/data/fault"
	"rowhouse/tenant"
	"rowhouse/ui"
)

// subscriptionBox is a tenant's subscription as its page shows it.
type subscriptionBox struct {
	*ui.Look
	Tenant   string
	Given    bool // there is one
	State    string
	Hue      int
	Sentence string // where it stands, in one sentence
	Facts    [][2]string
	Open     []billing.Invoice
	Timeline []happening
	Link     string // the plan's page
}

// happening is a line of the timeline.
type happening struct {
	billing.Happening
	Word, Change string
}

var subscriptionWords = map[billing.SubscriptionState]string{billing.Incomplete: "Waits for its first payment", billing.Trialing: "Trial", billing.Active: "Active", billing.PastDue: "Past due",
	billing.Unpaid: "Unpaid", billing.Canceled: "Ended"}

var subscriptionHues = map[billing.SubscriptionState]int{billing.Incomplete: 7, billing.Trialing: 7, billing.Active: 4, billing.PastDue: 1, billing.Unpaid: 0, billing.Canceled: 11}

var holdWords = map[string]string{tenant.BillingSoft: "An invoice is late: reading only", tenant.BillingHard: "An invoice is late: closed", tenant.TrialEnded: "The trial has ended", tenant.Manual: "Suspended by you",
	tenant.Abuse: "Abuse", tenant.QuotaStorage: "Too many files", tenant.Maintenance: "Maintenance", tenant.LegalLock: "Locked for legal reasons"}

var happeningWords = map[string]string{"began": "Began", "ready": "The CRM is ready", "initial": "First payment", "renewal": "Renewed", "change": "Plan changed", "reactivation": "Began again", "began again": "Began again",
	"changed": "Plan changed", "scheduled": "Change planned", "unscheduled": "Planned change taken back", "past due": "An invoice is late", "unpaid": "Closed for want of payment", "recovered": "Paid and open again",
	"cancel at end": "Cancelled to the end of the period", "resumed": "Cancellation taken back", "ended": "Ended", "ended unpaid": "Ended unpaid", "ended by the host": "Ended by you", "written off": "Ended, invoice written off",
	"expired": "Order ran out", "credit": "Credit granted", "chargeback": "Taken back by the bank", "method removed": "Way to pay removed", "archived": "Put away", "purged": "Deleted", "restored": "Brought back",
	"given free of charge": "Given free of charge", "trial extended": "Trial extended", "waiting": "You wait for a payment"}

// subscription reads what a tenant's page says about its subscription.
func (p *Panel) subscription(r *http.Request, look *ui.Look, t tenant.Tenant) (subscriptionBox, error) {
	x := subscriptionBox{Look: look, Tenant: t.Name, Link: "/admin/tenants/" + t.Name + "/plan"}
	s, err := p.Billing.SubscriptionOf(r.Context(), t.ID)
	if fault.Is(err, fault.Missing) {
		x.State, x.Hue, x.Sentence = look.T("None"), 11, look.T("This tenant has no subscription: nothing is ever asked for. Give it a plan to change that.")
		return x, nil
	}
	if err != nil {
		return x, err
	}
	x.Given, x.State, x.Hue = true, look.T(subscriptionWords[s.State]), subscriptionHues[s.State]
	now, err := p.wishNow(r, s)
	if err != nil {
		return x, err
	}
	if x.Sentence, err = p.sentence(r, look, s, now); err != nil {
		return x, err
	}
	if err := p.facts(r, &x, s, now, t); err != nil {
		return x, err
	}
	happened, err := p.Billing.Timeline(r.Context(), s.ID, 50)
	if err != nil {
		return x, err
	}
	for _, h := range happened {
		x.Timeline = append(x.Timeline, x.line(h))
	}
	return x, nil
}

func (x subscriptionBox) line(h billing.Happening) happening {
	line := happening{Happening: h, Word: h.Kind}
	if word := happeningWords[h.Kind]; word != "" {
		line.Word = x.T(word)
	}
	if h.Monthly.Minor > 0 {
		line.Change = x.T("+%s a month", x.Money(h.Monthly.Minor, h.Monthly.Currency))
	} else if h.Monthly.Minor < 0 {
		line.Change = x.T("%s a month", x.Money(h.Monthly.Minor, h.Monthly.Currency))
	}
	return line
}

// wishNow is the plan, price and seats that a subscription has.
func (p *Panel) wishNow(r *http.Request, s billing.Subscription) (billing.Wish, error) {
	plan, err := p.Billing.PlanByID(r.Context(), s.Plan)
	if err != nil {
		return billing.Wish{}, err
	}
	price, err := p.Billing.PriceByID(r.Context(), s.Price)
	return billing.Wish{Plan: plan, Price: price, Seats: s.Seats}, err
}

// add puts a line into the box, if there is something to say.
func (x *subscriptionBox) add(label, value string) {
	if value != "" {
		x.Facts = append(x.Facts, [2]string{label, value})
	}
}

// facts fills in the lines of the box.
func (p *Panel) facts(r *http.Request, x *subscriptionBox, s billing.Subscription, now billing.Wish, t tenant.Tenant) error {
	x.add(x.T("Plan"), now.PlanText(x.Look))
	if now.Price.ID > 0 && !now.Price.Free() {
		x.add(x.T("Price"), x.Money(now.Price.Amount.Minor, now.Price.Amount.Currency))
	}
	if s.Seats > 0 {
		x.add(x.T("Further seats"), x.Number(s.Seats))
	}
	if s.End > 0 {
		x.add(x.T("Period"), span(x.Look, s.Start, s.End))
	}
	if err := p.payer(r, x, s); err != nil {
		return err
	}
	for _, h := range t.Holds {
		x.add(x.T("Held"), x.T(holdWords[h.Reason]))
	}
	all, err := p.Billing.InvoicesOf(r.Context(), s.ID, 100)
	x.Open = slices.DeleteFunc(all, func(i billing.Invoice) bool { return i.State != billing.InvoiceOpen })
	return err
}

// payer fills in who pays, and with what.
func (p *Panel) payer(r *http.Request, x *subscriptionBox, s billing.Subscription) error {
	m, err := p.Billing.MethodOf(r.Context(), s)
	if err != nil {
		return err
	}
	coupon, err := p.Billing.CouponOf(r.Context(), s)
	if err != nil {
		return err
	}
	c, err := p.Billing.CustomerOf(r.Context(), s)
	if err != nil {
		return err
	}
	good, err := p.Billing.ToTheGood(r.Context(), c)
	if err != nil {
		return err
	}
	x.add(x.T("Way to pay"), m.Label)
	x.add(x.T("Coupon"), coupon.Code)
	x.add(x.T("Customer"), c.Email)
	if good.Minor != 0 {
		x.add(x.T("To the good"), x.Money(good.Minor, good.Currency))
	}
	return nil
}

// sentence explains in one sentence where a subscription stands and what comes next.
func (p *Panel) sentence(r *http.Request, look *ui.Look, s billing.Subscription, now billing.Wish) (string, error) {
	day := func(d billing.Day) string { return look.Day(d.String()) }
	switch {
	case s.State == billing.Incomplete:
		return look.T("It was ordered and waits for its first payment."), nil
	case s.State == billing.Canceled:
		return p.endedSentence(r, look, s)
	case s.State == billing.Unpaid:
		return look.T("An invoice was asked for in vain, so the CRM is closed; it opens in the minute in which the payment arrives."), nil
	case s.State == billing.PastDue:
		return look.T("An invoice is late and being asked for; the steps of its policy follow if it stays unpaid."), nil
	case s.CancelAtEnd:
		today, err := p.Billing.Today(r.Context())
		return look.T("It was cancelled and ends on %s; until then it works as before.", day(s.LastDay(today))), err
	case s.State == billing.Trialing && s.TrialEnd == 0:
		return look.T("Its trial of %d days begins when the CRM is ready.", s.TrialDays), nil
	case s.State == billing.Trialing:
		return look.T("It is a trial until %s; the first invoice is written on that day.", day(s.TrialEnd)), nil
	case now.Price.ID == 0:
		return look.T("It is free of charge, without an end."), nil
	case s.End == 0:
		return look.T("There is nothing to pay for it any more."), nil
	case s.NextOn > 0:
		next, err := p.Billing.PlanByID(r.Context(), s.NextPlan)
		return look.T("It is paid until %s and changes to %s then.", day(s.End-1), next.Name), err
	}
	return look.T("It is paid until %s and renews by itself.", day(s.End-1)), nil
}

func (p *Panel) endedSentence(r *http.Request, look *ui.Look, s billing.Subscription) (string, error) {
	rules, err := p.Billing.RulesOf(r.Context(), s)
	if err != nil || s.EndedOn == 0 || len(rules.Closing) < 4 {
		return look.T("It has ended."), err
	}
	return look.T("It ended on %s; the data is put away after %s and deleted after %s, each after a warning.", look.Day(s.EndedOn.String()),
		look.Day((s.EndedOn + billing.Day(rules.Closing[2])).String()), look.Day((s.EndedOn + billing.Day(rules.Closing[3])).String())), nil
}
