package record_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rowhouse/crm/record"
	"rowhouse/data/fault"

	"database/sql"
)

func (c *company) finds(words string) int {
	c.Helper()
	hits, err := c.as(ada).Search(c.Context(), words, 10)
	if err != nil {
		c.Fatal(err)
	}
	return len(hits)
}

func (c *company) twins(pairs ...string) []record.Twin {
	c.Helper()
	s, e := c.as(ada), c.entity("lead")
	values, problems := s.Parse(e.Writable(), form(pairs...))
	if err := problems.Err(); err != nil {
		c.Fatal(err)
	}
	twins, _, err := s.Twins(c.Context(), e, 0, values)
	if err != nil {
		c.Fatal(err)
	}
	return twins
}

func (c *company) purge() {
	c.Helper()
	err := c.db.Tx(c.Context(), func(tx *sql.Tx) error { return record.Purge(c.Context(), tx, entities, c.now) })
	if err != nil {
		c.Fatal(err)
	}
}

func TestWhatIsInTheTrashIsNotFoundUntilItIsBack(t *testing.T) {
	c := newCompany(t)
	id, e, ctx := c.make(ada, "lead", "name", "Ada Lovelace", "emails", "ada@x.example"), c.entity("lead"), t.Context()
	check := func(want int, state string) {
		t.Helper()
		if got := c.finds("lovelace"); got != want {
			t.Errorf("%s, the search finds %d", state, got)
		}
		if got := len(c.twins("emails", "ADA@x.example")); got != want {
			t.Errorf("%s, it is the twin of %d", state, got)
		}
		if ids, _ := c.found(ada, "lead", ""); len(ids) != want {
			t.Errorf("%s, the list has %d", state, len(ids))
		}
	}
	check(1, "before")
	c.is(c.as(bob).Delete(ctx, e, id), fault.Denied, "somebody else's")
	c.is(c.as(eve).Delete(ctx, e, id), fault.Missing, "hidden")
	if err := c.as(ada).Delete(ctx, e, id); err != nil {
		t.Fatal(err)
	}
	check(0, "deleted")
	if n := c.count(`select count(*) from lead_search where lead_search match 'lovelace'`); n != 0 {
		t.Error("its words are still in the index")
	}
	c.is(c.as(ada).Delete(ctx, e, id), fault.Missing, "twice")
	_, err := c.as(ada).Update(ctx, e, id, 0, record.Values{"name": "X"})
	c.is(err, fault.Missing, "a change in the trash")
	c.is(c.as(bob).Restore(ctx, e, id), fault.Missing, "restored by another")
	if list, err := c.as(ada).Trash(ctx, 10); err != nil || len(list) != 1 || list[0].Title != "Ada Lovelace" || list[0].By != ada {
		t.Errorf("%+v %v", list, err)
	}
	c.now = c.now.Add(record.TrashLife - time.Second)
	c.purge()
	if err := c.as(ada).Restore(ctx, e, id); err != nil {
		t.Fatal(err)
	}
	check(1, "restored")
	c.is(c.as(ada).Restore(ctx, e, id), fault.Missing, "restored twice")
}

func TestAfterThirtyDaysTheTrashIsEmptiedWithAllThatHungOnIt(t *testing.T) {
	c := newCompany(t)
	ctx := t.Context()
	acme := c.make(ada, "customer", "name", "Acme")
	child := c.make(ada, "customer", "name", "Acme South", "parent", "Acme")
	con := c.make(ada, "contact", "name", "Con", "customer", "Acme")
	e := c.entity("customer")
	for _, content := range []string{"one", "two"} {
		if err := c.as(ada).AddFile(ctx, e, acme, content+".txt", strings.NewReader(content)); err != nil {
			t.Fatal(err)
		}
	}
	if err := c.as(ada).AddFile(ctx, e, child, "same.txt", strings.NewReader("two")); err != nil {
		t.Fatal(err)
	}
	if _, _, err := c.as(ada).AddNote(ctx, e, acme, "Hello @Bob"); err != nil {
		t.Fatal(err)
	}
	if err := c.as(ada).Delete(ctx, e, acme); err != nil {
		t.Fatal(err)
	}
	if row, err := c.as(ada).Get(ctx, c.entity("contact"), con); err != nil || c.as(ada).Draw().Labels == nil || row.Value("name") != "Con" {
		t.Error("the contact of a deleted customer cannot be read:", err)
	}
	c.now = c.now.Add(record.TrashLife + time.Second)
	c.purge()
	for query, want := range map[string]int{`select count(*) from customer where id = 1`: 0, `select count(*) from note`: 0, `select count(*) from mention`: 0, `select count(*) from file`: 1, `select count(*) from contact where customer is null`: 1,
		`select count(*) from customer where id = 2 and parent is null`: 1, `select count(*) from activity where act = 'deleted'`: 1} {
		if got := c.count(query); got != want {
			t.Errorf("%s: %d, want %d", query, got, want)
		}
	}
	folder := filepath.Join(c.dir, "files")
	files := func() int { list, _ := os.ReadDir(folder); return len(list) }
	for _, wait := range []struct {
		past time.Duration
		left int
	}{{0, 2}, {25 * time.Hour, 1}} {
		if err := record.Sweep(ctx, c.db, folder, time.Now().Add(wait.past)); err != nil || files() != wait.left {
			t.Errorf("after %v %d contents are left, want %d (%v)", wait.past, files(), wait.left, err)
		}
	}
	if err := c.db.Verify(ctx); err != nil {
		t.Error(err)
	}
}

func TestALinkToTheTrashDoesNotHinderOtherChanges(t *testing.T) {
	c := newCompany(t)
	ctx := t.Context()
	acme := c.make(ada, "customer", "name", "Acme")
	con := c.make(ada, "contact", "name", "Con", "customer", "Acme")
	if err := c.as(ada).Delete(ctx, c.entity("customer"), acme); err != nil {
		t.Fatal(err)
	}
	page, err := c.as(ada).List(ctx, c.entity("contact"), record.Query{Fields: []string{"name", "customer"}, Size: 5})
	if err != nil || len(page.Rows) != 1 || c.as(ada).Title(c.entity("contact"), &page.Rows[0]) != "Con" {
		t.Fatal(page, err)
	}
	if _, err := c.as(ada).Update(ctx, c.entity("contact"), con, 1, record.Values{"name": "Con Two"}); err != nil {
		t.Error(err)
	}
	if err := c.as(ada).Restore(ctx, c.entity("customer"), acme); err != nil {
		t.Fatal(err)
	}
	if ids, err := c.found(ada, "contact", `{"f":"customer","op":"eq","v":["Acme"]}`); err != nil || len(ids) != 1 {
		t.Error("the link did not come back:", ids, err)
	}
}
