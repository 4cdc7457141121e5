package admin

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"rowhouse/tenant"
	"rowhouse/ui"
)

// told is what the staff of a tenant are told now.
func (h *house) told(name string, admin bool) string {
	h.t.Helper()
	t, err := h.Tenants.ByName(h.t.Context(), name)
	must(h.t, err)
	var all []string
	for _, n := range h.Notices(h.t.Context(), tenant.Site{Tenant: t}, &ui.Look{Words: ui.English, Zone: time.UTC}, admin) {
		all = append(all, n.Text)
	}
	return strings.Join(all, "|")
}

// plans makes three plans, and one tenant of each: one, two and three.
func (h *house) threeTenants() {
	h.t.Helper()
	for n, name := range []string{"one", "two", "three"} {
		_, err := h.DB.Exec(h.t.Context(), `insert into plan (id, slug, name, tagline, texts, visibility, position, created_at) values (?, ?, ?, '', '', 'public', ?, 1)`, 100+n, "plan-"+name, "Plan "+name, 50+n)
		must(h.t, err)
		h.byHand(name)
		_, err = h.DB.Exec(h.t.Context(), `update tenant set plan = ? where name = ?`, "Plan "+name, name)
		must(h.t, err)
	}
}

func TestAnAnnouncementReachesTwoOfThreePlans(t *testing.T) {
	h := newHouse(t)
	h.threeTenants()
	to := h.taken("/admin/announcements", "kind", "warn", "text_en", "Work **tonight**", "subject_en", "Work tonight", "letter", "1", "plans[]", "100", "plans[]", "102", "dismissible", "1", "button_en", "More", "link", "/admin/billing")
	if page := h.get(to); !strings.Contains(page, "2 tenants see it") || !strings.Contains(page, "2 owners get a letter") || !strings.Contains(page, "<b>tonight</b>") {
		t.Fatal(page)
	}
	must(t, h.SendAnnouncements(t.Context()))
	if h.told("one", true) != "" || h.count(`select count(*) from outbox where key like 'announcement/%'`) != 0 {
		t.Fatal("a draft was announced")
	}
	h.taken(to + "/start")
	for name, want := range map[string]string{"one": "Work **tonight**", "two": "", "three": "Work **tonight**"} {
		if got := h.told(name, false); got != want {
			t.Errorf("%s is told %q", name, got)
		}
	}
	for range 3 {
		must(t, h.SendAnnouncements(t.Context()))
	}
	if n := h.count(`select count(*) from outbox where key like 'announcement/%'`); n != 2 {
		t.Errorf("%d letters", n)
	}
	if n := h.count(`select count(*) from outbox where key like 'announcement/%' and text like '%Work tonight%' and text like '%https://one.example.com/admin/billing%'`); n != 1 {
		t.Error("the letter says something else")
	}
	if w := h.post(to, "kind", "info", "text_en", "Changed"); w.Code != http.StatusConflict {
		t.Error("it was changed after it began:", w.Code)
	}
	h.taken(to + "/ending")
	if h.told("one", true) != "" {
		t.Error("it has not ended")
	}
}

func TestAnAnnouncementKeepsToItsHoursAndItsReaders(t *testing.T) {
	h := newHouse(t)
	h.threeTenants()
	to := h.taken("/admin/announcements", "kind", "info", "who", "admins", "text_en", "Later", "text_de", "Später", "starts", "2026-11-02T10:00", "ends", "2026-11-03T10:00", "standings[]", "manual")
	h.taken(to + "/start")
	h.taken(to, "kind", "info", "who", "admins", "text_en", "Later on", "starts", "2026-11-02T10:00", "ends", "2026-11-03T10:00", "standings[]", "manual") // it has not begun
	must(t, h.Tenants.Hold(t.Context(), "two", tenant.Hold{Reason: tenant.Manual, Level: tenant.ReadOnly}, "test"))
	if h.told("two", true) != "" {
		t.Error("it began too early")
	}
	h.hand.Add(24 * time.Hour)
	if h.told("two", true) != "Later on" || h.told("two", false) != "" || h.told("one", true) != "" {
		t.Errorf("%q %q %q", h.told("two", true), h.told("two", false), h.told("one", true))
	}
	h.hand.Add(24 * time.Hour)
	if h.told("two", true) != "" {
		t.Error("it did not end")
	}
}

func TestAnAnnouncementThatCannotBeShownIsRefused(t *testing.T) {
	h := newHouse(t)
	h.refuses("/admin/announcements", "It must end after it begins", "kind", "info", "text_en", "x", "starts", "2026-11-09T10:00", "ends", "2026-11-08T10:00")
	page := h.refuses("/admin/announcements", "Please enter a path like", "kind", "info", "text_en", "<script>alert(1)</script>", "button_en", "x", "link", "javascript:alert(1)", "letter", "1")
	if !strings.Contains(page, "Please enter the subject") || strings.Contains(page, "<script>alert") || !strings.Contains(page, "&lt;script&gt;") {
		t.Error("the form is not as it was typed")
	}
	h.refuses("/admin/announcements", "at most 1000 characters", "kind", "info", "text_en", strings.Repeat("x", 5000))
	h.refuses("/admin/announcements", "turn the direction", "kind", "info", "text_en", "a\u202eb")
}

func TestLettersGoInBatchesAndOnceForEachTenant(t *testing.T) {
	h := newHouse(t)
	_, err := h.DB.Exec(t.Context(), `with recursive n(i) as (select 1 union all select i + 1 from n where i < 2350)
		insert into tenant (uid, name, company, owner_name, owner_email, state, created_at) select 'uid' || i, 'tenant' || i, 'T', 'O', case when i = 150 then 'no address' else 'o' || i || '@example.org' end, 'active', 1 from n`)
	must(t, err)
	to := h.taken("/admin/announcements", "kind", "info", "text_en", "Hello", "subject_en", "Hello", "letter", "1")
	h.taken(to + "/start")
	for turn, want := range []int64{999, 1999, 2349, 2349} {
		must(t, h.SendAnnouncements(t.Context()))
		if n := h.count(`select count(*) from outbox where key like 'announcement/%'`); n != want {
			t.Fatalf("%d letters after turn %d, want %d", n, turn+1, want)
		}
	}
	if !strings.Contains(h.get(to), "2349 letters were posted") {
		t.Error("the page does not say how many")
	}
}

func TestAPageOfATenantAsksNothingForItsNotices(t *testing.T) {
	h := newHouse(t)
	h.threeTenants()
	h.taken(h.taken("/admin/announcements", "kind", "info", "text_en", "Hello", "standings[]", "trialing", "standings[]", "open") + "/start")
	h.told("one", true)
	first, err := h.live(t.Context())
	must(t, err)
	second, err := h.live(t.Context())
	if err != nil || fmt.Sprintf("%p", first.names) != fmt.Sprintf("%p", second.names) {
		t.Error("the announcements were read twice", err)
	}
}
