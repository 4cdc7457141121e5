package admin

import (
	"net/http"
	"net/url"
	"strconv"

	"rowhouse/data/fault"
	"rowhouse/tenant"
	"rowhouse/ui"
)

var logPage = ui.Parse[logSheet](files, ui.App, "log.html", "parts.html")

// logSheet is everything that operators and programs have done.
type logSheet struct {
	ui.Frame
	Rows   []entryRow
	Actor  string
	More   string
	Sound  string // how many entries vouch for each other
	Broken string // which one was changed
}

func (p *Panel) log(w http.ResponseWriter, r *http.Request) error {
	page := logSheet{Frame: p.frame(w, r, "Audit log", "/admin/log"), Actor: r.FormValue("actor")}
	before, _ := strconv.ParseInt(r.FormValue("before"), 10, 64) // none is the first page
	list, err := p.Tenants.Log(r.Context(), tenant.LogWish{Actor: page.Actor, Before: before, Limit: logSize})
	if err != nil {
		return err
	}
	page.Rows = entryRows(page.Look, list)
	if len(list) == logSize {
		page.More = "/admin/log?" + url.Values{"actor": {page.Actor}, "before": {strconv.FormatInt(list[logSize-1].ID, 10)}}.Encode()
	}
	if r.FormValue("verify") != "" {
		n, err := p.Tenants.VerifyLog(r.Context())
		switch f := fault.Of(err); {
		case err == nil:
			page.Sound = page.N("%d entry is as it was written.", "%d entries are as they were written.", int(n))
		case f.Kind == fault.Damaged:
			page.Broken = page.T(f.Format, f.Args...)
		default:
			return err
		}
	}
	return logPage.Show(w, r, page)
}
