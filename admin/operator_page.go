package admin

import (
	"database/sql"
	"net/http"
	"net/url"
	"strconv"

	"rowhouse/admin/office"
	"rowhouse/data/fault"
	"rowhouse/ui"
	"rowhouse/ui/session"
)

// operatorSheet is one account.
type operatorSheet struct {
	ui.Frame
	operatorRow
	Form *box
}

// account finds the operator of the path.
func (p *Panel) account(r *http.Request) (*office.Office, office.Account, error) {
	o, err := p.Office(r.Context())
	if err != nil {
		return nil, office.Account{}, err
	}
	a, err := o.ByNumber(r.Context(), number(r))
	if err == nil && a.Number == 0 {
		err = fault.New(fault.Missing, "There is no such operator.")
	}
	return o, a, err
}

func (p *Panel) showOperator(w http.ResponseWriter, r *http.Request) error {
	return p.operatorWith(w, r, http.StatusOK, nil)
}

func (p *Panel) operatorWith(w http.ResponseWriter, r *http.Request, status int, bad *refused) error {
	_, a, err := p.account(r)
	if err != nil {
		return err
	}
	page := operatorSheet{Frame: p.below(w, r, "Operators", "Operators", "/admin/operators"), operatorRow: operatorRow{Account: a, Self: a.Number == visitOf(r).operator.Number}}
	page.Title, page.RoleWord = a.Name, page.T(roleWords[a.Role])
	if may(r, mayRule) == nil {
		form := operatorForm(page.Look, operatorPath(a), "operator", a)
		form.Inputs = append(form.Inputs, input{Name: "active", Label: "May sign in", Kind: "check", On: a.Active})
		form.Label, form.Button = a.Name, page.T("Save")
		form = form.again(bad)
		page.Form = &form
	}
	return operatorPage.ShowAs(w, r, status, page)
}

func operatorPath(a office.Account) string {
	return "/admin/operators/" + strconv.FormatInt(a.Number, 10)
}

func (p *Panel) saveOperator(w http.ResponseWriter, r *http.Request) error {
	o, a, err := p.account(r)
	if err != nil {
		return err
	}
	return p.take(w, r, post{right: mayRule, form: "operator", names: []string{"name", "email", "role", "networks", "active"}, page: p.operatorWith, act: func(form url.Values) (string, string, error) {
		changed, err := accountOf(form)
		if err != nil {
			return "", "", err
		}
		changed.Number, changed.Email, changed.Active = a.Number, a.Email, form.Get("active") == "1"
		if changed.Active && a.Number == visitOf(r).operator.Number && !here(changed, r) {
			return "", "", about("networks", fault.New(fault.Invalid, "You would lock yourself out: your own address %s is not in this list.", session.IP(r)))
		}
		if err := o.Save(r.Context(), changed); err != nil {
			return "", "", err
		}
		if err := p.endOthers(r, a.Number, !changed.Active); err != nil {
			return "", "", err
		}
		return ui.LookOf(r).T("Saved."), "/admin/operators", p.audit(r, "operator changed", "", a.Email+", "+string(changed.Role))
	}})
}

// endOthers ends the sessions of somebody whose rights have changed, but for the one that is used just now; with all, also links and tokens.
func (p *Panel) endOthers(r *http.Request, number int64, all bool) error {
	return p.DB.Tx(r.Context(), func(tx *sql.Tx) error {
		if all {
			return shutOut(r.Context(), tx, number, visitOf(r).session.Hash)
		}
		return session.EndAll(r.Context(), tx, number, visitOf(r).session.Hash)
	})
}

// resetOperator takes the second factor away and shows a link to a new password.
func (p *Panel) resetOperator(w http.ResponseWriter, r *http.Request) error {
	if err := may(r, mayRule); err != nil {
		return err
	}
	o, a, err := p.account(r)
	if err != nil {
		return err
	}
	secret, err := Reset(r.Context(), p.DB, o, p.Clock.Now(), a.Email)
	if err != nil {
		return err
	}
	if err := p.audit(r, "operator reset", "", a.Email); err != nil {
		return err
	}
	return p.showLink(w, r, secret, a.Name)
}

func (p *Panel) deleteOperator(w http.ResponseWriter, r *http.Request) error {
	o, a, err := p.account(r)
	if err != nil {
		return err
	}
	return p.take(w, r, post{right: mayRule, page: p.operatorWith, act: func(url.Values) (string, string, error) {
		if a.Number == visitOf(r).operator.Number {
			return "", "", fault.New(fault.Conflict, "You cannot delete your own account. Another owner can.")
		}
		if err := o.Delete(r.Context(), a.Number); err != nil {
			return "", "", err
		}
		if err := p.endOthers(r, a.Number, true); err != nil {
			return "", "", err
		}
		return ui.LookOf(r).T("The operator is deleted."), "/admin/operators", p.audit(r, "operator deleted", "", a.Email)
	}})
}
