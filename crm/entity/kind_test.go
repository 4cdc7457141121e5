package entity_test

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"rowhouse/crm/entity"
	"rowhouse/data/fault"
	"rowhouse/ui"
)

// labels is a small company: two lists, two people of whom one has left.
type labels struct{}

var choices = []entity.Choice{{ID: 1, List: "s", Label: "New"}, {ID: 2, List: "s", Label: "Old", Archived: true}, {ID: 3, List: "s", Label: `"><img src=x onerror=alert(1)>`}, {ID: 4, List: "other", Label: "Else"}}
var people = []entity.Staffer{{ID: 1, Name: "Ada Ortiz", Active: true}, {ID: 2, Name: "Gone Girl"}, {ID: 3, Name: `<script>alert(1)</script>`, Active: true}}

func (labels) Choices(list string) []entity.Choice {
	return slices.DeleteFunc(slices.Clone(choices), func(c entity.Choice) bool { return c.List != list })
}
func (labels) Choice(id int64) (entity.Choice, bool) {
	i := slices.IndexFunc(choices, func(c entity.Choice) bool { return c.ID == id })
	return choices[max(i, 0)], i >= 0
}
func (labels) Staff() []entity.Staffer { return people }
func (labels) Staffer(id int64) (entity.Staffer, bool) {
	i := slices.IndexFunc(people, func(p entity.Staffer) bool { return p.ID == id })
	return people[max(i, 0)], i >= 0
}
func (labels) URL(name string, id int64) string { return fmt.Sprintf("/admin/%ss/%d", name, id) }

func world(t *testing.T) (*entity.Env, *entity.Draw) {
	t.Helper()
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	look := &ui.Look{Words: ui.English, Now: time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC), Zone: berlin}
	find := func(_, text string) (int64, error) {
		var id int64
		if _, err := fmt.Sscanf(text[strings.LastIndexByte(text, '#')+1:], "%d", &id); err != nil {
			return 0, fault.New(fault.Invalid, "No %s has this name.", "record")
		}
		return id, nil
	}
	return &entity.Env{Labels: labels{}, Find: find, Currency: "EUR", Self: 1, Look: look}, &entity.Draw{Look: look, Labels: labels{}, Currency: "EUR", Self: 1}
}

var options = []entity.Option{{Key: "a", Label: "First"}, {Key: "b", Label: "Second, too"}, {Key: `<b>`, Label: `<i onclick=x>`}}

// kinds is every kind with things it takes.
var kinds = []struct {
	kind entity.Kind
	in   [][]string
}{
	{entity.Line{}, [][]string{{"Ada & Söhne <x>"}, {""}, {strings.Repeat("ü", 200)}}},
	{entity.Long{}, [][]string{{"one\ntwo\n\tthree"}, {"\n\nx"}, {strings.Repeat("ü", 20000)}, {""}}},
	{entity.Web{}, [][]string{{"www.acme.example"}, {"http://acme.example/a?b=c&d=<e>"}, {""}}},
	{entity.Emails{}, [][]string{{"ada@acme.example", "b+c@d.example"}, {`o'hara@acme.example`}, {""}}},
	{entity.Phones{}, [][]string{{"+49 (30) 123-45", "030/12345x9"}, {""}}},
	{entity.Date{}, [][]string{{"2026-11-22"}, {"22.11.2026"}, {" 2028-02-29 "}, {""}}},
	{entity.Moment{}, [][]string{{"2026-11-22T14:30"}, {"2026-07-22T00:00:07"}, {"2026-03-29T03:30"}, {""}}},
	{entity.Number{}, [][]string{{"-12"}, {"1,234,567"}, {"0"}, {""}}},
	{entity.Money{}, [][]string{{"1,234.50", "EUR"}, {"-3", "JPY"}, {"1.234", "BHD"}, {"0.00"}, {""}}},
	{entity.Bool{}, [][]string{{"0", "1"}, {"0"}, {}, {"no"}}},
	{entity.Pick{List: "s"}, [][]string{{"1"}, {"new"}, {"3"}, {""}}},
	{entity.Select{Of: options}, [][]string{{"a"}, {"second, too"}, {"<b>"}, {""}}},
	{entity.Multi{Of: options[:1]}, [][]string{{"", "a"}, {"first"}, {""}}},
	{entity.Tags{}, [][]string{{"VIP, fair 2026", "vip"}, {"<b>, \"q\""}, {""}}},
	{entity.Country{}, [][]string{{"DE"}, {"germany"}, {""}}},
	{entity.Staff{}, [][]string{{"1"}, {"ada ortiz"}, {"me"}, {""}}},
	{entity.Link{To: "customer"}, [][]string{{"Acme #12"}, {"#7"}, {""}}},
}

// kept is a value after it was in the file: SQLite gives back int64 and string.
func kept(k entity.Kind, v any) any {
	cells := k.Store(v)
	for i, c := range cells {
		if n, ok := c.(int); ok {
			cells[i] = int64(n)
		}
	}
	if _, link := k.(entity.Link); link {
		title, _ := v.(entity.Ref)
		cells = append(cells, strings.TrimSpace(strings.Split(title.Title, "#")[0]))
	}
	return k.Scan(cells)
}

func TestWhatAFormShowsIsReadBackAsTheSame(t *testing.T) {
	env, d := world(t)
	for _, c := range kinds {
		for _, in := range c.in {
			v, err := c.kind.Parse(in, env)
			if err != nil {
				t.Errorf("%s refuses %.60q: %v", c.kind.Word(), in, err)
				continue
			}
			once := kept(c.kind, v)
			again, err := c.kind.Parse(c.kind.In(once, d), env)
			if err != nil || !reflect.DeepEqual(c.kind.Store(v), c.kind.Store(again)) || !reflect.DeepEqual(once, kept(c.kind, again)) {
				t.Errorf("%s: %.60q became %.90q, then %.90q (%v)", c.kind.Word(), in, fmt.Sprint(once), fmt.Sprint(again), err)
			}
			if entity.Empty(v) != (len(trim(in)) == 0) && c.kind.Word() != "bool" {
				t.Errorf("%s: %q is empty: %v", c.kind.Word(), in, entity.Empty(v))
			}
			if len(c.kind.Store(v)) != len(c.kind.Columns()) {
				t.Errorf("%s has %d columns and keeps %d", c.kind.Word(), len(c.kind.Columns()), len(c.kind.Store(v)))
			}
			if c.kind.Word() == "multi" || c.kind.Word() == "link" || c.kind.Word() == "bool" {
				continue
			}
			if export, err := c.kind.Parse([]string{c.kind.Text(once, d)}, env); err != nil || !reflect.DeepEqual(c.kind.Store(export), c.kind.Store(v)) {
				t.Errorf("%s: exported as %.60q, imported as %.60q (%v)", c.kind.Word(), c.kind.Text(once, d), fmt.Sprint(export), err)
			}
		}
	}
}

func trim(in []string) []string {
	return slices.DeleteFunc(slices.Clone(in), func(s string) bool { return s == "" })
}

func TestWhatAFieldCannotHoldIsRefused(t *testing.T) {
	env, _ := world(t)
	long := strings.Repeat("x", 25000)
	for _, c := range []struct {
		kind entity.Kind
		in   []string
	}{
		{entity.Line{}, []string{long, strings.Repeat("ü", 201)}}, {entity.Line{Max: 3}, []string{"four"}}, {entity.Long{}, []string{long}}, {entity.Date{}, []string{"2026-02-30", "soon", "0001-01-01", "2026-1-1", long, "9999-12-31"}},
		{entity.Web{}, []string{"javascript:alert(1)", "javascript://a.b/%0aalert(1)", "data:text/html,x", "https://", "https://user:pw@a.b", "localhost", "https://a.b/" + long, "//a b.c", "vbscript://a.b", "ftp://a.b", "https://.", "http://:80"}},
		{entity.Emails{}, []string{"ada", "ada@", "@b.c", "a@b", "a@b.c d", "Ada <a@b.c>", "a@b.c\r\nBcc: x@y.z", `"<script>"@a.b`, "javascript:alert(1)@a.b<", strings.Repeat("a", 250) + "@b.cd"}},
		{entity.Phones{}, []string{"12", "call me", "+49 30 1234567890123456", "123<b>", "javascript:1234"}}, {entity.Moment{}, []string{"now", "2026-11-22T25:00", "1800-01-01T00:00"}},
		{entity.Number{}, []string{"1.5", "1e3", "9223372036854775808", "2000000000000000", "one", "0x1"}}, {entity.Money{}, []string{"1.2.3", "1e3", "many", long}}, {entity.Bool{}, []string{"maybe", "2"}},
		{entity.Pick{List: "s"}, []string{"4", "99", "Else", "-1", "2", "Old", "1 or 1=1"}}, {entity.Staff{}, []string{"99", "Nobody", "2", "Gone Girl"}}, {entity.Country{}, []string{"XX", "Atlantis"}}, {entity.Link{To: "x"}, []string{"nobody"}},
		{entity.Tags{}, []string{strings.Repeat("x", 41), strings.Join(strings.Split("abcdefghijklmnopqrstu", ""), ",")}},
	} {
		for _, in := range c.in {
			if v, err := c.kind.Parse([]string{in}, env); !fault.Is(err, fault.Invalid) {
				t.Errorf("%s takes %.60q as %.60q (%v)", c.kind.Word(), in, fmt.Sprint(v), err)
			}
		}
	}
	for _, kind := range []entity.Kind{entity.Line{}, entity.Long{}, entity.Web{}, entity.Date{}, entity.Moment{}, entity.Number{}, entity.Pick{List: "s"}, entity.Select{Of: options}, entity.Country{}, entity.Staff{}, entity.Link{To: "x"}} {
		if _, err := kind.Parse([]string{"a", "b"}, env); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s takes two values: %v", kind.Word(), err)
		}
	}
	if _, err := (entity.Money{}).Parse([]string{"1", "EUR", "2"}, env); !fault.Is(err, fault.Invalid) {
		t.Error("money takes three values")
	}
	env.Past = true // filters and imports speak of what was
	for kind, in := range map[entity.Kind]string{entity.Pick{List: "s"}: "old", entity.Staff{}: "Gone Girl"} {
		if _, err := kind.Parse([]string{in}, env); err != nil {
			t.Errorf("%s of the past: %v", kind.Word(), err)
		}
	}
}

func TestAFormKeepsWhatCanNoLongerBeChosen(t *testing.T) {
	_, d := world(t)
	for _, kind := range []entity.Kind{entity.Select{Of: options}, entity.Multi{Of: options}} {
		var h ui.HTML
		kind.Input(&h, entity.Field{Name: "f", Required: true}, []string{"left out"}, d)
		if got := string(h.String()); !strings.Contains(got, `value="left out"`) || !strings.Contains(got, "selected") && !strings.Contains(got, "checked") {
			t.Errorf("the form of a %s would lose what the record holds: %s", kind.Word(), got)
		}
	}
	for _, kind := range []entity.Kind{entity.Select{Of: options}, entity.Pick{List: "s"}, entity.Staff{}} {
		var h ui.HTML
		kind.Input(&h, entity.Field{Name: "f", Required: true}, []string{""}, d)
		if got := string(h.String()); !strings.Contains(got, `<option value="" selected>`) {
			t.Errorf("the form of an empty %s chooses somebody: %.200s", kind.Word(), got)
		}
	}
}

func TestATimeIsTypedAndShownInTheReadersZone(t *testing.T) {
	env, d := world(t)
	v, err := (entity.Moment{}).Parse([]string{"2026-11-23T00:30"}, env)
	if err != nil || time.UnixMilli(v.(int64)).UTC().Format(time.RFC3339) != "2026-11-22T23:30:00Z" {
		t.Fatal(v, err)
	}
	var h ui.HTML
	(entity.Moment{}).Cell(&h, v, d)
	if in := (entity.Moment{}).In(v, d); in[0] != "2026-11-23T00:30" || !strings.Contains(string(h.String()), "23") {
		t.Errorf("%v %s", in, h.String())
	}
}

func TestFiltersAreReadStrictly(t *testing.T) {
	e := &entity.Entity{Fields: []entity.Field{{Name: "name", Kind: entity.Line{}}, {Name: "age", Kind: entity.Number{}}, {Name: "day", Kind: entity.Date{}}, {Name: "secret", Kind: entity.Line{}, Hidden: true}, {Name: "ok", Kind: entity.Bool{}}}}
	deep := `{"f":"name","op":"empty"}`
	for range 5 {
		deep = `{"and":[` + deep + `]}`
	}
	leaf := `{"f":"name","op":"eq","v":["x"]}`
	for _, s := range []string{`{`, `[]`, `1`, `"x"`, `{"f":"none","op":"eq","v":["x"]}`, `{"f":"secret","op":"eq","v":["x"]}`, `{"f":"name","op":"gt","v":["x"]}`, `{"f":"name"}`, `{"f":"name","op":"eq"}`, `{"f":"name","op":"eq","v":["a","b"]}`,
		`{"f":"name","op":"empty","v":["a"]}`, `{"f":"name","op":"eq","v":"x"}`, `{"f":"name","op":"eq","v":[1]}`, `{"f":"age","op":"gt","v":[""]}`, `{"f":"day","op":"last_n_days","v":["-1"]}`, `{"f":"day","op":"last_n_days","v":["x"]}`, `{"f":"day","op":"last_n_days","v":["99999"]}`,
		`{"f":"name; drop table lead","op":"eq","v":["x"]}`, `{"f":"name","op":"eq' or 1=1 --","v":["x"]}`, `{"x":1}`, `{"and":[{"y":1}]}`, leaf + leaf, leaf + " x", `{"and":[` + leaf + `],"or":[` + leaf + `]}`, `{"f":"name","op":"empty","or":[` + leaf + `]}`, `{"op":"eq","v":["x"]}`,
		deep, `{"and":[` + strings.TrimSuffix(strings.Repeat(leaf+",", 50), ",") + `]}`, `{"f":"name","op":"eq","v":["` + strings.Repeat("x", 9000) + `"]}`, strings.Repeat(`{"and":[`, 1000)} {
		if f, err := entity.ParseFilter(e, s); !fault.Is(err, fault.Invalid) {
			t.Errorf("%.80s is taken as %v (%v)", s, f, err)
		}
	}
	for _, s := range []string{"", "{}", leaf, `{"or":[` + leaf + `,{"and":[` + leaf + `,` + leaf + `]}]}`, `{"f":"ok","op":"yes"}`} {
		if _, err := entity.ParseFilter(e, s); err != nil {
			t.Errorf("%s: %v", s, err)
		}
	}
}
