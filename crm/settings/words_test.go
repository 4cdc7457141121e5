package settings

import (
	"context"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/net/html"

	"rowhouse/ui"
)

// plain is what is no word of ours: names of currencies, languages and zones, numbers with units, days.
var plain = regexp.MustCompile(`^(English|Deutsch|العربية|[A-Z]{3}|[A-Z][a-z]{2} \d+.*|\d+ KB|⌘|K|esc|J|X|C|E|F|G|l|Leads|[A-Z]{1,2})$`)

func TestEveryWordGoesThroughTheCatalogue(t *testing.T) {
	h := newHouse(t)
	h.look.Words = ui.Pseudo
	h.post(owner, "/admin/settings/fields/lead", 303, "label", "Size", "kind", "multi", "options", "Small\nLarge", "hint", "How large")
	h.post(owner, "/admin/settings/company", 303, "name", "Acme", "city", "Köln")
	h.post(owner, "/admin/staff", 303, "email", "n@acme.example", "first", "New", "role", "2", "team", "1")
	h.device(strings.Repeat("b", 64), owner, "Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0 Safari/537.36")
	d := h.desk(owner)
	if err := d.Store.Delete(context.Background(), d.Store.Book.Entity("lead"), h.lead("Old friend", 1, 6)); err != nil {
		t.Fatal(err)
	}
	for _, at := range append(addresses(companyRoutes, listRoutes, peopleRoutes, profileRoutes), "GET /admin/settings/log", "GET /admin/settings/trash", "GET /admin/settings/fields/lead/x_size", "GET /admin/staff/4", "GET /admin/settings/choices/1") {
		if method, path, _ := strings.Cut(at, " "); method == "GET" && !strings.HasSuffix(path, "/codes") {
			checkWords(t, path, h.get(owner, path, 200))
		}
	}
	checkWords(t, "invitation", h.send(owner, "/admin/staff", url.Values{"email": {""}}).Body.String())
	checkWords(t, "choice", h.post(owner, "/admin/settings/choices/1/archiving", 422, "archived", "1"))
	checkWords(t, "logo", h.upload([]byte("x")).Body.String())
}

// checkWords finds words that a reader of another language would see in English.
func checkWords(t *testing.T, path, body string) {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	theirs := map[string]bool{"Sales": true, "Readers": true, "Administrators": true, "North": true, "No team": false, "Ada Ortiz": true, "Sam Weber": true, "Kim Khan": true, "New": true, "Talking": true, "Customer": true,
		"Lost": true, "Junk": true, "Fair": true, "Web": true, "Small Large": true, "Pro": true, "Acme": true, "Monday": false}
	var walk func(n *html.Node)
	walk = func(n *html.Node) {
		if n.Type == html.ElementNode && (n.Data == "script" || n.Data == "style" || n.Data == "bdi" || n.Data == "code" || n.Data == "title" || n.Data == "datalist" || n.Data == "kbd") {
			return
		}
		words := []string{}
		if n.Type == html.TextNode {
			words = append(words, n.Data)
		}
		for _, a := range n.Attr {
			if a.Key == "aria-label" || a.Key == "title" || a.Key == "alt" || (a.Key == "placeholder" && a.Val != "000000") {
				words = append(words, a.Val)
			}
		}
		for _, s := range words {
			s = strings.Join(strings.Fields(s), " ")
			if !strings.ContainsFunc(s, unicode.IsLetter) || strings.HasPrefix(s, "⟦") || theirs[s] || plain.MatchString(s) {
				continue
			}
			t.Errorf("%s: %q", path, s)
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
	}
	walk(doc)
}
