package shop

import (
	"slices"

	"rowhouse/billing"
	"rowhouse/tenant"
)

// offer shows a plan on a page.
func (p *page) offer(plan billing.Plan) offer {
	o := offer{Plan: plan, page: p}
	if plan.Highlighted {
		o.Flag = p.T("Our suggestion")
	}
	return o
}

// offer is a plan as pages show it.
type offer struct {
	billing.Plan
	page  *page
	Flag  string  // over the card, or empty
	Only  bool    // there is no other plan
	below []offer // the plans before it on the page
}

// Open tells whether the plan can be had now.
func (o offer) Open() bool { return o.Plan.Sold() && !o.page.Texts.Closed }

// choice is a price that can be chosen.
type choice struct {
	Interval, Label string
	Chosen          bool
}

// Choices are the prices of the plan; the one of an interval, or else the first, is chosen.
func (o offer) Choices(interval string) []choice {
	var list []choice
	chosen, _ := o.PriceFor(interval)
	for _, p := range o.Prices {
		label := o.page.Money(p.Amount.Minor, p.Amount.Currency) + " " + o.page.T(per[p.Interval])
		list = append(list, choice{p.Interval, label, p.ID == chosen.ID})
	}
	return list
}

// Trial says how long the plan can be tried, or nothing.
func (o offer) Trial() string {
	if o.TrialDays == 0 || o.Plan.Free() {
		return ""
	}
	return o.page.N("%d day to try it first", "%d days to try it first", o.TrialDays)
}

// Mailto is where to write to about the plan, or empty.
func (o offer) Mailto() string { return o.page.Texts.Mailto() }

// Say says words of the plan in the visitor's language.
func (o offer) Say(words string) string { return o.page.T(words) }

// Has tells whether a feature stands among those of the plan, or of one that it has everything of.
func (o offer) Has(feature string) bool {
	if slices.Contains(o.Features, feature) {
		return true
	}
	for _, other := range o.below {
		if slices.Contains(o.Features, other.everything()) && other.Has(feature) {
			return true
		}
	}
	return false
}

// everything is how a plan says that it has all of this one.
func (o offer) everything() string { return "Everything in " + o.Name }

// Sum is the price in big letters, Per what it is for.
func (o offer) Sum() string {
	switch {
	case o.Plan.Free():
		return o.page.T("Free")
	case len(o.Prices) == 0:
		return o.page.T("On request")
	}
	return o.page.Money(o.Prices[0].Amount.Minor, o.Prices[0].Amount.Currency)
}

// Per is what the price in big letters is for.
func (o offer) Per() string {
	switch {
	case o.Plan.Free():
		return o.page.T("without an end date")
	case len(o.Prices) == 0:
		return ""
	}
	return o.page.T(per[o.Prices[0].Interval])
}

var per = map[string]string{"month": "a month", "year": "a year", "once": "once"}

// Also are the other prices, each in a few words.
func (o offer) Also() []string {
	var more []string
	for i, p := range o.Prices {
		if i > 0 && !o.Plan.Free() {
			more = append(more, o.page.T("or %s %s", o.page.Money(p.Amount.Minor, p.Amount.Currency), o.page.T(per[p.Interval])))
		}
	}
	return more
}

// StaffText says how many people can work with the plan.
func (o offer) StaffText() string {
	if o.Staff == tenant.Unlimited {
		return o.page.T("Any number of colleagues")
	}
	return o.page.N("%d person can work in it", "%d people can work in it", int(o.Staff))
}

// RoomText says how much room the plan has for files.
func (o offer) RoomText() string {
	if o.Room == tenant.Unlimited {
		return o.page.T("Any amount of files")
	}
	return o.page.T("%s of room for files", o.page.Size(o.Room))
}

// Seats and Space are the same in a table.
func (o offer) Seats() string {
	if o.Staff == tenant.Unlimited {
		return o.page.T("unlimited")
	}
	return o.page.Number(o.Staff)
}

// Space is the room for files in a table.
func (o offer) Space() string {
	if o.Room == tenant.Unlimited {
		return o.page.T("unlimited")
	}
	return o.page.Size(o.Room)
}
