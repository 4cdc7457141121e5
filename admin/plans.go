package admin

import (
	"net/http"
	"net/url"
	"strconv"

	"rowhouse/billing"
	"rowhouse/data/fault"
	"rowhouse/data/money"
	"rowhouse/tenant"
	"rowhouse/ui"
)

var plansPage = ui.Parse[planList](files, ui.App, "plans.html")

type planList struct {
	ui.Frame
	Rows []planRow
}

// planRow is a plan with its words.
type planRow struct {
	billing.PlanRow
	Seen        string // who sees it
	Hue         int
	Staff, Room string
	First, Last bool
}

var visibilityWords = map[billing.Visibility]string{billing.Public: "On the price page", billing.Link: "By its address only", billing.Hidden: "Hidden", billing.Retired: "Retired"}

var visibilityHues = map[billing.Visibility]int{billing.Public: 4, billing.Link: 7, billing.Hidden: 11, billing.Retired: 1}

// Cost says a price in a few words.
func (l planList) Cost(p billing.Price) string { return priceText(l.Look, p) }

func priceText(look *ui.Look, p billing.Price) string {
	amount := look.Money(p.Amount.Minor, p.Amount.Currency)
	switch p.Interval {
	case "month":
		return look.T("%s a month", amount)
	case "year":
		return look.T("%s a year", amount)
	}
	return look.T("%s once", amount)
}

// limitWord says a limit: unlimited, or the number in words.
func limitWord(look *ui.Look, n int64, say func(int64) string) string {
	if n == tenant.Unlimited {
		return look.T("Unlimited")
	}
	return say(n)
}

func (p *Panel) plans(w http.ResponseWriter, r *http.Request) error {
	found, err := p.Billing.PlanRows(r.Context())
	if err != nil {
		return err
	}
	page := planList{Frame: p.frame(w, r, "Plans and prices", "/admin/plans")}
	for n, plan := range found {
		page.Rows = append(page.Rows, planRow{PlanRow: plan, Seen: page.T(visibilityWords[plan.Visibility]), Hue: visibilityHues[plan.Visibility], Staff: limitWord(page.Look, plan.Staff, page.Number),
			Room: limitWord(page.Look, plan.Room, page.Size), First: n == 0, Last: n == len(found)-1})
	}
	return plansPage.Show(w, r, page)
}

func (p *Panel) movePlan(w http.ResponseWriter, r *http.Request) error {
	return p.take(w, r, post{right: maySell, names: []string{"up"}, act: func(form url.Values) (string, string, error) {
		return ui.LookOf(r).T("Moved"), "/admin/plans", p.Billing.MovePlan(r.Context(), number(r), form.Get("up") == "1", actor(r))
	}})
}

// priceForm is a new price of a plan.
func priceForm(look *ui.Look, plan int64, currency string) box {
	intervals := []option{{Value: "month", Label: look.T("By the month")}, {Value: "year", Label: look.T("By the year")}, {Value: "once", Label: look.T("Once and for all")}}
	return box{Look: look, ID: "prices", Action: "/admin/plans/" + strconv.FormatInt(plan, 10) + "/prices", Label: "Add a price",
		Hint: "A price never changes. A new one takes the place of that for the same currency and time; whoever has the old one keeps it.", Button: look.T("Add"), Inputs: []input{
			{Name: "amount", Label: "Amount", Hint: "0 is free.", Required: true, Most: 20}, {Name: "currency", Label: "Currency", Kind: "select", Options: choose(currencies(), currency)},
			{Name: "interval", Label: "Paid", Kind: "select", Options: choose(intervals, "month")}, {Name: "seat", Label: "For each further seat", Hint: "Empty: no more seats can be had.", Most: 20},
			{Name: "setup", Label: "Setting up, once", Most: 20}, {Name: "inclusive", Label: "The tax is in these amounts", Kind: "check"}}}
}

func (p *Panel) addPrice(w http.ResponseWriter, r *http.Request) error {
	look := ui.LookOf(r)
	return p.take(w, r, post{right: maySell, form: "prices", names: priceForm(look, 0, "").names(), page: p.planWith, act: func(form url.Values) (string, string, error) {
		price, err := readPrice(form)
		if err != nil {
			return "", "", err
		}
		price.Plan = number(r)
		return look.T("The price is offered from now on."), "/admin/plans/" + r.PathValue("id"), p.Billing.AddPrice(r.Context(), price, actor(r))
	}})
}

// readPrice reads the amounts of a price. The error is a fault.Invalid with the field.
func readPrice(form url.Values) (billing.Price, error) {
	p := billing.Price{Interval: form.Get("interval"), Seat: billing.NoSeats, Inclusive: form.Get("inclusive") != ""}
	var err error
	if p.Amount, err = money.Parse(form.Get("amount"), form.Get("currency")); err != nil {
		return p, about("amount", err)
	}
	for field, to := range map[string]*int64{"seat": &p.Seat, "setup": &p.Setup} {
		if form.Get(field) == "" {
			continue
		}
		a, err := money.Parse(form.Get(field), p.Amount.Currency)
		if err != nil {
			return p, about(field, err)
		}
		if *to = a.Minor; a.Minor < 0 {
			return p, about(field, fault.New(fault.Invalid, "Please enter amounts from 0 on."))
		}
	}
	return p, nil
}

func (p *Panel) retirePrice(w http.ResponseWriter, r *http.Request) error {
	onPlan := func(w http.ResponseWriter, r *http.Request, status int, bad *refused) error {
		r.SetPathValue("id", bad.typed.Get("plan")) // the page of the plan, not of the price
		return p.planWith(w, r, status, bad)
	}
	return p.take(w, r, post{right: maySell, form: "retirement", names: []string{"plan"}, page: onPlan, act: func(form url.Values) (string, string, error) {
		to := "/admin/plans"
		if id, err := strconv.ParseInt(form.Get("plan"), 10, 64); err == nil {
			to += "/" + strconv.FormatInt(id, 10)
		}
		return ui.LookOf(r).T("The price is no longer offered. Whoever has it keeps it."), to, p.Billing.RetirePrice(r.Context(), number(r), actor(r))
	}})
}
