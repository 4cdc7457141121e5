package account

import (
	"context"
	"time"

	"rowhouse/billing"
	"rowhouse/data/fault"
	"rowhouse/tenant"
	"rowhouse/ui"
)

// Explanation is where a subscription stands, for its owner.
type Explanation struct {
	Kind    string // good, warn, bad, or empty for what is only news
	Text    string
	Invoice int64 // which to pay to mend it; 0: none
	Again   bool  // it can be started again
}

// state is all that an explanation is made of: the same that the gate and the turn of the books decide by.
type state struct {
	*ui.Look
	sub   billing.Subscription
	site  tenant.Site
	open  []billing.Invoice // the oldest first
	price billing.Price
	rules billing.Policy
	today billing.Day
	zone  *time.Location // of the provider: days are its days
}

// Explain says in plain words how far a tenant's CRM is open, why, what comes next and what would mend it.
func Explain(ctx context.Context, b *billing.Billing, look *ui.Look, site tenant.Site) (Explanation, error) {
	s, err := b.SubscriptionOf(ctx, site.ID)
	if fault.Is(err, fault.Missing) {
		return Explanation{Text: look.T("The plan of this CRM is arranged with its provider. There is nothing to pay here.")}, nil
	}
	if err != nil {
		return Explanation{}, err
	}
	c := state{Look: look, sub: s, site: site}
	if err := c.read(ctx, b); err != nil {
		return Explanation{}, err
	}
	return c.explain(), nil
}

// read asks the books for the rest.
func (c *state) read(ctx context.Context, b *billing.Billing) error {
	seller, err := b.Seller(ctx)
	if err != nil {
		return err
	}
	c.zone = seller.Location()
	c.today = billing.DayOf(b.Clock.Now(), c.zone)
	if c.rules, err = b.RulesOf(ctx, c.sub); err != nil {
		return err
	}
	if c.price, err = b.PriceByID(ctx, c.sub.Price); err != nil {
		return err
	}
	list, err := b.InvoicesOf(ctx, c.sub.ID, mostInvoices)
	for n := len(list) - 1; n >= 0; n-- {
		if list[n].State == billing.InvoiceOpen {
			c.open = append(c.open, list[n])
		}
	}
	return err
}

func (c state) explain() Explanation {
	if hold := c.site.Hold; c.site.Access > tenant.FullAccess && byHost(hold) {
		return c.held(hold)
	}
	switch c.sub.State {
	case billing.Incomplete:
		return c.because("warn", c.first(), c.T("The order is not paid yet. The CRM opens when the payment is there."))
	case billing.Canceled:
		return c.ended()
	case billing.Unpaid, billing.PastDue:
		return c.late()
	}
	if c.sub.CancelAtEnd {
		return Explanation{Kind: "warn", Text: c.T("Canceled: everything works as before until %s and is closed then. Until that day you can take it back.", day(c.Look, c.sub.LastDay(c.today)))}
	}
	if c.sub.State == billing.Trialing {
		return Explanation{Text: c.T("You are trying it out until %s. Nothing is charged before that day.", day(c.Look, c.sub.TrialEnd))}
	}
	return c.running()
}

// byHost tells whether a hold was set by the provider and not for want of payment.
func byHost(h tenant.Hold) bool {
	switch h.Reason {
	case "subscription", tenant.BillingSoft, tenant.BillingHard, tenant.TrialEnded:
		return false
	}
	return true
}

func (c state) held(h tenant.Hold) Explanation {
	since := c.since()
	if h.Note == "" {
		return Explanation{Kind: "bad", Text: c.T("The provider has restricted this CRM on %s. Please ask there what to do.", since)}
	}
	return Explanation{Kind: "bad", Text: c.T("The provider has restricted this CRM on %s: %s", since, h.Note)}
}

// since is the day on which the hold was set.
func (c state) since() string { return day(c.Look, billing.DayOf(c.site.Hold.Created, c.zone)) }

// first is the oldest open invoice.
func (c state) first() billing.Invoice {
	if len(c.open) == 0 {
		return billing.Invoice{}
	}
	return c.open[0]
}

func (c state) because(kind string, i billing.Invoice, text string) Explanation {
	return Explanation{Kind: kind, Text: text, Invoice: i.ID}
}

// ended says until when what of the CRM is kept.
func (c state) ended() Explanation {
	e := Explanation{Kind: "bad", Again: true}
	on, kept := day(c.Look, c.sub.EndedOn), ""
	if len(c.rules.Closing) > 2 {
		kept = day(c.Look, c.sub.EndedOn+billing.Day(c.rules.Closing[2]))
	}
	switch read := c.sub.EndedOn + billing.Day(c.rules.Read); {
	case c.site.Access < tenant.BillingOnly:
		e.Text = c.T("The subscription ended on %s. Everything can be read and exported until %s and is kept until %s. You can start again at any time.", on, day(c.Look, read), kept)
	default:
		e.Text = c.T("The subscription ended on %s, and the CRM is closed. Its data is kept until %s; until then you can start again, and everything is as it was.", on, kept)
	}
	return e
}

// late says since when what is closed for which invoice, and what comes next.
func (c state) late() Explanation {
	var i billing.Invoice
	for _, one := range c.open {
		if one.Kind == billing.Renewal || one.Kind == billing.ByHand {
			i = one
			break
		}
	}
	if i.ID == 0 {
		if i = c.first(); i.ID != 0 {
			return c.because("bad", i, c.T("Closed because it was not paid. Paying the invoice %s over %s opens the CRM at once.", i.Name(), c.due(i)))
		}
		return Explanation{Kind: "bad", Text: c.T("Closed because it was not paid. You can start again at any time; the time in which it was closed is not charged."), Again: true}
	}
	e := c.because("warn", i, "")
	e.Text = c.access(i) + " " + c.next(i)
	if c.site.Access > tenant.FullAccess {
		e.Kind, e.Text = "bad", e.Text+" "+c.T("Paying opens everything at once.")
	}
	e.Again = c.sub.State == billing.Unpaid
	return e
}

func (c state) due(i billing.Invoice) string { return c.Money(i.Open(), i.Currency) }

// access says how far it is open, since when and why.
func (c state) access(i billing.Invoice) string {
	late := c.N("%d day", "%d days", int(c.today-i.DueOn))
	since := c.since()
	switch {
	case c.site.Access == tenant.ReadOnly && c.today <= i.DueOn:
		return c.T("It can only be read since %s, because the invoice %s over %s is not paid.", since, i.Name(), c.due(i))
	case c.site.Access == tenant.ReadOnly:
		return c.T("It can only be read since %s, because the invoice %s over %s is %s late.", since, i.Name(), c.due(i), late)
	case c.site.Access == tenant.BillingOnly:
		return c.T("Closed since %s, because the invoice %s over %s is %s late.", since, i.Name(), c.due(i), late)
	case c.today > i.DueOn:
		return c.T("The invoice %s over %s is %s late.", i.Name(), c.due(i), late)
	}
	return c.T("The invoice %s over %s is due today.", i.Name(), c.due(i))
}

// next says what happens if nothing is done.
func (c state) next(i billing.Invoice) string {
	act, on, ok := i.NextAct()
	on = max(on, c.today) // what was due while we were away happens with the next turn
	if !ok {
		return ""
	}
	switch act {
	case billing.Restrict:
		return c.T("If it stays unpaid, the CRM can only be read from %s.", day(c.Look, on))
	case billing.Block:
		return c.T("If it stays unpaid, the CRM is closed on %s.", day(c.Look, on))
	}
	return c.T("If it stays unpaid, the subscription ends on %s; the data is kept for some time after that.", day(c.Look, on))
}

// running says that all is well, or what is due soon.
func (c state) running() Explanation {
	if i := c.first(); i.ID != 0 && (i.Kind == billing.Renewal || i.Kind == billing.ByHand) {
		if !i.ChargeAt.IsZero() && i.Charges > 0 {
			return c.because("warn", i, c.T("The invoice %s over %s could not be charged. We try again on %s; you can also pay it now.", i.Name(), c.due(i), c.DayOf(i.ChargeAt)))
		}
		if !i.ChargeAt.IsZero() {
			return c.because("", i, c.T("The invoice %s over %s is charged on %s. You need not do anything.", i.Name(), c.due(i), day(c.Look, i.DueOn)))
		}
		return c.because("warn", i, c.T("The invoice %s over %s is due on %s.", i.Name(), c.due(i), day(c.Look, i.DueOn)))
	}
	switch {
	case c.price.Free():
		return Explanation{Kind: "good", Text: c.T("This plan is free and has no end date.")}
	case c.sub.End == 0:
		return Explanation{Kind: "good", Text: c.T("Everything is paid, once and for all.")}
	}
	return Explanation{Kind: "good", Text: c.T("Everything is paid until %s.", day(c.Look, c.sub.End-1))}
}
