package page

import (
	"context"
	"encoding/csv"
	"errors"
	"net/http"
	"slices"
	"strconv"

	"rowhouse/crm/entity"
	"rowhouse/crm/record"
	"rowhouse/ui"
)

// startJob keeps the mapping and, when told so, runs the import after the answer.
func startJob(w http.ResponseWriter, r *http.Request, d *Desk, e *entity.Entity, id int64) error {
	j, err := d.Store.Job(r.Context(), e, id)
	if err != nil {
		return err
	}
	names := []string{"do", "twins"}
	for i := range 200 {
		names = append(names, "c"+strconv.Itoa(i))
	}
	form, err := ui.Form(w, r, names...)
	if err != nil {
		return err
	}
	if j.State == "mapping" {
		j.Mapping = map[int]string{}
		for i := range 200 {
			if name := form.Get("c" + strconv.Itoa(i)); name != "" {
				j.Mapping[i] = name
			}
		}
		j.SkipTwins = form.Get("twins") == "1"
		if err := d.Store.MapJob(r.Context(), j); err != nil {
			return err
		}
	}
	if form.Get("do") == "run" {
		if err := runJob(r.Context(), d, e, j.ID); err != nil {
			return err
		}
	}
	return ui.Back(w, r, jobsURL(e)+"/"+itoa(id))
}

func runJob(ctx context.Context, d *Desk, e *entity.Entity, id int64) error {
	started, err := d.Store.StartJob(ctx, id)
	if err != nil || !started {
		return err
	}
	work := func(ctx context.Context, s *record.Store) error {
		j, err := s.Job(ctx, e, id)
		if err != nil {
			return err
		}
		_, _, rows, wrong, err := table(&Desk{Store: s}, e, j)
		if err == nil {
			err = s.RunJob(ctx, e, j, rows, wrong)
		}
		if errors.Is(err, record.ErrElsewhere) {
			return nil // it runs already
		}
		if err != nil {
			_ = s.FailJob(ctx, id) // the error itself is what matters
		}
		return err
	}
	d.Later("import", work)
	return nil
}

// failedRows sends the rows that were not taken, each with its reason, to be corrected and brought in again.
func failedRows(w http.ResponseWriter, r *http.Request, d *Desk, e *entity.Entity, id int64) error {
	j, err := d.Store.Job(r.Context(), e, id)
	if err != nil {
		return err
	}
	head, raw, _, _, err := table(d, e, j)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="`+e.Path+`-failed.csv"`)
	out := csv.NewWriter(w)
	defer out.Flush()
	_ = out.Write(append(head, d.Store.Look.T("Reason")))
	for _, f := range j.Errors {
		if f.Row >= 1 && f.Row <= len(raw) {
			cells := append(slices.Clone(raw[f.Row-1]), f.Reason)
			for i := range cells {
				cells[i] = record.Cell(cells[i])
			}
			_ = out.Write(cells)
		}
	}
	return nil
}
