package shop

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"strings"
	"testing"

	"rowhouse/ui"
)

// edits changes a block of a page's draft.
func (s *site) edits(slug string, id int, change func(*Section)) {
	s.t.Helper()
	must(s.t, s.EditSection(s.t.Context(), slug, id, "olga", func(b *Section) error { change(b); return nil }))
}

func TestAnEditIsADraftUntilItIsPublished(t *testing.T) {
	s, ctx := newSite(t), t.Context()
	before := s.get("/").is(200).Body.String()
	s.edits(Home, 1, func(b *Section) { b.Words = map[string]Words{"en": {Title: "Hello neighbours"}} })
	if s.get("/").Body.String() != before {
		t.Fatal("a draft is public")
	}
	must(t, s.Publish(ctx, Home, "olga"))
	s.get("/").is(200).says("Hello neighbours").silent("stays out of your way")
	s.edits(Home, 1, func(b *Section) { b.Words = map[string]Words{"en": {Title: "Second"}} })
	must(t, s.Discard(ctx, Home, "olga"))
	if _, steps, err := s.Draft(ctx, Home); err != nil || steps != 0 {
		t.Fatal(steps, err)
	}
	s.get("/").says("Hello neighbours")
}

func TestEachStepOfADraftIsTakenBack(t *testing.T) {
	s, ctx := newSite(t), t.Context()
	for n := range 3 {
		must(t, s.Edit(ctx, Home, "olga", func(p *Page) error { p.Sections = p.Sections[1:]; return nil }))
		if _, steps, _ := s.Draft(ctx, Home); steps != n+1 {
			t.Fatal(steps)
		}
	}
	for want := 6; want <= 8; want++ {
		must(t, s.Undo(ctx, Home))
		if e, _, err := s.Draft(ctx, Home); err != nil || len(e.Page.Sections) != want {
			t.Fatalf("%d blocks, want %d: %v", len(e.Page.Sections), want, err)
		}
	}
	if err := s.Undo(ctx, Home); err == nil {
		t.Error("there was nothing to take back")
	}
}

func TestTwentyVersionsAreKeptAndCanBeBroughtBack(t *testing.T) {
	s, ctx := newSite(t), t.Context()
	for n := range 23 {
		s.edits("imprint", 1, func(b *Section) { b.Words = map[string]Words{"en": {Text: fmt.Sprint("Imprint number ", n)}} })
		must(t, s.Publish(ctx, "imprint", "olga"))
	}
	list, err := s.Editions(ctx, "imprint")
	must(t, err)
	if len(list) != 20 {
		t.Fatalf("%d versions", len(list))
	}
	must(t, s.BringBack(ctx, "imprint", list[19].ID, "olga"))
	s.get("/imprint").says("Imprint number 22")
	must(t, s.Publish(ctx, "imprint", "olga"))
	s.get("/imprint").says("Imprint number 3")
	must(t, s.BringBackBuiltIn(ctx, "imprint", "olga"))
	must(t, s.Publish(ctx, "imprint", "olga"))
	s.get("/imprint").says("has not entered an imprint yet")
}

func TestTextsOfBeforeAreWhatTheBlocksBeginWith(t *testing.T) {
	s := newSite(t)
	s.set("headline", "Harbour first")
	s.set("faq", "Why?\nBecause.")
	s.edits(Home, 8, func(b *Section) { b.Hidden = true })
	must(t, s.Publish(t.Context(), Home, "olga"))
	s.get("/").is(200).says("Harbour first", "Because.").silent("Move in today")
	s.get("/prices").says("Because.")
}

func TestAPageOfTheHostsOwnStandsAtItsAddress(t *testing.T) {
	s, ctx := newSite(t), t.Context()
	page := Page{Slug: "about", Titles: map[string]string{"en": "About us", "de": "Über uns"}, Sections: []Section{{ID: 1, Kind: "text", Words: map[string]Words{
		"en": {Text: "We are **three**.\n\n- [prices](/prices)\n- two"}, "de": {Text: "Wir sind drei."}}}}}
	must(t, s.AddPage(ctx, page, "olga"))
	s.get("/about").is(404)
	must(t, s.Publish(ctx, "about", "olga"))
	s.get("/about").is(200).says("<h1>About us</h1>", "<b>three</b>", `<a href="/prices">prices</a>`)
	s.get("/").says(`href="/about"`)
	for _, slug := range []string{"admin", "prices", "register", "terms", "inbox", "static", "home"} {
		page.Slug = slug
		if err := s.AddPage(ctx, page, "olga"); err == nil || err.Error() != "The address /"+slug+" is reserved: the site uses it itself." {
			t.Errorf("%s: %v", slug, err)
		}
	}
	for _, slug := range []string{"", "About", "a b", "../x", "a--b", "über", "a/b", strings.Repeat("a", 61)} {
		if page.Slug = slug; s.AddPage(ctx, page, "olga") == nil {
			t.Errorf("%q is taken", slug)
		}
	}
	must(t, s.RemovePage(ctx, "about", "olga"))
	s.get("/about").is(404)
	if s.RemovePage(ctx, "terms", "olga") == nil {
		t.Error("the terms were deleted")
	}
}

func TestABlockSpeaksTheVisitorsLanguageOrTheOneThatIsThere(t *testing.T) {
	b := Section{Words: map[string]Words{"en": {Title: "Hello", Text: "Text"}, "de": {Title: "Guten Tag"}}}
	if w := b.In("de"); w.Title != "Guten Tag" || w.Text != "Text" {
		t.Error(w)
	}
	b = Section{Words: map[string]Words{"de": {Title: "Guten Tag"}}}
	if w := b.In("en"); w.Title != "Guten Tag" {
		t.Error(w)
	}
}

func TestHostileWordsStayWords(t *testing.T) {
	s, ctx := newSite(t), t.Context()
	evil := `<script>alert(1)</script>"><img src=x onerror=alert(2)>`
	for _, kind := range SectionKinds {
		must(t, s.Edit(ctx, Home, "olga", func(p *Page) error {
			id, err := p.Add(kind.Name)
			n, _ := p.find(id)
			p.Sections[n].Words["en"] = Words{Over: evil, Title: evil, Text: evil + "\n\n# " + evil + "\n\n[x](javascript:alert(3)) **" + evil + "**", Items: evil + "\n" + evil, Button: evil, Button2: evil, Alt: evil}
			return err
		}))
	}
	must(t, s.Publish(ctx, Home, "olga"))
	s.get("/").is(200).silent("<script>alert", "<img src=x", `href="javascript`)
	bad := map[string]Section{
		"script in a link": {Kind: "call", Links: []string{"javascript:alert(1)"}}, "data in a link": {Kind: "hero", Links: []string{"", "data:text/html,x"}},
		"another site's path": {Kind: "hero", Links: []string{"//evil.example"}}, "a picture of another site": {Kind: "picture", Picture: "https://evil.example/x.png"},
		"a turned line": {Kind: "text", Words: english(Words{Text: "a\u202eb"})}, "a megabyte": {Kind: "text", Words: english(Words{Text: strings.Repeat("x", 1<<20)})},
		"two lines": {Kind: "hero", Words: english(Words{Title: "a\nb"})}, "no such kind": {Kind: "iframe"},
	}
	for name, b := range bad {
		if b.check() == nil {
			t.Errorf("%s is taken", name)
		}
	}
	for _, link := range []string{"/prices", "https://example.org/x?y=1", "mailto:hello@example.org", "#features", "http://example.org"} {
		if !SafeLink(link) {
			t.Errorf("%s is refused", link)
		}
	}
}

func drawnPicture(w, h int) image.Image {
	m := image.NewNRGBA(image.Rect(0, 0, w, h))
	for i := range m.Pix {
		m.Pix[i] = byte(i * 7)
	}
	m.SetNRGBA(0, 0, color.NRGBA{A: 255})
	return m
}

func TestAPictureIsDrawnAnewAndServedByItsHash(t *testing.T) {
	s, ctx := newSite(t), t.Context()
	var file bytes.Buffer
	must(t, png.Encode(&file, drawnPicture(2000, 500)))
	hash, err := s.KeepPicture(ctx, append(file.Bytes(), "<script>alert(1)</script>"...))
	must(t, err)
	s.edits(Home, 1, func(b *Section) { b.Picture = hash })
	must(t, s.Publish(ctx, Home, "olga"))
	s.get("/").says(`src="/pictures/` + hash + `" width="1800" height="450"`)
	a := s.get("/pictures/" + hash).is(200).silent("<script>")
	if a.Header().Get("X-Content-Type-Options") != "nosniff" || a.Header().Get("Content-Type") != "image/png" || !strings.Contains(a.Header().Get("Cache-Control"), "immutable") {
		t.Error(a.Header())
	}
	s.get("/pictures/" + strings.Repeat("0", 64)).is(404)
	for name, content := range map[string]string{"a drawing": `<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`, "a page": "<html>", "half a picture": file.String()[:100], "nothing": ""} {
		if _, err := s.KeepPicture(ctx, []byte(content)); err == nil {
			t.Errorf("%s is kept", name)
		}
	}
	var photo bytes.Buffer
	must(t, jpeg.Encode(&photo, drawnPicture(40, 30), nil))
	if _, err := s.KeepPicture(ctx, photo.Bytes()); err != nil {
		t.Error(err)
	}
}

func TestOtherTermsAreAnotherVersion(t *testing.T) {
	s := newSite(t)
	s.registered("acme", "maya@acme.example")
	s.edits("terms", 1, func(b *Section) { b.Words = english(Words{Text: "Other terms."}) })
	must(t, s.Publish(t.Context(), "terms", "olga"))
	s.registered("acme-hq", "jo@acme.example")
	if n := s.number(`select count(distinct terms_version) from signup`); n != 2 {
		t.Fatalf("%d versions", n)
	}
	if got := ui.Plain("**Now** [read](https://x.example)"); got != "Now read (https://x.example)" {
		t.Error(got)
	}
}
