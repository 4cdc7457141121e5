package page

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"rowhouse/crm/entity"
	"rowhouse/crm/record"
	"rowhouse/data/fault"
	"rowhouse/ui"
)

var importPage = ui.Parse[Import](files, ui.App, "import.html")

// Import is the pages of an import: choosing a file, mapping its columns, watching it run, what came of it.
type Import struct {
	ui.Frame
	E         *entity.Entity
	Many      string
	Job       record.Job
	Columns   []ImportColumn
	Good, Bad int
	Problems  []record.RowError
	FailedURL string
	Stalled   bool
	Missing   []string // required fields that no column brings
}

// ImportColumn is one column of the file: its heading, some values, the field it goes to.
type ImportColumn struct {
	Name, Heading, Sample string
	Fields                []ColumnItem
}

func newImport(w http.ResponseWriter, r *http.Request, d *Desk, e *entity.Entity) (Import, error) {
	if !d.Store.Actor.Right(e).Import {
		return Import{}, fault.New(fault.Denied, "Your role does not include importing %s. An administrator can change that.", e.Many)
	}
	look := d.Store.Look
	p := Import{Frame: d.Frame(w, r, look.T("Import %s", look.Noun(look.T(e.Many))), e.URL()), E: e, Many: look.T(e.Many)}
	p.Crumbs = []ui.Item{{Label: p.Many, URL: e.URL()}}
	return p, nil
}

func showUpload(w http.ResponseWriter, r *http.Request, d *Desk, e *entity.Entity) error {
	p, err := newImport(w, r, d, e)
	if err != nil {
		return err
	}
	return importPage.Show(w, r, p)
}

// upload keeps the file and goes on to its mapping.
func upload(w http.ResponseWriter, r *http.Request, d *Desk, e *entity.Entity) error {
	if err := ui.ParseForm(w, r, record.MaxImport+1<<20); err != nil {
		return err
	}
	if r.MultipartForm == nil || len(r.MultipartForm.File["file"]) != 1 {
		return fault.New(fault.Invalid, "Please choose a file.")
	}
	defer r.MultipartForm.RemoveAll()
	head := r.MultipartForm.File["file"][0]
	content, err := head.Open()
	if err != nil {
		return err
	}
	defer content.Close()
	headings, rows, err := record.ReadTable(content)
	if err != nil {
		return err
	}
	if _, err := content.Seek(0, 0); err != nil {
		return err
	}
	id, err := d.Store.NewJob(r.Context(), e, head.Filename, content, len(rows), record.Guess(e, d.Store.Look, headings))
	if err != nil {
		return err
	}
	return ui.Back(w, r, jobsURL(e)+"/"+itoa(id))
}

// reading lets one large file be read at a time: ten megabytes of CSV are a hundred in memory.
var reading = make(chan struct{}, 1)

// table reads the file of a job and makes values of its rows.
func table(d *Desk, e *entity.Entity, j record.Job) (head []string, raw [][]string, rows []record.Values, wrong map[int]error, err error) {
	reading <- struct{}{}
	defer func() { <-reading }()
	content, err := d.Store.OpenJob(j)
	if err != nil {
		return nil, nil, nil, nil, err
	}
	defer content.Close()
	if head, raw, err = record.ReadTable(content); err != nil {
		return nil, nil, nil, nil, err
	}
	wrong = map[int]error{}
	for i, row := range raw {
		values, err := d.Store.ParseRow(e, j.Mapping, row)
		if err != nil {
			wrong[i] = err
		}
		rows = append(rows, values)
	}
	return head, raw, rows, wrong, nil
}

func showJob(w http.ResponseWriter, r *http.Request, d *Desk, e *entity.Entity, id int64) error {
	p, err := newImport(w, r, d, e)
	if err != nil {
		return err
	}
	if p.Job, err = d.Store.Job(r.Context(), e, id); err != nil {
		return err
	}
	p.Topics = fmt.Sprint("import-", id)
	p.Stalled = p.Job.State == "running" && d.Store.Now.Sub(p.Job.Updated).Minutes() > 2
	p.Problems = p.Job.Errors[:min(len(p.Job.Errors), 100)]
	p.FailedURL = jobsURL(e) + "/" + itoa(id) + "/failed"
	if p.Job.State == "mapping" {
		if err := p.dryRun(d, e); err != nil {
			return err
		}
	}
	return importPage.Show(w, r, p)
}

// dryRun says what would come of the import, without keeping anything.
func (p *Import) dryRun(d *Desk, e *entity.Entity) error {
	head, raw, rows, wrong, err := table(d, e, p.Job)
	if err != nil {
		return err
	}
	look := d.Store.Look
	for i, h := range head {
		c := ImportColumn{Name: "c" + strconv.Itoa(i), Heading: h}
		var sample []string
		for _, row := range raw[:min(len(raw), 3)] {
			if i < len(row) && row[i] != "" {
				sample = append(sample, short(row[i]))
			}
		}
		c.Sample = strings.Join(sample, " · ")
		for _, f := range e.Writable() {
			c.Fields = append(c.Fields, ColumnItem{f.Name, look.T(f.Label), p.Job.Mapping[i] == f.Name})
		}
		p.Columns = append(p.Columns, c)
	}
	for i := range rows { // as strictly as the run itself
		if err := d.Store.CheckRow(e, rows[i]); wrong[i] == nil && err != nil {
			wrong[i] = err
		}
	}
	p.Good, p.Bad = len(rows)-len(wrong), len(wrong)
	for i := range rows {
		if err := wrong[i]; err != nil && len(p.Problems) < 20 {
			p.Problems = append(p.Problems, record.RowError{Row: i + 1, Reason: d.Store.Reason(e, err)})
		}
	}
	for _, f := range e.Writable() {
		if f.Required && f.Default == "" && f.Kind.Word() != "pick" && !mapped(p.Job.Mapping, f.Name) {
			p.Missing = append(p.Missing, look.T(f.Label))
		}
	}
	return nil
}

func mapped(mapping map[int]string, name string) bool {
	for _, n := range mapping {
		if n == name {
			return true
		}
	}
	return false
}
