package record_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"rowhouse/crm/entity"
	"rowhouse/crm/record"
	"rowhouse/data/fault"
)

func TestFiftyWritersOfOneRecordLoseNothing(t *testing.T) {
	c := newCompany(t)
	e, id := c.entity("lead"), c.make(ada, "lead", "name", "Start")
	var done, late atomic.Int64
	var mu sync.Mutex
	versions := map[int64]bool{}
	var all sync.WaitGroup
	for i := range 50 {
		s := c.as(ada)
		all.Go(func() {
			for {
				row, err := s.Get(context.Background(), e, id)
				if err != nil {
					t.Error(err)
					return
				}
				old, _ := row.Value("tags").([]string)
				next, err := s.Update(context.Background(), e, id, row.Version, record.Values{"company": strings.TrimSpace(row.Value("company").(string) + " " + fmt.Sprint(i)), "tags": old})
				switch {
				case fault.Is(err, fault.Conflict):
					late.Add(1)
					continue
				case err != nil:
					t.Error(err)
					return
				}
				mu.Lock()
				if versions[next] {
					t.Errorf("version %d was given twice", next)
				}
				versions[next] = true
				mu.Unlock()
				done.Add(1)
				return
			}
		})
	}
	all.Wait()
	row, err := c.as(ada).Get(t.Context(), e, id)
	if err != nil || row.Version != 51 || len(strings.Fields(row.Value("company").(string))) != 50 {
		t.Errorf("version %d holds %q (%v), %d conflicts", row.Version, row.Value("company"), err, late.Load())
	}
	if n := c.count(`select count(*) from activity where act = 'updated'`); n != 50 {
		t.Errorf("%d entries in the timeline", n)
	}
}

func TestALateChangeIsRefusedAndSaysWhoWasFaster(t *testing.T) {
	c := newCompany(t)
	e, id, ctx := c.entity("lead"), c.make(ada, "lead", "name", "Start"), t.Context()
	if _, err := c.as(ada).Update(ctx, e, id, 1, record.Values{"company": "Acme"}); err != nil {
		t.Fatal(err)
	}
	_, err := c.as(ada).Update(ctx, e, id, 1, record.Values{"company": "Other"})
	c.is(err, fault.Conflict, "late")
	other := c.as(ada)
	other.Actor = record.Actor{ID: bob, Admin: true}
	_, err = other.Update(ctx, e, id, 1, record.Values{"company": "Other"})
	if !fault.Is(err, fault.Conflict) || !strings.Contains(err.Error(), "Ada Ortiz changed this") {
		t.Error(err)
	}
	if v, err := c.as(ada).Update(ctx, e, id, 2, record.Values{"company": "Acme"}); err != nil || v != 2 {
		t.Error("a change of nothing makes a version:", v, err)
	}
}

func TestABulkActTakesWhatTheRoleMayAndCountsTheRest(t *testing.T) {
	c := newCompany(t)
	e, ctx := c.entity("lead"), t.Context()
	var ids []int64
	for i := range 4 {
		ids = append(ids, c.make(int64(bob-i%2), "lead", "name", fmt.Sprint("L", i), "tags", "Old"))
	}
	hers := c.make(eve, "lead", "name", "Hers")
	done, skipped, err := c.as(bob).Bulk(ctx, e, append(ids, ids[0], 999), record.Values{"status": int64(2)}, "VIP", false)
	if err != nil || done != 2 || skipped != 3 {
		t.Error(done, skipped, err)
	}
	if n := c.count(`select count(*) from lead where status = 2 and tags = '["Old","VIP"]' and version = 2`); n != 2 {
		t.Errorf("%d leads have both the stage and the tag", n)
	}
	done, skipped, err = c.as(ada).Bulk(ctx, e, ids, nil, "vip", false)
	if n := c.count(`select count(*) from lead where json_array_length(tags) = 2`); err != nil || n != 4 || done != 4 || skipped != 0 {
		t.Error(n, done, skipped, err)
	}
	_, _, err = c.as(ada).Bulk(ctx, e, ids, nil, strings.Repeat("x", 41), false)
	c.is(err, fault.Invalid, "a long tag")
	_, _, err = c.as(ada).Bulk(ctx, e, nil, record.Values{"status": int64(2)}, "", false)
	c.is(err, fault.Invalid, "nothing selected")
	_, _, err = c.as(ada).Bulk(ctx, e, make([]int64, record.MaxBulk+1), record.Values{"status": int64(2)}, "", false)
	c.is(err, fault.Invalid, "too many")
	_, err = c.as(ada).Update(ctx, e, ids[0], 1, record.Values{"name": "Late"})
	c.is(err, fault.Conflict, "an open form after a bulk act")
	done, skipped, err = c.as(bob).Bulk(ctx, e, append(ids, hers), nil, "", true)
	if n := c.count(`select count(*) from lead where deleted_at is not null`); err != nil || done != 2 || skipped != 3 || n != 2 {
		t.Error(n, done, skipped, err)
	}
}

func TestEmptyingAFieldThatIsFilledInByItselfIsMeant(t *testing.T) {
	c := newCompany(t)
	for _, owner := range []struct {
		typed []string
		want  int
	}{{nil, ada}, {[]string{"owner", ""}, 0}, {[]string{"owner", "2"}, bob}} {
		id := c.make(ada, "lead", append([]string{"name", "X"}, owner.typed...)...)
		if got := c.count(`select coalesce(owner, 0) from lead where id = ?`, id); got != owner.want {
			t.Errorf("typed %v, the owner is %d", owner.typed, got)
		}
	}
}

func TestALinkIsFoundByItsTitleHoweverThatLooks(t *testing.T) {
	c := newCompany(t)
	ids := map[string]int64{}
	for _, name := range []string{"Acme", "Team #1", "4711", "C# Corp", "Twin", "Twin"} {
		ids[name] = c.make(ada, "customer", "name", name)
	}
	for typed, want := range map[string]string{"acme": "Acme", "Team #1": "Team #1", "4711": "4711", "C# Corp": "C# Corp", fmt.Sprintf("C# Corp #%d", ids["C# Corp"]): "C# Corp", "#1": "Acme", "1": "Acme", "Anything #3": "4711"} {
		id := c.make(ada, "contact", "name", "X", "customer", typed)
		if got := int64(c.count(`select customer from contact where id = ?`, id)); got != ids[want] {
			t.Errorf("%q leads to customer %d, want %s", typed, got, want)
		}
	}
	for _, typed := range []string{"Twin", "None", "#99", "' or 1=1 --", "99999999999999999999"} {
		_, err := c.try(ada, "contact", "name", "X", "customer", typed)
		c.is(err, fault.Invalid, typed)
	}
	_, err := c.try(eve, "contact", "name", "X", "customer", "Acme")
	c.is(err, fault.Invalid, "a hidden customer")
}

func TestEveryKindOfFieldOfOnesOwnWorksAndSurvives(t *testing.T) {
	c := newCompany(t)
	ctx := t.Context()
	typed := map[string]string{"line": "x", "long": "a\nb", "number": "-7", "money": "12.50 USD", "date": "2026-11-22", "moment": "2026-11-22T10:30", "bool": "1", "select": "One", "multi": "One, Two", "emails": "a@b.example", "phones": "+49 30 1",
		"web": "a.example", "country": "DE", "staff": "2"}
	pairs := []string{"name", "All"}
	for _, k := range entity.CustomKinds {
		if err := c.as(ada).AddField(ctx, c.entity("lead"), entity.Custom{Label: "Select " + k.Key, Kind: k.Key, Options: entity.Choices("One\nTwo")}); err != nil {
			t.Fatal(k.Key, err)
		}
		if typed[k.Key] == "" {
			t.Fatal("no value for", k.Key)
		}
		pairs = append(pairs, "x_select_"+k.Key, typed[k.Key])
	}
	id := c.make(ada, "lead", pairs...)
	c.db.Forget() // as if the file was opened again
	e := c.entity("lead")
	row, err := c.as(ada).Get(ctx, e, id)
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range entity.CustomKinds {
		name := "x_select_" + k.Key
		f, ok := e.Field(name)
		if v := row.Value(name); !ok || entity.Empty(v) {
			t.Errorf("%s holds %v", name, v)
		}
		for _, op := range entity.Ops(f) {
			if want := map[string]int{"empty": 0, "nempty": 1, "yes": 1, "no": 0}; op.Values == 0 && op.Key != "today" && op.Key != "past" && !strings.HasPrefix(op.Key, "this") && !strings.HasPrefix(op.Key, "m") {
				if got, err := c.found(ada, "lead", `{"f":"`+name+`","op":"`+op.Key+`"}`); err != nil || len(got) != want[op.Key] {
					t.Errorf("%s %s finds %v (%v)", name, op.Key, got, err)
				}
			}
		}
		if _, err := c.as(ada).List(ctx, e, record.Query{Sort: name, Fields: []string{name}, Size: 5}); err != nil {
			t.Errorf("sorted by %s: %v", name, err)
		}
	}
	if n := c.finds("a.example"); n != 1 {
		t.Error("a field of one's own is not searched")
	}
}

func TestNamesOfFieldsMeetNothing(t *testing.T) {
	c := newCompany(t)
	add := func(label, kind string) error {
		return c.as(ada).AddField(t.Context(), c.entity("lead"), entity.Custom{Label: label, Kind: kind})
	}
	for _, label := range []string{"name", "select * from lead; drop table lead", "العمر", "年齢", "'\"`", "Amount", "id", "deleted at", "x"} {
		if err := add(label, "money"); err != nil {
			t.Errorf("%s: %v", label, err)
		}
	}
	if err := add("Amount currency", "line"); err != nil { // the column of an amount's currency has this name
		t.Error(err)
	}
	c.is(add("AMOUNT", "line"), fault.Invalid, "the same name twice")
	c.is(c.as(bob).AddField(t.Context(), c.entity("lead"), entity.Custom{Label: "Bob's", Kind: "line"}), fault.Denied, "no administrator")
	c.is(c.as(ada).AddField(t.Context(), c.entity("lead"), entity.Custom{Label: "X", Key: "A'b", Kind: "line"}), fault.Invalid, "a bad key")
	c.make(ada, "lead", "name", "Still there", "x_amount", "12")
	for i := 0; ; i++ {
		if err := add(fmt.Sprint("More ", i), "line"); err != nil {
			c.is(err, fault.Limit, "too many")
			if n := len(c.as(ada).Book.Customs); n != entity.MaxCustom {
				t.Errorf("%d fields", n)
			}
			break
		}
	}
}

func TestAHiddenFieldIsNowhereAndARequiredOneIsAsked(t *testing.T) {
	c := newCompany(t)
	ctx := t.Context()
	id := c.make(ada, "lead", "name", "X", "city", "Berlin")
	for _, f := range []entity.Custom{{Key: "city", Label: "City", Hidden: true, Override: true}, {Key: "company", Label: "Firm", Required: true, Override: true}, {Key: "name", Label: "Name", Hidden: true, Override: true}} {
		if err := c.as(ada).ChangeField(ctx, c.entity("lead"), f); err != nil {
			t.Fatal(err)
		}
	}
	e := c.entity("lead")
	if fs := e.Pick([]string{"city"}); len(fs) > 0 || slices.ContainsFunc(e.Writable(), func(f entity.Field) bool { return f.Name == "city" }) {
		t.Error("a hidden field is shown")
	}
	if _, err := c.found(ada, "lead", `{"f":"city","op":"eq","v":["Berlin"]}`); !fault.Is(err, fault.Invalid) {
		t.Error("a hidden field is filtered by:", err)
	}
	if f, _ := e.Field("name"); f.Hidden {
		t.Error("a required field is hidden")
	}
	_, err := c.try(ada, "lead", "name", "Y")
	c.is(err, fault.Invalid, "without the required field")
	if _, err := c.as(ada).Update(ctx, e, id, 0, record.Values{"company": "Acme"}); err != nil {
		t.Fatal(err)
	}
	if n := c.count(`select count(*) from lead where city = 'Berlin'`); n != 1 {
		t.Error("a change lost what a hidden field holds")
	}
	_, err = c.as(ada).Update(ctx, e, id, 0, record.Values{"company": ""})
	c.is(err, fault.Invalid, "emptied")
}
