package account

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"rowhouse/crm/contact"
	"rowhouse/crm/customer"
	"rowhouse/crm/entity"
	"rowhouse/crm/lead"
	"rowhouse/crm/page"
	"rowhouse/crm/record"
	"rowhouse/crm/staff"
	"rowhouse/tenant"
	"rowhouse/ui"
	"rowhouse/ui/live"
	"rowhouse/ui/session"
)

// send sends a request to a tenant's site as a person; a form makes it a POST.
func (h *house) send(name string, person int64, path string, form url.Values) *httptest.ResponseRecorder {
	h.Helper()
	r := httptest.NewRequest("GET", path, nil)
	if form != nil {
		r = httptest.NewRequest("POST", path, strings.NewReader(form.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	w := httptest.NewRecorder()
	h.serve(w, r, name, person, &ui.Look{Words: h.words})
	return w
}

// serve answers a request to a tenant's site as the CRM does for a person who is signed in.
func (h *house) serve(w http.ResponseWriter, r *http.Request, name string, person int64, look *ui.Look) {
	h.Helper()
	site := h.site(name)
	p, err := staff.ByID(h.Context(), site.DB, person)
	h.must(err)
	actor, err := p.Actor(h.Context(), site.DB)
	h.must(err)
	book, err := record.Open(h.Context(), site.DB, "test", []entity.Entity{lead.Entity, customer.Entity, contact.Entity})
	h.must(err)
	look.Brand, look.Zone, look.Now, look.Path = ui.Brand{Name: "Acme", Hue: 272, Home: "/admin", Host: "acme.example.com"}, time.UTC, h.hand.Now(), r.URL.Path
	d := &page.Desk{Site: site, Person: p, Session: session.Session{Person: person}, Menu: []ui.Group{{Items: []ui.Item{{Label: "Leads", URL: "/admin/leads", Icon: "target"}, {Label: "Settings", URL: "/admin/settings", Icon: "settings"}}}},
		Store: &record.Store{DB: site.DB, Book: book, Actor: actor, Now: h.hand.Now(), House: name, Hub: &live.Hub{}, Look: look, Files: filepath.Join(site.Folder, "files"), Room: site.Limits.Room}}
	h.mux.ServeHTTP(w, page.With(ui.WithLook(r.WithContext(tenant.With(r.Context(), site)), look), d))
}

// get wants a page of acme's owner.
func (h *house) get(path string) string {
	h.Helper()
	w := h.send("acme", owner, path, nil)
	if w.Code != 200 {
		h.Fatalf("GET %s: %d\n%s", path, w.Code, words(w.Body.String()))
	}
	return words(w.Body.String())
}

// post sends a form of names and values as acme's owner and wants a status; it returns the page, or where the answer leads.
func (h *house) post(path string, status int, pairs ...string) string {
	h.Helper()
	form := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	w := h.send("acme", owner, path, form)
	if w.Code != status {
		h.Fatalf("POST %s %v: got %d, want %d\n%s", path, pairs, w.Code, status, words(w.Body.String()))
	}
	if w.Code == 303 {
		return w.Header().Get("Location")
	}
	return words(w.Body.String())
}

var tags = regexp.MustCompile(`(?s)<script.*?</script>|<svg.*?</svg>|</?(b|bdi|span|small)\b[^>]*>`)

// words is the content of a page without what only draws it.
func words(body string) string {
	if i := strings.Index(body, `<div class="page">`); i > 0 {
		body = body[i:]
	}
	if i := strings.Index(body, `</main>`); i > 0 {
		body = body[:i]
	}
	return strings.Join(strings.Fields(tags.ReplaceAllString(body, "")), " ")
}

// says wants sentences on a page.
func (h *house) says(body string, sentences ...string) {
	h.Helper()
	for _, s := range sentences {
		if !strings.Contains(body, s) {
			h.Errorf("the page does not say %q:\n%s", s, body)
		}
	}
}

// value is what a hidden field of a page holds.
func (h *house) value(body, name string) string {
	h.Helper()
	m := regexp.MustCompile(`name="` + name + `" value="([^"]*)"`).FindStringSubmatch(body)
	if m == nil {
		h.Fatalf("no field %s:\n%s", name, body)
	}
	return m[1]
}
