package account

import (
	"net/http"

	"rowhouse/billing"
	"rowhouse/crm/page"
	"rowhouse/crm/settings"
	"rowhouse/data/fault"
	"rowhouse/data/money"
	"rowhouse/ui"
)

var methodPage = ui.Parse[methodSheet](files, ui.App, "method.html", "parts.html")

// methodBox is the saved way to pay.
type methodBox struct {
	Label, Until string
	Ends         bool // it is no longer good when the next invoice comes
	Broken       bool // it was saved and does not work any more
	CanSave      bool
}

// methodSheet is where a way to pay is chosen to be saved.
type methodSheet struct {
	settings.Sheet
	Choices []billing.Choice
	Chosen  string
}

func (a *Account) methodBox(r *http.Request, look *ui.Look, s billing.Subscription) (methodBox, error) {
	m, err := a.books.MethodOf(r.Context(), s)
	if err != nil {
		return methodBox{}, err
	}
	choices, err := a.savers(r, s)
	b := methodBox{CanSave: len(choices) > 0 && s.State != billing.Canceled}
	if m.ID == 0 {
		return b, err
	}
	if b.Broken = !m.Usable; b.Broken {
		return b, err
	}
	b.Label = m.Label
	if last := m.LastDay(); last > 0 {
		b.Until = look.T("Good until %s", day(look, last))
		b.Ends = s.End > 0 && last < s.End
	}
	return b, err
}

// savers are the gateways with which a way to pay can be saved.
func (a *Account) savers(r *http.Request, s billing.Subscription) ([]billing.Choice, error) {
	plan, err := a.books.PlanByID(r.Context(), s.Plan)
	if err != nil {
		return nil, err
	}
	all, err := a.books.Choices(r.Context(), plan, money.Amount{})
	var some []billing.Choice
	for _, c := range all {
		if c.Save && c.Charge {
			some = append(some, c)
		}
	}
	return some, err
}

func (a *Account) showMethods(w http.ResponseWriter, r *http.Request, d *page.Desk, s billing.Subscription) error {
	return a.drawMethods(w, r, d, s, "", nil)
}

func (a *Account) drawMethods(w http.ResponseWriter, r *http.Request, d *page.Desk, s billing.Subscription, chosen string, failed error) error {
	sheet, err := begin(w, r, d, "How you pay", failed)
	if err != nil {
		return err
	}
	p := methodSheet{Sheet: sheet, Chosen: chosen}
	if p.Choices, err = a.savers(r, s); err != nil {
		return err
	}
	if chosen == "" && len(p.Choices) > 0 {
		p.Chosen = p.Choices[0].Name
	}
	return methodPage.ShowAs(w, r, sheet.Status, p)
}

// saveMethod opens the page of a gateway on which a way to pay is saved.
func (a *Account) saveMethod(w http.ResponseWriter, r *http.Request, d *page.Desk, s billing.Subscription) error {
	form, err := ui.Form(w, r, "gateway")
	if err != nil {
		return err
	}
	if s.State == billing.Canceled {
		return fault.New(fault.Conflict, "The subscription is not running. Please start it again first.")
	}
	if _, err := a.books.SaveMethod(r.Context(), s, form.Get("gateway")); err != nil {
		return a.drawMethods(w, r, d, s, form.Get("gateway"), err)
	}
	return ui.Back(w, r, home+"/method/page")
}

func (a *Account) forgetMethod(w http.ResponseWriter, r *http.Request, d *page.Desk, s billing.Subscription) error {
	if err := bare(w, r); err != nil {
		return err
	}
	if err := a.books.ForgetMethod(r.Context(), s.ID, d.Person.Email); err != nil {
		return err
	}
	return done(w, r, home, "Removed. From now on you pay each invoice by hand.")
}
