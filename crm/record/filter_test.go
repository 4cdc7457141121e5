package record_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"rowhouse/crm/entity"
	"rowhouse/crm/record"
	"rowhouse/data/fault"
	"rowhouse/data/money"
)

func TestEveryFilterFindsWhatAPersonWouldFind(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	r := rand.New(rand.NewPCG(seed, 1))
	c := newCompany(t)
	if err := c.as(ada).AddField(t.Context(), c.entity("lead"), entity.Custom{Label: "N", Kind: "number"}); err != nil {
		t.Fatal(err)
	}
	rows := sowRandom(c, r, 150)
	e := c.entity("lead")
	for range 600 {
		f := someFilter(r, e, 0)
		got, err := c.found(ada, "lead", f.String())
		if err != nil {
			t.Fatalf("seed %d: %s: %v", seed, f, err)
		}
		var want []int64
		var sum = map[string]int64{}
		for _, row := range rows {
			if !holds(row, f) {
				continue
			}
			want = append(want, row["id"].(int64))
			if v := row["value"].(string); v != "" {
				a, _ := money.Parse(v, "EUR")
				sum[a.Currency] += a.Minor
			}
		}
		if !slices.Equal(got, want) {
			t.Fatalf("seed %d: %s finds %d and should find %d: %s", seed, f, len(got), len(want), differ(rows, got, want))
		}
		totals, err := c.as(ada).Totals(t.Context(), e, record.Query{Filter: f}, "value")
		if err != nil || totals.Count != int64(len(want)) || len(totals.Sums) != len(sum) {
			t.Fatalf("seed %d: %s: %+v, want %d and %v (%v)", seed, f, totals, len(want), sum, err)
		}
		for _, a := range totals.Sums {
			if sum[a.Currency] != a.Minor {
				t.Fatalf("seed %d: %s: %+v, want %v", seed, f, totals, sum)
			}
		}
	}
}

func TestTotalsOfSimilarFiltersAreNotMixedUp(t *testing.T) {
	c := newCompany(t)
	c.make(ada, "lead", "name", "a b", "company", "c")
	for filter, want := range map[string]int64{`{"and":[{"f":"name","op":"eq","v":["a b"]},{"f":"company","op":"eq","v":["c"]}]}`: 1, `{"and":[{"f":"name","op":"eq","v":["a"]},{"f":"company","op":"eq","v":["b c"]}]}`: 0} {
		f, err := entity.ParseFilter(c.entity("lead"), filter)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := c.as(ada).Totals(t.Context(), c.entity("lead"), record.Query{Filter: f}, ""); err != nil || got.Count != want {
			t.Errorf("%s: %v, want %d (%v)", filter, got, want, err)
		}
	}
}

func TestDaysEndWhereTheReaderLives(t *testing.T) {
	c := newCompany(t)
	for zone, now := range map[string]string{"Pacific/Kiritimati": "2026-11-22T09:59:59Z", "Pacific/Pago_Pago": "2026-11-23T10:59:59Z", "Europe/Berlin": "2026-03-28T23:30:00Z", "UTC": "2026-12-31T23:59:59Z"} {
		at, _ := time.Parse(time.RFC3339, now)
		var err error
		if c.zone, err = time.LoadLocation(zone); err != nil {
			t.Fatal(err)
		}
		local := at.In(c.zone)
		begin := time.Date(local.Year(), local.Month(), local.Day(), 0, 0, 0, 0, c.zone)
		c.exec(`delete from lead`)
		var ids []int64
		for _, made := range []time.Time{begin.Add(-time.Millisecond), begin, begin.AddDate(0, 0, 1).Add(-time.Millisecond), begin.AddDate(0, 0, 1)} {
			c.now = made
			ids = append(ids, c.make(ada, "lead", "name", made.Format(time.RFC3339), "next_follow_up", made.In(c.zone).Format(time.DateOnly)))
		}
		c.now = at
		for filter, want := range map[string][]int64{`{"f":"created_at","op":"today"}`: ids[1:3], `{"f":"created_at","op":"past"}`: ids[:1], `{"f":"created_at","op":"last_n_days","v":["0"]}`: ids[1:3], `{"f":"created_at","op":"next_n_days","v":["1"]}`: ids[1:],
			`{"f":"created_at","op":"eq","v":["` + local.Format(time.DateOnly) + `"]}`: ids[1:3], `{"f":"next_follow_up","op":"today"}`: ids[1:3], `{"f":"next_follow_up","op":"past"}`: ids[:1]} {
			if got, err := c.found(ada, "lead", filter); err != nil || !slices.Equal(got, want) {
				t.Errorf("%s in %s finds %v, want %v (%v)", filter, zone, got, want, err)
			}
		}
	}
}

func TestAFilterByALinkDoesNotTellWhatIsHidden(t *testing.T) {
	c := newCompany(t)
	secret := c.make(ada, "customer", "name", "Secret Corp")
	open := c.make(eve, "customer", "name", "Open Corp")
	own := c.make(eve, "contact", "name", "Con")
	c.exec(`update contact set customer = ? where id = ?`, secret, own)
	if got, err := c.found(eve, "contact", `{"f":"customer","op":"contains","v":["Secr"]}`); err != nil || len(got) > 0 {
		t.Error("the name of a hidden customer can be guessed:", got, err)
	}
	_, err := c.found(eve, "contact", fmt.Sprintf(`{"f":"customer","op":"eq","v":["#%d"]}`, secret))
	c.is(err, fault.Invalid, "a hidden customer is filtered by")
	c.exec(`update contact set customer = ? where id = ?`, open, own)
	if got, err := c.found(eve, "contact", `{"f":"customer","op":"contains","v":["open"]}`); err != nil || len(got) != 1 {
		t.Error(got, err)
	}
}
