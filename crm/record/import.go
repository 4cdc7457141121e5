package record

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
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

// ErrElsewhere is what an import ends with if another run of it is ahead.
var ErrElsewhere = errors.New("this import goes on in another run")

// maxRowErrors bounds how many reasons are kept.
const maxRowErrors = 1000

// NewJob keeps an uploaded file and the first guess of its mapping.
func (s *Store) NewJob(ctx context.Context, e *entity.Entity, name string, content io.Reader, total int, mapping map[int]string) (int64, error) {
	if !s.Actor.Right(e).Import {
		return 0, denied("importing", e)
	}
	f, err := s.store(content, anySize)
	if err != nil {
		return 0, fmt.Errorf("keep import: %w", err)
	}
	m, err := json.Marshal(mapping)
	if err != nil {
		return 0, err
	}
	label := []rune(entity.Plain(name))
	if err := s.tx(ctx, func(tx *sql.Tx) error { return s.checkRoom(ctx, tx, f.Size) }); err != nil {
		return 0, err
	}
	done, err := s.DB.Exec(ctx, `insert into import (entity, staff, name, hash, mapping, state, total, created_at, updated_at) values (?, ?, ?, ?, ?, 'mapping', ?, ?, ?)`,
		e.Name, s.Actor.ID, string(label[:min(len(label), 200)]), f.Hash, string(m), total, s.Now.UnixMilli(), s.Now.UnixMilli())
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
	var mapping, reasons string
	var updated int64
	err := s.DB.QueryRow(ctx, `select id, entity, name, state, staff, hash, mapping, skip_twins, total, done, made, doubles, errors, updated_at from import
		where id = ? and entity = ? and (staff = ? or ?)`, id, e.Name, s.Actor.ID, s.Actor.Admin).
		Scan(&j.ID, &j.Entity, &j.Name, &j.State, &j.Staff, &j.hash, &mapping, &j.SkipTwins, &j.Total, &j.Done, &j.Made, &j.Doubles, &reasons, &updated)
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
	return j, json.Unmarshal([]byte(reasons), &j.Errors)
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
// Rows that fail are told, and the others are kept. Whoever comes second to a batch stops with ErrElsewhere.
func (s *Store) RunJob(ctx context.Context, e *entity.Entity, j Job, rows []Values, reasons map[int]error) error {
	if !s.Actor.Right(e).Import || !s.Actor.Right(e).Create {
		return denied("importing", e)
	}
	s.Quiet = true
	began := time.Now()
	for start := j.Done; start < len(rows); start += batch {
		end := min(start+batch, len(rows))
		j.Updated = s.Now.Add(time.Since(began))
		if err := s.importBatch(ctx, e, &j, rows, reasons, end); err != nil {
			return fmt.Errorf("import rows %d to %d of %s: %w", start+1, end, e.Many, err)
		}
		s.publish(e.Name, fmt.Sprint("import-", j.ID))
	}
	err := s.tx(ctx, func(tx *sql.Tx) error {
		j.State = "done"
		if err := s.saveJob(ctx, tx, j, j.Done); err != nil {
			return err
		}
		return s.log(ctx, tx, "imported", e, 0, fmt.Sprintf("%d %s", j.Made, e.Many), nil)
	})
	if err == nil {
		s.publish(fmt.Sprint("import-", j.ID))
	}
	return err
}

// saveJob keeps how far a job is, if nobody else has brought it past before.
func (s *Store) saveJob(ctx context.Context, tx *sql.Tx, j Job, before int) error {
	list, err := json.Marshal(j.Errors)
	if err != nil {
		return err
	}
	if j.Errors == nil {
		list = []byte("[]")
	}
	done, err := tx.ExecContext(ctx, `update import set state = ?, done = ?, made = ?, doubles = ?, errors = ?, updated_at = ? where id = ? and done = ? and state <> 'done'`,
		j.State, j.Done, j.Made, j.Doubles, string(list), j.Updated.UnixMilli(), j.ID, before)
	if err != nil {
		return err
	}
	if n, err := done.RowsAffected(); err != nil || n == 0 {
		return errors.Join(ErrElsewhere, err)
	}
	return nil
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

// Bad is how many rows were not taken, also those whose reason is no longer kept.
func (j Job) Bad() int { return j.Done - j.Made - j.Doubles }

// Done64, Total64, Made64 and Doubles64 are the counts as pages format them.
func (j Job) Done64() int64 { return int64(j.Done) }

// Total64 is how many rows the file has.
func (j Job) Total64() int64 { return int64(j.Total) }

// Made64 is how many records were made.
func (j Job) Made64() int64 { return int64(j.Made) }

// Doubles64 is how many rows exist already.
func (j Job) Doubles64() int64 { return int64(j.Doubles) }

// CheckRow says what would be wrong with a row as a new record, and keeps nothing.
func (s *Store) CheckRow(e *entity.Entity, values Values) error {
	whole := maps.Clone(values)
	if whole == nil {
		whole = Values{}
	}
	s.fill(e, whole)
	return require(e, whole)
}
