package admin

import (
	"net/http"
	"net/url"
	"strings"

	"rowhouse/data/fault"
	"rowhouse/tenant"
	"rowhouse/ui"
	"rowhouse/ui/mail"
)

// houseActs are about what a tenant is called and where it is kept.
func (p *Panel) houseActs() []tenantAct {
	return []tenantAct{
		{key: "details", right: mayServe, Icon: "pencil", Label: "Edit", button: "Save", Hint: "As your letters and invoices name it. What stands in its CRM is the customer's own.", Rule: true,
			fits: func(st standing) bool { return st.State != tenant.Purged }, inputs: detailInputs, do: (*Panel).saveDetails},
		{key: "backup", right: mayKeep, Icon: "hard-drive", Label: "Back up now", button: "Back up", fits: standing.running, do: (*Panel).backUp},
		{key: "backups", right: mayKeep, Icon: "history", Label: "Restore a backup", Page: "backups", fits: standing.running},
		{key: "copy", right: mayKeep, Icon: "copy", Label: "Clone", button: "Clone", Hint: "Under another address, with all records and files, without sessions, links and letters. It keeps the limits of the original, free of charge, until you give it a plan.",
			fits: standing.running, do: (*Panel).clone, inputs: func(_ *Panel, _ *http.Request, _ *ui.Look, st standing) []input {
				return []input{{Name: "to", Label: "New address", Value: st.Name + "-copy", Required: true, Most: 42}, {Name: "company", Label: "Company", Value: st.Company, Required: true, Most: 100}}
			}},
		{key: "name", right: mayKeep, Icon: "at-sign", Label: "Rename", button: "Rename", Hint: "The old address leads to the new one for 90 days. Everybody has to sign in again.",
			fits: standing.running, do: (*Panel).rename, inputs: func(_ *Panel, _ *http.Request, _ *ui.Look, st standing) []input {
				return []input{{Name: "to", Label: "New address", Value: st.Name, Required: true, Most: 42}}
			}},
		{key: "instructions", right: mayKeep, Icon: "download", Label: "Download setup instructions", Page: "instructions", fits: standing.running},
	}
}

func detailInputs(_ *Panel, _ *http.Request, _ *ui.Look, st standing) []input {
	return []input{{Name: "company", Label: "Company", Value: st.Company, Required: true, Most: 100, Wide: true}, {Name: "owner", Label: "Owner", Value: st.OwnerName, Required: true, Most: 100},
		{Name: "email", Label: "E-mail", Kind: "email", Value: st.OwnerEmail, Required: true, Most: 254}}
}

func (p *Panel) saveDetails(r *http.Request, st standing, form url.Values) (string, string, error) {
	email, err := mail.Address(form.Get("email"))
	if err != nil {
		return "", "", about("email", err)
	}
	company, owner := strings.TrimSpace(form.Get("company")), strings.TrimSpace(form.Get("owner"))
	return "Saved.", "", p.Tenants.Describe(r.Context(), st.Name, company, owner, email, actor(r))
}

func (p *Panel) backUp(r *http.Request, st standing, _ url.Values) (string, string, error) {
	return "The backup is made, and every page of it was read.", tenantsPath(st.Name, "backups"), p.Tenants.BackUp(r.Context(), st.Name, actor(r))
}

func (p *Panel) clone(r *http.Request, st standing, form url.Values) (string, string, error) {
	to := strings.ToLower(strings.TrimSpace(form.Get("to")))
	company := strings.TrimSpace(form.Get("company"))
	if company == "" {
		return "", "", about("company", fault.New(fault.Invalid, "Please say the company and its owner."))
	}
	if err := p.Tenants.Copy(r.Context(), st.Name, to, actor(r)); err != nil {
		return "", "", about("to", err)
	}
	return "The copy is ready. Give it a plan.", tenantsPath(to, "plan"), p.Tenants.Describe(r.Context(), to, company, st.OwnerName, st.OwnerEmail, actor(r))
}

func (p *Panel) rename(r *http.Request, st standing, form url.Values) (string, string, error) {
	to := strings.ToLower(strings.TrimSpace(form.Get("to")))
	return "It is at its new address now.", tenantsPath(to), about("to", p.Tenants.Rename(r.Context(), st.Name, to, actor(r)))
}
