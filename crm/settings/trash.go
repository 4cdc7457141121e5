package settings

import (
	"net/http"
	"slices"
	"time"

	"rowhouse/crm/page"
	"rowhouse/crm/record"
	"rowhouse/data/fault"
	"rowhouse/ui"
)

var trashPage = ui.Parse[trashSheet](files, ui.App, "trash.html", "parts.html")

// mostTrash is how many deleted records the page shows.
const mostTrash = 200

type trashSheet struct {
	Sheet
	Rows []trashRow
	More bool
}

type trashRow struct {
	Title, Kind, Icon, By, When, Left, Restore string
}

func showTrash(w http.ResponseWriter, r *http.Request, d *page.Desk) error {
	if !mayDelete(d) {
		return fault.New(fault.Denied, "Your role does not include deleting, so there is nothing for you to bring back.")
	}
	s, err := begin(w, r, d, "Trash", "/admin/settings/trash", nil)
	if err != nil {
		return err
	}
	list, err := d.Store.Trash(r.Context(), mostTrash+1)
	if err != nil {
		return err
	}
	slices.SortStableFunc(list, func(a, b record.Trashed) int { return b.At.Compare(a.At) })
	p := trashSheet{Sheet: s, More: len(list) > mostTrash}
	for _, t := range list[:min(len(list), mostTrash)] {
		row := trashRow{Title: t.Title, Kind: s.T(t.Entity.One), Icon: t.Entity.Icon, When: s.Moment(t.At), Left: daysLeft(s.Look, t.EndsDay), Restore: d.Store.Book.URL(t.Entity.Name, t.ID) + "/restoration"}
		if by, ok := d.Store.Book.Staffer(t.By); ok {
			row.By = by.Name
		}
		p.Rows = append(p.Rows, row)
	}
	return trashPage.Show(w, r, p)
}

// daysLeft says how long a record can still be brought back.
func daysLeft(look *ui.Look, end time.Time) string {
	left := end.Sub(look.Now)
	if left <= 24*time.Hour {
		return look.T("last day")
	}
	return look.N("%d day", "%d days", int((left+24*time.Hour-1)/(24*time.Hour)))
}
