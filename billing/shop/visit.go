package shop

import (
	"net/http"
	"slices"
	"strings"

	"rowhouse/ui"
)

// page serves a page of the site as it is published.
func (s *Shop) page(slug string) ui.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		page, err := s.Page(r.Context(), slug)
		if err != nil {
			return err
		}
		return s.visit(w, r, page, "")
	}
}

// ownPage serves a page of the host's own.
func (s *Shop) ownPage(w http.ResponseWriter, r *http.Request) error {
	slug := r.PathValue("slug")
	if slug == Home {
		return ui.Back(w, r, "/")
	}
	return s.page(slug)(w, r)
}

func (s *Shop) visit(w http.ResponseWriter, r *http.Request, page Page, editor string) error {
	look := ui.LookOf(r)
	p, err := s.shopWindow(w, r, page.TitleIn(look.Tag))
	if err != nil {
		return err
	}
	p.Draft = editor
	if err := s.fill(r.Context(), p, page); err != nil {
		return err
	}
	return landingView.Show(w, r, p)
}

// ShowDraft shows the draft of a page as visitors would see it, to an operator whom the panel has let in. editor is where it is edited.
func (s *Shop) ShowDraft(w http.ResponseWriter, r *http.Request, slug, editor string) error {
	e, _, err := s.Draft(r.Context(), slug)
	if err != nil {
		return err
	}
	look := *ui.LookOf(r)
	look.Brand.Home = "/"
	if language := r.FormValue("language"); language != "" {
		look.Words = ui.WordsFor(language)
	}
	return s.visit(w, ui.WithLook(r, &look), e.Page, editor)
}

// navigate puts the pages of the site into the navigation: what stands on the landing page, the prices, and the host's own pages.
func (s *Shop) navigate(r *http.Request, p *page) error {
	pages, err := s.published(r.Context())
	if err != nil {
		return err
	}
	home, err := s.Page(r.Context(), Home)
	if err != nil {
		return err
	}
	var items []ui.Item
	if home.shows("features") {
		items = append(items, ui.Item{Label: p.T("Features"), URL: "/#features"})
	}
	items = append(items, ui.Item{Label: p.T("Prices"), URL: "/prices", Current: r.URL.Path == "/prices"})
	if home.shows("questions") {
		items = append(items, ui.Item{Label: p.T("Questions"), URL: "/#questions"})
	}
	p.Tabs = []ui.Item{{Label: p.T("Terms"), URL: "/terms"}, {Label: p.T("Privacy"), URL: "/privacy"}, {Label: p.T("Imprint"), URL: "/imprint"}}
	var own []string
	for slug := range pages {
		if !slices.Contains(builtInSlugs, slug) {
			own = append(own, slug)
		}
	}
	slices.Sort(own)
	for _, slug := range own {
		item := ui.Item{Label: pages[slug].TitleIn(p.Tag), URL: "/" + slug, Current: r.URL.Path == "/"+slug}
		if pages[slug].Menu {
			items = append(items, item)
		} else {
			p.Tabs = append(p.Tabs, item)
		}
	}
	p.Menu = []ui.Group{{Items: items}}
	return nil
}

// shows tells whether a block of a kind stands on the page.
func (p Page) shows(kind string) bool {
	return slices.ContainsFunc(p.Sections, func(b Section) bool { return b.Kind == kind && !b.Hidden })
}

// questions are those that the page answers.
func (p Page) questions(language string) []Block {
	for _, b := range p.Sections {
		if b.Kind == "questions" && !b.Hidden {
			return blocks(b.In(language).Items)
		}
	}
	return nil
}

// termsVersion names the terms as they stand: what somebody accepted can be told from what came later.
func (s *Shop) termsVersion(r *http.Request, texts Texts) (string, error) {
	pages, err := s.published(r.Context())
	if err != nil {
		return "", err
	}
	terms, ok := pages["terms"]
	if !ok {
		return texts.TermsVersion(), nil
	}
	var all strings.Builder
	for _, b := range terms.Sections {
		if !b.Hidden {
			w := b.In("en")
			all.WriteString(w.Title + "\n\n" + w.Text + "\n\n" + w.Items)
			w = b.In("de")
			all.WriteString(w.Title + "\n\n" + w.Text + "\n\n" + w.Items)
		}
	}
	return Texts{Terms: all.String()}.TermsVersion(), nil
}
