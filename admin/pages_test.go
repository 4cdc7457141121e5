package admin

import (
	"bytes"
	"context"
	"image"
	"image/png"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/jba/templatecheck"

	"rowhouse/admin/office"
	"rowhouse/billing/shop"
	"rowhouse/ui"
)

func TestTemplatesOfTheSiteFitTheirData(t *testing.T) {
	for name, err := range map[string]error{
		"pages": templatecheck.CheckHTML(pagesPage.Template(), pageList{}), "page": templatecheck.CheckHTML(pagePage.Template(), pageSheet{}), "block": templatecheck.CheckHTML(blockPage.Template(), blockSheet{}),
		"signups": templatecheck.CheckHTML(signupsPage.Template(), signupList{}), "refusal": templatecheck.CheckHTML(refusalPage.Template(), refusalSheet{}), "registration": templatecheck.CheckHTML(registrationPage.Template(), registrationSheet{}),
		"announcements": templatecheck.CheckHTML(announcementsPage.Template(), newsList{}), "announcement": templatecheck.CheckHTML(announcementPage.Template(), newsSheet{}),
	} {
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// visit asks the public site, as a stranger does.
func (h *house) visit(path string) *httptest.ResponseRecorder {
	h.t.Helper()
	w := httptest.NewRecorder()
	r := httptest.NewRequest(http.MethodGet, path, nil)
	r.Host = "example.com"
	h.Shop.ServeHTTP(w, r)
	return w
}

func TestThePanelEditsThePublicSite(t *testing.T) {
	h := newHouse(t)
	for _, want := range []string{"Landing page", "Terms", "Imprint"} {
		if !strings.Contains(h.get("/admin/pages"), want) {
			t.Errorf("the list lacks %q", want)
		}
	}
	to := h.taken("/admin/pages", "slug", "about", "title_en", "About us", "title_de", "Über uns", "menu", "1")
	if to != "/admin/pages/about" {
		t.Fatal(to)
	}
	h.refuses("/admin/pages", "The address /prices is reserved", "slug", "prices", "title_en", "Mine")
	h.refuses("/admin/pages", "There is a page at /about already.", "slug", "about", "title_en", "Twice")
	if page := h.refuses("/admin/pages", "Please enter a title", "slug", "team"); !strings.Contains(page, `value="team"`) {
		t.Error("what was typed is gone")
	}
	page := h.refuses("/admin/pages/home/blocks/1", "Please enter a path of this site", "words_en_title", "Kept as typed", "link1", "javascript:alert(1)")
	if !strings.Contains(page, `value="Kept as typed"`) || strings.Contains(page, `href="javascript`) {
		t.Error("the form is not as it was typed")
	}
	h.taken("/admin/pages/home/blocks/1", "words_en_title", "New headline", "words_de_title", "Neue Zeile", "link1", "/register", "link2", "/about", "picture", "product")
	h.taken("/admin/pages/home/blocks/2/position", "by", "-1")
	h.taken("/admin/pages/home/blocks/3/visibility", "on", "0")
	h.taken("/admin/pages/home/blocks/8/deletion")
	h.taken("/admin/pages/home/draft/undo")
	block := h.taken("/admin/pages/home/blocks", "kind", "text")
	h.taken(block, "words_en_text", "Last words")
	if draft := h.get("/admin/pages/home/draft?language=de"); !strings.Contains(draft, "Neue Zeile") || !strings.Contains(draft, "Last words") {
		t.Error("the draft does not show what was edited")
	}
	if public := h.visit("/").Body.String(); strings.Contains(public, "New headline") {
		t.Error("a stranger sees the draft")
	}
	h.taken("/admin/pages/home/publication")
	public := h.visit("/").Body.String()
	if !strings.Contains(public, "New headline") || !strings.Contains(public, "Last words") || strings.Contains(public, "Three steps") || !strings.Contains(public, "Move in today") {
		t.Error("the published page is another one")
	}
	if strings.Index(public, "What it does") > strings.Index(public, "New headline") {
		t.Error("the block was not moved")
	}
	if !strings.Contains(h.get("/admin/pages/home"), "olga@example.com") {
		t.Error("the version does not say who published it")
	}
}

func TestAStrangerNeverSeesADraft(t *testing.T) {
	h := newHouse(t)
	h.taken("/admin/pages/home/blocks/1", "words_en_title", "Secret plan", "link1", "", "link2", "", "picture", "")
	h.cookies = nil
	for _, path := range []string{"/admin/pages/home/draft", "/admin/pages/home", "/admin/pages"} {
		if w := h.do(httptest.NewRequest(http.MethodGet, path, nil)); w.Code == http.StatusOK || strings.Contains(w.Body.String(), "Secret plan") {
			t.Errorf("%s answers %d", path, w.Code)
		}
	}
	for _, path := range []string{"/", "/?draft=1", "/home", "/prices"} {
		if strings.Contains(h.visit(path).Body.String(), "Secret plan") {
			t.Errorf("%s shows the draft", path)
		}
	}
}

func TestAPictureIsUploadedForABlock(t *testing.T) {
	h := newHouse(t)
	var file bytes.Buffer
	must(t, png.Encode(&file, image.NewNRGBA(image.Rect(0, 0, 30, 20))))
	send := func(content []byte) *httptest.ResponseRecorder {
		var body bytes.Buffer
		m := multipart.NewWriter(&body)
		part, err := m.CreateFormFile("picture", "x.png")
		must(t, err)
		_, err = part.Write(content)
		must(t, err)
		must(t, m.Close())
		r := httptest.NewRequest(http.MethodPost, "/admin/pages/home/blocks/1/picture", &body)
		r.Header.Set("Content-Type", m.FormDataContentType())
		return h.do(r)
	}
	if w := send(file.Bytes()); w.Code != http.StatusSeeOther {
		t.Fatal(w.Code, said(w))
	}
	if !strings.Contains(h.get("/admin/pages/home/draft"), `src="/pictures/`) {
		t.Error("the picture is not in the draft")
	}
	for name, content := range map[string][]byte{"a drawing": []byte("<svg/>"), "too much": make([]byte, shop.MaxPicture+1), "far too much": make([]byte, shop.MaxPicture+2<<20)} {
		if w := send(content); w.Code != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d", name, w.Code)
		}
	}
}

func TestWhoMayOnlyLookChangesNothingOfTheSite(t *testing.T) {
	h := newHouse(t)
	h.taken("/admin/pages/home/blocks/1/visibility", "on", "0")
	h.taken("/admin/announcements", "kind", "info", "text_en", "Hello")
	routes := map[string]ui.Handler{}
	for _, some := range []map[string]ui.Handler{h.pageRoutes(), h.signupRoutes(), h.newsRoutes(), {"POST /admin/site": h.saveSite}} {
		for pattern, handler := range some {
			routes[pattern] = handler
		}
	}
	before := h.count(`select count(*) from site_edition`) + h.count(`select count(*) from announcement`)
	mux := http.NewServeMux()
	for pattern, handler := range routes {
		mux.Handle(pattern, handler)
	}
	for pattern := range routes {
		path, post := strings.CutPrefix(pattern, "POST ")
		if !post {
			continue
		}
		path = strings.NewReplacer("{slug}", "home", "{id}", "1").Replace(path)
		r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(url.Values{}.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r = r.WithContext(context.WithValue(r.Context(), visitKey{}, visit{operator: office.Account{Number: 1, Email: "max@example.com", Role: office.ReadOnly}}))
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, r)
		if w.Code != http.StatusForbidden {
			t.Errorf("%s answers %d", pattern, w.Code)
		}
	}
	if now := h.count(`select count(*) from site_edition`) + h.count(`select count(*) from announcement`); now != before {
		t.Error("something was changed")
	}
}

func TestSignupsAreDecidedInThePanel(t *testing.T) {
	h := newHouse(t)
	h.taken("/admin/registration", "mode", "approval")
	h.refuses("/admin/registration", "Registration is open, by approval, by invitation or closed.", "mode", "ajar")
	h.refuses("/admin/registration", "Registration is open, by approval")
	_, err := h.DB.Exec(t.Context(), `insert into tenant (id, uid, name, company, owner_name, owner_email, state, created_at) values (7, 'u7', 'acme', 'Acme', 'Ada', 'ada@acme.example', 'reserved', 1), (8, 'u8', 'beta', 'Beta', 'Bea', 'bea@beta.example', 'reserved', 1)`)
	must(t, err)
	_, err = h.DB.Exec(t.Context(), `insert into signup (id, token_hash, state, email, person, company, name, language, plan, tenant, terms_version, ip, created_at, expires_at) values
		(1, 'a', 'verified', 'ada@acme.example', '"><script>alert(1)</script>', '<img src=x>', 'acme', 'en', 1, 7, 'v', '<b>', 1, 9e15), (2, 'b', 'verified', 'bea@beta.example', 'Bea', 'Beta', 'beta', 'de', 1, 8, 'v', '192.0.2.1', 1, 9e15)`)
	must(t, err)
	page := h.get("/admin/signups")
	if !strings.Contains(page, "Waits for you") || strings.Contains(page, "<script>alert") || strings.Contains(page, "<img src=x") || strings.Contains(page, "<b></bdi>") {
		t.Error(page)
	}
	h.taken("/admin/signups/1/approval")
	if n := h.count(`select count(*) from tenant where id = 7 and state = 'provisioning'`); n != 1 {
		t.Error("what is free was not set up")
	}
	h.get("/admin/signups/2/refusal")
	h.refuses("/admin/signups/2/refusal", "at most 500", "reason", strings.Repeat("x", 501))
	h.taken("/admin/signups/2/refusal", "reason", "Leider nicht.")
	if n := h.count(`select count(*) from tenant where id = 8`) + h.count(`select count(*) from outbox where text like '%Leider nicht.%' and key = 'signup_refused/b'`); n != 1 {
		t.Error("the refusal left something, or said nothing")
	}
	for _, tab := range []string{"done", "spam", "unfinished", "waiting", "nonsense"} {
		h.get("/admin/signups?tab=" + tab + "&q=%25&before=x")
	}
	w := h.post("/admin/invitations", "note", "Friends", "plan", "1", "most", "2", "until", "2027-01-01")
	if w.Code != http.StatusCreated || !strings.Contains(w.Body.String(), "https://example.com/register?invite=") {
		t.Fatal(w.Code, said(w))
	}
	h.refuses("/admin/invitations", "This day is over", "note", "", "plan", "", "most", "1", "until", "2020-01-01")
	h.taken("/admin/invitations/1/ending")
	if !strings.Contains(h.get("/admin/registration"), "Ended") {
		t.Error("the invitation has not ended")
	}
}
