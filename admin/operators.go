package admin

import (
	"net/http"
	"net/netip"
	"net/url"
	"strings"

	"rowhouse/admin/office"
	"rowhouse/data/fault"
	"rowhouse/ui"
)

var (
	operatorsPage = ui.Parse[operatorList](files, ui.App, "operators.html", "parts.html")
	operatorPage  = ui.Parse[operatorSheet](files, ui.App, "operator.html", "parts.html")
)

// roles are what an operator can be, in the order of the list.
var roles = []office.Role{office.Owner, office.Billing, office.Support, office.ReadOnly}

var roleHints = map[office.Role]string{office.Owner: "Everything, also operators, keys and settings.", office.Billing: "Money, plans and letters; nothing inside tenants.",
	office.Support: "Tenants: signing in, backups, names, provisioning; no money.", office.ReadOnly: "Looks at everything and changes nothing."}

// operatorList is who can sign in to the panel.
type operatorList struct {
	ui.Frame
	Rows []operatorRow
	Form *box // to add one
	Link string
	Who  string // whom Link is for
}

type operatorRow struct {
	office.Account
	RoleWord, Seen string
	Self           bool
}

func (p *Panel) operators(w http.ResponseWriter, r *http.Request) error {
	return p.operatorsWith(w, r, http.StatusOK, nil)
}

func (p *Panel) operatorsWith(w http.ResponseWriter, r *http.Request, status int, bad *refused) error {
	page := operatorList{Frame: p.frame(w, r, "Operators", "/admin/operators")}
	if may(r, mayRule) == nil {
		form := operatorForm(page.Look, "/admin/operators", "operator", office.Account{Role: office.Support})
		form.Label, form.Hint, form.Button = "Add an operator", "You get a link for them, which works once within 24 hours.", page.T("Add")
		form.Answers = true
		form = form.again(bad)
		page.Form = &form
	}
	return p.drawOperators(w, r, status, page)
}

func (p *Panel) drawOperators(w http.ResponseWriter, r *http.Request, status int, page operatorList) error {
	o, err := p.Office(r.Context())
	if err != nil {
		return err
	}
	all, err := o.List(r.Context())
	if err != nil {
		return err
	}
	for _, a := range all {
		row := operatorRow{Account: a, RoleWord: page.T(roleWords[a.Role]), Seen: page.T("Never there"), Self: a.Number == visitOf(r).operator.Number}
		if !a.LastLogin.IsZero() {
			row.Seen = page.Ago(a.LastLogin)
		}
		page.Rows = append(page.Rows, row)
	}
	return operatorsPage.ShowAs(w, r, status, page)
}

// operatorForm is the fields of an account.
func operatorForm(look *ui.Look, action, id string, a office.Account) box {
	var options []option
	for _, role := range roles {
		options = append(options, option{Value: string(role), Label: look.T(roleWords[role]) + ": " + look.T(roleHints[role]), On: role == a.Role})
	}
	return box{Look: look, ID: id, Action: action, Inputs: []input{
		{Name: "name", Label: "Name", Value: a.Name, Required: true, Most: 100}, {Name: "email", Label: "E-mail", Kind: "email", Value: a.Email, Required: true, Most: 254},
		{Name: "role", Label: "Role", Kind: "select", Options: options, Wide: true},
		{Name: "networks", Label: "May come from", Kind: "area", Lines: 3, Value: networkLines(a.Networks), Hint: "One address or network on each line, such as 203.0.113.7 or 2001:db8::/48. Nothing means from everywhere."}}}
}

func networkLines(list []netip.Prefix) string {
	var lines []string
	for _, n := range list {
		lines = append(lines, n.String())
	}
	return strings.Join(lines, "\n")
}

// accountOf reads the form of an account.
func accountOf(form url.Values) (office.Account, error) {
	a := office.Account{Name: strings.TrimSpace(form.Get("name")), Email: strings.TrimSpace(form.Get("email")), Role: office.Role(form.Get("role")), Active: true}
	var err error
	if a.Networks, err = office.ParseNetworks(form.Get("networks")); err != nil {
		return a, about("networks", err)
	}
	return a, nil
}

// addOperator makes an account and shows the link to choose its password.
func (p *Panel) addOperator(w http.ResponseWriter, r *http.Request) error {
	if err := may(r, mayRule); err != nil {
		return err
	}
	form, err := ui.Form(w, r, "name", "email", "role", "networks")
	if err != nil {
		return err
	}
	a, err := accountOf(form)
	if err == nil {
		err = p.vacant(r, a)
	}
	var secret string
	if err == nil {
		secret, err = p.welcome(r, a)
	}
	if f := fault.Of(err); err != nil && f.Kind == fault.Invalid {
		return p.operatorsWith(w, r, http.StatusUnprocessableEntity, &refused{"operator", form, f})
	}
	if err != nil {
		return err
	}
	return p.showLink(w, r, secret, a.Name)
}

// vacant refuses an address that an operator has already.
func (p *Panel) vacant(r *http.Request, a office.Account) error {
	o, err := p.Office(r.Context())
	if err != nil {
		return err
	}
	if known, err := o.ByEmail(r.Context(), a.Email); err != nil || known.Number > 0 {
		return about("email", fault.Because(err, fault.Invalid, "There is an operator with this address already."))
	}
	return nil
}

func (p *Panel) welcome(r *http.Request, a office.Account) (secret string, err error) {
	o, err := p.Office(r.Context())
	if err != nil {
		return "", err
	}
	if secret, err = Invite(r.Context(), p.DB, o, p.Clock.Now(), a); err != nil {
		return "", err
	}
	return secret, p.audit(r, "operator added", "", a.Email+", "+string(a.Role))
}

// showLink shows a link that works once. It is nowhere else, and not shown again.
func (p *Panel) showLink(w http.ResponseWriter, r *http.Request, secret, who string) error {
	page := operatorList{Frame: p.frame(w, r, "Operators", "/admin/operators"), Link: p.Tenants.Home() + "/admin/password/" + secret, Who: who}
	w.Header().Set("Cache-Control", "no-store")
	return p.drawOperators(w, r, http.StatusOK, page)
}
