package record_test

import (
	"strings"
	"testing"

	"rowhouse/crm/record"
	"rowhouse/data/fault"
)

func TestTheSearchFindsWhatPeopleType(t *testing.T) {
	c := newCompany(t)
	c.make(ada, "lead", "name", "Jürgen Müller", "company", "Straßen & Brücken", "emails", "jm@bau.example", "phones", "+49 (30) 123-4567", "tags", "Großkunde", "description", "likes\nÉclairs")
	c.make(ada, "customer", "name", "10 20 30 GmbH", "vat", "DE123456789", "phones", "004989/1234")
	for words, want := range map[string]int{"jurgen": 1, "MULLER": 1, "müll": 1, "mül jür": 1, "brucken": 1, "eclair": 1, "jm@bau.example": 1, "bau": 1, "großk": 1, "DE1234": 1,
		"+49 30 1234567": 1, "030 1234567": 1, "0301234567": 1, "1234567": 1, "4567": 1, "30 123-45": 1, "+49 89 1234": 1, "089 1234": 1, "10 20 30": 1,
		"ller": 0, "muller meier": 0, "999 1234567": 0, "": 0, "  ": 0} {
		if got := c.finds(words); got != want {
			t.Errorf("%q finds %d, want %d", words, got, want)
		}
	}
}

func TestNoSearchIsAnError(t *testing.T) {
	c := newCompany(t)
	c.make(ada, "lead", "name", "Near And Or Not")
	for _, words := range []string{`"`, `""`, `*`, `NEAR(`, `NEAR(a b, 2)`, `AND`, `a AND`, `OR NOT`, `title:x`, `title : near`, `{title body} : x`, `^near`, `a"b`, `'`, `\`, `(`, `)))`, `-near`, `+`, "\x00", "\u0301", "\u0301 near", "𞤀", "𞤀 near", "😀", "a\u202eb", "٣٤٥",
		strings.Repeat("a", 10000), strings.Repeat("a ", 5000), strings.Repeat(`"`, 10000), strings.Repeat("1", 39), strings.Repeat("1", 10000), "' or 1=1 --", "%", "_"} {
		for _, person := range []int64{ada, bob, eve} {
			if _, err := c.as(person).Search(t.Context(), words, 5); err != nil {
				t.Errorf("%.40q: %v", words, err)
			}
			if _, err := c.as(person).List(t.Context(), c.entity("lead"), record.Query{Search: words, Size: 5}); err != nil {
				t.Errorf("%.40q in a list: %v", words, err)
			}
		}
	}
	if c.finds("and or not near") != 1 {
		t.Error("words of the search's language are not searched for")
	}
}

func TestTheSearchShowsNobodyWhatIsHidden(t *testing.T) {
	c := newCompany(t)
	for range 8 {
		c.make(ada, "lead", "name", "Harbour hidden")
	}
	c.make(eve, "lead", "name", "Harbour hers")
	for range 8 {
		c.make(ada, "lead", "name", "Harbour hidden")
	}
	hits, err := c.as(eve).Search(t.Context(), "harbour", 3)
	if err != nil || len(hits) != 1 || hits[0].Title != "Harbour hers" {
		t.Errorf("%+v %v", hits, err)
	}
	titles, err := c.as(eve).SearchIn(t.Context(), c.entity("lead"), "harb", 3)
	if err != nil || len(titles) != 1 {
		t.Errorf("%+v %v", titles, err)
	}
}

func TestMentionsMeanThePersonWhoseNameStandsThere(t *testing.T) {
	c := newCompany(t)
	e, id, ctx := c.entity("lead"), c.make(ada, "lead", "name", "X"), t.Context()
	for body, want := range map[string][]int64{"Hi @Bob!": {bob}, "@bob @BOB, @Bob": {bob}, "@Bob Junior": {4}, "@Bob and @Bob Junior": {bob, 4}, "@Bobby": nil, "me@bob.example": nil, "@Ada Ortiz": nil, "@Olga Old": nil, "@Nobody": nil, "@": nil, "@Eve Li@Bob": {eve},
		"(@Eve Li)": {eve}, "@Eve L": nil, "ü@Bob": nil, "@@Bob": {bob}} {
		_, got, err := c.as(ada).AddNote(ctx, e, id, body)
		if err != nil || len(got) != len(want) {
			t.Errorf("%q mentions %v, want %v (%v)", body, got, want, err)
			continue
		}
		for i := range got {
			if got[i] != want[i] {
				t.Errorf("%q mentions %v, want %v", body, got, want)
			}
		}
	}
	if list, err := c.as(ada).Mentions(ctx, 50); err != nil || len(list) != 0 {
		t.Error("somebody is told of a mention by himself:", list, err)
	}
	if list, err := c.as(eve).Mentions(ctx, 50); err != nil || len(list) != 0 {
		t.Error("a mention on a hidden record is shown:", list, err)
	}
	if list, err := c.as(bob).Mentions(ctx, 50); err != nil || len(list) == 0 {
		t.Error(list, err)
	}
}

func TestNotesBelongToWhoWroteThem(t *testing.T) {
	c := newCompany(t)
	e, id, ctx := c.entity("lead"), c.make(ada, "lead", "name", "X"), t.Context()
	_, _, err := c.as(eve).AddNote(ctx, e, id, "Hello")
	c.is(err, fault.Missing, "a note on a hidden record")
	for _, body := range []string{"", " \n ", "\u202e", strings.Repeat("x", 10001)} {
		_, _, err := c.as(ada).AddNote(ctx, e, id, body)
		c.is(err, fault.Invalid, "a note of nothing or too much")
	}
	his, _, err := c.as(bob).AddNote(ctx, e, id, "His")
	if err != nil {
		t.Fatal(err)
	}
	hers, _, err := c.as(ada).AddNote(ctx, e, id, "Hers")
	if err != nil {
		t.Fatal(err)
	}
	other := c.make(ada, "lead", "name", "Y")
	c.is(c.as(bob).DeleteNote(ctx, e, id, hers), fault.Missing, "somebody else's note")
	c.is(c.as(ada).DeleteNote(ctx, e, other, his), fault.Missing, "by way of another record")
	c.is(c.as(eve).DeleteNote(ctx, e, id, his), fault.Missing, "on a hidden record")
	for _, err := range []error{c.as(bob).DeleteNote(ctx, e, id, his), c.as(ada).DeleteNote(ctx, e, id, hers)} {
		if err != nil {
			t.Error(err)
		}
	}
	events, err := c.as(ada).Timeline(ctx, e, id, 10)
	if err != nil || len(events) != 1 {
		t.Errorf("%+v %v", events, err)
	}
}

func TestViewsAreOnesOwnUnlessShared(t *testing.T) {
	c := newCompany(t)
	e, ctx := c.entity("lead"), t.Context()
	for _, v := range []record.View{{Name: "Mine", Query: "sort=name"}, {Name: "Ours", Shared: true, Query: "q=x"}, {Name: " Mine\u202e ", Query: "sort=-name"}} {
		if err := c.as(bob).SaveView(ctx, e, v); err != nil {
			t.Fatal(err)
		}
	}
	names := func(person int64) (list []string) {
		views, err := c.as(person).Views(ctx, e)
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range views {
			list = append(list, v.Name+" "+v.Query)
		}
		return list
	}
	if got := strings.Join(names(bob), ", "); got != "Mine sort=-name, Ours q=x" {
		t.Error(got)
	}
	if got := strings.Join(names(eve), ", "); got != "Ours q=x" {
		t.Error(got)
	}
	views, _ := c.as(bob).Views(ctx, e)
	c.is(c.as(eve).DeleteView(ctx, e, views[1].ID), fault.Missing, "a shared view of another")
	c.is(c.as(ada).DeleteView(ctx, e, views[0].ID), fault.Missing, "a private view of another")
	c.is(c.as(bob).DeleteView(ctx, c.entity("contact"), views[0].ID), fault.Missing, "by way of another entity")
	for _, err := range []error{c.as(ada).DeleteView(ctx, e, views[1].ID), c.as(bob).DeleteView(ctx, e, views[0].ID)} {
		if err != nil {
			t.Error(err)
		}
	}
	for _, v := range []record.View{{Name: ""}, {Name: "\u200b"}, {Name: strings.Repeat("x", 61)}, {Name: "x", Query: strings.Repeat("x", 10001)}} {
		c.is(c.as(bob).SaveView(ctx, e, v), fault.Invalid, v.Name)
	}
	for i := range 100 {
		if err := c.as(bob).SaveView(ctx, e, record.View{Name: strings.Repeat("v", i%50+1) + string(rune('a'+i/50))}); err != nil {
			t.Fatal(err)
		}
	}
	c.is(c.as(bob).SaveView(ctx, e, record.View{Name: "One more"}), fault.Limit, "too many")
	if err := c.as(bob).SaveView(ctx, e, record.View{Name: "va", Query: "q=y"}); err != nil {
		t.Error("a view cannot be replaced at the limit:", err)
	}
}
