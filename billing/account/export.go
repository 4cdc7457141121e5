package account

import (
	"archive/zip"
	"encoding/csv"
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
	fields, draw := e.Shown(), d.Store.Draw()
	want := record.Query{}
	heads := make([]string, len(fields))
	for i, f := range fields {
		want.Fields, heads[i] = append(want.Fields, f.Name), record.Cell(d.Store.Look.T(f.Label))
	}
	out := csv.NewWriter(file)
	if err := out.Write(heads); err != nil {
		return err
	}
	_, err = d.Store.Export(r.Context(), e, want, func(rows []record.Row) error { return writeRows(out, fields, rows, draw) })
	return err
}

func writeRows(out *csv.Writer, fields []entity.Field, rows []record.Row, draw *entity.Draw) error {
	for _, row := range rows {
		cells := make([]string, len(fields))
		for i, f := range fields {
			cells[i] = record.Cell(f.Kind.Text(row.Values[i], draw))
		}
		if err := out.Write(cells); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}
