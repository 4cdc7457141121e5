package account

import (
	"net/http"
	"net/url"
	"strconv"

	"rowhouse/billing"
	"rowhouse/crm/page"
	"rowhouse/crm/settings"
	"rowhouse/data/fault"
	"rowhouse/tenant"
	"rowhouse/ui"
)

var plansPage = ui.Parse[plansSheet](files, ui.App, "plans.html", "parts.html")

// plansSheet is what can be had instead, or again.
type plansSheet struct {
	settings.Sheet
	Lead      string
	Intervals []ui.Item
	Cards     []card
	Action    string // where the choice leads
	Button    string
}

// card is one plan with the price of an interval.
type card struct {
	billing.Plan
	Sum, Per, People, Space string
	Price                   billing.Price
	PerSeat                 string
	Seats                   int64
	Current, Ask            bool // Ask: it is sold by talking to the host
}

func (a *Account) showPlans(w http.ResponseWriter, r *http.Request, d *page.Desk, s billing.Subscription) error {
	if s.State == billing.Canceled || s.State == billing.Unpaid {
		return ui.Back(w, r, home+"/start")
	}
	return a.drawPlans(w, r, d, s, nil)
}

// drawPlans shows the public plans, as the page with the prices does.
func (a *Account) drawPlans(w http.ResponseWriter, r *http.Request, d *page.Desk, s billing.Subscription, failed error) error {
	sheet, err := begin(w, r, d, "Change the plan", failed)
	if err != nil {
		return err
	}
	p := plansSheet{Sheet: sheet, Action: home + "/plan", Button: sheet.T("See what it costs"),
		Lead: sheet.T("You see exactly what is charged and when before anything happens. More takes effect at once, less at the end of what is paid for.")}
	if p.Cards, p.Intervals, err = a.cards(r, sheet.Look, s, home+"/plans"); err != nil {
		return err
	}
	return plansPage.ShowAs(w, r, sheet.Status, p)
}

// cards are the public plans at the prices of the interval that the address names, or else that of now.
func (a *Account) cards(r *http.Request, look *ui.Look, s billing.Subscription, at string) ([]card, []ui.Item, error) {
	plans, err := a.books.Plans(r.Context())
	if err != nil {
		return nil, nil, err
	}
	own, err := a.books.PriceByID(r.Context(), s.Price)
	if err != nil {
		return nil, nil, err
	}
	interval := r.URL.Query().Get("interval")
	if interval == "" {
		interval = own.Interval
	}
	if per[interval] == "" {
		interval = "month"
	}
	known := map[string]bool{}
	var list []card
	for _, plan := range plans {
		for _, p := range plan.Prices {
			known[p.Interval] = known[p.Interval] || !p.Free()
		}
		list = append(list, newCard(look, plan, s, interval))
	}
	return list, intervals(look, known, interval, at), nil
}

var intervalNames = []struct{ value, label string }{{"month", "Monthly"}, {"year", "Yearly"}, {"once", "Once"}}

// intervals is the switch between the prices by month and by year, if there are both.
func intervals(look *ui.Look, known map[string]bool, chosen, at string) []ui.Item {
	var list []ui.Item
	for _, i := range intervalNames {
		if known[i.value] {
			list = append(list, ui.Item{Label: look.T(i.label), URL: at + "?interval=" + i.value, Current: i.value == chosen})
		}
	}
	if len(list) < 2 {
		return nil
	}
	return list
}

func newCard(look *ui.Look, plan billing.Plan, s billing.Subscription, interval string) card {
	price, _ := plan.PriceFor(interval)
	c := card{Plan: plan, Price: price, Ask: !plan.Sold(), Sum: look.T("On request"), Current: plan.ID == s.Plan, People: people(look, plan.Staff)}
	if c.Space = look.T("Any amount of files"); plan.Room != tenant.Unlimited {
		c.Space = look.T("%s of room for files", look.Size(plan.Room))
	}
	switch {
	case c.Ask:
		return c
	case price.Free():
		c.Sum, c.Per = look.T("Free"), look.T("without an end date")
	default:
		c.Sum, c.Per = look.Money(price.Amount.Minor, price.Amount.Currency), look.T(per[price.Interval])
	}
	if price.Seat >= 0 {
		c.PerSeat, c.Seats = look.T("%s for each further seat", look.Money(price.Seat, price.Amount.Currency)), s.Seats
	}
	return c
}

func people(look *ui.Look, n int64) string {
	if n == tenant.Unlimited {
		return look.T("Any number of colleagues")
	}
	return look.N("%d person can work in it", "%d people can work in it", int(n))
}

// wish reads a plan, a price and seats from a form or an address.
func (a *Account) wish(r *http.Request, v url.Values) (w billing.Wish, err error) {
	if w.Plan, err = a.books.PlanByID(r.Context(), number(v.Get("plan"))); err != nil {
		return w, err
	}
	if err := a.onOffer(r, w.Plan); err != nil {
		return w, err
	}
	if w.Seats, err = strconv.ParseInt(v.Get("seats"), 10, 64); err != nil || w.Seats < 0 {
		return w, fault.New(fault.Invalid, "Please enter the number of seats as a whole number.")
	}
	w.Price, err = a.books.PriceByID(r.Context(), number(v.Get("price")))
	return w, err
}

// onOffer refuses plans that are for somebody else: what they cost is nobody's business. One's own is always there.
func (a *Account) onOffer(r *http.Request, p billing.Plan) error {
	if p.Visibility == billing.Public || p.Visibility == billing.Link {
		return nil
	}
	s, err := a.books.SubscriptionOf(r.Context(), tenant.Of(r).ID)
	if err == nil && s.Plan != p.ID {
		err = fault.New(fault.Missing, "There is no such plan.")
	}
	return err
}

// query is a wish in an address.
func query(w billing.Wish) string {
	return url.Values{"plan": {strconv.FormatInt(w.Plan.ID, 10)}, "price": {strconv.FormatInt(w.Price.ID, 10)}, "seats": {strconv.FormatInt(w.Seats, 10)}}.Encode()
}
