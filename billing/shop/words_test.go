package shop

import (
	"net/http"
	"net/url"
	"testing"

	"golang.org/x/net/html"

	"rowhouse/ui"
)

func TestTheNewPagesOfRegistrationGoThroughTheCatalogue(t *testing.T) {
	s := newSite(t)
	s.options.Words = func(*http.Request) *ui.Words { return ui.Pseudo }
	s.set("registration", "approval")
	pages := map[string]answer{"waiting": s.get(s.waiting("acme", "maya@acme.example"))}
	s.set("registration", "invite")
	pages["invitation"], pages["wrong invitation"] = s.get("/register"), s.get("/register?invite=acme")
	pages["wrong form"] = s.post("/register", url.Values{"invite": {"acme"}, "plan": {"starter"}, "stamp": {"x"}})
	for name, a := range pages {
		doc, err := html.Parse(a.Body)
		must(t, err)
		for n := range doc.Descendants() {
			if n.Type == html.TextNode && n.Parent.Data != "script" && n.Parent.Data != "style" {
				unsaid(t, name, n.Data)
			}
		}
	}
}
