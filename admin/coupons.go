package admin

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"rowhouse/billing"
	"rowhouse/data/money"
	"rowhouse/ui"
)

var couponsPage = ui.Parse[couponList](files, ui.App, "coupons.html", "parts.html")

type couponList struct {
	ui.Frame
	Rows []billing.Coupon
	Form box
}

// Worth says what a coupon takes off.
func (l couponList) Worth(c billing.Coupon) string {
	if c.Percent > 0 {
		return percent(c.Percent)
	}
	return l.Money(c.Amount, c.Currency)
}

// percent says basis points as a share.
func percent(points int64) string {
	s := money.Amount{Minor: points, Currency: "EUR"}.Decimal() // hundredths, as cents are
	return strings.TrimSuffix(strings.TrimRight(s, "0"), ".") + " %"
}

// points reads a share like 19 or 8.1 as basis points.
func points(s string) (int64, error) {
	a, err := money.Parse(strings.TrimSuffix(strings.TrimSpace(s), "%"), "EUR")
	return a.Minor, err
}

// Long says for how many invoices a coupon is good.
func (l couponList) Long(c billing.Coupon) string {
	if c.Cycles == 0 {
		return l.T("All invoices")
	}
	return l.N("%d invoice", "%d invoices", int(c.Cycles))
}

// Span says on which days a coupon can be used.
func (l couponList) Span(c billing.Coupon) string {
	switch {
	case c.StartsOn > 0 && c.EndsOn > 0:
		return l.Day(c.StartsOn.String()) + " – " + l.Day(c.EndsOn.String())
	case c.EndsOn > 0:
		return l.T("until %s", l.Day(c.EndsOn.String()))
	case c.StartsOn > 0:
		return l.T("from %s", l.Day(c.StartsOn.String()))
	}
	return ""
}

func (p *Panel) coupons(w http.ResponseWriter, r *http.Request) error {
	return p.couponsWith(w, r, http.StatusOK, nil)
}

func (p *Panel) couponsWith(w http.ResponseWriter, r *http.Request, status int, bad *refused) error {
	page := couponList{Frame: p.frame(w, r, "Coupons", "/admin/coupons")}
	var err error
	if page.Rows, err = p.Billing.Coupons(r.Context()); err != nil {
		return err
	}
	form, err := p.couponForm(r, page.Look)
	page.Form = form.again(bad)
	if err != nil {
		return err
	}
	return couponsPage.ShowAs(w, r, status, page)
}

func (p *Panel) couponForm(r *http.Request, look *ui.Look) (box, error) {
	plans, err := p.Billing.PlanRows(r.Context())
	if err != nil {
		return box{}, err
	}
	seller, err := p.Billing.Seller(r.Context())
	if err != nil {
		return box{}, err
	}
	var some []option
	for _, plan := range plans {
		some = append(some, option{Value: strconv.FormatInt(plan.ID, 10), Label: plan.Name})
	}
	return box{Look: look, ID: "coupon", Action: "/admin/coupons", Label: "New coupon", Hint: "Each customer can use it once. Enter a share or an amount.", Button: look.T("Create"), Inputs: []input{
		{Name: "code", Label: "Code", Required: true, Most: 40, Hint: "Small and capital letters are the same."}, {Name: "percent", Label: "Share", Unit: "%", Most: 8},
		{Name: "amount", Label: "Amount", Most: 20}, {Name: "currency", Label: "Currency", Kind: "select", Options: choose(currencies(), seller.Currency)},
		{Name: "cycles", Label: "For how many invoices", Kind: "number", Value: "1", Hint: "0 is for all."}, {Name: "most", Label: "How often altogether", Kind: "number", Hint: "Empty is without end."},
		{Name: "starts_on", Label: "From", Kind: "date"}, {Name: "ends_on", Label: "Last day", Kind: "date"},
		{Name: "plans", Label: "For these plans", Kind: "checks", Options: some, Hint: "None chosen: all."}}}, nil
}

func (p *Panel) addCoupon(w http.ResponseWriter, r *http.Request) error {
	look := ui.LookOf(r)
	return p.take(w, r, post{right: maySell, form: "coupon", names: []string{"code", "percent", "amount", "currency", "cycles", "most", "starts_on", "ends_on", "plans[]"}, page: p.couponsWith,
		act: func(form url.Values) (string, string, error) {
			c, err := readCoupon(form)
			if err != nil {
				return "", "", err
			}
			return look.T("The coupon %s can be used.", c.Code), "/admin/coupons", p.Billing.AddCoupon(r.Context(), c, actor(r))
		}})
}

func readCoupon(form url.Values) (billing.Coupon, error) {
	bad := ui.Problems{}
	c := billing.Coupon{Code: strings.TrimSpace(form.Get("code")), Cycles: readWhole(form, "cycles", bad), Most: readWhole(form, "most", bad),
		StartsOn: dayOr(form.Get("starts_on"), 0), EndsOn: dayOr(form.Get("ends_on"), 0), Plans: strings.Join(form["plans[]"], ",")}
	if strings.Trim(c.Plans, "0123456789,") != "" {
		bad.Add("plans", "Please choose plans of the list.")
	}
	if s := form.Get("percent"); s != "" {
		n, err := points(s)
		if err != nil {
			bad["percent"] = err
		}
		c.Percent = n
	}
	if s := form.Get("amount"); s != "" {
		a, err := money.Parse(s, form.Get("currency"))
		if err != nil {
			bad["amount"] = err
		}
		c.Amount, c.Currency = a.Minor, a.Currency
	}
	return c, bad.Err()
}

func (p *Panel) turnCoupon(w http.ResponseWriter, r *http.Request) error {
	look := ui.LookOf(r)
	return p.take(w, r, post{right: maySell, names: []string{"on"}, act: func(form url.Values) (string, string, error) {
		said := look.T("It can no longer be used. Whoever has it keeps it.")
		if form.Get("on") == "1" {
			said = look.T("It can be used again.")
		}
		return said, "/admin/coupons", p.Billing.TurnCoupon(r.Context(), number(r), form.Get("on") == "1", actor(r))
	}})
}
