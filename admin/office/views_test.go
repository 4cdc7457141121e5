package office

import (
	"database/sql"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"rowhouse/data"
)

func TestAllViewsOfTheListWork(t *testing.T) {
	o := house(t)
	a := hire(t, o, "ann@host.example", Owner)
	for _, v := range list() {
		if _, err := collection(o.app, v); err != nil {
			t.Errorf("%s: %v", v.Name, err)
		}
		if _, ok := o.view(v.Name, Owner); !ok {
			t.Errorf("%s was left out", v.Name)
		}
		rows, total, err := o.Rows(t.Context(), a, v.Name, "", "", 1)
		if err != nil || len(rows) == 0 || total < len(rows) {
			t.Errorf("%s has %d rows of %d, %v", v.Name, len(rows), total, err)
		}
	}
}

func TestBrokenViewIsLeftOutAndTheRestWorks(t *testing.T) {
	t.Parallel()
	dir := folder(t, opened)
	wanted := []view{list()[0], {Name: "ruins", Label: "Ruins", Query: "select text(id) as id from nowhere"}, {Name: "audit", Label: "A table", Query: "select text(id) as id from audit"}}
	o, err := open(t.Context(), dir, secret, wanted, maxReading)
	if err != nil {
		t.Fatal(err)
	}
	defer o.Close()
	if _, err := collection(o.app, wanted[1]); err == nil || !strings.Contains(err.Error(), "nowhere") {
		t.Error("the error does not say what is wrong:", err)
	}
	if seen := o.Views(Owner); len(seen) != 1 || seen[0].Name != "tenants" {
		t.Error(seen)
	}
	left, err := o.app.FindAllCollections(core.CollectionTypeView)
	if err != nil || len(left) != 1 {
		t.Error(len(left), "views are left,", err)
	}
}

func TestChangedListChangesTheViews(t *testing.T) {
	t.Parallel()
	dir := folder(t, opened)
	o, err := open(t.Context(), dir, secret, []view{{Name: "tenants", Label: "Tenants", Money: true, Query: "select text(id) as id, text(name) as name from tenant"}}, maxReading)
	if err != nil {
		t.Fatal(err)
	}
	if seen := o.Views(Owner); len(seen) != 1 || strings.Join(seen[0].Columns, " ") != "id name" || len(o.Views(Support)) != 0 {
		t.Error(seen)
	}
	if err := o.Close(); err != nil {
		t.Fatal(err)
	}
	if again := openIn(t, dir); len(again.Views(Owner)) != len(list()) {
		t.Error("the views did not come back")
	}
}

func TestHostTableCanBeRebuiltWithoutTheViews(t *testing.T) {
	t.Parallel()
	dir := folder(t, opened)
	db, err := data.Open(t.Context(), filepath.Join(dir, "host", "data.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	rebuild := `create table new_audit (id integer primary key, at integer not null, actor text not null, act text not null, tenant text not null default '', detail text not null default '') strict;
		drop table audit; alter table new_audit rename to audit;`
	migration := func() error {
		return db.Tx(t.Context(), func(tx *sql.Tx) error {
			_, err := tx.Exec(rebuild)
			return err
		})
	}
	if migration() == nil {
		t.Error("views do not stand in the way any more: DropViews may go")
	}
	for range 2 {
		if err := DropViews(t.Context(), db); err != nil {
			t.Fatal(err)
		}
	}
	if err := migration(); err != nil {
		t.Fatal(err)
	}
	if o := openIn(t, dir); len(o.Views(Owner)) != len(list()) {
		t.Error("the views did not come back")
	}
	if err := db.Verify(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestDropViewsBeforeTheFirstOpening(t *testing.T) {
	db, err := data.Open(t.Context(), filepath.Join(folder(t, fresh), "host", "data.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := DropViews(t.Context(), db); err != nil {
		t.Error(err)
	}
}
