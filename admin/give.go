package admin

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"rowhouse/billing"
	"rowhouse/data/fault"
	"rowhouse/ui"
)

var givePage = ui.Parse[giveSheet](files, ui.App, "give.html", "parts.html")

// giveSheet is the page on which a tenant is given a plan: the choice, and what it would cost.
type giveSheet struct {
	ui.Frame
	Tenant, Company string
	Choice          box
	Chosen          *given
	Problem         string
}

// given is a choice that can be confirmed.
type given struct {
	billing.Preview
	Text               string // the plan in words
	Offer, How, Reason string
	Free               bool
	When               string // when it counts, in a sentence
}

// On says a day of the books.
func (s giveSheet) On(d billing.Day) string { return s.Look.Day(d.String()) }

// Span says a period by its first and its last day; to is the day behind it.
func (s giveSheet) Span(from, to billing.Day) string { return span(s.Look, from, to) }

// TaxText says what a sum of tax is.
func (s giveSheet) TaxText(l billing.Line) string { return billing.TaxText(s.Look, l) }

func (p *Panel) givePage(w http.ResponseWriter, r *http.Request) error {
	return p.giveWith(w, r, http.StatusOK, r.URL.Query(), nil)
}

func (p *Panel) giveWith(w http.ResponseWriter, r *http.Request, status int, typed url.Values, problem *fault.Fault) error {
	t, err := p.Tenants.ByName(r.Context(), r.PathValue("name"))
	if err != nil {
		return err
	}
	page := giveSheet{Frame: p.below(w, r, "Give a plan", "Tenants", "/admin/tenants"), Tenant: t.Name, Company: t.Company}
	page.Crumbs = append(page.Crumbs, ui.Item{Label: t.Company, URL: "/admin/tenants/" + t.Name})
	if page.Choice, err = p.giveForm(r, page.Look, t.Name, typed); err != nil {
		return err
	}
	if typed.Get("offer") != "" && problem == nil {
		var bad *fault.Fault
		if page.Chosen, bad, err = p.chosen(r, page.Look, t.Name, typed); err != nil {
			return err
		}
		problem = bad
	}
	if problem != nil {
		page.Problem = page.T(problem.Format, problem.Args...)
	}
	return givePage.ShowAs(w, r, status, page)
}

// giveForm is the choice: every plan with each of its prices, and free of charge.
func (p *Panel) giveForm(r *http.Request, look *ui.Look, name string, typed url.Values) (box, error) {
	plans, err := p.Billing.PlanRows(r.Context())
	if err != nil {
		return box{}, err
	}
	var offers []option
	for _, plan := range plans {
		for _, price := range plan.Prices {
			wish := billing.Wish{Plan: plan.Plan, Price: price}
			offers = append(offers, option{Value: fmt.Sprintf("%d/%d", plan.ID, price.ID), Label: wish.PlanText(look) + ": " + look.Money(price.Amount.Minor, price.Amount.Currency)})
		}
		offers = append(offers, option{Value: fmt.Sprintf("%d/0", plan.ID), Label: billing.Wish{Plan: plan.Plan}.PlanText(look)})
	}
	chosen := typed.Get("offer")
	if chosen == "" {
		chosen = p.offerNow(r, name)
	}
	hows := []option{{Value: "now", Label: look.T("At once: what is not used is given back")}, {Value: "renewal", Label: look.T("From the next period on")}}
	seats := typed.Get("seats")
	if seats == "" {
		seats = "0"
	}
	return box{Look: look, ID: "give", Action: "/admin/tenants/" + name + "/plan", Inputs: []input{
		{Name: "offer", Label: "Plan and price", Kind: "select", Options: choose(offers, chosen), Wide: true},
		{Name: "seats", Label: "Further seats", Kind: "number", Value: seats, Hint: "Beyond those of the plan."},
		{Name: "how", Label: "When it is charged", Kind: "select", Options: choose(hows, typed.Get("how")), Hint: "Free of charge counts at once."}}}, nil
}

// offerNow is what a tenant has, as the choice names it.
func (p *Panel) offerNow(r *http.Request, name string) string {
	t, err := p.Tenants.ByName(r.Context(), name)
	if err != nil {
		return ""
	}
	s, err := p.Billing.SubscriptionOf(r.Context(), t.ID)
	if err != nil {
		return ""
	}
	return fmt.Sprintf("%d/%d", s.Plan, s.Price)
}

// chosen works out what a choice costs. What the host can correct comes as a fault of its own.
func (p *Panel) chosen(r *http.Request, look *ui.Look, name string, typed url.Values) (*given, *fault.Fault, error) {
	g, err := p.readGiven(r, typed)
	var preview billing.Preview
	if err == nil {
		preview, err = p.Billing.GivenPreview(r.Context(), name, g)
	}
	if f := fault.Of(err); err != nil && f.Kind != fault.Ours {
		return nil, f, nil
	}
	if err != nil {
		return nil, nil, err
	}
	c := &given{Preview: preview, Text: g.PlanText(look), Offer: typed.Get("offer"), How: typed.Get("how"), Free: g.How == billing.WithoutCost}
	switch {
	case c.Free:
		c.When = look.T("It counts at once. Nothing is ever to be paid for it, and open invoices are taken back.")
	case !preview.Now:
		c.When = look.T("It counts from %s on, with the invoice of that day.", look.Day(preview.On.String()))
	case preview.Quote.Total == 0:
		c.When = look.T("It counts at once.")
	default:
		c.When = look.T("A saved method is charged at once. Without one the customer gets the invoice by letter. The plan counts when it is paid.")
	}
	return c, nil, nil
}

// readGiven reads a choice. The error is a fault.Invalid for what cannot be chosen.
func (p *Panel) readGiven(r *http.Request, typed url.Values) (billing.Given, error) {
	planText, priceText, _ := strings.Cut(typed.Get("offer"), "/")
	plan, errPlan := strconv.ParseInt(planText, 10, 64)
	price, errPrice := strconv.ParseInt(priceText, 10, 64)
	seats, errSeats := strconv.ParseInt("0"+typed.Get("seats"), 10, 64)
	if errPlan != nil || errPrice != nil {
		return billing.Given{}, fault.New(fault.Invalid, "Please choose a plan and one of its prices.")
	}
	if errSeats != nil {
		return billing.Given{}, fault.New(fault.Invalid, "Please enter a whole number.")
	}
	g := billing.Given{How: billing.WithoutCost}
	g.Seats = seats
	var err error
	if g.Plan, err = p.Billing.PlanByID(r.Context(), plan); err != nil {
		return g, err
	}
	if price == 0 {
		return g, nil
	}
	g.How = billing.How(typed.Get("how"))
	g.Price, err = p.Billing.PriceByID(r.Context(), price)
	return g, err
}

func (p *Panel) give(w http.ResponseWriter, r *http.Request) error {
	name, look := r.PathValue("name"), ui.LookOf(r)
	return p.take(w, r, post{right: mayServe, names: []string{"offer", "seats", "how", "total"},
		page: func(w http.ResponseWriter, r *http.Request, status int, bad *refused) error {
			return p.giveWith(w, r, status, bad.typed, bad.fault)
		},
		act: func(form url.Values) (string, string, error) {
			to := "/admin/tenants/" + name
			g, err := p.readGiven(r, form)
			if err != nil {
				return "", to, err
			}
			g.Agreed, _ = strconv.ParseInt(form.Get("total"), 10, 64) // another total than the preview's is refused
			i, err := p.Billing.Give(r.Context(), name, g, actor(r))
			if err == nil && i.State == billing.InvoiceOpen {
				return look.T("The invoice is on its way. The plan counts when it is paid."), "/admin/invoices/" + strconv.FormatInt(i.ID, 10), nil
			}
			return look.T("The plan is given."), to, err
		}})
}
