package record

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"rowhouse/crm/entity"
	"rowhouse/data/fault"
	"rowhouse/ui"
)

// Bounds of a file that is brought in.
const (
	MaxImport    = 10 << 20 // bytes
	maxRows      = 50000
	maxColumns   = 200
	maxCells     = 2_000_000
	maxCellBytes = 50000
)

// ReadTable reads a file of comma-separated values, whatever stands between them and in whichever of the usual encodings.
func ReadTable(r io.Reader) (head []string, rows [][]string, err error) {
	b, err := io.ReadAll(io.LimitReader(r, MaxImport+1))
	if err != nil {
		return nil, nil, err
	}
	if len(b) > MaxImport {
		return nil, nil, fault.New(fault.TooLarge, "The file may have at most %d MB. Please split it.", MaxImport>>20)
	}
	b = bytes.TrimPrefix(b, []byte("\xef\xbb\xbf"))
	if !utf8.Valid(b) {
		if b, err = charmap.Windows1252.NewDecoder().Bytes(b); err != nil {
			return nil, nil, unreadable(err)
		}
	}
	if bytes.IndexByte(b, 0) >= 0 {
		return nil, nil, unreadable(nil)
	}
	c := csv.NewReader(bytes.NewReader(b))
	c.Comma, c.FieldsPerRecord, c.LazyQuotes = separator(b), -1, true
	for {
		row, err := c.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, nil, unreadable(err)
		}
		if rows = append(rows, row); len(rows) > maxRows+1 || len(row) > maxColumns || len(rows)*len(row) > maxCells {
			return nil, nil, fault.New(fault.TooLarge, "The file may have at most %d rows and %d columns. Please split it.", maxRows, maxColumns)
		}
	}
	for len(rows) > 1 && strings.Join(rows[len(rows)-1], "") == "" { // spreadsheets save empty rows behind the last one
		rows = rows[:len(rows)-1]
	}
	if len(rows) < 2 {
		return nil, nil, fault.New(fault.Invalid, "The file needs a first row with headings and at least one row below it.")
	}
	return rows[0], rows[1:], nil
}

func unreadable(err error) error {
	return fault.Because(err, fault.Invalid, "This file could not be read. Please save it as CSV (comma-separated values) and try again.")
}

// separator is the sign that stands most often between the headings.
func separator(b []byte) rune {
	counts, quoted := map[byte]int{}, false
	for _, c := range b {
		if c == '"' {
			quoted = !quoted
		}
		if c == '\n' && !quoted {
			break
		}
		if !quoted {
			counts[c]++
		}
	}
	best := byte(',')
	for _, c := range []byte(";\t|") {
		if counts[c] > counts[best] {
			best = c
		}
	}
	return rune(best)
}

// Guess finds the fields that the headings of a file mean.
func Guess(e *entity.Entity, words *ui.Look, head []string) map[int]string {
	mapping := map[int]string{}
	used := map[string]bool{}
	for i, h := range head {
		for _, f := range e.Writable() {
			if !used[f.Name] && means(h, f, words) {
				mapping[i], used[f.Name] = f.Name, true
				break
			}
		}
	}
	return mapping
}

// other headings that programs write for a field.
var aliases = map[string][]string{"emails": {"email", "e-mail", "mail", "emailaddress"}, "phones": {"phone", "telephone", "mobile", "tel", "phonenumber"},
	"zip": {"zip", "zipcode", "postcode", "plz"}, "name": {"fullname", "contactname", "leadname"}, "company": {"organisation", "organization", "account"},
	"website": {"url", "web", "homepage"}, "owner": {"assigned", "assignedto", "salesperson"}, "value": {"amount", "leadvalue"}, "title": {"position", "jobtitle"}}

func means(heading string, f entity.Field, words *ui.Look) bool {
	h := Fold(heading)
	if h == "" {
		return false
	}
	for _, name := range append([]string{f.Name, f.Label, words.T(f.Label)}, aliases[f.Name]...) {
		if h == Fold(name) {
			return true
		}
	}
	return false
}

// ParseRow makes values of one row of a file.
func (s *Store) ParseRow(e *entity.Entity, mapping map[int]string, row []string) (Values, error) {
	values, problems := Values{}, ui.Problems{}
	env := s.env()
	env.Past = true
	for i, cell := range row {
		f, ok := e.Field(mapping[i])
		if !ok || f.ReadOnly || f.Hidden {
			continue
		}
		if len(cell) > maxCellBytes {
			problems.Add(f.Name, "This is too long.")
			continue
		}
		v, err := f.Kind.Parse([]string{bareCell(cell)}, env)
		if err != nil {
			problems[f.Name] = err
			continue
		}
		if !entity.Empty(v) {
			values[f.Name] = v
		}
	}
	return values, problems.Err()
}

// Cell makes a value harmless for spreadsheets, which would run a text that begins like a formula.
func Cell(s string) string {
	begins, _ := utf8.DecodeRuneInString(strings.TrimLeft(s, "'"))
	if strings.ContainsRune("=+-@\t\r\n＝＋－＠", begins) {
		return "'" + s
	}
	return s
}

// bareCell takes back what Cell has put before a value.
func bareCell(s string) string {
	s = strings.TrimSpace(s)
	if len(s) > 1 && s[0] == '\'' && Cell(s[1:]) != s[1:] {
		return s[1:]
	}
	return s
}
