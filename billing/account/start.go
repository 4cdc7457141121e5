package account

import (
	"net/http"

	"rowhouse/billing"
	"rowhouse/crm/page"
	"rowhouse/crm/settings"
	"rowhouse/ui"
)

var startPage = ui.Parse[startSheet](files, ui.App, "start.html", "parts.html")

// startSheet is the last look before a subscription begins again.
type startSheet struct {
	settings.Sheet
	Lead    string
	Wish    billing.Wish
	Choices []billing.Choice // how it can be paid; none: it is free
	Chosen  string
	Exceeds []string
}

// showStart shows the plans; with one chosen, how it is paid.
func (a *Account) showStart(w http.ResponseWriter, r *http.Request, d *page.Desk, s billing.Subscription) error {
	if s.State != billing.Canceled && s.State != billing.Unpaid {
		return ui.Back(w, r, home)
	}
	if r.URL.Query().Get("plan") == "" {
		return a.drawAgain(w, r, d, s, nil)
	}
	want, err := a.wish(r, r.URL.Query())
	if err != nil {
		return err
	}
	return a.drawStart(w, r, d, s, want, "", nil)
}

// drawAgain shows the plans with which it can begin again.
func (a *Account) drawAgain(w http.ResponseWriter, r *http.Request, d *page.Desk, s billing.Subscription, failed error) error {
	sheet, err := begin(w, r, d, "Start again", failed)
	if err != nil {
		return err
	}
	p := plansSheet{Sheet: sheet, Action: home + "/start", Button: sheet.T("Choose"), Lead: sheet.T("Everything is as you left it. The first period begins on the day on which you pay; nothing is charged for the time in which the CRM was closed.")}
	if p.Cards, p.Intervals, err = a.cards(r, sheet.Look, s, home+"/start"); err != nil {
		return err
	}
	return plansPage.ShowAs(w, r, sheet.Status, p)
}

func (a *Account) drawStart(w http.ResponseWriter, r *http.Request, d *page.Desk, s billing.Subscription, want billing.Wish, chosen string, failed error) error {
	sheet, err := begin(w, r, d, "Start again", failed)
	if err != nil {
		return err
	}
	p := startSheet{Sheet: sheet, Lead: wishText(sheet.Look, want.Plan, want.Price, want.Seats), Wish: want, Chosen: chosen}
	if !want.Price.Free() {
		if p.Choices, err = a.books.Choices(r.Context(), want.Plan, want.Price.Amount); err != nil {
			return err
		}
	}
	if chosen == "" && len(p.Choices) > 0 {
		p.Chosen = p.Choices[0].Name
	}
	if p.Exceeds, _, err = exceeds(r, d, limitsOf(want)); err != nil {
		return err
	}
	return startPage.ShowAs(w, r, sheet.Status, p)
}

// start begins the subscription anew: at once if it is free, else when its invoice is paid.
func (a *Account) start(w http.ResponseWriter, r *http.Request, d *page.Desk, s billing.Subscription) error {
	form, err := ui.Form(w, r, "plan", "price", "seats", "gateway")
	if err != nil {
		return err
	}
	want, err := a.wish(r, form)
	if err != nil {
		return err
	}
	i, err := a.books.StartAgain(r.Context(), s.ID, want, form.Get("gateway"), d.Person.Email)
	if err != nil {
		return a.drawStart(w, r, d, s, want, form.Get("gateway"), err)
	}
	if i.ID == 0 || i.State != billing.InvoiceOpen {
		return done(w, r, home, "Welcome back. Everything is as you left it.")
	}
	return ui.Back(w, r, payment(i.ID))
}
