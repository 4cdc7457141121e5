package admin

import (
	"database/sql"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/jba/templatecheck"

	"rowhouse/admin/office"
	"rowhouse/ui/mail"
)

func TestTemplatesOfWhatRunsFitTheirData(t *testing.T) {
	for name, err := range map[string]error{"webhooks": templatecheck.CheckHTML(webhooksPage.Template(), webhookList{}), "webhook": templatecheck.CheckHTML(webhookPage.Template(), webhookSheet{}),
		"all backups": templatecheck.CheckHTML(allBackupsPage.Template(), backupList{})} {
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestTheSecretOfAWebhookIsShownOnce(t *testing.T) {
	h := newHouse(t)
	got := ""
	program := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got = r.Header.Get("Rowhouse-Event")
		_, _ = w.Write([]byte("<img src=x onerror=alert(1)>"))
	}))
	defer program.Close()
	h.refuses("/admin/webhooks", "at least one event", "url", program.URL)
	h.refuses("/admin/webhooks", "must begin with https", "url", "http://example.com/", "kinds[]", "invoice.paid")
	w := h.post("/admin/webhooks", "url", program.URL, "kinds[]", "tenant.active", "kinds[]", "subscription.*")
	secret := regexp.MustCompile(`rhw_[A-Z2-7]+`).FindString(w.Body.String())
	if w.Code != http.StatusOK || secret == "" || w.Header().Get("Cache-Control") != "no-store" {
		t.Fatal("no secret is shown:", w.Code, said(w))
	}
	h.taken("/admin/webhooks/1/test")
	if _, _, err := h.Hooks.Run(t.Context()); err != nil || got != "test" {
		t.Fatal("the test did not come:", got, err)
	}
	for _, path := range []string{"/admin/webhooks", "/admin/webhooks/1", "/admin/log"} {
		if page := h.get(path); strings.Contains(page, secret) || strings.Contains(page, "<img src=x") {
			t.Errorf("%s shows the secret, or runs an answer", path)
		}
	}
	if page := h.get("/admin/webhooks/1"); !strings.Contains(page, "&lt;img src=x") || !strings.Contains(page, `{&#34;id&#34;:&#34;evt_1&#34;`) {
		t.Error("the request or the answer is not shown")
	}
	h.buy("acme", "Acme", "starter")
	if _, _, err := h.Hooks.Run(t.Context()); err != nil || !strings.Contains(h.get("/admin/webhooks/1"), "tenant.active") || !strings.Contains(h.get("/admin/webhooks/1"), "subscription.ready") {
		t.Error("what happened to a tenant was not told", err)
	}
	if page := h.post("/admin/webhooks/1/secret").Body.String(); strings.Contains(page, secret) || !strings.Contains(page, "rhw_") || !strings.Contains(page, "signed with the old secret") {
		t.Error("the new secret is not shown")
	}
	h.taken("/admin/webhooks/1/deliveries/1")
	h.taken("/admin/webhooks/1/state", "on", "")
	h.taken("/admin/webhooks/1", "url", program.URL+"/x", "kinds[]", "invoice.paid")
	h.taken("/admin/webhooks/1/deletion")
	if n := h.count(`select count(*) from webhook`) + h.count(`select count(*) from delivery`); n != 0 {
		t.Error("after deletion there are", n)
	}
	if n := h.count(`select count(*) from audit where act like 'webhook%'`); n != 7 {
		t.Error("the log has", n)
	}
}

func TestOnlyOwnersSeeWebhooks(t *testing.T) {
	h := newHouse(t)
	h.as(office.Support)
	for _, r := range []*http.Request{httptest.NewRequest(http.MethodGet, "/admin/webhooks", nil), httptest.NewRequest(http.MethodGet, "/admin/webhooks/1", nil)} {
		if w := h.do(r); w.Code != http.StatusForbidden {
			t.Errorf("%s answers %d", r.URL, w.Code)
		}
	}
	for _, path := range []string{"/admin/webhooks", "/admin/webhooks/1", "/admin/webhooks/1/test", "/admin/webhooks/1/secret", "/admin/webhooks/1/state", "/admin/webhooks/1/deletion", "/admin/webhooks/1/deliveries/1"} {
		if w := h.post(path); w.Code != http.StatusForbidden {
			t.Errorf("%s answers %d", path, w.Code)
		}
	}
	h.as(office.ReadOnly)
	for _, path := range []string{"/admin/jobs/letters/run", "/admin/letters/again", "/admin/letters/1/again", "/admin/letters/1/drop", "/admin/backups"} {
		if w := h.post(path); w.Code != http.StatusForbidden {
			t.Errorf("%s answers one who only looks with %d", path, w.Code)
		}
	}
	if page := h.get("/admin/health"); strings.Contains(page, "Run now") {
		t.Error("who may not run jobs sees how to")
	}
}

func TestLettersAreSentAgainAndDropped(t *testing.T) {
	h := newHouse(t)
	must(t, h.DB.Tx(t.Context(), func(tx *sql.Tx) error {
		for _, to := range []string{"ada@acme.example", "bob@acme.example", "cy@other.example"} {
			if err := mail.Post(t.Context(), tx, h.hand.Now(), mail.Letter{Key: to, To: to, Subject: "S", Text: "the words for " + to}); err != nil {
				return err
			}
		}
		_, err := tx.Exec(`update outbox set state = 'dead', tries = 7, error = 'no such box' where key <> 'cy@other.example'`)
		return err
	}))
	if page := h.get("/admin/letters?state=dead"); !strings.Contains(page, "bob@") || strings.Contains(page, "cy@") || !strings.Contains(page, "Send all that were given up") {
		t.Error("those that were given up are not among them")
	}
	if page := h.get("/admin/letters?q=OTHER"); strings.Contains(page, "bob@") || !strings.Contains(page, "cy@") {
		t.Error("the recipient is not found")
	}
	h.taken("/admin/letters/1/again")
	if h.count(`select count(*) from outbox where state = 'waiting' and tries = 0`) != 2 {
		t.Error("it does not wait to be sent")
	}
	h.taken("/admin/letters/3/drop")
	h.taken("/admin/letters/again")
	if h.count(`select count(*) from outbox where state = 'waiting'`) != 2 || h.count(`select count(*) from outbox where id = 3 and text = '' and state = 'dead'`) != 1 {
		t.Error("what was dropped is sent, or the other is not")
	}
	if page := h.get("/admin/letters?letter=3"); !strings.Contains(page, "Dropped") || strings.Contains(page, "the words for cy") {
		t.Error("a dropped letter is not called so, or shows its text")
	}
	for _, path := range []string{"/admin/letters/3/again", "/admin/letters/3/drop"} {
		if w := h.post(path); w.Code != http.StatusConflict {
			t.Errorf("%s answers %d", path, w.Code)
		}
	}
	_, err := h.DB.Exec(t.Context(), `update outbox set state = 'sent' where id = 1`)
	must(t, err)
	if page := h.get("/admin/letters?letter=1"); strings.Contains(page, "the words for ada") {
		t.Error("a sent letter shows its text")
	}
	must(t, h.DB.Tx(t.Context(), func(tx *sql.Tx) error {
		return mail.Post(t.Context(), tx, h.hand.Now(), mail.Letter{Key: "cy@other.example", To: "cy@other.example", Subject: "S", Text: "again"})
	}))
	if h.count(`select count(*) from outbox where recipient = 'cy@other.example'`) != 1 {
		t.Error("a dropped letter is posted again")
	}
}

func TestTheOutboxIsReadPageByPage(t *testing.T) {
	h := newHouse(t)
	_, err := h.DB.Exec(t.Context(), `with recursive n(i) as (select 1 union all select i + 1 from n where i < 150) insert into outbox (key, recipient, subject, text, due_at, created_at) select i, 'p' || i || '@x.example', 's', 't', 1, 1 from n`)
	must(t, err)
	page := h.get("/admin/letters?state=waiting")
	next := regexp.MustCompile(`href="(/admin/letters\?before=[^"]*)"`).FindStringSubmatch(page)
	if strings.Contains(page, ">p50@") || !strings.Contains(page, ">p51@") || next == nil {
		t.Fatal("the first page is not the newest hundred", next)
	}
	if page := h.get(strings.ReplaceAll(next[1], "&amp;", "&")); !strings.Contains(page, ">p50@") || strings.Contains(page, ">p51@") {
		t.Error("the second page is not the rest")
	}
}

func TestAJobRunsWhenItIsAskedFor(t *testing.T) {
	h := newHouse(t)
	wait := func() {
		for h.Jobs.Running() != "" {
			time.Sleep(time.Millisecond)
		}
	}
	for _, name := range []string{"letters", "renewals"} {
		h.taken("/admin/jobs/" + name + "/run")
		wait()
		if h.count(`select count(*) from job where name = ? and began_at = ?`, name, h.hand.Now().UnixMilli()) != 1 {
			t.Errorf("the turn of %s is not noted", name)
		}
		h.hand.Add(time.Minute)
	}
	if page := h.get("/admin/health"); !strings.Contains(page, "Send letters") || !strings.Contains(page, "1 failed") || !strings.Contains(page, "/admin/jobs/renewals/run") {
		t.Error("the table does not show all jobs")
	}
	if w := h.post("/admin/jobs/nonsense/run"); w.Code != http.StatusNotFound {
		t.Error("what is no job answers", w.Code)
	}
}

func TestBackupsOfAllTenantsAreOnOnePage(t *testing.T) {
	h := newHouse(t)
	h.byHand("acme")
	h.byHand("zoo")
	_, err := h.DB.Exec(t.Context(), `insert into backup (tenant, made_at, size) values (1, 1, 1)`) // gone from the disk
	must(t, err)
	if page := h.get("/admin/backups"); !strings.Contains(page, "acme Ltd") || strings.Count(page, "late") != 2 {
		t.Error("tenants without a backup are not called so")
	}
	if page := h.get("/admin/backups?state=old"); strings.Contains(page, "acme Ltd") {
		t.Error("one without a backup has an old one")
	}
	if page := h.get("/admin/backups?state=never"); !strings.Contains(page, "zoo Ltd") {
		t.Error("one without a backup is not found")
	}
	h.taken("/admin/backups") // these have no files
	for h.Tenants.BackupProgress().Running {
		time.Sleep(time.Millisecond)
	}
	if page := h.get("/admin/backups"); !strings.Contains(page, "2 could not be backed up") {
		t.Error("failures are not shown")
	}
}
