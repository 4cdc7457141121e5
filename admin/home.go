package admin

import (
	"net/http"
	"strings"

	"rowhouse/billing"
	"rowhouse/ui"
)

var homePage = ui.Parse[homeSheet](files, ui.App, "home.html")

// homeSheet is the panel's first page: numbers that lead to what they count.
type homeSheet struct {
	ui.Frame
	billing.Figures
	MRR, ARR, Owed string
	Red            int
	States         []tab
	Alerts         []billing.Alert
}

// LateCount is how many invoices are overdue.
func (s homeSheet) LateCount() int { return int(s.Late) }

func (p *Panel) home(w http.ResponseWriter, r *http.Request) error {
	page := homeSheet{Frame: p.frame(w, r, "Dashboard", "/admin")}
	var err error
	if page.Figures, err = p.Billing.Figures(r.Context()); err != nil {
		return err
	}
	red, err := p.Billing.Audit(r.Context())
	if err != nil {
		return err
	}
	if page.Alerts, err = p.Billing.Alerts(r.Context(), 5); err != nil {
		return err
	}
	page.Red = len(red)
	var months, years, owed []string
	for _, a := range page.Monthly {
		months, years = append(months, page.Money(a.Minor, a.Currency)), append(years, page.Money(12*a.Minor, a.Currency))
	}
	for _, a := range page.Overdue {
		owed = append(owed, page.Money(a.Minor, a.Currency))
	}
	page.MRR, page.ARR, page.Owed = sums(months), sums(years), sums(owed)
	for _, s := range states {
		page.States = append(page.States, tab{Label: page.T(stateWords[s]), URL: "/admin/tenants?state=" + string(s), Count: page.Tenants[string(s)]})
	}
	return homePage.Show(w, r, page)
}

// sums says amounts in several currencies; none is a zero.
func sums(all []string) string {
	if len(all) == 0 {
		return "0"
	}
	return strings.Join(all, " + ")
}
