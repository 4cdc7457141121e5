package record

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"rowhouse/crm/entity"
	"rowhouse/data/fault"
)

// Job is the import of one file.
type Job struct {
	ID                         int64
	Entity, Name, State        string
	Staff                      int64
	Mapping                    map[int]string // column of the file to field
	SkipTwins                  bool
	Total, Done, Made, Doubles int
	Errors                     []RowError
	Updated                    time.Time
	hash                       string
}

// RowError says which row of a file was not taken, and why.
type RowError struct {
	Row    int // 1 is the first below the headings
	Reason string
}

// maxRowErrors bounds how many reasons are kept.
const maxRowErrors = 1000

// batch is how many rows one transaction takes.
const batch = 100

// NewJob keeps an uploaded file and the first guess of its mapping.
func (s *Store) NewJob(ctx context.Context, e *entity.Entity, name string, content io.Reader, total int, mapping map[int]string) (int64, error) {
	if !s.Actor.Right(e).Import {
		return 0, denied("importing", e)
	}
	f, err := s.store(content)
	if err != nil {
		return 0, fmt.Errorf("keep import: %w", err)
	}
	m, err := json.Marshal(mapping)
	if err != nil {
		return 0, err
	}
	done, err := s.DB.Exec(ctx, `insert into import (entity, staff, name, hash, mapping, state, total, created_at, updated_at) values (?, ?, ?, ?, ?, 'mapping', ?, ?, ?)`,
		e.Name, s.Actor.ID, name, f.Hash, string(m), total, s.Now.UnixMilli(), s.Now.UnixMilli())
	if err != nil {
		return 0, err
	}
	return done.LastInsertId()
}

// Job returns one of the actor's imports; administrators see all.
func (s *Store) Job(ctx context.Context, e *entity.Entity, id int64) (Job, error) {
	if !s.Actor.Right(e).Import {
		return Job{}, denied("importing", e)
	}
	var j Job
	var mapping, errors string
	var updated int64
	err := s.DB.QueryRow(ctx, `select id, entity, name, state, staff, hash, mapping, skip_twins, total, done, made, doubles, errors, updated_at from import
		where id = ? and entity = ? and (staff = ? or ?)`, id, e.Name, s.Actor.ID, s.Actor.Admin).
		Scan(&j.ID, &j.Entity, &j.Name, &j.State, &j.Staff, &j.hash, &mapping, &j.SkipTwins, &j.Total, &j.Done, &j.Made, &j.Doubles, &errors, &updated)
	if err == sql.ErrNoRows {
		return j, fault.New(fault.Missing, "This import does not exist, or was begun by somebody else.")
	}
	if err != nil {
		return j, err
	}
	j.Updated = time.UnixMilli(updated).UTC()
	if err := json.Unmarshal([]byte(mapping), &j.Mapping); err != nil {
		return j, err
	}
	return j, json.Unmarshal([]byte(errors), &j.Errors)
}

// OpenJob returns the content of an import's file.
func (s *Store) OpenJob(j Job) (*os.File, error) { return os.Open(filepath.Join(s.Files, j.hash)) }

// MapJob keeps what a person has chosen for an import that has not begun.
func (s *Store) MapJob(ctx context.Context, j Job) error {
	m, err := json.Marshal(j.Mapping)
	if err != nil {
		return err
	}
	_, err = s.DB.Exec(ctx, `update import set mapping = ?, skip_twins = ? where id = ? and state = 'mapping'`, string(m), j.SkipTwins, j.ID)
	return err
}

// RunJob keeps the rows of an import as new records, a batch in a transaction together with how far it got:
// if the process stops, the import goes on behind the last batch and no row is taken twice.
// Rows that fail are told, and the others are kept.
func (s *Store) RunJob(ctx context.Context, e *entity.Entity, j Job, rows []Values, reasons map[int]error) error {
	if !s.Actor.Right(e).Import || !s.Actor.Right(e).Create {
		return denied("importing", e)
	}
	for start := j.Done; start < len(rows); start += batch {
		end := min(start+batch, len(rows))
		double, err := s.doubles(ctx, e, j, rows[start:end])
		if err != nil {
			return err
		}
		err = s.tx(ctx, func(tx *sql.Tx) error {
			for i := start; i < end; i++ {
				if double[i-start] {
					j.Doubles++
					continue
				}
				if err := s.importRow(ctx, tx, e, &j, i, rows[i], reasons[i]); err != nil {
					return err
				}
			}
			j.Done = end
			return s.saveJob(ctx, tx, j)
		})
		if err != nil {
			return fmt.Errorf("import rows %d to %d of %s: %w", start+1, end, e.Many, err)
		}
		s.publish(e.Name, fmt.Sprint("import-", j.ID))
	}
	return s.tx(ctx, func(tx *sql.Tx) error {
		j.State = "done"
		if err := s.saveJob(ctx, tx, j); err != nil {
			return err
		}
		return s.log(ctx, tx, "imported", e, 0, fmt.Sprintf("%d %s", j.Made, e.Many), nil)
	})
}

func (s *Store) importRow(ctx context.Context, tx *sql.Tx, e *entity.Entity, j *Job, i int, values Values, reason error) error {
	if reason == nil {
		s.fill(e, values)
		reason = require(e, values)
	}
	if reason != nil {
		if len(j.Errors) < maxRowErrors {
			j.Errors = append(j.Errors, RowError{i + 1, s.Reason(e, reason)})
		}
		return nil
	}
	j.Made++
	_, err := s.insert(ctx, tx, e, values)
	return err
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

func (s *Store) doubles(ctx context.Context, e *entity.Entity, j Job, rows []Values) ([]bool, error) {
	double := make([]bool, len(rows))
	if !j.SkipTwins {
		return double, nil
	}
	seen := map[key]bool{} // a file may name the same person twice
	for i, values := range rows {
		twins, _, err := s.Twins(ctx, e, 0, values)
		if err != nil {
			return nil, err
		}
		double[i] = len(twins) > 0
		for _, k := range keysOf(e, values) {
			if k.kind != "name" {
				double[i] = double[i] || seen[k]
				seen[k] = true
			}
		}
	}
	return double, nil
}

func (s *Store) saveJob(ctx context.Context, tx *sql.Tx, j Job) error {
	errors, err := json.Marshal(j.Errors)
	if err != nil {
		return err
	}
	if j.Errors == nil {
		errors = []byte("[]")
	}
	_, err = tx.ExecContext(ctx, `update import set state = ?, done = ?, made = ?, doubles = ?, errors = ?, updated_at = ? where id = ?`,
		j.State, j.Done, j.Made, j.Doubles, string(errors), s.Now.UnixMilli(), j.ID)
	return err
}

// StartJob marks an import as running; false if it runs already or is done. One that has not moved
// for two minutes was stopped half-way and may be started again.
func (s *Store) StartJob(ctx context.Context, id int64) (bool, error) {
	done, err := s.DB.Exec(ctx, `update import set state = 'running', updated_at = ? where id = ? and (state in ('mapping', 'failed') or (state = 'running' and updated_at < ?))`,
		s.Now.UnixMilli(), id, s.Now.Add(-2*time.Minute).UnixMilli())
	if err != nil {
		return false, err
	}
	n, err := done.RowsAffected()
	return n == 1, err
}

// FailJob notes that an import stopped.
func (s *Store) FailJob(ctx context.Context, id int64) error {
	_, err := s.DB.Exec(ctx, `update import set state = 'failed' where id = ? and state = 'running'`, id)
	return err
}

// Done64, Total64, Made64 and Doubles64 are the counts as pages format them.
func (j Job) Done64() int64 { return int64(j.Done) }

// Total64 is how many rows the file has.
func (j Job) Total64() int64 { return int64(j.Total) }

// Made64 is how many records were made.
func (j Job) Made64() int64 { return int64(j.Made) }

// Doubles64 is how many rows exist already.
func (j Job) Doubles64() int64 { return int64(j.Doubles) }
