package page

import (
	"net/http"
	"time"

	"rowhouse/crm/entity"
	"rowhouse/crm/record"
	"rowhouse/data/fault"
	"rowhouse/ui"
)

// contacted notes that somebody spoke with the person of a record today.
func contacted(w http.ResponseWriter, r *http.Request, d *Desk, e *entity.Entity, id int64) error {
	if e.Contacted == "" {
		return fault.New(fault.Missing, "Nothing is at this address.")
	}
	today := d.Store.Now.In(d.Store.Look.Zone).Format(time.DateOnly)
	if _, err := d.Store.Update(r.Context(), e, id, 0, record.Values{e.Contacted: today}); err != nil {
		return err
	}
	ui.Say(w, d.Store.Look.T("Contact noted"), "")
	return backTo(w, r, e, id)
}
