package billing

import (
	"path/filepath"
	"testing"

	"rowhouse/data"
	"rowhouse/data/fault"
	"rowhouse/tenant"
)

func newBilling(t *testing.T) *Billing {
	t.Helper()
	path := filepath.Join(t.TempDir(), "data.db")
	db, err := data.Create(t.Context(), path)
	must(t, err)
	t.Cleanup(func() { must(t, db.Close()) })
	must(t, data.Schema{{Name: "tenant", Files: tenant.Schema}, {Name: "billing", Files: Schema}}.Migrate(t.Context(), db, nil))
	return &Billing{DB: db}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestEveryHostBeginsWithAFreeStarter(t *testing.T) {
	b := newBilling(t)
	plans, err := b.Plans(t.Context())
	must(t, err)
	if len(plans) != 3 || !plans[0].Free() || len(plans[0].Features) != 5 || plans[1].Free() || !plans[2].Contact {
		t.Fatalf("%+v", plans)
	}
	l := plans[0].Limits()
	if l.Plan != "Starter" || l.Staff != 3 || l.Room != 1<<30 || !l.Includes("contact") || l.Includes("invoice") {
		t.Fatalf("%+v", l)
	}
}

func TestOnlyPublicPlansAreListedAndOnlyLinkedOnesFound(t *testing.T) {
	b := newBilling(t)
	_, err := b.DB.Exec(t.Context(), `insert into plan (slug, name, visibility, created_at) values ('a', 'A', 'public', 1), ('b', 'B', 'link', 1), ('c', 'C', 'hidden', 1), ('d', 'D', 'retired', 1)`)
	must(t, err)
	plans, err := b.Plans(t.Context())
	must(t, err)
	if len(plans) != 4 || plans[0].Slug != "a" || plans[0].Free() {
		t.Fatalf("%+v", plans)
	}
	for slug, found := range map[string]bool{"a": true, "b": true, "c": false, "d": false, "": false} {
		if _, err := b.PlanBySlug(t.Context(), slug); fault.Is(err, fault.Missing) == found {
			t.Errorf("%s: %v", slug, err)
		}
	}
	if p, err := b.PlanByID(t.Context(), 7); err != nil || p.Slug != "d" {
		t.Fatalf("%+v %v", p, err)
	}
}

func TestAPriceNeverChanges(t *testing.T) {
	b := newBilling(t)
	for _, refused := range []string{
		`update price set amount = 100`,
		`update price set currency = 'USD'`,
		`insert into price (plan, currency, interval, amount, created_at) values (1, 'EUR', 'month', 5, 1)`, // a second active one
		`insert into price (plan, currency, interval, amount, created_at) values (1, 'USD', 'month', -5, 1)`,
		`insert into price (plan, currency, interval, amount, created_at) values (1, 'EUR', 'week', 5, 1)`,
		`delete from plan`,
	} {
		if _, err := b.DB.Exec(t.Context(), refused); err == nil {
			t.Errorf("the file took: %s", refused)
		}
	}
	_, err := b.DB.Exec(t.Context(), `update price set active = 0 where plan = 1`)
	must(t, err)
	_, err = b.DB.Exec(t.Context(), `insert into price (plan, currency, interval, amount, created_at) values (1, 'EUR', 'month', 900, 1)`)
	must(t, err)
	p, err := b.PlanBySlug(t.Context(), "starter")
	must(t, err)
	if len(p.Prices) != 1 || p.Prices[0].Amount.Minor != 900 || p.Free() {
		t.Fatalf("%+v", p.Prices)
	}
}
