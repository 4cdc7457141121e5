package account

import (
	"archive/zip"
	"log/slog"
	"net/http"
	"time"

	"rowhouse/billing"
	"rowhouse/crm/entity"
	"rowhouse/crm/page"
	"rowhouse/crm/record"
)

// export sends all lists with all fields as one file. It works while the CRM is closed: the data is the customer's own.
func (a *Account) export(w http.ResponseWriter, r *http.Request, d *page.Desk, _ billing.Subscription) error {
	w.Header().Set("Content-Type", "application/zip")
	w.Header().Set("Content-Disposition", `attachment; filename="`+d.Site.Name+"-"+d.Store.Now.Format(time.DateOnly)+`.zip"`)
	pack := zip.NewWriter(w)
	for _, e := range d.Store.Book.Entities {
		if right := d.Store.Actor.Right(e); !right.Export || right.View == record.None {
			continue
		}
		if err := exportList(r, d, e, pack); err != nil {
			slog.Error("export broke off", "tenant", d.Site.Name, "list", e.Name, "err", err)
			panic(http.ErrAbortHandler) // what has been sent must not look like the whole
		}
	}
	return pack.Close()
}

// exportList writes one list as a table.
func exportList(r *http.Request, d *page.Desk, e *entity.Entity, pack *zip.Writer) error {
	file, err := pack.CreateHeader(&zip.FileHeader{Name: e.Path + ".csv", Method: zip.Deflate, Modified: d.Store.Now})
	if err != nil {
		return err
	}
	return page.WriteTable(r.Context(), file, d.Store, e, record.Query{})
}
