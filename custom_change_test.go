package main

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"rowhouse/crm"
	"rowhouse/crm/custom"
)

func TestAModuleThatLeavesThePlanIsHiddenAndComesBackWhole(t *testing.T) {
	a, ada := withFleet(t)
	a.found(t, "other", 0)
	ada.makes("/admin/x-fleet-vehicles", "name", "White van")
	for _, gone := range []string{"*", "*,x_nobody", "lead,customer,contact"} {
		a.have(t, "acme", gone)
		for _, path := range []string{"/admin/x-fleet-vehicles", "/admin/x-fleet-vehicles/1", "/admin/x-fleet-trips/new"} {
			if w := ada.get(path); w.Code != http.StatusNotFound {
				t.Errorf("with %s, %s answers %d", gone, path, w.Code)
			}
		}
		for _, path := range []string{"/admin", "/admin/search?q=white", "/admin/settings/roles/2", "/admin/settings/fields", "/admin/settings/lists", "/admin/settings/trash"} {
			if page := body(ada.get(path)); strings.Contains(page, "x-fleet") || strings.Contains(page, "x_fleet") || strings.Contains(page, "White van") {
				t.Errorf("with %s, %s still shows the module", gone, path)
			}
		}
	}
	a.have(t, "acme", "lead,x_fleet")
	ada.sees("/admin/x-fleet-vehicles/1", "White van")
	ada.sees("/admin/search?q=white", "White van")
	eve := a.signIn(t, "other", "ada@other.example")
	if w := eve.get("/admin/x-fleet-vehicles"); w.Code != http.StatusNotFound {
		t.Error("a company without the module has it:", w.Code)
	}
	if n := ask[int](t, a, "other", `select count(*) from sqlite_schema where name like 'x\_%' escape '\'`); n != 0 {
		t.Error("a company without the module has its tables:", n)
	}
}

func TestANewVersionKeepsTheRecordsAndWhatTheTenantChanged(t *testing.T) {
	a, ada := withFleet(t)
	ada.makes("/admin/x-fleet-vehicles", "name", "White van", "plate", "B-RH 7")
	alter(t, a, "acme", func(exec func(string, ...any)) {
		exec(`update role_right set view = 0 where entity = 'x_fleet_vehicle' and role = 3`)
		exec(`delete from choice where label = 'Written off'`)
	})
	next := strings.NewReplacer(`"version": 1`, `"version": 2`, `{"name": "seats"`, `{"name": "doors", "label": "Doors", "kind": "number"}, {"name": "motor", "label": "Motor", "kind": "pick", "list": "motor"}, {"name": "seats"`,
		`"choices": {`, `"choices": {"motor": [{"label": "Strong"}],`, `{"label": "Sold"`, `{"label": "Lent", "colour": 2, "kind": "open"}, {"label": "Sold"`, `"many": "Vehicles"`, `"many": "Cars"`).Replace(custom.Example)
	a.shelve(t, next)
	if _, fresh, err := a.shelf.Add(t.Context(), []byte(strings.ReplaceAll(next, "\n", " ")), "test"); fresh || err != nil {
		t.Error("the same again is no new version:", fresh, err)
	}
	ada.sees("/admin/x-fleet-vehicles/1", "White van", "Doors", "Cars")
	ada.makes("/admin/x-fleet-vehicles", "name", "Bus", "doors", "4", "motor", "Strong")
	if n := ask[int](t, a, "acme", `select count(*) from choice where list = 'x_fleet.status' and label in ('Lent', 'Written off')`); n != 1 {
		t.Error("the list lacks what is new, or has again what the company deleted:", n)
	}
	if n := ask[int](t, a, "acme", `select view from role_right where entity = 'x_fleet_vehicle' and role = 3`); n != 0 {
		t.Error("the role has its first rights again:", n)
	}
	if n := ask[int](t, a, "acme", `select version from installed`); n != 2 {
		t.Error(n)
	}
}

func TestRightsOfAModuleAreThoseOfTheDescription(t *testing.T) {
	a, ada := withFleet(t)
	ada.get("/admin")
	if n := ask[string](t, a, "acme", `select group_concat(role || entity || view || edit || remove || make, ' ' order by role, entity) from role_right where entity like 'x_%'`); n != "2x_fleet_trip3331 2x_fleet_vehicle3331 3x_fleet_trip1101 3x_fleet_vehicle3100" {
		t.Error(n)
	}
}

func TestALimitOfRecordsHoldsForCustomModules(t *testing.T) {
	a, ada := withFleet(t)
	if _, err := a.host.Exec(t.Context(), `update tenant set records = '{"x_fleet": 1}' where name = 'acme'`); err != nil {
		t.Fatal(err)
	}
	ada.makes("/admin/x-fleet-vehicles", "name", "White van")
	if w := ada.post("/admin/x-fleet-vehicles", "name", "Second van"); w.Code != http.StatusPaymentRequired {
		t.Error("one more than the plan includes:", w.Code, text(w))
	}
	ada.makes("/admin/leads", "name", "Mia")
}

func TestAnInstallationThatFailsLeavesNothing(t *testing.T) {
	a, _ := withFleet(t)
	a.found(t, "late", 0)
	a.have(t, "late", "*,x_fleet")
	// The last table of the module cannot be made: somebody has put another one there.
	alter(t, a, "late", func(exec func(string, ...any)) { exec(`create table x_fleet_trip (id integer)`) })
	ada := a.signIn(t, "late", "ada@late.example")
	ada.sees("/admin/leads") // the rest of the CRM works
	if w := ada.get("/admin/x-fleet-vehicles"); w.Code != http.StatusNotFound {
		t.Error(w.Code)
	}
	const made = `select count(*) from sqlite_schema where name like '%x\_fleet\_vehicle%' escape '\'`
	if n := ask[int](t, a, "late", made+` or (select count(*) from installed) + (select count(*) from choice where list like 'x\_%' escape '\') > 0`); n != 0 {
		t.Error("half of the module is there:", n)
	}
	alter(t, a, "late", func(exec func(string, ...any)) { exec(`drop table x_fleet_trip`) })
	ada.makes("/admin/x-fleet-vehicles", "name", "White van")
}

func TestACompanyIsCopiedWithItsModules(t *testing.T) {
	a, ada := withFleet(t)
	ada.makes("/admin/x-fleet-vehicles", "name", "White van")
	if err := a.tenants.Copy(t.Context(), "acme", "twin", "test"); err != nil {
		t.Fatal(err)
	}
	a.signIn(t, "twin", "ada@acme.example").sees("/admin/x-fleet-vehicles/1", "White van")
	if err := a.tenants.Verify(t.Context(), "twin"); err != nil {
		t.Error(err)
	}
}

func TestTrashOfAHiddenModuleIsEmptiedToo(t *testing.T) {
	a, ada := withFleet(t)
	ada.makes("/admin/customers", "name", "Harbour Foods", "kind", "company")
	ada.makes("/admin/x-fleet-vehicles", "name", "White van")
	ada.makes("/admin/x-fleet-trips", "name", "To the fair", "vehicle", "White van", "customer", "#1")
	ada.makes("/admin/x-fleet-vehicles/1/deletion")
	ada.makes("/admin/customers/1/deletion")
	a.have(t, "acme", "*")
	a.clockAdd(t, 400*24*3600)
	db, done, err := a.tenants.Files.Use(t.Context(), "acme")
	if err != nil {
		t.Fatal(err)
	}
	defer done()
	if err := crm.Clean(context.Background(), db, a.clock.Now()); err != nil {
		t.Fatal(err)
	}
	if n := ask[int](t, a, "acme", `select (select count(*) from x_fleet_vehicle) * 10 + (select count(*) from x_fleet_trip where vehicle is null and customer is null)`); n != 1 {
		t.Error(n)
	}
}

func TestAFileKeepsItsOwnDescriptionWhereAnotherModuleTookTheName(t *testing.T) {
	a, ada := withFleet(t)
	ada.makes("/admin/x-fleet-vehicles", "name", "White van", "seats", "3")
	a.have(t, "acme", "*")
	if err := a.shelf.Remove(t.Context(), "fleet", "test"); err != nil {
		t.Fatal(err)
	}
	a.have(t, "acme", "*,x_fleet")
	if w := ada.get("/admin/x-fleet-vehicles"); w.Code != http.StatusNotFound {
		t.Error("a module that the host has removed is there:", w.Code)
	}
	ada.sees("/admin")
	a.shelve(t, strings.NewReplacer(`"version": 1`, `"version": 5`, `"label": "Seats", "kind": "number"`, `"label": "Seats", "kind": "bool"`, `"seats": 3, `, ``, `"seats": 5, `, ``, `"many": "Vehicles"`, `"many": "Ships"`).Replace(custom.Example))
	ada.sees("/admin/x-fleet-vehicles/1", "White van", "Vehicles")
	ada.makes("/admin/x-fleet-vehicles", "name", "Bus", "seats", "50")
}
