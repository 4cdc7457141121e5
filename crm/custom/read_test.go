package custom

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"rowhouse/crm/entity"
)

// builtin are entities as the program has them, by name only.
var builtin = []entity.Entity{{Name: "lead", Module: "lead", Path: "leads", Title: "name"}, {Name: "customer", Module: "customer", Path: "customers", Title: "name"}}

// with is the example with some of its words replaced.
func with(pairs ...string) []byte {
	text := Example
	for i := 0; i < len(pairs); i += 2 {
		text = strings.Replace(text, pairs[i], pairs[i+1], 1)
	}
	return []byte(text)
}

func TestTheExampleIsGood(t *testing.T) {
	m, err := Parse([]byte(Example), builtin)
	if err != nil {
		t.Fatal(err)
	}
	if m.Key() != "x_fleet" || len(m.Tables) != 2 || m.Tables[1].Name != "x_fleet_trip" || m.Tables[1].Fields[1].Kind != (entity.Link{To: "x_fleet_vehicle"}) || m.Tables[1].Fields[2].Kind != (entity.Link{To: "customer"}) {
		t.Errorf("%+v", m.Tables)
	}
}

func TestEveryMistakeIsToldWithItsPlace(t *testing.T) {
	for want, text := range map[string][]byte{
		`entities[0].fields[4].kind: "nomber" is not a kind. Kinds are: line, long, number, money, date, moment, bool, select, multi, emails, phones, web, country, staff, tags, pick, link.`: with(`"kind": "number"`, `"kind": "nomber"`),
		`entities[0].icon: There is no icon "gauje". The nearest is "gauge".`:              with("gauge", "gauje"),
		`entities[0].colour: This key is not known. Known here are: name, one, many, path`: with(`"one": "Vehicle"`, `"one": "Vehicle", "colour": 3`),
		`name: This key comes twice.`: with(`"version": 1`, `"name": "fleet", "version": 1`),
		`entities[0].fields[0].required: This is a text, but true or false is wanted.`:                                               with(`"required": true`, `"required": "yes"`),
		`entities: This is a text, but a list is wanted.`:                                                                            []byte(`{"rowhouse_module": 1, "entities": "none"}`),
		`rowhouse_module: This is 2, but 1 is the only format that this program knows.`:                                              with(`"rowhouse_module": 1`, `"rowhouse_module": 2`),
		`name: "Fleet!" is no name of a module. It has 2 to 30 small letters and digits, with a letter first.`:                       with(`"name": "fleet"`, `"name": "Fleet!"`),
		`name: "lead" is the name of a built-in module.`:                                                                             with(`"name": "fleet"`, `"name": "lead"`),
		`version: A version is a whole number from 1 on.`:                                                                            with(`"version": 1`, `"version": 0`),
		`label: Please fill this in.`:                                                                                                with(`"label": "Fleet"`, `"label": ""`),
		`label: Please use at most 60 characters (these are 61).`:                                                                    with(`"label": "Fleet"`, `"label": "`+strings.Repeat("x", 61)+`"`),
		`label: This has spaces at its ends or in a row, line ends, or signs that cannot be seen.`:                                   with(`"label": "Fleet"`, `"label": "Fl\u202eeet\u0000"`),
		`entities[0].name: "customer" is reserved.`:                                                                                  with(`"name": "vehicle"`, `"name": "customer"`),
		`entities[1].name: "vehicle" is here twice.`:                                                                                 with(`"name": "trip"`, `"name": "vehicle"`),
		`entities[1].path: "vehicles" is here twice.`:                                                                                with(`"path": "trips"`, `"path": "vehicles"`),
		`entities[0].path: "../x" is no path. It has 2 to 30 small letters, digits and hyphens, with a letter first.`:                with(`"path": "vehicles"`, `"path": "../x"`),
		`entities[0].fields[1].name: "deleted_at" is reserved.`:                                                                      with(`"name": "plate"`, `"name": "deleted_at"`),
		`entities[0].fields[1].name: "select" is reserved.`:                                                                          with(`"name": "plate"`, `"name": "select"`),
		`entities[0].fields[1].name: "x_own" is reserved.`:                                                                           with(`"name": "plate"`, `"name": "x_own"`),
		`entities[0].fields[1].name: "status\" ; drop" is no name. It has 2 to 30 small letters, digits and _, with a letter first.`: with(`"name": "plate"`, `"name": "status\" ; drop"`),
		`entities[0].fields[5].name: "price" and "price_currency" would be kept in the same column.`:                                 with(`"name": "plate"`, `"name": "price_currency"`),
		`entities[0].fields[6].kind: A field called "owner" must be of the kind staff.`:                                              with(`"kind": "staff", "default": "me"`, `"kind": "line"`),
		`entities[0].fields[2].list: There is no list "state" among the choices.`:                                                    with(`"list": "status"`, `"list": "state"`),
		`entities[1].fields[2].to: There is no entity "client" to link to.`:                                                          with(`"to": "customer"`, `"to": "client"`),
		`entities[0].fields[3].options[1].colour: A colour is a number from 0 to 11.`:                                                with(`"label": "Petrol", "colour": 0`, `"label": "Petrol", "colour": 12`),
		`entities[0].fields[3].default: Please choose one of the list.`:                                                              with(`"default": "diesel"`, `"default": "steam"`),
		`entities[0].title: There is no field "titel".`:                                                                              with(`"title": "name"`, `"title": "titel"`),
		`entities[0].title: The field "fuel" is of the kind select. Here it must be: line.`:                                          with(`"title": "name"`, `"title": "fuel"`),
		`entities[0].list[1]: There is no field "plates".`:                                                                           with(`"list": ["name", "plate"`, `"list": ["name", "plates"`),
		`entities[0].sort: There is no field "speed".`:                                                                               with(`"sort": "name"`, `"sort": "-speed"`),
		`entities[0].board.by: The field "fuel" is of the kind select. Here it must be: pick.`:                                       with(`"by": "status"`, `"by": "fuel"`),
		`entities[0].tiles[0].filter: There is no field "inspected" to filter by.`:                                                   with(`"f": "inspection"`, `"f": "inspected"`),
		`entities[0].tiles[0].filter: Next inspection cannot be filtered that way.`:                                                  with(`"op": "past"`, `"op": "contains"`),
		`entities[0].views[0].query: There is no field "speed".`:                                                                     with(`"query": "`, `"query": "sort=-speed&`),
		`entities[0].templates[0].values.status: Please choose one of the list.`:                                                     with(`"status": "Ordered"`, `"status": "Flying"`),
		`entities[0].templates[0].values.wings: There is no field "wings".`:                                                          with(`"seats": 3`, `"wings": 3`),
		`entities[0].templates[0].values.seats: A value is a text, a number, true or false, or a list of texts.`:                     with(`"seats": 3`, `"seats": {"a": 3}`),
		`entities[0].rights.member.view: "everything" is no level of a right. Levels are: none, own, team, all.`:                     with(`"member": {"view": "all"`, `"member": {"view": "everything"`),
		`entities[0].children[0].by: The field "customer" links to "customer", not to "vehicle".`:                                    with(`"by": "vehicle"`, `"by": "customer"`),
		`choices.status[1].kind: A column of a board is open, won, lost or junk, not "".`:                                            with(`"label": "On the road", "colour": 4, "kind": "open"`, `"label": "On the road", "colour": 4`),
		`choices.status[1].label: "On the road" is here twice.`:                                                                      with(`"label": "Ordered"`, `"label": "on the road"`),
		`entities: Links lead in a circle: vehicle → trip → vehicle.`:                                                                with(`"kind": "bool", "section": "More"`, `"kind": "link", "to": "trip"`, `, "leased": true`, ``),
		`This is no JSON: line 1: `:                                                                                                  []byte(`{"rowhouse_module": 1,`),
		`A description is one JSON object.`:                                                                                          []byte(`[]`),
		`The description is not text in UTF-8.`:                                                                                      []byte("{\"name\": \"\xff\"}"),
		`Objects and lists may stand at most 16 deep in one another.`:                                                                []byte(`{"rowhouse_module":` + strings.Repeat("[", 1000) + strings.Repeat("]", 1000) + `}`),
		`The description has 1000 KB. At most 256 KB are taken.`:                                                                     []byte(`{"label": "` + strings.Repeat("x", 1000<<10) + `"}`),
	} {
		_, err := Parse(text, builtin)
		var refused *Refused
		if !errors.As(err, &refused) || !strings.Contains("\n"+err.Error(), "\n"+want) && !strings.Contains(err.Error(), ": "+want) {
			t.Errorf("want %s\n got %v", want, err)
		}
	}
}

func TestAllMistakesAreToldAtOnceUpToTwenty(t *testing.T) {
	_, err := Parse([]byte(strings.ReplaceAll(strings.ReplaceAll(Example, `"label": "`, `"label": " `), `"kind": "line"`, `"kind": "lime"`)), builtin)
	var refused *Refused
	if !errors.As(err, &refused) || len(refused.Problems) != 20 || refused.More < 10 || !strings.HasSuffix(err.Error(), fmt.Sprintf("and %d more", refused.More)) {
		t.Error(err)
	}
}

func TestTenThousandFieldsAreRefusedFast(t *testing.T) {
	text := `{"rowhouse_module":1,"name":"big","version":1,"label":"B","entities":[{"name":"ab","one":"A","many":"A","path":"ab","fields":[` + strings.Repeat(`{"name":"a"},`, 9999) + `{}]}]}`
	start := time.Now()
	_, err := Parse([]byte(text), builtin)
	if took := time.Since(start); took > 100*time.Millisecond || err == nil || !strings.Contains(err.Error(), "entities[0].fields: A list may have at most 1000 things, and this one has more.") {
		t.Error(took, err)
	}
}

func TestANewVersionKeepsWhatRecordsHave(t *testing.T) {
	old, err := Parse([]byte(Example), builtin)
	if err != nil {
		t.Fatal(err)
	}
	for want, text := range map[string][]byte{
		``: with(`"version": 1`, `"version": 2`, `"label": "Number plate"`, `"label": "Plate", "hidden": false`),
		`version: The version must be higher than 1, the newest one.`:                                      with(`"label": "Fleet"`, `"label": "Cars"`),
		`entities[0].fields: The field "leased" is missing: fields cannot be removed; set "hidden": true.`: with(`"version": 1`, `"version": 2`, `"leased", "label"`, `"rented", "label"`, `, "leased": true`, ``),
		`entities[0].fields: The field "seats" is of the kind number, which cannot become line.`:           with(`"version": 1`, `"version": 2`, `"label": "Seats", "kind": "number"`, `"label": "Seats", "kind": "line"`),
		`entities[1].fields: The field "customer" links to "customer", which cannot become "lead".`:        with(`"version": 1`, `"version": 2`, `"to": "customer"`, `"to": "lead"`),
	} {
		m, err := Parse(text, builtin)
		if err != nil {
			t.Fatal(err)
		}
		if err := m.Follow(old); want == "" && err != nil || want != "" && (err == nil || err.Error() != want) {
			t.Errorf("want %s\n got %v", want, err)
		}
	}
}

// TestThePageExplainsEveryKey keeps docs/modules.md whole.
func TestThePageExplainsEveryKey(t *testing.T) {
	b, err := os.ReadFile("../../docs/modules.md")
	if err != nil {
		t.Fatal(err)
	}
	page := string(b)
	for _, shape := range []string{"", "entities[]", "entities[].fields[]", "entities[].fields[].options[]", "entities[].board", "entities[].tiles[]", "entities[].children[]", "entities[].views[]",
		"entities[].rights", "entities[].rights.manager", "entities[].templates[]", "choices.*[]"} {
		for _, key := range keysOf(shape) {
			if !strings.Contains(page, "`"+key+"`") {
				t.Errorf("docs/modules.md does not explain %s of %q", key, shape)
			}
		}
	}
	for _, kind := range kinds() {
		if !strings.Contains(page, "`"+kind+"`") {
			t.Errorf("docs/modules.md does not explain the kind %s", kind)
		}
	}
}

func FuzzDescription(f *testing.F) {
	f.Add([]byte(Example))
	for _, seed := range []string{`{}`, `[]`, `{"choices":{"":[{}]}}`, `{"rowhouse_module":1,"entities":[{"fields":[{"kind":"link","to":"customer"}]}]}`, `{"entities":[{"templates":[{"values":{"a":[1]}}]}]}`,
		`{"entities":[{"tiles":[{"filter":{"and":[{"f":"name"}]}}]}]}`, `{"":{"":""}}`, `{"entities":[null,{"fields":[null]}]}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		m, err := Parse(text, builtin)
		var refused *Refused
		if (m == nil || len(m.Tables) == 0) == (err == nil) && err == nil || err != nil && !errors.As(err, &refused) {
			t.Error(m, err)
		}
	})
}
