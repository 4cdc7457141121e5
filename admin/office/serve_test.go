package office

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"rowhouse/data/fault"
)

// staff is one operator of each role.
func staff(t testing.TB, o *Office) map[Role]Account {
	t.Helper()
	all := map[Role]Account{}
	for _, r := range []Role{Owner, Billing, Support, ReadOnly} {
		all[r] = hire(t, o, string(r)+"@host.example", r)
	}
	return all
}

func TestRoleDecidesWhichViewsAreRead(t *testing.T) {
	o := house(t)
	for role, a := range staff(t, o) {
		token, err := o.token(a.Number)
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range list() {
			may := !v.Money || role == Owner || role == Billing
			want := http.StatusOK
			if !may {
				want = http.StatusNotFound
			}
			if w := get(o, a, "GET", root+v.Name+"/records"); w.Code != want || may != strings.Contains(w.Body.String(), `"items":[{`) {
				t.Errorf("%s reads %s: %d %s", role, v.Name, w.Code, w.Body)
			}
			if may != slices.ContainsFunc(o.Views(role), func(s View) bool { return s.Name == v.Name }) {
				t.Errorf("%s: the list of views and %s", role, v.Name)
			}
			_, _, err := o.Rows(t.Context(), a, v.Name, "", "", 1)
			if may != (err == nil) || !may && !fault.Is(err, fault.Missing) {
				t.Errorf("%s: rows of %s: %v", role, v.Name, err)
			}
			// PocketBase decides the same by itself.
			if w := inside(o, "GET", "/api/collections/"+v.Name+"/records", token); may != strings.Contains(w.Body.String(), `"items":[{`) {
				t.Errorf("inside, %s reads %s: %d %s", role, v.Name, w.Code, w.Body)
			}
		}
	}
	if len(o.Views("")) > 0 || len(o.Views("root")) > 0 {
		t.Error("an unknown role sees something")
	}
}

func TestRecordsComeOneByOne(t *testing.T) {
	o := house(t)
	a := staff(t, o)[Owner]
	for _, v := range list() {
		var got struct {
			Items []map[string]any
		}
		if err := json.Unmarshal(get(o, a, "GET", root+v.Name+"/records").Body.Bytes(), &got); err != nil || len(got.Items) == 0 {
			t.Fatal(v.Name, err)
		}
		id, _ := got.Items[0]["id"].(string)
		w := get(o, a, "GET", root+v.Name+"/records/"+id)
		if w.Code != 200 || !strings.Contains(w.Body.String(), `"id":"`+id+`"`) {
			t.Errorf("%s/%s: %d %s", v.Name, id, w.Code, w.Body)
		}
		if w := get(o, a, "GET", root+v.Name+"/records/99999"); w.Code != 404 || w.Body.String() != nothing {
			t.Errorf("%s: %d %s", v.Name, w.Code, w.Body)
		}
	}
	w := get(o, a, "GET", root+"tenants/records/1")
	for _, part := range []string{`"company":"{\"a\":1}"`, `"created":"2023-11-14 22:13:20.123Z"`, `"activated":""`, `"staff_limit":-1`} {
		if !strings.Contains(w.Body.String(), part) {
			t.Errorf("%s lacks %s", w.Body, part)
		}
	}
	if w := get(o, a, "HEAD", root+"tenants/records"); w.Code != 200 || w.Body.Len() > 0 {
		t.Error("HEAD:", w.Code, w.Body)
	}
}

func TestAnswersAreNotKeptNorShared(t *testing.T) {
	o := house(t)
	a := staff(t, o)[Owner]
	for _, target := range []string{root + "tenants/records", root + "nothing/records", "/back-office/api/health"} {
		r := httptest.NewRequest("GET", target, nil)
		r.Header.Set("Origin", "https://evil.example")
		w := httptest.NewRecorder()
		o.Serve(w, r, a)
		for name := range w.Header() {
			if strings.HasPrefix(name, "Access-Control") || name == "Set-Cookie" || name == "Server" {
				t.Error(target, "has the header", name)
			}
		}
		if w.Header().Get("Cache-Control") != "no-store" || w.Header().Get("X-Content-Type-Options") != "nosniff" || w.Header().Get("Content-Type") != "application/json" {
			t.Error(target, w.Header())
		}
	}
}

func TestQuestionsHaveLimits(t *testing.T) {
	o := house(t)
	a := staff(t, o)[Owner]
	ask := func(q url.Values) *httptest.ResponseRecorder {
		return get(o, a, "GET", root+"tenants/records?"+q.Encode())
	}
	for sentence, q := range map[string]url.Values{
		"1000 characters": {"filter": {strings.Repeat("a", 1001)}}, "from 1 to 1000": {"page": {"1001"}}, "The page is": {"page": {"-1"}},
		"perPage is": {"perPage": {"many"}}, "at most 6 columns": {"sort": {"id,id,id,id,id,id,id"}}, "parameter sort": {"sort": {strings.Repeat("a", 1001)}},
		`filter cannot be read: `: {"filter": {"nix = 1"}}, `cannot be read: invalid`: {"filter": {"name = "}}, "sorting cannot be read": {"sort": {"-nix"}},
		"columns of this table only": {"filter": {`@request.auth.email = "x"`}}, "columns of this table": {"filter": {`@collection.operators.email ?~ "a"`}},
		"cannot be read: it may": {"sort": {"@collection.operators.factor"}},
	} {
		if w := ask(q); w.Code != 400 || !strings.Contains(w.Body.String(), sentence) {
			t.Errorf("%v: %d %s", q, w.Code, w.Body)
		}
	}
	if w := ask(url.Values{"perPage": {"5000"}}); w.Code != 200 || !strings.Contains(w.Body.String(), `"perPage":200`) {
		t.Error(w.Code, w.Body)
	}
	if w := ask(url.Values{"filter": {`created > "2023-01-01" && name ~ "ac"`}, "sort": {"-created"}, "fields": {"id,name"}, "expand": {"x"}}); w.Code != 200 ||
		!strings.Contains(w.Body.String(), `"items":[{"id":"1","name":"acme"}]`) {
		t.Error(w.Code, w.Body)
	}
	if w := get(o, a, "GET", root+"tenants/records?filter="+strings.Repeat("%20", 9000)); w.Code != 404 {
		t.Error(w.Code)
	}
}

func TestRowsOfAPage(t *testing.T) {
	o := house(t)
	a := staff(t, o)[Owner]
	db := o.app.NonconcurrentDB()
	_, err := db.NewQuery(`with recursive n(value) as (select 1 union all select value + 1 from n where value < 120)
		insert into audit (at, actor, act) select 1700000000000 + value, 'op', 'act ' || value from n`).Execute()
	if err != nil {
		t.Fatal(err)
	}
	rows, total, err := o.Rows(t.Context(), a, "audit_log", `actor = "op"`, "-at", 3)
	if err != nil || total != 120 || len(rows) != 20 || rows[19][3] != "act 1" || len(rows[0]) != 6 {
		t.Error(len(rows), total, err)
	}
	if rows, _, err := o.Rows(t.Context(), a, "coupons", "", "", 1); err != nil || strings.Join(rows[0], "|") != "1|SPRING|2000|||1||0||||yes|2023-11-14 22:13:20.000Z" {
		t.Error(rows, err)
	}
	for _, filter := range []string{"nix", "nix = 1", "act = ", `actor = "op`, "@request.auth.id != ''"} {
		_, _, err := o.Rows(t.Context(), a, "audit_log", filter, "", 1)
		if !fault.Is(err, fault.Invalid) || !strings.HasPrefix(err.Error(), "This filter cannot be read: ") {
			t.Errorf("%s: %v", filter, err)
		}
	}
	for _, page := range []int{0, -1, 5000} {
		if _, _, err := o.Rows(t.Context(), a, "audit_log", "", "", page); !fault.Is(err, fault.Invalid) {
			t.Error(page, err)
		}
	}
	if _, _, err := o.Rows(t.Context(), a, "operators", "", "", 1); !fault.Is(err, fault.Missing) {
		t.Error(err)
	}
}

func TestInactiveOperatorReadsNothing(t *testing.T) {
	o := house(t)
	all := staff(t, o)
	a := all[Billing]
	token, err := o.token(a.Number)
	if err != nil {
		t.Fatal(err)
	}
	before := a
	a.Active = false
	if err := o.Save(t.Context(), a); err != nil {
		t.Fatal(err)
	}
	for _, a := range []Account{a, before} { // the caller may have read the account a moment ago
		if w := get(o, a, "GET", root+"tenants/records"); w.Code != 404 || w.Body.String() != nothing {
			t.Error(w.Code, w.Body)
		}
	}
	if w := inside(o, "GET", "/api/collections/tenants/records", token); strings.Contains(w.Body.String(), `"items":[{`) {
		t.Error("an older token still reads:", w.Body)
	}
	if w := get(o, Account{}, "GET", root+"tenants/records"); w.Code != 404 || w.Body.String() != nothing {
		t.Error(w.Code, w.Body)
	}
}

func TestPocketBaseRefusesStrangers(t *testing.T) {
	o := house(t)
	staff(t, o)
	for _, v := range list() {
		for _, token := range []string{"", "x.y.z", "Bearer x"} {
			if w := inside(o, "GET", "/api/collections/"+v.Name+"/records", token); strings.Contains(w.Body.String(), `"items":[{`) {
				t.Errorf("%s: %s", v.Name, w.Body)
			}
			if w := inside(o, "GET", "/api/collections/"+v.Name+"/records/1", token); w.Code < 400 {
				t.Errorf("%s: %s", v.Name, w.Body)
			}
		}
	}
}
