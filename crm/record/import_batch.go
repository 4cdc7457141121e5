package record

import (
	"context"
	"database/sql"

	"rowhouse/crm/entity"
	"rowhouse/data/fault"
)

// batch is how many rows one transaction takes.
const batch = 100

// importBatch keeps the rows from where the job is to end.
func (s *Store) importBatch(ctx context.Context, e *entity.Entity, j *Job, rows []Values, reasons map[int]error, end int) error {
	start := j.Done
	for i := start; i < end; i++ {
		if reasons[i] == nil {
			s.fill(e, rows[i])
			if err := require(e, rows[i]); err != nil {
				reasons[i] = err
			}
		}
	}
	double, err := s.doubles(ctx, e, *j, rows, reasons, end)
	if err != nil {
		return err
	}
	return s.tx(ctx, func(tx *sql.Tx) error {
		for i := start; i < end; i++ {
			switch {
			case reasons[i] != nil && len(j.Errors) < maxRowErrors:
				j.Errors = append(j.Errors, RowError{i + 1, s.Reason(e, reasons[i])})
			case reasons[i] != nil:
			case double[i-start]:
				j.Doubles++
			default:
				j.Made++
				if _, err := s.insert(ctx, tx, e, rows[i]); err != nil {
					return err
				}
			}
		}
		j.Done = end
		return s.saveJob(ctx, tx, *j, start)
	})
}

// Reason says in words why a row was not taken.
func (s *Store) Reason(e *entity.Entity, err error) string {
	f := fault.Of(err)
	for _, field := range e.Fields {
		if sub := f.Fields[field.Name]; sub != nil {
			g := fault.Of(sub)
			return s.Look.T(field.Label) + ": " + s.Look.T(g.Format, g.Args...)
		}
	}
	return s.Look.T(f.Format, f.Args...)
}

// doubles tells which rows of a batch exist already. Those that the settings block are left out, whatever the job says.
func (s *Store) doubles(ctx context.Context, e *entity.Entity, j Job, rows []Values, reasons map[int]error, end int) ([]bool, error) {
	double := make([]bool, end-j.Done)
	seen := map[key]bool{} // a file may name the same person twice
	for i, values := range rows[j.Done:end] {
		if reasons[j.Done+i] != nil {
			continue
		}
		keys := keysOf(e, values)
		for _, k := range keys {
			mode := s.twinMode(k.kind)
			double[i] = double[i] || seen[k] && (mode == "block" || mode == "warn" && j.SkipTwins)
		}
		twins, block, err := s.Twins(ctx, e, 0, values)
		if err != nil {
			return nil, err
		}
		if double[i] = double[i] || block || j.SkipTwins && len(twins) > 0; !double[i] {
			for _, k := range keys {
				seen[k] = true
			}
		}
	}
	return double, nil
}
