package admin

import (
	"net/http"
	"net/url"

	"rowhouse/data/fault"
	"rowhouse/tenant"
	"rowhouse/ui"
)

var backupsPage = ui.Parse[tenantBackups](files, ui.App, "tenant-backups.html", "tenant-head.html", "parts.html")

// tenantBackups is the copies of a tenant that can be put in its place.
type tenantBackups struct {
	tenantHead
	Rows     []tenant.Backup
	Restores bool // the operator may, and the tenant runs
	Problem  string
	Confirm  string
}

func (p *Panel) backups(w http.ResponseWriter, r *http.Request) error {
	return p.backupsWith(w, r, http.StatusOK, nil)
}

func (p *Panel) backupsWith(w http.ResponseWriter, r *http.Request, status int, bad *refused) error {
	head, st, err := p.head(w, r, "backups")
	if err != nil {
		return err
	}
	page := tenantBackups{tenantHead: head, Restores: st.running() && may(r, mayKeep) == nil, Confirm: head.T("Type the address %s to confirm", st.Name)}
	if page.Rows, err = p.Tenants.Backups(st.Tenant); err != nil {
		return err
	}
	if bad != nil {
		page.Problem = page.T(bad.fault.Format, bad.fault.Args...)
	}
	return backupsPage.ShowAs(w, r, status, page)
}

// restoreBackup puts a backup in the place of what the tenant has now.
func (p *Panel) restoreBackup(w http.ResponseWriter, r *http.Request) error {
	st, err := p.standing(r)
	if err != nil {
		return err
	}
	return p.take(w, r, post{right: mayKeep, form: "restore", names: []string{"backup", "name"}, page: p.backupsWith, act: func(form url.Values) (string, string, error) {
		if form.Get("name") != st.Name {
			return "", "", fault.New(fault.Invalid, "Please type the address %q to confirm.", st.Name)
		}
		said := ui.LookOf(r).T("The backup is in its place. What was there before stays in the trash for 30 days.")
		return said, tenantsPath(st.Name), p.Tenants.Restore(r.Context(), st.Name, form.Get("backup"), actor(r))
	}})
}
