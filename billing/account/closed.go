package account

import (
	"net/http"

	"rowhouse/crm/page"
	"rowhouse/crm/settings"
	"rowhouse/crm/staff"
	"rowhouse/ui"
)

var closedPage = ui.Parse[closedSheet](files, ui.App, "closed.html", "parts.html")

// closedSheet tells those who cannot pay whom to ask.
type closedSheet struct {
	settings.Sheet
	Owner, Email string
	ByHost       bool // the provider has closed it, and paying does not open it
}

// showClosed is what colleagues see while the CRM is closed. It names the owner and nothing of the account.
func (a *Account) showClosed(w http.ResponseWriter, r *http.Request, d *page.Desk) error {
	sheet, err := begin(w, r, d, "Plan and billing", nil)
	if err != nil {
		return err
	}
	list, err := staff.List(r.Context(), d.Store.DB)
	if err != nil {
		return err
	}
	p := closedSheet{Sheet: sheet, ByHost: byHost(d.Site.Hold)}
	for _, one := range list {
		if one.Owner {
			p.Owner, p.Email = one.Name(), one.Email
		}
	}
	return closedPage.Show(w, r, p)
}
