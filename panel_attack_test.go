package main

import (
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"rowhouse/admin"
	"rowhouse/data/clock"
)

func TestARefusedFirstPasswordLocksNobodyOut(t *testing.T) {
	a := newApp(t)
	a.panel.Lenient = false
	desk, err := a.office(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	secret, err := admin.First(t.Context(), a.host, desk, a.clock.Now())
	if err != nil {
		t.Fatal(err)
	}
	ada := a.visit(t, "example.com")
	for _, password := range []string{"lovelace123", "short", "ada@first.example"} {
		if w := ada.post("/admin/first/"+secret, "name", "Ada Lovelace", "email", "ada@first.example", "password", password, "again", password); w.Code != http.StatusUnprocessableEntity {
			t.Errorf("the password %q answers %d", password, w.Code)
		}
	}
	if w := ada.post("/admin/first/"+secret, "name", "Ada Lovelace", "email", "ada@first.example", "password", testPassword, "again", testPassword); w.Code != http.StatusSeeOther {
		t.Error("after a refused password a good one answers", w.Code, text(w))
	}
}

func TestARestoreAndARenameAtOnceLeaveOneFolder(t *testing.T) {
	a := newApp(t)
	a.found(t, "acme", 0)
	if err := a.tenants.BackUp(t.Context(), "acme", "test"); err != nil {
		t.Fatal(err)
	}
	acme, err := a.tenants.ByName(t.Context(), "acme")
	if err != nil {
		t.Fatal(err)
	}
	list, err := a.tenants.Backups(acme)
	if err != nil {
		t.Fatal(err)
	}
	names := []string{"acme", "bravo"}
	for range 6 {
		var group sync.WaitGroup
		for range 2 {
			group.Go(func() { _ = a.tenants.Restore(t.Context(), names[0], list[0].Name, "test") }) // one of them may be refused
		}
		group.Go(func() {
			if err := a.tenants.Rename(t.Context(), names[0], names[1], "test"); err != nil {
				t.Error(err)
			}
		})
		group.Wait()
		if left, _ := filepath.Glob(filepath.Join(a.dir, "tenants", "*")); len(left) != 1 || filepath.Base(left[0]) != names[1] {
			t.Fatalf("after it there are %v, not only %s", left, names[1])
		}
		a.signIn(t, names[1], "ada@acme.example")
		names[0], names[1] = names[1], names[0]
		a.clock.(*clock.Hand).Add(time.Second)
	}
}

func TestWhatOpensThePanelEndsWithAReset(t *testing.T) {
	a := newApp(t)
	olga := a.operator(t)
	program := a.visit(t, "example.com")
	program.bearer = regexp.MustCompile(`rhb_[A-Z0-9]+`).FindString(body(olga.post("/admin/tokens", "name", "test")))
	if w := program.get("/back-office/api/collections/tenants/records"); w.Code != http.StatusOK {
		t.Fatal(w.Code)
	}
	desk, err := a.office(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := admin.Reset(t.Context(), a.host, desk, a.clock.Now(), "olga@example.com"); err != nil {
		t.Fatal(err)
	}
	if w := program.get("/back-office/api/collections/tenants/records"); w.Code != http.StatusNotFound {
		t.Error("a token outlives the reset of its operator:", w.Code)
	}
	if w := olga.get("/admin/tenants"); w.Code != http.StatusSeeOther {
		t.Error("a session outlives it, too:", w.Code)
	}
}

func TestAnOperatorWhoIsTakenAwayIsOutOfEveryCRM(t *testing.T) {
	a := newApp(t)
	a.found(t, "acme", 0)
	olga := a.operator(t)
	secret := regexp.MustCompile(`/admin/support/[A-Z0-9]+`).FindString(body(olga.post("/admin/tenants/acme/entry", "reason", "You have asked us to look")))
	guest := a.visit(t, "acme.example.com")
	guest.get(secret)
	if w := guest.get("/admin/leads"); w.Code != http.StatusOK {
		t.Fatal(w.Code)
	}
	desk, err := a.office(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	olga.makes("/admin/operators/1", "name", "Olga", "email", "olga@example.com", "role", "owner", "networks", "", "active", "1")
	other := regexp.MustCompile(`/admin/password/[A-Z0-9]+`).FindString(body(olga.post("/admin/operators", "name", "Second", "email", "second@example.com", "role", "owner")))
	if other == "" {
		t.Fatal("no second owner was made")
	}
	one, err := desk.ByEmail(t.Context(), "olga@example.com")
	if err != nil {
		t.Fatal(err)
	}
	one.Role = "read_only"
	if err := desk.Save(t.Context(), one); err != nil {
		t.Fatal(err)
	}
	if w := guest.get("/admin/leads"); w.Code != http.StatusSeeOther {
		t.Error("a visit outlives the right to it:", w.Code)
	}
}

func TestNothingOfADeletedTenantIsLeftAnywhere(t *testing.T) {
	a := newApp(t)
	a.found(t, "acme", 0)
	olga := a.operator(t)
	olga.makes("/admin/tenants/acme/backup")
	name := regexp.MustCompile(`name="backup" value="([^"]+)"`).FindStringSubmatch(body(olga.get("/admin/tenants/acme/backups")))[1]
	olga.makes("/admin/tenants/acme/backups/restoration", "backup", name, "name", "acme")
	olga.makes("/admin/tenants/acme/deletion", "name", "acme")
	err := filepath.WalkDir(a.dir, func(path string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() && strings.HasSuffix(path, ".db") && !strings.Contains(path, "/host/") && !strings.Contains(path, "/template/") {
			t.Errorf("%s is left", path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
