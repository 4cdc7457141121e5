package admin

import (
	"net/http"
	"strconv"

	"rowhouse/tenant"
	"rowhouse/ui"
)

// tenantLog is what the host's people and programs have done to a tenant.
type tenantLog struct {
	tenantHead
	Rows []entryRow
	More string
}

// entryRow is an entry of the host's log in words.
type entryRow struct {
	tenant.Entry
	What string
}

// entryRows puts entries into words. Acts that have none are shown as they are.
func entryRows(look *ui.Look, list []tenant.Entry) []entryRow {
	var rows []entryRow
	for _, e := range list {
		rows = append(rows, entryRow{e, look.T(e.Act)})
	}
	return rows
}

const logSize = 100

func (p *Panel) tenantLog(w http.ResponseWriter, r *http.Request) error {
	head, st, err := p.head(w, r, "log")
	if err != nil {
		return err
	}
	page := tenantLog{tenantHead: head}
	before, _ := strconv.ParseInt(r.FormValue("before"), 10, 64) // none is the first page
	list, err := p.Tenants.Log(r.Context(), tenant.LogWish{Tenant: st.ID, Before: before, Limit: logSize})
	if err != nil {
		return err
	}
	page.Rows = entryRows(page.Look, list)
	if len(list) == logSize {
		page.More = tenantsPath(st.Name, "log") + "?before=" + strconv.FormatInt(list[logSize-1].ID, 10)
	}
	return tenantLogOf.Show(w, r, page)
}
