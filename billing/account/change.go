package account

import (
	"net/http"
	"strconv"

	"rowhouse/billing"
	"rowhouse/crm/page"
	"rowhouse/crm/settings"
	"rowhouse/data/fault"
	"rowhouse/tenant"
	"rowhouse/ui"
)

var changePage = ui.Parse[changeSheet](files, ui.App, "change.html", "parts.html")

// changeSheet is what a change costs, before anybody agrees to it.
type changeSheet struct {
	settings.Sheet
	Lead    string // what changes
	When    string // from when, in a sentence
	Lines   []costLine
	Total   string // empty: nothing is charged now
	Later   string // the invoice after that, in a sentence
	Paid    string // how it is paid, in a sentence
	Exceeds []string
	Choose  string // where it is chosen who stays; empty: nobody need go
	Button  string
	Plan    int64
	Price   int64
	Seats   int64
	Agreed  int64 // the total that is agreed to, in minor units
}

// costLine is a line of what is charged or given back.
type costLine struct {
	Text, Days, Amount string
	Muted              bool
}

func (a *Account) showPlan(w http.ResponseWriter, r *http.Request, d *page.Desk, s billing.Subscription) error {
	want, err := a.wish(r, r.URL.Query())
	if err != nil {
		return err
	}
	return a.drawChange(w, r, d, s, want, nil)
}

// drawChange shows what a wish costs; one that cannot be had leads back to the plans, with the reason.
func (a *Account) drawChange(w http.ResponseWriter, r *http.Request, d *page.Desk, s billing.Subscription, want billing.Wish, failed error) error {
	preview, err := a.books.Preview(r.Context(), s.ID, want)
	if err != nil {
		return a.drawPlans(w, r, d, s, err)
	}
	sheet, err := begin(w, r, d, "Change the plan", failed)
	if err != nil {
		return err
	}
	p := changeSheet{Sheet: sheet, Lead: wishText(sheet.Look, want.Plan, want.Price, want.Seats), Plan: want.Plan.ID, Price: want.Price.ID, Seats: want.Seats, Agreed: preview.Quote.Total}
	p.cost(s, preview)
	if preview.Quote.Total > 0 {
		if p.Paid, err = a.paidText(r, p.Look, s); err != nil {
			return err
		}
	}
	if err := p.exceed(r, d, want); err != nil {
		return err
	}
	return changePage.ShowAs(w, r, sheet.Status, p)
}

// cost puts the figures and the days of a preview on the sheet.
func (p *changeSheet) cost(s billing.Subscription, v billing.Preview) {
	p.When, p.Later, p.Button = p.whenText(s, v), laterText(p.Look, v), p.T("Change now")
	if !v.Now {
		p.Button = p.T("Change on %s", day(p.Look, v.On))
	}
	if len(v.Quote.Lines) > 0 {
		p.Lines, p.Total = costLines(p.Look, v.Quote), p.Money(v.Quote.Total, v.Quote.Currency)
	}
	if v.Quote.Total > 0 {
		p.Button = p.T("Change now for %s", p.Total)
	}
}

func (p *changeSheet) whenText(s billing.Subscription, v billing.Preview) string {
	switch {
	case s.State == billing.Trialing:
		return p.T("It changes at once. Your trial goes on until %s, and nothing is charged now.", day(p.Look, s.TrialEnd))
	case !v.Now:
		return p.T("It changes on %s. Until then everything stays as it is, and nothing is charged now. Nothing is deleted then either.", day(p.Look, v.On))
	case v.Anew:
		return p.T("It changes at once, and a new period begins today. What is paid already and not used is taken off.")
	}
	return p.T("It changes at once. You pay only for the days that are left until %s.", day(p.Look, v.NextOn))
}

// laterText is the invoice after this one.
func laterText(look *ui.Look, v billing.Preview) string {
	if v.Later.Currency == "" || v.NextOn == 0 {
		return ""
	}
	return look.T("The next invoice is on %s over %s.", day(look, v.NextOn), look.Money(v.Later.Total, v.Later.Currency))
}

// paidText is how the amount is paid.
func (a *Account) paidText(r *http.Request, look *ui.Look, s billing.Subscription) (string, error) {
	m, err := a.books.MethodOf(r.Context(), s)
	if err != nil {
		return "", err
	}
	if m.Usable {
		return look.T("It is charged to %s.", m.Label), nil
	}
	return look.T("You are led to the payment page. The change takes effect when it is paid."), nil
}

// exceed says what of the tenant the wish has no room for.
func (p *changeSheet) exceed(r *http.Request, d *page.Desk, want billing.Wish) (err error) {
	limits := limitsOf(want)
	people := false
	if p.Exceeds, people, err = exceeds(r, d, limits); people {
		p.Choose = home + "/staff?" + query(want)
	}
	return err
}

// limitsOf is what a wish allows.
func limitsOf(w billing.Wish) tenant.Limits {
	limits := w.Plan.Limits()
	if limits.Staff != tenant.Unlimited {
		limits.Staff += w.Seats
	}
	return limits
}

// costLines are the lines of a quote, what was taken off, and the tax by rate.
func costLines(look *ui.Look, q billing.Quote) []costLine {
	var list []costLine
	say := func(minor int64) string { return look.Money(minor, q.Currency) }
	for _, l := range q.Lines {
		line := costLine{Text: l.Title(), Amount: say(l.Amount)}
		if l.Kind == "balance" {
			line.Text = look.T("Kept for later invoices")
		}
		if l.To > l.From {
			line.Days = look.T("%s to %s", day(look, l.From), day(look, l.To-1))
		}
		list = append(list, line)
	}
	if q.Discount > 0 {
		list = append(list, costLine{Text: look.T("Discount"), Amount: say(-q.Discount)})
	}
	return append(list, taxLines(look, q, say)...)
}

// taxLines are the tax by rate; what is not taxed needs no line.
func taxLines(look *ui.Look, q billing.Quote, say func(int64) string) (list []costLine) {
	for _, t := range q.Taxes() {
		if t.Rate == 0 {
			continue
		}
		text := look.T("%s %s on %s", t.TaxName, strconv.FormatFloat(float64(t.Rate)/100, 'f', -1, 64)+" %", say(t.Net))
		if inclusive(q) {
			text = look.T("%s included", t.TaxName)
		}
		list = append(list, costLine{Text: text, Amount: say(t.Tax), Muted: true})
	}
	return list
}

func inclusive(q billing.Quote) bool { return len(q.Lines) > 0 && q.Lines[0].Inclusive }

// changePlan does what the person has seen and agreed to.
func (a *Account) changePlan(w http.ResponseWriter, r *http.Request, d *page.Desk, s billing.Subscription) error {
	form, err := ui.Form(w, r, "plan", "price", "seats", "total")
	if err != nil {
		return err
	}
	want, err := a.wish(r, form)
	if err != nil {
		return err
	}
	total, err := strconv.ParseInt(form.Get("total"), 10, 64)
	if err != nil {
		return fault.New(fault.Invalid, "Please open the page again.")
	}
	pay, err := a.books.Change(r.Context(), s.ID, want, total, d.Person.Email)
	if err != nil {
		return a.drawChange(w, r, d, s, want, err)
	}
	if pay != "" {
		return a.leaveForChange(w, r, s)
	}
	return a.changed(w, r, d, want)
}

// changed says what has come of a change: it is done, or noted for a day.
func (a *Account) changed(w http.ResponseWriter, r *http.Request, d *page.Desk, want billing.Wish) error {
	now, err := a.books.SubscriptionOf(r.Context(), d.Site.ID)
	if err != nil {
		return err
	}
	if now.NextOn > 0 {
		look := ui.LookOf(r)
		return undoable(w, r, home+"/change/deletion", look.T("Noted. It changes on %s.", day(look, now.NextOn)))
	}
	return done(w, r, home, "Done. Your plan is %s.", want.Plan.Name)
}
