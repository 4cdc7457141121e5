package shop

import (
	"html/template"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"github.com/jba/templatecheck"
	"golang.org/x/net/html"

	"rowhouse/ui"
)

func TestTemplatesFitTheirData(t *testing.T) {
	for name, view := range map[string]struct {
		template *template.Template
		data     any
	}{
		"landing": {landingView.Template(), &landingPage{}}, "prices": {pricesView.Template(), &landingPage{}}, "plan": {planView.Template(), planPage{}},
		"sign in": {signInView.Template(), signInPage{}}, "form": {formView.Template(), formPage{}},
		"confirm": {confirmView.Template(), registrationPage{}}, "code": {codeView.Template(), registrationPage{}},
		"waiting": {waitingView.Template(), registrationPage{}}, "invitation": {inviteView.Template(), invitePage{}},
		"proof": {proofView.Template(), registrationPage{}}, "progress": {progressView.Template(), registrationPage{}},
		"ended": {endedView.Template(), page{}}, "closed": {closedView.Template(), page{}},
	} {
		if err := templatecheck.CheckHTMLStrict(view.template, view.data); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// every visits each page of the site in each of its states.
func (s *site) every(visit func(name string, a answer)) {
	s.t.Helper()
	s.addPlans()
	for _, path := range []string{"/", "/prices", "/prices/starter", "/prices/team", "/terms", "/privacy", "/imprint", "/sign-in", "/sign-in?name=a.b",
		"/register", "/register/none", "/nowhere", "/register?plan=team", "/register/name?name=admin", "/register/name?name=acme"} {
		visit(path, s.get(path))
	}
	visit("wrong form", s.post("/register", url.Values{"plan": {"starter"}, "stamp": {s.drawn().Get("stamp")}, "name": {"admin"}, "again": {"x"}}))
	visit("late form", s.post("/register", url.Values{"plan": {"starter"}}))
	page := s.registered("acme", "maya@acme.example")
	visit("taken", s.post("/register", s.filled("acme", "jo@acme.example")))
	visit("details", s.get(page+"/details"))
	visit("confirm", s.get(page))
	s.post(page+"/confirmation", nil).to()
	visit("code", s.get(page))
	visit("wrong code", s.post(page+"/code", url.Values{"code": {"x"}}))
	visit("proof", s.get(s.lastLink("")))
	s.post(s.lastLink(""), nil).to()
	visit("progress", s.get(page))
	_, err := s.DB.Exec(s.t.Context(), `update tenant set state = 'provision_failed'`)
	must(s.t, err)
	visit("failed", s.get(page))
	_, err = s.DB.Exec(s.t.Context(), `update tenant set state = 'active'`)
	must(s.t, err)
	visit("ready", s.get(page))
	s.set("registration", "closed")
	visit("closed landing", s.get("/"))
	visit("closed", s.get("/register"))
	_, err = s.DB.Exec(s.t.Context(), `update plan set visibility = 'hidden'`)
	must(s.t, err)
	visit("no plans", s.get("/prices"))
}

// typed is what no catalogue can hold: names, addresses, and signs that are the same everywhere.
var typed = regexp.MustCompile(`Rowhouse|Acme Studio|Maya Ortiz|[\w-]*@?(acme|example)[\w.-]*|acme-(crm|team|hq)|admin-(crm|team|hq)|⌘K|\bGB\b|\bR\b|request-1`)

func TestEveryWordGoesThroughTheCatalogue(t *testing.T) {
	s := newSite(t)
	s.options.Words = func(*http.Request) *ui.Words { return ui.Pseudo }
	s.every(func(name string, a answer) {
		doc, err := html.Parse(a.Body)
		must(t, err)
		for n := range doc.Descendants() {
			if n.Type == html.TextNode && n.Parent.Data != "script" && n.Parent.Data != "style" {
				unsaid(t, name, n.Data)
			}
			for _, at := range n.Attr {
				switch at.Key {
				case "alt", "title", "placeholder", "aria-label", "data-strength-show-value", "data-strength-hide-value":
					unsaid(t, name+" "+at.Key, at.Val)
				}
			}
		}
	})
}

// unsaid fails for a text that has words outside the marks of the pseudo language.
func unsaid(t *testing.T, where, text string) {
	t.Helper()
	var b strings.Builder
	deep := 0
	for _, r := range text {
		switch {
		case r == '⟦':
			deep++
		case r == '⟧':
			deep--
		case deep == 0:
			b.WriteRune(r)
		}
	}
	if rest := typed.ReplaceAllString(b.String(), ""); strings.ContainsFunc(rest, unicode.IsLetter) {
		t.Errorf("%s: %q did not go through the catalogue", where, strings.TrimSpace(rest))
	}
}

func TestPagesKeepToThePolicy(t *testing.T) {
	s := newSite(t)
	s.every(func(name string, a answer) {
		doc, err := html.Parse(a.Body)
		must(t, err)
		ids := map[string]bool{}
		for n := range doc.Descendants() {
			if n.Data == "style" || n.Data == "script" && n.FirstChild != nil {
				t.Errorf("%s: inline %s", name, n.Data)
			}
			for _, at := range n.Attr {
				if at.Key == "style" || strings.HasPrefix(at.Key, "on") {
					t.Errorf("%s: %s=%q", name, at.Key, at.Val)
				}
				if at.Key == "id" && ids[at.Val] {
					t.Errorf("%s: two elements are called %s", name, at.Val)
				}
				ids[at.Val] = ids[at.Val] || at.Key == "id"
			}
		}
	})
}

func TestPagesAreNeverKeptByOthers(t *testing.T) {
	s := newSite(t)
	s.every(func(name string, a answer) {
		if got := a.Header().Get("Cache-Control"); got != "no-store" {
			t.Errorf("%s: Cache-Control %q", name, got)
		}
	})
}

func TestThePageIsDrawnInTheVisitorsLanguageAndTheme(t *testing.T) {
	s := newSite(t)
	r, err := http.NewRequestWithContext(t.Context(), "GET", "/", nil)
	must(t, err)
	r.Header.Set("Accept-Language", "tlh, en;q=0.5") // what is not spoken is passed over
	r.Header.Set("Cookie", "theme=dark")
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	answer{w, t}.is(200).says(`lang="en" dir="ltr" data-theme="dark"`)
}

func TestSignInLeadsToTheDoorWithoutTellingWhetherThereIsOne(t *testing.T) {
	s := newSite(t)
	for _, typed := range []string{"acme", "ACME ", "acme.example.com", "https://acme.example.com/admin"} {
		if to := s.get("/sign-in?name=" + url.QueryEscape(typed)).to(); to != "https://acme.example.com/admin" {
			t.Errorf("%q leads to %s", typed, to)
		}
	}
	for _, typed := range []string{"evil.example/", "a@evil.example", "acme.evil.example#", `"><script>`, "//evil"} {
		s.get("/sign-in?name=" + url.QueryEscape(typed)).is(422).silent("<script>alert")
	}
}
