package admin

import (
	"net/http"
	"net/url"
	"strconv"

	"rowhouse/tenant"
	"rowhouse/ui"
)

var updatesPage = ui.Parse[updateSheet](files, ui.App, "updates.html", "parts.html")

// updateSheet is how far the tenants' files have come to this program's version.
type updateSheet struct {
	ui.Frame
	Newest   int64
	Versions []fileVersion
	Failed   []failureRow
	Behind   int64
	Running  bool
	Done     int64 // of the walk that runs
	May      bool
}

type fileVersion struct {
	tenant.Version
	Share int64 // of 100
	URL   string
}

type failureRow struct{ Name, Company, Why string }

func (p *Panel) updates(w http.ResponseWriter, r *http.Request) error {
	page := updateSheet{Frame: p.frame(w, r, "Updates", "/admin/updates"), May: may(r, mayRun) == nil}
	list, err := p.Tenants.Versions(r.Context())
	if err != nil {
		return err
	}
	if page.Newest, err = p.Tenants.Newest(); err != nil {
		return err
	}
	all := int64(0)
	for _, v := range list {
		all += v.Tenants
	}
	for _, v := range list {
		page.Versions = append(page.Versions, fileVersion{v, v.Tenants * 100 / max(all, 1), "/admin/tenants?version=" + strconv.FormatInt(v.Number, 10)})
		if v.Number < page.Newest {
			page.Behind += v.Tenants
		}
	}
	if page.Failed, err = p.failures(r); err != nil {
		return err
	}
	page.Running, page.Done = p.Tenants.Walking()
	return updatesPage.Show(w, r, page)
}

func (p *Panel) failures(r *http.Request) ([]failureRow, error) {
	found, err := p.tenantRows(r.Context(), tenantWish{Version: "failed"}, pageSize)
	var rows []failureRow
	for _, l := range found {
		rows = append(rows, failureRow{l.Name, l.Company, l.Failure})
	}
	return rows, err
}

// updateAll begins to bring every file up to date; tenants that are opened meanwhile are brought up to date by that.
func (p *Panel) updateAll(w http.ResponseWriter, r *http.Request) error {
	return p.take(w, r, post{right: mayRun, act: func(url.Values) (string, string, error) {
		if err := p.audit(r, "update all", "", ""); err != nil {
			return "", "", err
		}
		p.Tenants.BeginWalk()
		return ui.LookOf(r).T("All files are being brought up to date."), "/admin/updates", nil
	}})
}

// updateOne tries a tenant's update again, and says why it fails.
func (p *Panel) updateOne(w http.ResponseWriter, r *http.Request) error {
	return p.take(w, r, post{right: mayRun, act: func(url.Values) (string, string, error) {
		look := ui.LookOf(r)
		if err := p.Tenants.Refresh(r.Context(), r.PathValue("name")); err != nil {
			return look.T("It failed again; the reason is in the list."), "/admin/updates", p.audit(r, "update failed", r.PathValue("name"), err.Error())
		}
		return look.T("Its file is up to date."), "/admin/updates", p.audit(r, "update", r.PathValue("name"), "")
	}})
}
