package main

import (
	"context"
	"database/sql"
	"net/http"
	"strings"
	"testing"

	"rowhouse/tenant"
)

// allowing gives a company other limits.
func (a *app) allowing(t testing.TB, name string, change func(*tenant.Limits)) {
	t.Helper()
	x, err := a.tenants.ByName(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	change(&x.Limits)
	if err := a.host.Tx(context.Background(), func(tx *sql.Tx) error {
		return tenant.Allow(t.Context(), tx, x.ID, x.Limits, tenant.FullAccess)
	}); err != nil {
		t.Fatal(err)
	}
}

func TestAPlanLimitsTheRecordsOfAModule(t *testing.T) {
	a := newApp(t)
	a.found(t, "acme", 0)
	a.allowing(t, "acme", func(l *tenant.Limits) { l.Records = map[string]int64{"lead": 2} })
	ada := a.signIn(t, "acme", "ada@acme.example")
	for _, name := range []string{"Ines Keller", "Tom Baker"} {
		if w := ada.post("/admin/leads", "name", name); w.Code != http.StatusSeeOther {
			t.Fatal(w.Code, text(w))
		}
	}
	w := ada.post("/admin/leads", "name", "Nora Lind")
	if w.Code < 400 || !strings.Contains(text(w), "all are taken") {
		t.Error(w.Code, text(w))
	}
	if n := ask[int](t, a, "acme", `select count(*) from lead where deleted_at is null`); n != 2 {
		t.Errorf("%d leads", n)
	}
}

func TestASmallerPlanKeepsThoseAtWorkWhoWereHereLastAndTheOwner(t *testing.T) {
	a := newApp(t)
	a.found(t, "acme", 60)
	owner := a.signIn(t, "acme", "ada@acme.example")
	db, done, err := a.tenants.Files.Use(t.Context(), "acme")
	if err != nil {
		t.Fatal(err)
	}
	defer done()
	if _, err := db.Exec(t.Context(), `update staff set password_hash = ?, last_login_at = case when owner = 1 then 1 when first = 'Jonas' then 3000 else 2000 - id end`, testHash()); err != nil {
		t.Fatal(err)
	}
	jonas := a.signIn(t, "acme", "jonas@acme.example")
	leo := a.signIn(t, "acme", "leo@acme.example")
	if _, err := db.Exec(t.Context(), `update staff set last_login_at = case when owner = 1 then 1 when first = 'Jonas' then 3000 else 2000 - id end`); err != nil {
		t.Fatal(err)
	}
	a.allowing(t, "acme", func(l *tenant.Limits) { l.Staff = 2 })
	for who, v := range map[string]*visitor{"the owner": owner, "who was here last": jonas} {
		if w := v.get("/admin/leads"); w.Code != http.StatusOK {
			t.Errorf("%s is out: %d %s", who, w.Code, text(w))
		}
	}
	if w := leo.get("/admin/leads"); w.Code != http.StatusPaymentRequired || !strings.Contains(text(w), "Nothing of yours is deleted") {
		t.Errorf("%d %s", w.Code, text(w))
	}
	if w := a.visit(t, "acme.example.com").post("/admin/login", "email", "leo@acme.example", "password", testPassword); w.Code != http.StatusPaymentRequired {
		t.Errorf("signs in: %d %s", w.Code, text(w))
	}
	a.allowing(t, "acme", func(l *tenant.Limits) { l.Staff = 10 })
	if w := leo.get("/admin/leads"); w.Code != http.StatusOK {
		t.Error("with more seats not all are back:", w.Code)
	}
}
