package main

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"rowhouse/crm/custom"
)

// withFleet is a company whose plan has the example module.
func withFleet(t testing.TB) (*app, *visitor) {
	t.Helper()
	a := newApp(t)
	a.found(t, "acme", 0)
	a.shelve(t, custom.Example)
	a.have(t, "acme", "*,x_fleet")
	return a, a.signIn(t, "acme", "ada@acme.example")
}

// shelve uploads a description.
func (a *app) shelve(t testing.TB, text string) {
	t.Helper()
	if _, fresh, err := a.shelf.Add(t.Context(), []byte(text), "test"); err != nil || !fresh {
		t.Fatal(fresh, err)
	}
}

// have changes which modules a company has.
func (a *app) have(t testing.TB, company, modules string) {
	t.Helper()
	if _, err := a.host.Exec(t.Context(), `update tenant set modules = ? where name = ?`, modules, company); err != nil {
		t.Fatal(err)
	}
}

// sees checks that a page is there and holds some words.
func (v *visitor) sees(path string, words ...string) {
	v.t.Helper()
	w := v.get(path)
	page := body(w)
	if w.Code != http.StatusOK {
		v.t.Fatalf("%s answers %d: %s", path, w.Code, text(w))
	}
	for _, s := range words {
		if !strings.Contains(page, s) {
			v.t.Errorf("%s lacks %q: %s", path, s, text(w))
		}
	}
}

// makes posts a form that must be taken.
func (v *visitor) makes(path string, pairs ...string) {
	v.t.Helper()
	if w := v.post(path, pairs...); w.Code != http.StatusSeeOther {
		v.t.Fatalf("%s answers %d: %s", path, w.Code, text(w))
	}
}

func TestACustomModuleIsUsedLikeABuiltInOne(t *testing.T) {
	a, ada := withFleet(t)
	ada.sees("/admin", "Inspections overdue", "Operations", "/admin/x-fleet-trips")
	ada.sees("/admin/x-fleet-vehicles/new", "Delivery van", `href="/admin/x-fleet-vehicles/new?template=2"`)
	ordered := ask[string](t, a, "acme", `select id from choice where list = 'x_fleet.status' and label = 'Ordered'`)
	ada.sees("/admin/x-fleet-vehicles/new?template=1", `value="3"`, `<option value="`+ordered+`" selected>Ordered`, `checked`)
	ada.makes("/admin/x-fleet-vehicles", "name", "White van", "plate", "B-RH 7", "inspection", "2026-11-01")
	if w := ada.post("/admin/x-fleet-vehicles", "name", "Another", "plate", "b rh 7"); w.Code != http.StatusSeeOther {
		t.Error("names are no duplicates until the company says so:", w.Code)
	}
	ada.makes("/admin/customers", "name", "Harbour Foods", "kind", "company")
	ada.makes("/admin/x-fleet-trips", "name", "To the fair", "vehicle", "White van", "customer", "#1", "day", "2026-11-23", "kilometres", "120")
	ada.sees("/admin/x-fleet-vehicles", "White van", "B-RH 7", "Ordered")
	ada.sees("/admin/x-fleet-vehicles/1", "To the fair", "Trips")
	ada.sees("/admin/customers/1", "To the fair", "Trips")
	ada.sees("/admin/search?q=white", "White van")
	ada.sees("/admin", "White van") // its inspection is due
	road := ask[string](t, a, "acme", `select id from choice where list = 'x_fleet.status' and label = 'On the road'`)
	if w := ada.post("/admin/x-fleet-vehicles/1/position", "value", road, "before", "", "version", "1"); w.Code >= 400 {
		t.Error("the card cannot be moved:", w.Code, text(w))
	}
	if now := ask[string](t, a, "acme", `select status from x_fleet_vehicle where id = 1`); now != road {
		t.Error("the card is at", now, "and not at", road)
	}
	ada.sees("/admin/x-fleet-vehicles/board", "On the road", "White van")
	ada.makes("/admin/x-fleet-vehicles/1/notes", "body", "New tyres")
	ada.sees("/admin/x-fleet-vehicles/1", "New tyres")
	ada.sees("/admin/settings/fields", "Vehicle")
	ada.sees("/admin/settings/lists", "Status")
	ada.sees("/admin/settings/roles/2", "Vehicles", "Trips")
	ada.makes("/admin/settings/fields/x_fleet_vehicle", "label", "Colour", "kind", "line", "options", "", "hint", "", "section", "")
	ada.makes("/admin/x-fleet-vehicles", "name", "Red van", "x_colour", "red")
	ada.sees("/admin/x-fleet-vehicles/3", "Colour", "red")
	if w := ada.post("/admin/x-fleet-vehicles/export"); w.Code != 200 || !strings.Contains(body(w), "B-RH 7") {
		t.Error("the export:", w.Code, text(w))
	}
	w := ada.send("/admin/x-fleet-vehicles/import", "cars.csv", "Name,Number plate,Status\nBlue car,HH-1,On the road\n")
	if at := w.Header().Get("Location"); w.Code != http.StatusSeeOther || !strings.HasPrefix(at, "/admin/imports/x-fleet-vehicles/") {
		t.Error("the import:", w.Code, text(w))
	} else {
		ada.sees(at, "Number plate", "Blue car")
		ada.makes(at, "do", "run", "c0", "name", "c1", "plate", "c2", "status")
		for range 200 {
			if ask[string](t, a, "acme", `select state from import`) != "running" {
				break
			}
			time.Sleep(10 * time.Millisecond)
		}
		if got := ask[string](t, a, "acme", `select name || plate || (status = ?) from x_fleet_vehicle where name = 'Blue car'`, road); got != "Blue carHH-11" {
			t.Error("the import has made", got)
		}
	}
	ada.makes("/admin/x-fleet-vehicles/2/deletion")
	ada.sees("/admin/settings/trash", "Another")
}

func TestNothingInADescriptionRuns(t *testing.T) {
	a := newApp(t)
	a.found(t, "acme", 0)
	text := custom.Example
	for i, label := range []string{"Number plate", "Vehicles", "Vehicle", "Delivery van", "Ordered", "Diesel", "Inspections overdue", "Electric ones", "As people call it: White van", "More", "Operations"} {
		short := []rune(strings.ReplaceAll(attacks[i], "  ", " "))
		text = strings.ReplaceAll(text, `"`+label+`"`, quoted(string(short[:min(len(short), 40)])))
	}
	a.shelve(t, text)
	a.have(t, "acme", "*,x_fleet")
	ada := a.signIn(t, "acme", "ada@acme.example")
	ada.makes("/admin/x-fleet-vehicles", "name", attacks[0], "plate", attacks[1])
	for _, path := range []string{"/admin", "/admin/x-fleet-vehicles", "/admin/x-fleet-vehicles/1", "/admin/x-fleet-vehicles/1/edit", "/admin/x-fleet-vehicles/new?template=1", "/admin/x-fleet-vehicles/board", "/admin/x-fleet-trips/new",
		"/admin/settings/roles/2", "/admin/settings/fields", "/admin/settings/lists", "/admin/settings/fields/x_fleet_vehicle", "/admin/x-fleet-vehicles/new?template=-1", "/admin/x-fleet-vehicles/new?template=99999999999999999999"} {
		w := ada.get(path)
		if what := danger(body(w)); w.Code >= 500 || what != "" {
			t.Errorf("%s answers %d and runs %s", path, w.Code, what)
		}
	}
	ada.makes("/admin/x-fleet-vehicles", "name", "x\u202ey", "description", strings.Repeat("z", 20000))
	for _, bad := range [][]string{{"name", "a\x00b"}, {"name", strings.Repeat("x", 2<<20)}, {"name", "x", "description", strings.Repeat("x", 1<<19)}, {"name", "x", "place", "1"}, {"name", "x", "deleted_at", "1"}} {
		if w := ada.post("/admin/x-fleet-vehicles", bad...); w.Code < 400 || w.Code >= 500 {
			t.Errorf("%.20q answers %d", bad, w.Code)
		}
	}
}

// BenchmarkLeadsBesideAModule measures what a custom module costs the pages of the other ones.
func BenchmarkLeadsBesideAModule(b *testing.B) {
	a := newApp(b)
	a.found(b, "acme", 200)
	a.shelve(b, custom.Example)
	for _, modules := range []string{"*", "*,x_fleet"} {
		a.have(b, "acme", modules)
		ada := a.signIn(b, "acme", "ada@acme.example")
		b.Run(modules, func(b *testing.B) {
			for b.Loop() {
				ada.get("/admin/leads")
			}
		})
	}
	b.Run("asking", func(b *testing.B) {
		for b.Loop() {
			if _, err := a.shelf.Of(b.Context(), []string{"*", "x_fleet"}); err != nil {
				b.Fatal(err)
			}
		}
	})
}
