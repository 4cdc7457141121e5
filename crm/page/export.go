package page

import (
	"context"
	"encoding/csv"
	"errors"
	"io"
	"net/http"
	"net/url"
	"time"

	"rowhouse/crm/entity"
	"rowhouse/crm/record"
	"rowhouse/data/fault"
	"rowhouse/ui"
)

// export sends what the list shows as a file, with all fields.
func export(w http.ResponseWriter, r *http.Request, d *Desk, e *entity.Entity) error {
	form, err := ui.Form(w, r, "query")
	if err != nil {
		return err
	}
	asked, err := url.ParseQuery(form.Get("query"))
	if err != nil {
		return fault.New(fault.Invalid, "This filter could not be read.")
	}
	filter, err := entity.ParseFilter(e, asked.Get("filter"))
	if err != nil {
		return err
	}
	if !d.Store.Actor.Right(e).Export {
		return fault.New(fault.Denied, "Your role does not include exporting %s. An administrator can change that.", e.Many)
	}
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="`+e.Path+"-"+d.Store.Now.Format(time.DateOnly)+`.csv"`)
	return WriteTable(r.Context(), w, d.Store, e, record.Query{Filter: filter, Search: asked.Get("q"), Sort: asked.Get("sort")})
}

// WriteTable writes what a query finds as a table, with all fields. An error after the first line means that it broke off.
func WriteTable(ctx context.Context, w io.Writer, s *record.Store, e *entity.Entity, want record.Query) error {
	fields := e.Shown()
	heads := make([]string, len(fields))
	for i, f := range fields {
		want.Fields = append(want.Fields, f.Name)
		heads[i] = record.Cell(s.Look.T(f.Label))
	}
	out := csv.NewWriter(w)
	if err := out.Write(heads); err != nil {
		return err
	}
	draw := s.Draw()
	_, err := s.Export(ctx, e, want, func(rows []record.Row) error {
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
	})
	out.Flush()
	return errors.Join(err, out.Error())
}
