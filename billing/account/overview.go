package account

import (
	"net/http"

	"rowhouse/billing"
	"rowhouse/crm/page"
	"rowhouse/crm/settings"
	"rowhouse/data/fault"
	"rowhouse/ui"
)

var overviewPage = ui.Parse[overviewSheet](files, ui.App, "overview.html", "parts.html")

// overviewSheet is all about a subscription on one page.
type overviewSheet struct {
	settings.Sheet
	State     Explanation
	Pay       string // where the invoice that mends it is paid
	Ordered   bool   // there is a subscription; otherwise the rest is empty
	Plan      planBox
	Meters    []meter
	Over      bool // more people than the plan includes
	Next      nextBox
	Method    methodBox
	Credit    string // what the customer has to the good
	Customer  billing.Customer
	Country   string
	Documents []document
}

// planBox is the plan and what is to become of it.
type planBox struct {
	Name, Price, Included string
	ID, PriceID, Seats    int64
	CanSeats, CanChange   bool
	CanCancel, Canceled   bool
	Change, ChangeOn      string // what was wished for, and from when
}

// nextBox is the invoice that comes next.
type nextBox struct {
	Amount, On, How string
	Pay             string // where it can be paid already
	Late            bool
}

func (a *Account) showOverview(w http.ResponseWriter, r *http.Request, d *page.Desk) error {
	sheet, err := begin(w, r, d, "Plan and billing", nil)
	if err != nil {
		return err
	}
	p := overviewSheet{Sheet: sheet}
	if p.State, err = Explain(r.Context(), a.books, sheet.Look, d.Site); err != nil {
		return err
	}
	if p.Meters, err = meters(r, d); err != nil {
		return err
	}
	if p.State.Invoice > 0 && p.State.Kind != "" {
		p.Pay = a.books.PayURL(p.State.Invoice)
	}
	s, err := a.books.SubscriptionOf(r.Context(), d.Site.ID)
	if fault.Is(err, fault.Missing) {
		return overviewPage.Show(w, r, p)
	}
	if err != nil {
		return err
	}
	p.Ordered = true
	if err := a.fill(r, d, s, &p); err != nil {
		return err
	}
	return overviewPage.Show(w, r, p)
}

// fill reads the parts of the overview.
func (a *Account) fill(r *http.Request, d *page.Desk, s billing.Subscription, p *overviewSheet) (err error) {
	ctx := r.Context()
	if p.Plan, err = a.planBox(r, p.Look, s); err != nil {
		return err
	}
	p.Over = len(p.Meters) > 0 && p.Meters[0].Over
	if p.Method, err = a.methodBox(r, p.Look, s); err != nil {
		return err
	}
	if p.Next, err = a.nextBox(r, p.Look, s, p.Method); err != nil {
		return err
	}
	if p.Customer, err = a.books.CustomerByID(ctx, s.Customer); err != nil {
		return err
	}
	p.Country = countryName(p.Look, p.Customer.Country)
	good, err := a.books.ToTheGood(ctx, p.Customer)
	if err != nil {
		return err
	}
	if good.Minor > 0 {
		p.Credit = p.Money(good.Minor, good.Currency)
	}
	p.Documents, err = a.documents(r, p.Look, s)
	return err
}

func (a *Account) planBox(r *http.Request, look *ui.Look, s billing.Subscription) (planBox, error) {
	ctx := r.Context()
	plan, err := a.books.PlanByID(ctx, s.Plan)
	if err != nil {
		return planBox{}, err
	}
	price, err := a.books.PriceByID(ctx, s.Price)
	if err != nil {
		return planBox{}, err
	}
	running := s.State == billing.Active || s.State == billing.Trialing
	b := planBox{Name: plan.Name, Price: priceText(look, price), ID: plan.ID, PriceID: price.ID, Seats: s.Seats, Canceled: s.CancelAtEnd,
		CanSeats: running && price.Seat >= 0 && price.ID > 0 && !s.CancelAtEnd, CanChange: running && !s.CancelAtEnd,
		CanCancel: s.State != billing.Canceled && s.State != billing.Incomplete && !s.CancelAtEnd}
	if s.Seats > 0 {
		b.Included = look.N("%d further seat", "%d further seats", int(s.Seats))
	}
	if s.NextOn == 0 {
		return b, nil
	}
	next, err := a.books.PlanByID(ctx, s.NextPlan)
	if err != nil {
		return b, err
	}
	cost, err := a.books.PriceByID(ctx, s.NextPrice)
	b.Change, b.ChangeOn = wishText(look, next, cost, s.NextSeats), day(look, s.NextOn)
	return b, err
}

// priceText is a price as people say it: €29 a month.
func priceText(look *ui.Look, p billing.Price) string {
	if p.Free() {
		return look.T("Free")
	}
	return look.Money(p.Amount.Minor, p.Amount.Currency) + " " + look.T(per[p.Interval])
}

var per = map[string]string{"month": "a month", "year": "a year", "once": "once"}

// wishText is a plan with its price and seats in a few words.
func wishText(look *ui.Look, plan billing.Plan, p billing.Price, seats int64) string {
	text := plan.Name + ", " + priceText(look, p)
	if seats > 0 {
		text += ", " + look.N("%d further seat", "%d further seats", int(seats))
	}
	return text
}

// nextBox is the renewal that is open, or the one that will be issued.
func (a *Account) nextBox(r *http.Request, look *ui.Look, s billing.Subscription, m methodBox) (nextBox, error) {
	list, err := a.books.InvoicesOf(r.Context(), s.ID, mostInvoices)
	if err != nil {
		return nextBox{}, err
	}
	today, err := a.books.Today(r.Context())
	if err != nil {
		return nextBox{}, err
	}
	for _, i := range list {
		if i.State == billing.InvoiceOpen && i.Kind == billing.Renewal {
			b := nextBox{Amount: look.Money(i.Open(), i.Currency), On: day(look, i.DueOn), Pay: a.books.PayURL(i.ID), How: look.T("You pay it by hand."), Late: i.DueOn < today}
			if !i.ChargeAt.IsZero() && m.Label != "" {
				b.How = look.T("It is charged to %s.", m.Label)
			}
			return b, nil
		}
	}
	next, err := a.books.Coming(r.Context(), s)
	if err != nil || next.On == 0 {
		return nextBox{}, err
	}
	b := nextBox{Amount: look.Money(next.Quote.Total, next.Quote.Currency), On: day(look, next.On), How: look.T("You get an invoice some days before and pay it by hand.")}
	if m.Label != "" {
		b.How = look.T("It is charged to %s.", m.Label)
	}
	return b, nil
}

// keepPlan takes a change back that was to come.
func (a *Account) keepPlan(w http.ResponseWriter, r *http.Request, d *page.Desk, s billing.Subscription) error {
	if err := bare(w, r); err != nil {
		return err
	}
	if err := a.books.KeepPlan(r.Context(), s.ID, d.Person.Email); err != nil {
		return err
	}
	return done(w, r, home, "Everything stays as it is.")
}
