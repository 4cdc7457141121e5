package main

import (
	"context"
	"fmt"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// data are words that come from the tenant's rows, not from the catalogue.
var rowWords = strings.Fields(`acme Ltd Ada acme@acme Grace Hopper Test New Contacted Qualified Proposal Won Lost Junk Website Referral Phone Trade fair Advertising Partner
	Price No budget Chose another offer answer Wrong moment Standard Key account Administrator Sales manager representative EUR USD Hidden Harbour Widgets Sigma example com https K C F E J X G esc Esc B KB MB GB
	Deutsch English UTC Example records csv`)

var (
	letters = regexp.MustCompile(`\p{L}{2,}`)
	// Codes of currencies, months and the example of an address are the same in every language, or said by the locale.
	codes  = regexp.MustCompile(`^[A-Z]{3}$|\b(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\b|^www\.company\.com$`)
	marked = regexp.MustCompile(`⟦[^⟦⟧]*(⟦[^⟦⟧]*⟧[^⟦⟧]*)*⟧`)
)

// unsaid returns the words on a page that did not go through the catalogue.
func unsaid(page string) []string {
	known := map[string]bool{}
	for _, w := range rowWords {
		known[strings.ToLower(w)] = true
	}
	var found []string
	check := func(text string) {
		for _, word := range letters.FindAllString(codes.ReplaceAllString(marked.ReplaceAllString(text, " "), ""), -1) {
			if !known[strings.ToLower(word)] {
				found = append(found, fmt.Sprintf("%q in %.80q", word, strings.TrimSpace(text)))
			}
		}
	}
	skip := 0
	z := html.NewTokenizer(strings.NewReader(page))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return found
		case html.TextToken:
			if skip == 0 {
				check(string(z.Text()))
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			t := z.Token()
			if t.Data == "script" || t.Data == "style" || t.Data == "bdi" || t.Data == "kbd" || t.Data == "code" || t.Data == "time" || hasClass(t, "av") {
				skip++
			}
			for _, a := range t.Attr {
				if a.Key == "aria-label" || a.Key == "title" || a.Key == "placeholder" || a.Key == "alt" {
					check(a.Val)
				}
			}
		case html.EndTagToken:
			t := z.Token()
			if skip > 0 && (t.Data == "script" || t.Data == "style" || t.Data == "bdi" || t.Data == "kbd" || t.Data == "code" || t.Data == "time" || t.Data == "span") {
				skip--
			}
		}
	}
}

func hasClass(t html.Token, class string) bool {
	for _, a := range t.Attr {
		if a.Key == "class" && strings.HasPrefix(a.Val, class+" ") {
			return true
		}
	}
	return false
}

// TestEveryWordGoesThroughTheCatalogue draws the pages in a language that marks each word of the catalogue.
func TestEveryWordGoesThroughTheCatalogue(t *testing.T) {
	a := newApp(t)
	a.found(t, "acme", 0)
	ada := a.signIn(t, "acme", "ada@acme.example")
	ada.post("/admin/leads", "name", "Sigma", "company", "Widgets", "next_follow_up", "2026-11-20", "website", "www.example.com")
	ada.post("/admin/leads/1", "version", "1", "name", "Sigma", "company", "Harbour")
	ada.post("/admin/leads/1/notes", "body", "example")
	ada.get("/admin") // says what was saved before the language changes
	db, done, err := a.tenants.Files.Use(context.Background(), "acme")
	if err != nil {
		t.Fatal(err)
	}
	defer done()
	for _, q := range []string{`update staff set language = 'en-XA'`, `insert or replace into setting (key, value) values ('language', 'en-XA')`} {
		if _, err := db.Exec(t.Context(), q); err != nil {
			t.Fatal(err)
		}
	}
	db.Forget()
	stranger := a.visit(t, "acme.example.com")
	pages := map[string]*httptest.ResponseRecorder{"wrong password": stranger.post("/admin/login", "email", "x@example.com", "password", "no"), "forgotten": stranger.post("/admin/password", "email", "x@example.com"),
		"a refused form": ada.post("/admin/leads", "name", "", "emails[]", "nonsense", "value[]", "many"), "a twin": ada.post("/admin/leads", "name", "Sigma", "website", "example.com")}
	for _, path := range []string{"/admin/login", "/admin/password"} {
		pages[path] = stranger.get(path)
	}
	for _, path := range []string{"/admin", "/admin/leads", "/admin/leads/board", "/admin/leads/1", "/admin/leads/1/edit", "/admin/leads/new", "/admin/customers", "/admin/contacts/new", "/admin/leads/import",
		"/admin/search?q=sigma", "/admin/search?q=nothing", `/admin/leads?filter={"f":"status","op":"in","v":["New"]}`, "/admin/leads?q=zzz", "/admin/nothing"} {
		pages[path] = ada.get(path)
	}
	for name, w := range pages {
		for _, word := range unsaid(body(w)) {
			t.Errorf("%s: %s", name, word)
		}
	}
}
