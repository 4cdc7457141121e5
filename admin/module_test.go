package admin

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"rowhouse/crm/custom"
)

func TestAModuleIsUploadedAndSold(t *testing.T) {
	h := newHouse(t)
	if page := h.get("/admin/modules"); !strings.Contains(page, "No modules of your own yet") {
		t.Error("the empty list does not say how to begin")
	}
	if page := h.get("/admin/modules/new?example=1"); !strings.Contains(page, "Delivery van") {
		t.Error("the example is not filled in")
	}
	if got := h.get("/admin/modules/example"); got != custom.Example {
		t.Error("the example that is offered is another one")
	}
	if at := h.taken("/admin/modules", "text", custom.Example); at != "/admin/modules/fleet" {
		t.Fatal(at)
	}
	if page := h.get("/admin/modules/fleet"); !strings.Contains(page, "Number plate") || !strings.Contains(page, "Version 1") || !strings.Contains(page, "In no plan") {
		t.Error("the page of the module lacks its form, its versions, or who has it")
	}
	if got := h.get("/admin/modules/fleet/versions/1"); got != custom.Example {
		t.Error("the version is not sent as it came")
	}
	for _, nothing := range []string{"/admin/modules/nobody", "/admin/modules/fleet/versions/2", "/admin/modules/fleet/versions/x"} {
		if w := h.do(httptest.NewRequest(http.MethodGet, nothing, nil)); w.Code != http.StatusNotFound {
			t.Errorf("%s answers %d", nothing, w.Code)
		}
	}
	at := h.taken("/admin/plans", append(planFields("slug", "fleet-team"), "modules[]", "x_fleet", "records_x_fleet", "limited", "records_x_fleet_number", "7")...)
	var got string
	must(t, h.DB.QueryRow(t.Context(), `select modules || ' ' || records from plan where slug = 'fleet-team'`).Scan(&got))
	if got != `lead,x_fleet {"contact":50,"customer":0,"x_fleet":7}` {
		t.Error("the plan has", got)
	}
	if page := h.get(at); !strings.Contains(page, `value="x_fleet" checked`) {
		t.Error("the plan does not say that it has the module")
	}
	if page := h.get("/admin/modules"); !strings.Contains(page, "<bdi>Team</bdi>") {
		t.Error("the list does not say which plans have the module")
	}
	if w := h.post("/admin/modules/fleet/deletion"); w.Code != http.StatusConflict {
		t.Error("a module that a plan has is removed:", w.Code)
	}
	h.taken(at, append(planFields("slug", "fleet-team"), "records_x_fleet", "unlimited", "records_x_fleet_number", "")...)
	h.taken("/admin/modules/fleet/deletion")
	if n := h.count(`select count(*) from module`); n != 0 {
		t.Error(n)
	}
}

func TestAPlanWithEverythingNamesUploadedModules(t *testing.T) {
	h := newHouse(t)
	h.taken("/admin/modules", "text", custom.Example)
	modules, err := h.modules(httptest.NewRequest(http.MethodGet, "/admin", nil))
	must(t, err)
	for _, c := range []struct{ chosen, before, want string }{
		{"lead,customer,contact,x_fleet", "*", "*,x_fleet"}, {"lead,customer,contact", "*,x_fleet", "*"}, {"lead,customer,contact,x_fleet", "lead", "lead,customer,contact,x_fleet"},
		{"lead,x_fleet", "*", "lead,x_fleet"}, {"lead,x_evil", "*", "lead"},
	} {
		if got := strings.Join(readModules(modules, strings.Split(c.chosen, ","), strings.Split(c.before, ",")), ","); got != c.want {
			t.Errorf("%s of a plan that had %s becomes %s, not %s", c.chosen, c.before, got, c.want)
		}
	}
}

func TestABadDescriptionIsShownAgainWithEverythingThatIsWrong(t *testing.T) {
	h := newHouse(t)
	bad := strings.NewReplacer(`"kind": "number"`, `"kind": "nomber"`, `"label": "Fleet"`, `"label": "<script>alert(1)</script>\u202e"`, `"about"`, `"wheels"`).Replace(custom.Example)
	page := h.refuses("/admin/modules", "is not a kind. Kinds are: line", "text", bad)
	for _, want := range []string{"entities[0].fields[4].kind", "<code><bdi>wheels</bdi></code>", "signs that cannot be seen", "&lt;script&gt;alert(1)"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	if strings.Contains(page, "<script>alert") || h.count(`select count(*) from module`) != 0 {
		t.Error("what was refused runs, or was kept")
	}
	h.refuses("/admin/modules", "This is no JSON", "text", strings.Repeat("{", 200_000))
	h.refuses("/admin/modules", "At most 256 KB are taken", "text", strings.Repeat(" ", 300_000))
	if w := h.post("/admin/modules", "text", strings.Repeat("x", 2<<20)); w.Code != http.StatusRequestEntityTooLarge {
		t.Error("two megabytes answer", w.Code)
	}
	h.taken("/admin/modules", "text", custom.Example)
	h.refuses("/admin/modules", "The version must be higher than 1", "text", strings.Replace(custom.Example, "Fleet", "Cars", 1))
	h.taken("/admin/modules", "text", custom.Example) // the same again changes nothing
	if n := h.count(`select count(*) from module`); n != 1 {
		t.Error(n)
	}
}
