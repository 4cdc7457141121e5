package shop

import (
	"context"
	"database/sql"
	"net/http"

	"rowhouse/billing"
	"rowhouse/data/fault"
	"rowhouse/tenant"
	"rowhouse/ui"
)

// checkPaid says what is wrong with what a plan with a price asks for.
func (s *Shop) checkPaid(ctx context.Context, o *order) error {
	if o.Plan.Free() {
		o.Interval, o.Country, o.TaxID, o.Coupon = "", "", "", ""
		return nil
	}
	p := ui.Problems{}
	price, ok := o.Plan.PriceFor(o.Interval)
	if !ok && o.Interval != "" {
		p.Add("interval", "Please choose how you pay.")
	}
	o.Interval = price.Interval
	c := billing.Customer{Email: o.Email, Name: o.Person, Company: o.Company, Country: o.Country, TaxID: o.TaxID}
	if o.Country == "" {
		p.Add("country", "Please choose a country.")
	} else if number, err := billing.CheckTaxID(o.TaxID, o.Country); err != nil {
		p["tax_id"] = err
	} else {
		o.TaxID = number
	}
	if _, err := s.QuoteFor(ctx, c, o.Plan, price, 0, o.Coupon); fault.Is(err, fault.Invalid) {
		p["coupon"] = err
	} else if err != nil {
		return err
	}
	return p.Err()
}

// customer is who orders.
func (u signup) customer() billing.Customer {
	return billing.Customer{Email: u.Email, Name: u.Person, Company: u.Company, Country: u.Country, TaxID: u.TaxID, Language: u.Language}
}

// buy orders the plan of a registration whose e-mail address is proven: what is free or begins with a trial is set up at once.
func (s *Shop) buy(ctx context.Context, tx *sql.Tx, u signup) error {
	chosen, err := billing.PlanIn(ctx, tx, u.Plan)
	if err != nil {
		return err
	}
	price, ok := chosen.PriceFor(u.Interval)
	if !ok {
		return fault.New(fault.Gone, "This plan cannot be ordered any more. Please choose another one.")
	}
	p := billing.Purchase{Tenant: u.Tenant, Customer: u.customer(), Plan: chosen, Price: price, Coupon: u.Coupon}
	_, err = s.Buy(ctx, tx, p)
	if fault.Is(err, fault.Invalid) && u.Coupon != "" { // it has run out since the form was sent; the pay page shows the price
		p.Coupon = ""
		_, err = s.Buy(ctx, tx, p)
	}
	return err
}

// toPay leads to the page on which the order of a registration is paid, or its way to pay is saved for after the trial.
func (s *Shop) toPay(w http.ResponseWriter, r *http.Request, p registrationPage, t tenant.Tenant) error {
	sub, err := s.SubscriptionOf(r.Context(), t.ID)
	if err != nil {
		return s.ended(w, r, errEnded)
	}
	if sub.TrialDays > 0 {
		return ui.Back(w, r, s.MethodPath(sub.ID))
	}
	open, err := s.InvoicesOf(r.Context(), sub.ID, 1)
	if err != nil {
		return err
	}
	if len(open) == 0 || open[0].State == billing.InvoiceVoid {
		return s.ended(w, r, errEnded)
	}
	return ui.Back(w, r, s.PayPath(open[0].ID))
}

// ToPay is what is to be paid now.
func (p registrationPage) ToPay() string {
	if p.Plan.Free() {
		return p.T("Nothing")
	}
	if p.Plan.TrialDays > 0 {
		return p.T("Nothing for now")
	}
	return p.Money(p.Quote.Total, p.Quote.Currency)
}

// ToPay is what the plan costs, before anybody has said where they live.
func (p formPage) ToPay() string {
	if p.Plan.Free() {
		return p.T("Nothing")
	}
	price, _ := p.Plan.PriceFor(p.Typed.Interval)
	return p.Money(price.Amount.Minor, price.Amount.Currency)
}

// After says what comes after the first payment.
func (p registrationPage) After() string {
	switch p.Price.Interval {
	case "month":
		return p.T("It renews every month until you cancel, which takes two clicks.")
	case "year":
		return p.T("It renews every year until you cancel, which takes two clicks.")
	}
	return p.T("It is paid once and does not renew.")
}

// TaxText says what a tax is.
func (p registrationPage) TaxText(l billing.Line) string { return billing.TaxText(p.Look, l) }
