package page

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"

	"rowhouse/crm/entity"
	"rowhouse/data/fault"
	"rowhouse/ui"
)

// bulk changes many records at once.
func bulk(w http.ResponseWriter, r *http.Request, d *Desk, e *entity.Entity) error {
	form, err := ui.Form(w, r, "id[]", "do", "stage", "owner", "tag", "back")
	if err != nil {
		return err
	}
	var ids []int64
	for _, s := range form["id[]"] {
		n, err := strconv.ParseInt(s, 10, 64)
		if err != nil {
			return fault.New(fault.Invalid, "This form has a record that does not exist.")
		}
		ids = append(ids, n)
	}
	typed := url.Values{}
	if v := form.Get("stage"); v != "" {
		typed.Set(e.Board.By, v)
	}
	if v := form.Get("owner"); v != "" {
		typed.Set("owner", v)
	}
	values, problems := d.Store.Parse(e.Writable(), typed)
	if err := problems.Err(); err != nil {
		return err
	}
	tag, remove := entity.Plain(form.Get("tag")), form.Get("do") == "delete"
	if !remove && tag == "" && len(values) == 0 {
		return fault.New(fault.Invalid, "Please choose what to change: stage, owner or tag.")
	}
	done, skipped, err := d.Store.Bulk(r.Context(), e, ids, values, tag, remove)
	if err != nil {
		return err
	}
	text := d.Store.Look.N("%d record changed", "%d records changed", done)
	if remove {
		text = d.Store.Look.N("%d record moved to the trash", "%d records moved to the trash", done)
	}
	if skipped > 0 {
		text += " " + fmt.Sprintf("(%s)", d.Store.Look.T("%d skipped, as your role does not include them", skipped))
	}
	ui.Say(w, text, "")
	return ui.Back(w, r, ui.LocalPath(form.Get("back"), e.URL()))
}
