package main

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"rowhouse/data"
	"rowhouse/data/clock"
	"rowhouse/tenant"
)

// lead writes a lead into a tenant's CRM, and leads returns the names of all.
func (v *visitor) lead(t *testing.T, name string) {
	t.Helper()
	if w := v.post("/admin/leads", "name", name); w.Code != http.StatusSeeOther {
		t.Fatal(w.Code, text(w))
	}
}

func TestABackupIsRestoredAndWhatWasThereGoesToTheTrash(t *testing.T) {
	a := newApp(t)
	a.found(t, "acme", 0)
	ada := a.signIn(t, "acme", "ada@acme.example")
	ada.lead(t, "Before")
	olga := a.operator(t)
	olga.makes("/admin/tenants/acme/backup")
	ada.lead(t, "After")
	page := body(olga.get("/admin/tenants/acme/backups"))
	name := regexp.MustCompile(`name="backup" value="([^"]+)"`).FindStringSubmatch(page)[1]
	if w := olga.post("/admin/tenants/acme/backups/restoration", "backup", name, "name", "other"); w.Code != http.StatusUnprocessableEntity {
		t.Error("a restore without its confirmation answers", w.Code)
	}
	for _, wrong := range []string{"../../host", "2026-11-22T000000.000Z", ""} {
		if w := olga.post("/admin/tenants/acme/backups/restoration", "backup", wrong, "name", "acme"); w.Code == http.StatusSeeOther {
			t.Errorf("a backup %q is restored", wrong)
		}
	}
	olga.makes("/admin/tenants/acme/backups/restoration", "backup", name, "name", "acme")
	if w := ada.get("/admin/leads"); w.Code != http.StatusSeeOther {
		t.Error("a session from before the restore works on:", w.Code)
	}
	if got := ask[string](t, a, "acme", `select group_concat(name) from lead`); got != "Before" {
		t.Errorf("after the restore there are %q", got)
	}
	if kept, _ := filepath.Glob(filepath.Join(a.dir, "trash", "*", data.FileName)); len(kept) != 1 {
		t.Error("what was there before is not in the trash:", kept)
	}
}

func TestADamagedBackupChangesNothing(t *testing.T) {
	a := newApp(t)
	a.found(t, "acme", 0)
	a.signIn(t, "acme", "ada@acme.example").lead(t, "Kept")
	if err := a.tenants.BackUp(t.Context(), "acme", "test"); err != nil {
		t.Fatal(err)
	}
	acme, err := a.tenants.ByName(t.Context(), "acme")
	if err != nil {
		t.Fatal(err)
	}
	list, err := a.tenants.Backups(acme)
	if err != nil || len(list) != 1 {
		t.Fatal(list, err)
	}
	file := filepath.Join(a.dir, "backups", acme.UID, list[0].Name, data.FileName)
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for i := 4096; i < len(content); i += 4096 {
		content[i+100] ^= 0xff
	}
	if err := os.WriteFile(file, content, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := a.tenants.Restore(t.Context(), "acme", list[0].Name, "test"); err == nil {
		t.Error("a damaged backup was restored")
	}
	if got := ask[string](t, a, "acme", `select group_concat(name) from lead`); got != "Kept" {
		t.Errorf("after it there are %q", got)
	}
}

func TestARestoreThatWasInterruptedIsFinishedAtTheNextStart(t *testing.T) {
	a := newApp(t)
	a.found(t, "acme", 0)
	acme, err := a.tenants.ByName(t.Context(), "acme")
	if err != nil {
		t.Fatal(err)
	}
	a.tenants.Files.Drop("acme")
	if err := a.tenants.Files.Alone(t.Context(), "acme", func(folder string) error { // the first of the two renames was done
		return os.Rename(folder, filepath.Join(a.dir, "tenants", ".restore-"+itoa(acme.ID)))
	}); err != nil {
		t.Fatal(err)
	}
	if err := a.tenants.Tidy(t.Context()); err != nil {
		t.Fatal(err)
	}
	a.signIn(t, "acme", "ada@acme.example")
}

func TestARenamedTenantIsFoundUnderBothNames(t *testing.T) {
	a := newApp(t)
	a.found(t, "acme", 0)
	a.found(t, "other", 0)
	a.signIn(t, "acme", "ada@acme.example").lead(t, "Kept")
	olga := a.operator(t)
	if w := olga.post("/admin/tenants/acme/name", "to", "other"); w.Code == http.StatusSeeOther {
		t.Error("a tenant takes another one's name")
	}
	for _, wrong := range []string{"acme", "My_Co"} { // refused at once, and nobody waits for it
		began := time.Now()
		if w := olga.post("/admin/tenants/acme/name", "to", wrong); w.Code == http.StatusSeeOther || w.Code >= 500 || time.Since(began) > 5*time.Second {
			t.Errorf("renaming to %q answers %d after %s", wrong, w.Code, time.Since(began))
		}
	}
	olga.makes("/admin/tenants/acme/name", "to", "summit")
	w := a.visit(t, "acme.example.com").get("/admin/leads?q=1")
	if w.Code != http.StatusMovedPermanently || w.Header().Get("Location") != "https://summit.example.com/admin/leads?q=1" {
		t.Error("the old name answers", w.Code, w.Header().Get("Location"))
	}
	if got := ask[string](t, a, "summit", `select group_concat(name) from lead`); got != "Kept" {
		t.Error("under the new name there are", got)
	}
	a.signIn(t, "summit", "ada@acme.example")
	if free, _, _, err := a.tenants.Free(t.Context(), lookForTests(), "acme"); err != nil || free {
		t.Error("the old name is free for somebody else:", err)
	}
	olga.makes("/admin/tenants/summit/name", "to", "acme") // and back
	a.signIn(t, "acme", "ada@acme.example")
}

func TestARenameThatWasInterruptedIsFinishedAndNobodyElsesFolderIsTouched(t *testing.T) {
	a := newApp(t)
	a.found(t, "acme", 0)
	if err := a.tenants.Rename(t.Context(), "acme", "summit", "test"); err != nil {
		t.Fatal(err)
	}
	a.tenants.Files.Drop("summit")
	if err := os.Rename(a.tenants.Folder("summit"), a.tenants.Folder("acme")); err != nil { // the row was written, the folder not moved
		t.Fatal(err)
	}
	if err := a.tenants.Tidy(t.Context()); err != nil {
		t.Fatal(err)
	}
	a.signIn(t, "summit", "ada@acme.example")
	if err := os.Mkdir(a.tenants.Folder("acme"), 0o700); err != nil { // somebody puts a folder there by hand
		t.Fatal(err)
	}
	if err := a.tenants.Tidy(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(a.tenants.Folder("acme")); err != nil {
		t.Error("the folder of somebody else was moved away:", err)
	}
}

func TestATenantMovesToAnotherServerAsOneFile(t *testing.T) {
	a, b := newApp(t), newApp(t)
	a.found(t, "acme", 3)
	olga := a.operator(t)
	w := olga.post("/admin/tenants/acme/instructions")
	link := regexp.MustCompile(`/admin/bundles/[A-Z0-9]+`).FindString(w.Body.String())
	stranger := a.visit(t, "example.com")
	bundle := stranger.get(link)
	if bundle.Code != http.StatusOK {
		t.Fatal(bundle.Code, text(bundle))
	}
	if again := stranger.get(link); again.Code != http.StatusGone {
		t.Error("the link works twice:", again.Code)
	}
	if _, err := b.tenants.Import(t.Context(), bytes.NewReader(bundle.Body.Bytes()), "", "test"); err != nil {
		t.Fatal(err)
	}
	if from, to := ask[int64](t, a, "acme", `select count(*) from lead`), ask[int64](t, b, "acme", `select count(*) from lead`); from != to || to == 0 {
		t.Errorf("of %d leads %d arrived", from, to)
	}
	b.signIn(t, "acme", "ada@acme.example")
	for name, broken := range map[string][]byte{"cut off": bundle.Body.Bytes()[:bundle.Body.Len()/2], "rubbish": []byte("rubbish"), "empty": nil} {
		if _, err := b.tenants.Import(t.Context(), bytes.NewReader(broken), "second", "test"); err == nil {
			t.Errorf("a bundle that is %s was taken", name)
		}
		if _, err := os.Stat(b.tenants.Folder("second")); err == nil {
			t.Errorf("a bundle that is %s left a folder", name)
		}
	}
}

func TestSupportComesInOnlyAsTheTenantAllows(t *testing.T) {
	a := newApp(t)
	a.found(t, "acme", 0)
	ada, olga := a.signIn(t, "acme", "ada@acme.example"), a.operator(t)
	if w := olga.post("/admin/tenants/acme/entry", "reason", "x"); w.Code != http.StatusUnprocessableEntity {
		t.Error("support comes without a reason:", w.Code)
	}
	link := regexp.MustCompile(`/admin/support/[A-Z0-9]+`)
	secret := link.FindString(body(olga.post("/admin/tenants/acme/entry", "reason", "You have asked us to look")))
	guest := a.visit(t, "acme.example.com")
	if w := guest.get(secret); w.Code != http.StatusSeeOther {
		t.Fatal(w.Code, text(w))
	}
	if w := a.visit(t, "acme.example.com").get(secret); w.Code != http.StatusGone {
		t.Error("the link works twice:", w.Code)
	}
	if page := body(guest.get("/admin/leads")); !strings.Contains(page, "Support: olga@example.com is signed in here") {
		t.Error("there is no banner")
	}
	guest.lead(t, "By support")
	for path, pairs := range map[string][]string{"/admin/profile/password": {"old", testPassword, "password", "another good one", "again", "another good one"}, "/admin/staff": {"email", "x@example.com"},
		"/admin/settings/support": {"access", "always"}, "/admin/settings/roles": {"name", "x"}, "/admin/billing/cancellation": {}} {
		if w := guest.post(path, pairs...); w.Code != http.StatusForbidden {
			t.Errorf("support posts to %s: %d", path, w.Code)
		}
	}
	if w := guest.get("/admin/profile/second-factor"); w.Code != http.StatusForbidden {
		t.Error("support sees the secret of a second factor:", w.Code)
	}
	if got := ask[int64](t, a, "acme", `select count(*) from activity where act = 'support came' or ip = 'olga@example.com'`); got < 2 {
		t.Error("the tenant's log does not say who was there:", got)
	}
	if log := body(olga.get("/admin/tenants/acme/log")); !strings.Contains(log, "You have asked us to look") {
		t.Error("the host's log does not say why")
	}
	a.clock.(*clock.Hand).Add(16 * time.Minute)
	if w := guest.get("/admin/leads"); w.Code != http.StatusSeeOther {
		t.Error("support is in after its time:", w.Code)
	}
	ada.makes("/admin/settings/support", "access", "ask")
	page := body(olga.post("/admin/tenants/acme/entry", "reason", "Once more please"))
	if link.MatchString(page) || !strings.Contains(a.letter(t, "ada@acme.example"), "/admin/settings/support") {
		t.Error("the owner is not asked")
	}
	id := ask[string](t, a, "acme", `select id from support where state = 'asked'`)
	ada.makes("/admin/settings/support/"+id, "hours", "3")
	if page := body(olga.post("/admin/tenants/acme/entry", "reason", "Once more please")); !link.MatchString(page) {
		t.Error("what was allowed is refused")
	}
	late := link.FindString(body(olga.post("/admin/tenants/acme/entry", "reason", "Once more please")))
	ada.makes("/admin/settings/support", "access", "never")
	if w := a.visit(t, "acme.example.com").get(late); w.Code != http.StatusForbidden {
		t.Error("a link from before the no works:", w.Code)
	}
	if w := olga.post("/admin/tenants/acme/entry", "reason", "Once more please"); w.Code != http.StatusForbidden {
		t.Error("never is not never:", w.Code)
	}
}

func TestADeletedTenantIsGoneAndALockedOneStays(t *testing.T) {
	a := newApp(t)
	a.found(t, "acme", 0)
	olga := a.operator(t)
	olga.makes("/admin/tenants/acme/backup")
	olga.makes("/admin/tenants/acme/suspension", "reason", tenant.LegalLock, "level", "")
	if w := olga.post("/admin/tenants/acme/deletion", "name", "acme"); w.Code == http.StatusSeeOther {
		t.Error("a tenant that is locked for legal reasons was deleted")
	}
	olga.makes("/admin/tenants/acme/resumption")
	if w := olga.post("/admin/tenants/acme/deletion", "name", "acm"); w.Code != http.StatusUnprocessableEntity {
		t.Error("it is deleted without its confirmation:", w.Code)
	}
	acme, err := a.tenants.ByName(t.Context(), "acme")
	if err != nil {
		t.Fatal(err)
	}
	olga.makes("/admin/tenants/acme/deletion", "name", "acme")
	for _, path := range []string{a.tenants.Folder("acme"), filepath.Join(a.dir, "backups", acme.UID), filepath.Join(a.dir, "archive", acme.UID)} {
		if _, err := os.Stat(path); err == nil {
			t.Errorf("%s is still there", path)
		}
	}
	if free, _, _, err := a.tenants.Free(t.Context(), lookForTests(), "acme"); err != nil || !free {
		t.Error("its name is not free:", err)
	}
}

func TestTheLogShowsWhenItWasChanged(t *testing.T) {
	a := newApp(t)
	a.found(t, "acme", 0)
	olga := a.operator(t)
	for range 3 {
		olga.makes("/admin/tenants/acme/suspension", "level", "")
		olga.makes("/admin/tenants/acme/resumption")
	}
	if page := body(olga.get("/admin/log?verify=1")); !strings.Contains(page, "as they were written") {
		t.Error("an honest log is doubted")
	}
	if _, err := a.host.Exec(t.Context(), `update audit set actor = 'nobody' where id = 3`); err == nil {
		t.Error("the log can be changed")
	}
	for _, forgery := range []string{`drop trigger audit_stays`, `update audit set actor = 'nobody' where id = 3`} {
		if _, err := a.host.Exec(t.Context(), forgery); err != nil {
			t.Fatal(err)
		}
	}
	if page := body(olga.get("/admin/log?verify=1")); !strings.Contains(page, "entry 3") {
		t.Error("a forged entry is not seen")
	}
}

func TestTheDoorToTheBackOfficeIsANarrowOne(t *testing.T) {
	a := newApp(t)
	a.found(t, "acme", 0)
	olga := a.operator(t)
	stranger := a.visit(t, "example.com")
	good := "/back-office/api/collections/tenants/records"
	if w := stranger.get(good); w.Code != http.StatusNotFound || strings.Contains(body(w), "acme") {
		t.Error("a stranger reads tenants:", w.Code)
	}
	if w := olga.get(good); w.Code != http.StatusOK || !strings.Contains(body(w), "acme") {
		t.Error("an operator reads no tenants:", w.Code, body(w))
	}
	made := regexp.MustCompile(`rhb_[A-Z0-9]+`).FindString(body(olga.post("/admin/tokens", "name", "test")))
	program := a.visit(t, "example.com")
	program.bearer = made
	if w := program.get(good); w.Code != http.StatusOK {
		t.Error("a token reads no tenants:", w.Code)
	}
	for _, path := range []string{"/api/settings", "/api/backups", "/api/crons", "/api/logs", "/api/collections", "/api/collections/operators/records", "/api/collections/_superusers/auth-with-password", "/api/realtime",
		"/api/sql", "/api/health", "/api/batch", "/api/files/token", "/api/collections/users/records", "/api/collections/tenants", "/_/", "/api", "/api/", "/..%2fapi/settings"} {
		for _, v := range []*visitor{stranger, olga, program} {
			for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodPatch, http.MethodDelete} {
				r := httptest.NewRequest(method, "/back-office"+path, strings.NewReader("{}"))
				if w := v.do(r); w.Code != http.StatusNotFound {
					t.Errorf("%s /back-office%s answers %d", method, path, w.Code)
				}
			}
		}
	}
	for _, host := range []string{"example.com", "acme.example.com"} {
		for _, path := range []string{"/_/", "/api/settings", "/api/collections", "/api/health"} {
			if w := a.visit(t, host).get(path); w.Code != http.StatusNotFound {
				t.Errorf("%s%s answers %d", host, path, w.Code)
			}
		}
	}
	if w := a.visit(t, "acme.example.com").get(good); w.Code == http.StatusOK {
		t.Error("the back office is at a tenant's address, too")
	}
	for range 101 {
		program.get(good)
	}
	if w := program.get(good); w.Code != http.StatusTooManyRequests {
		t.Error("a token may ask without end:", w.Code)
	}
}
