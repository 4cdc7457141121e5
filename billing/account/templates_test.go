package account

import (
	"html/template"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"github.com/jba/templatecheck"
	"golang.org/x/net/html"

	"rowhouse/billing/rehearsal"
	"rowhouse/tenant"
	"rowhouse/ui"
)

func TestTemplatesNameOnlyWhatTheirPagesHave(t *testing.T) {
	for name, page := range map[string]struct {
		template *template.Template
		data     any
	}{
		"overview": {overviewPage.Template(), overviewSheet{}}, "details": {detailsPage.Template(), detailsSheet{}}, "plans": {plansPage.Template(), plansSheet{}},
		"change": {changePage.Template(), changeSheet{}}, "people": {peoplePage.Template(), peopleSheet{}}, "cancel": {cancelPage.Template(), cancelSheet{}},
		"start": {startPage.Template(), startSheet{}}, "method": {methodPage.Template(), methodSheet{}}, "leave": {leavePage.Template(), leaveSheet{}}, "closed": {closedPage.Template(), closedSheet{}},
	} {
		if err := templatecheck.CheckHTMLStrict(page.template, page.data); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// every opens each page in each of its states.
func (h *house) every(visit func(name, body string)) {
	h.Helper()
	h.buy("acme", rehearsal.Works)
	open := func(path string) { visit(path, h.send("acme", owner, path, nil).Body.String()) }
	down := h.wanted("starter", "month", 0)
	for _, path := range []string{home, home + "/plans", home + "/details", home + "/cancellation", home + "/method", h.wanted("pro", "year", 2), h.wanted("pro", "month", 2), down, strings.Replace(down, "/plan?", "/staff?", 1)} {
		open(path)
	}
	h.agree(h.send("acme", owner, down, nil).Body.String(), 303)
	open(home)
	visit("details", h.send("acme", owner, home+"/details", url.Values{"country": {"XX"}, "name": {""}, "tax_id": {strings.Repeat("x", 40)}}).Body.String())
	visit("a stale total", h.send("acme", owner, home+"/plan", url.Values{"plan": {"2"}, "price": {"2"}, "seats": {"2"}, "total": {"1"}}).Body.String())
	h.post(home+"/method", 303, "gateway", rehearsal.Name)
	open(home + "/method/page")
	h.post(home+"/cancellation", 303)
	h.exec(h.DB, `update tenant set staff_limit = 2`)
	open(home)
	open(home + "/staff")
	h.days(31)
	for _, path := range []string{home, home + "/start", strings.Replace(h.wanted("pro", "month", 1), "/plan?", "/start?", 1)} {
		open(path)
	}
	h.must(h.Tenants.Hold(h.Context(), "acme", tenant.Hold{Reason: "manual", Level: tenant.BillingOnly}, "test"))
	open(home)
	visit("closed", h.send("acme", seller, home, nil).Body.String())
}

func TestEveryPageIsDrawnWithoutStylesAndSlips(t *testing.T) {
	newHouse(t).every(func(name, body string) {
		if strings.Contains(body, "style=") || strings.Contains(body, "%!") || strings.Contains(body, "ZgotmplZ") || !strings.Contains(body, "</html>") {
			t.Errorf("%s: a style, a wrong sentence, a refused address or half a page", name)
		}
	})
}

// plain is what is no word of ours: names, days, numbers with units, what the books have written in the customer's language.
var plain = regexp.MustCompile(`^([A-Z][a-z]{2} \d+.*|[\d.]+ [KMG]?B.*|€.*|−€.*|⌘|K|esc|J|X|C|E|F|G|l|d|Pro, (monthly|yearly)|(\d+ × )?Further seats|Not used of .*|English|Deutsch|[A-Z]{1,3}|(INV|RH)[-\d]+)$`)

func TestEveryWordGoesThroughTheCatalogue(t *testing.T) {
	h := newHouse(t)
	h.words = ui.Pseudo
	h.every(func(name, body string) { checkWords(t, name, body) })
}

// checkWords finds words that a reader of another language would see in English.
func checkWords(t *testing.T, name, body string) {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	theirs := map[string]bool{"Ada Ortiz": true, "Sam Weber": true, "Kim Khan": true, "Jo Yamada": true, "Starter": true, "Pro": true, "Enterprise": true}
	var walk func(n *html.Node)
	walk = func(n *html.Node) {
		if n.Type == html.ElementNode && (n.Data == "script" || n.Data == "bdi" || n.Data == "title" || n.Data == "kbd") {
			return
		}
		var words []string
		if n.Type == html.TextNode {
			words = append(words, n.Data)
		}
		for _, a := range n.Attr {
			if a.Key == "aria-label" || a.Key == "title" || a.Key == "alt" || a.Key == "placeholder" {
				words = append(words, a.Val)
			}
		}
		for _, s := range words {
			s = strings.Join(strings.Fields(s), " ")
			if strings.ContainsFunc(s, unicode.IsLetter) && !strings.HasPrefix(s, "⟦") && !theirs[s] && !plain.MatchString(s) {
				t.Errorf("%s: %q", name, s)
			}
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
	}
	walk(doc)
}
