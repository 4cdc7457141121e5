package record_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"rowhouse/crm/record"
	"rowhouse/data/fault"
)

// bring imports a table into leads, as the page does, and returns what came of it.
func (c *company) bring(content string, skip bool) record.Job {
	c.Helper()
	id := c.upload(content, skip)
	if err := c.run(id); err != nil {
		c.Fatal(err)
	}
	return c.job(id)
}

func (c *company) upload(content string, skip bool) int64 {
	c.Helper()
	s, e := c.as(ada), c.entity("lead")
	head, rows, err := record.ReadTable(strings.NewReader(content))
	if err != nil {
		c.Fatal(err)
	}
	id, err := s.NewJob(c.Context(), e, "list\u202e.csv", strings.NewReader(content), len(rows), record.Guess(e, s.Look, head))
	if err != nil {
		c.Fatal(err)
	}
	j := c.job(id)
	j.SkipTwins = skip
	if err := s.MapJob(c.Context(), j); err != nil {
		c.Fatal(err)
	}
	return id
}

func (c *company) job(id int64) record.Job {
	c.Helper()
	j, err := c.as(ada).Job(c.Context(), c.entity("lead"), id)
	if err != nil {
		c.Fatal(err)
	}
	return j
}

func (c *company) run(id int64) error {
	s, e := c.as(ada), c.entity("lead")
	j := c.job(id)
	content, err := s.OpenJob(j)
	if err != nil {
		return err
	}
	defer content.Close()
	_, raw, err := record.ReadTable(content)
	if err != nil {
		return err
	}
	var rows []record.Values
	reasons := map[int]error{}
	for i, row := range raw {
		values, err := s.ParseRow(e, j.Mapping, row)
		if err != nil {
			reasons[i] = err
		}
		rows = append(rows, values)
	}
	return s.RunJob(context.Background(), e, j, rows, reasons)
}

func TestTablesAreReadHoweverTheyWereSaved(t *testing.T) {
	for what, content := range map[string]string{"comma": "Name,Company\nZoë,\"Bau, \"\"Stein\"\"\n& Co\"\n", "semicolon": "Name;Company\r\nZoë;\"Bau, \"\"Stein\"\"\r\n& Co\"\r\n", "tab": "Name\tCompany\nZoë\t\"Bau, \"\"Stein\"\"\n& Co\"", "bar": "Name|Company\nZoë|\"Bau, \"\"Stein\"\"\n& Co\"\n;\n",
		"BOM": "\xef\xbb\xbf\"Name\",\"Company\"\nZoë,\"Bau, \"\"Stein\"\"\n& Co\"", "Windows-1252": "Name;Company\nZo\xeb;\"Bau, \"\"Stein\"\"\n& Co\"\n;;\n;\n", "commas in quotes": "Name;Company;\"a,b,c,d\"\nZoë;\"Bau, \"\"Stein\"\"\n& Co\";x"} {
		if what == "bar" {
			content = strings.TrimSuffix(content, ";\n")
		}
		head, rows, err := record.ReadTable(strings.NewReader(content))
		if err != nil || len(rows) != 1 || head[0] != "Name" || head[1] != "Company" || rows[0][0] != "Zoë" || rows[0][1] != "Bau, \"Stein\"\n& Co" {
			t.Errorf("%s: %q %q %v", what, head, rows, err)
		}
	}
	for what, content := range map[string]string{"empty": "", "only headings": "Name,Company\n", "only empty rows": "Name,Company\n,\n,\n", "binary": "PK\x03\x04\x00\x00", "UTF-16": "\xff\xfeN\x00a\x00", "wide": strings.Repeat("a,", 300) + "\nx", "long": strings.Repeat("a\n", 50010)} {
		if _, _, err := record.ReadTable(strings.NewReader(content)); !fault.Is(err, fault.Invalid) && !fault.Is(err, fault.TooLarge) {
			t.Errorf("%s: %v", what, err)
		}
	}
}

func TestAnImportTakesWhatIsRightAndTellsWhatIsNot(t *testing.T) {
	c := newCompany(t)
	c.make(ada, "contact", "name", "There already", "emails", "there@x.example")
	j := c.bring("Full name;E-Mail;Status;Value;Owner;Unknown\n"+
		"One;one@x.example;talking;1.234,50;Olga Old;x\n"+
		";two@x.example;;;;\n"+ // no name
		"Three;nonsense;;;;\n"+
		"Four;four@x.example;Nowhere;;;\n"+
		"Five;THERE@x.example;;;;\n"+ // a contact has it
		"Six;one@X.example;;;;\n"+ // twice in the file
		"Seven;two@x.example;;\"12 USD\";;\n"+ // the row that also had it was refused
		"Eight;nonsense2;;;;\n", true)
	if j.State != "done" || j.Made != 2 || j.Doubles != 2 || j.Bad() != 4 || j.Done != 8 || j.Name != "list.csv" {
		t.Errorf("%+v", j)
	}
	var told []string
	for _, e := range j.Errors {
		told = append(told, fmt.Sprint(e.Row, " ", e.Reason))
	}
	want := "2 Name: Please fill this in.|3 E-mail: Please enter an e-mail address like name@company.com.|4 Status: Please choose one of the list.|8 E-mail: Please enter an e-mail address like name@company.com."
	if got := strings.Join(told, "|"); got != want {
		t.Error(got)
	}
	if n := c.count(`select count(*) from lead where name = 'One' and value = 123450 and status = 2 and owner = 5`); n != 1 {
		t.Error("the first row lost something")
	}
	if n := c.count(`select count(*) from lead where name = 'Seven' and value_currency = 'USD'`); n != 1 {
		t.Error("a right row was lost to a refused one")
	}
	c.exec(`insert into setting values ('twins.email', 'block')`)
	if j := c.bring("name,emails\nAgain,one@x.example\nNew,new@x.example\nNew two,new@x.example\n", false); j.Made != 1 || j.Doubles != 2 {
		t.Errorf("what the settings block is brought in: %+v", j)
	}
}

func TestAnImportThatStopsGoesOnWithoutLosingOrDoublingARow(t *testing.T) {
	c := newCompany(t)
	var b strings.Builder
	b.WriteString("name,emails\n")
	for i := range 1000 {
		fmt.Fprintf(&b, "Row %d,r%d@x.example\n", i, i)
	}
	id := c.upload(b.String(), false)
	s := c.as(ada)
	if started, err := s.StartJob(t.Context(), id); err != nil || !started {
		t.Fatal(started, err)
	}
	if started, err := s.StartJob(t.Context(), id); err != nil || started {
		t.Error("a running import was started again:", err)
	}
	c.exec(`create trigger stop before insert on lead when new.name = 'Row 555' begin select raise(abort, 'stopped'); end`)
	if err := c.run(id); err == nil {
		t.Fatal("it did not stop")
	}
	if j := c.job(id); j.Done != 500 || j.Made != 500 || c.count(`select count(*) from lead`) != 500 {
		t.Errorf("%+v", j)
	}
	if err := s.FailJob(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	c.exec(`drop trigger stop`)
	if started, err := s.StartJob(t.Context(), id); err != nil || !started {
		t.Fatal(started, err)
	}
	// Two runs at once: pressed twice, or taken for dead. One gets ahead, the other stops.
	var all sync.WaitGroup
	for range 2 {
		all.Go(func() {
			if err := c.run(id); err != nil && !errors.Is(err, record.ErrElsewhere) {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if j := c.job(id); j.State != "done" || j.Made != 1000 || c.count(`select count(*) from lead`) != 1000 || c.count(`select count(distinct name) from lead`) != 1000 {
		t.Errorf("%+v, %d leads", j, c.count(`select count(*) from lead`))
	}
	if err := c.run(id); !errors.Is(err, record.ErrElsewhere) || c.count(`select count(*) from lead`) != 1000 {
		t.Error("what is done was done again:", err)
	}
}

func TestTenThousandRowsComeIn(t *testing.T) {
	if testing.Short() {
		t.Skip()
	}
	c := newCompany(t)
	var b strings.Builder
	b.WriteString("name\n")
	for i := range 10000 {
		fmt.Fprintf(&b, "Row %d\n", i)
	}
	if j := c.bring(b.String(), false); j.Made != 10000 || c.count(`select count(*) from lead`) != 10000 {
		t.Errorf("%+v", j)
	}
}

func TestACellThatASpreadsheetWouldRunIsQuotedAndTakenBack(t *testing.T) {
	c := newCompany(t)
	for _, s := range []string{"=1+1", "+49 30 1", "-5", "@SUM(A1)", "＝1+1", "＋1", "－1", "＠x", "'=1+1", "''=x", "'quoted'", "plain", "a=b", "'", "O'Hara", "'tis"} {
		cell := record.Cell(s)
		if runs := strings.ContainsAny(cell[:1], "=+-@\t\r") || strings.HasPrefix(cell, "＝"); runs {
			t.Errorf("%q is exported as %q", s, cell)
		}
		values, err := c.as(ada).ParseRow(c.entity("lead"), map[int]string{0: "name"}, []string{cell})
		if err != nil || values["name"] != s {
			t.Errorf("%q comes back as %q (%v)", s, values["name"], err)
		}
	}
	for _, s := range []string{"\t=1", "\r=1", "\n=1"} {
		if cell := record.Cell(s); cell[0] != '\'' {
			t.Errorf("%q is exported as %q", s, cell)
		}
	}
}

func TestOnlyWhoMayImportSeesImports(t *testing.T) {
	c := newCompany(t)
	id := c.upload("name\nX\n", true)
	_, err := c.as(bob).Job(t.Context(), c.entity("lead"), id)
	c.is(err, fault.Denied, "no right to import")
	_, err = c.as(ada).Job(t.Context(), c.entity("contact"), id)
	c.is(err, fault.Missing, "by way of another entity")
}
