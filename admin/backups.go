package admin

import (
	"net/http"
	"net/url"

	"rowhouse/tenant"
	"rowhouse/ui"
)

var allBackupsPage = ui.Parse[backupList](files, ui.App, "backups.html", "parts.html")

// backupList is the newest backup of each tenant.
type backupList struct {
	ui.Frame
	States []tab
	Sum    tenant.BackupSum
	Rows   []tenant.Kept
	Run    tenant.BackingUp
	May    bool
	More   string
}

var backupStates = [][2]string{{"", "All"}, {"old", "Older than 7 days"}, {"never", "Never"}}

func (p *Panel) allBackups(w http.ResponseWriter, r *http.Request) error {
	want := tenant.Lacking(r.FormValue("state"))
	if want != tenant.OldBackup && want != tenant.NoBackup {
		want = tenant.AnyBackup
	}
	page := backupList{Frame: p.frame(w, r, "Backups", "/admin/backups"), May: may(r, mayRun) == nil, Run: p.Tenants.BackupProgress()}
	var err error
	if page.Rows, err = p.Tenants.KeptBackups(r.Context(), want, r.FormValue("after"), pageSize); err != nil {
		return err
	}
	if page.Sum, err = p.Tenants.BackupTotals(r.Context()); err != nil {
		return err
	}
	page.States = tabs(page.Look, "/admin/backups", string(want), backupStates...)
	page.States[1].Count, page.States[2].Count = page.Sum.Old, page.Sum.Never
	if len(page.Rows) == pageSize {
		page.More = "/admin/backups?" + url.Values{"state": {string(want)}, "after": {page.Rows[pageSize-1].Name}}.Encode()
	}
	return allBackupsPage.Show(w, r, page)
}

// backUpAll begins to back all tenants up, unless that runs already.
func (p *Panel) backUpAll(w http.ResponseWriter, r *http.Request) error {
	return p.take(w, r, post{right: mayRun, act: func(url.Values) (string, string, error) {
		began, err := p.Tenants.BeginBackups(r.Context(), actor(r))
		if err != nil || began {
			return ui.LookOf(r).T("All tenants are being backed up, one after the other."), "/admin/backups", err
		}
		return ui.LookOf(r).T("A backup of all runs already."), "/admin/backups", nil
	}})
}
