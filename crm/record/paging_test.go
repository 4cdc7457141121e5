package record_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"rowhouse/crm/entity"
	"rowhouse/crm/record"
	"rowhouse/data/fault"
)

// walk visits a list page by page to its end and back, and returns the ids each way found.
func walk(c *company, want record.Query, between func()) (there, back []int64) {
	c.Helper()
	e := c.entity("lead")
	want.Size = 7
	for range 100 {
		page, err := c.as(ada).List(c.Context(), e, want)
		if err != nil {
			c.Fatalf("sorted by %s: %v", want.Sort, err)
		}
		for _, row := range page.Rows {
			there = append(there, row.ID)
		}
		if page.Further == "" {
			want.Before = page.Newer
			break
		}
		want.After = page.Further
		between()
	}
	last := len(there) % 7
	if last == 0 {
		last = 7
	}
	back = slices.Clone(there[len(there)-min(last, len(there)):])
	for want.After = ""; want.Before != "" && len(back) <= 2*len(there); {
		page, err := c.as(ada).List(c.Context(), e, want)
		if err != nil {
			c.Fatalf("back, sorted by %s: %v", want.Sort, err)
		}
		var ids []int64
		for _, row := range page.Rows {
			ids = append(ids, row.ID)
		}
		back = append(ids, back...)
		want.Before = page.Newer
	}
	return there, back
}

func TestPagesShowEachRecordOnceWhicheverColumnSorts(t *testing.T) {
	c := newCompany(t)
	for _, kind := range []string{"long", "money", "moment", "bool", "multi", "number"} {
		f := entity.Custom{Label: "My " + kind, Kind: kind, Options: entity.Choices("a\nb")}
		if err := c.as(ada).AddField(t.Context(), c.entity("lead"), f); err != nil {
			t.Fatal(err)
		}
	}
	r := rand.New(rand.NewPCG(1, 2))
	sowRandom(c, r, 40)
	for range 10 {
		long := strings.Repeat("<&\u00e9>", 2000)
		c.make(ada, "lead", "name", strings.Repeat("<", 200), "description", long, "x_my_long", long, "lost_note", strings.Repeat("<", 500), "emails", "a@b.example,c@d.example", "x_my_money", "12 JPY", "x_my_moment", "2026-11-22T10:00", "x_my_bool", "1", "x_my_multi", "a, b")
	}
	e := c.entity("lead")
	all := c.count(`select count(*) from lead`)
	for _, f := range e.Shown() {
		for _, sort := range []string{f.Name, "-" + f.Name} {
			there, back := walk(c, record.Query{Sort: sort}, func() {})
			if len(there) != all || len(slices.Compact(slices.Sorted(slices.Values(there)))) != all {
				t.Errorf("sorted by %s, the pages show %d of %d", sort, len(there), all)
			}
			if !slices.Equal(there, back) {
				t.Errorf("sorted by %s, the way back is another one:\n%v\n%v", sort, there, back)
			}
		}
	}
}

func TestPagesStayRightWhileRecordsComeAndGo(t *testing.T) {
	c := newCompany(t)
	for i := range 40 {
		c.now = c.now.Add(time.Duration(i%3) * time.Second) // some at the same moment
		c.make(ada, "lead", "name", fmt.Sprint("Lead ", i%5))
	}
	for _, sort := range []string{"name", "-name", "created_at", "-created_at", "value"} {
		old := map[int64]bool{}
		ids, err := c.found(ada, "lead", "")
		if err != nil {
			t.Fatal(err)
		}
		for _, id := range ids {
			old[id] = true
		}
		n := 0
		there, _ := walk(c, record.Query{Sort: sort}, func() {
			if n++; n <= 3 {
				c.make(ada, "lead", "name", fmt.Sprint("Lead ", n), "value", fmt.Sprint(n))
				gone := ids[len(ids)-n]
				delete(old, gone)
				if err := c.as(ada).Delete(t.Context(), c.entity("lead"), gone); err != nil {
					t.Fatal(err)
				}
			}
		})
		seen := map[int64]int{}
		for _, id := range there {
			seen[id]++
		}
		for id := range old {
			if seen[id] != 1 {
				t.Errorf("sorted by %s, lead %d is shown %d times", sort, id, seen[id])
			}
		}
	}
}

func TestForgedCursorsAndSortsAreRefusedOrHarmless(t *testing.T) {
	c := newCompany(t)
	c.make(ada, "lead", "name", "Ada")
	for _, cursor := range []string{"x", "!!", "W10", "bnVsbA", "WzEsIngiXQ", "WyInIG9yIDE9MSAtLSIsMV0", "WzFlOTk5LDFd", strings.Repeat("A", 9000), "W1tdLDFd"} {
		for _, want := range []record.Query{{After: cursor, Size: 5}, {Before: cursor, Size: 5}, {After: cursor, Before: cursor, Size: 5, Sort: "name"}} {
			if _, err := c.as(ada).List(t.Context(), c.entity("lead"), want); err != nil && !fault.Is(err, fault.Invalid) {
				t.Errorf("%s: %v", cursor, err)
			}
		}
	}
	for _, sort := range []string{"none", "name; drop table lead", "-", "--name", "name desc", `"name"`, "deleted_at", "place", "value_currency"} {
		page, err := c.as(ada).List(t.Context(), c.entity("lead"), record.Query{Sort: sort, Size: 5, Fields: []string{"name", sort, "version", "deleted_at"}})
		if err != nil || len(page.Rows) != 1 || len(page.Rows[0].Fields) != 1 {
			t.Errorf("sorted by %s: %v (%v)", sort, page, err)
		}
	}
}
