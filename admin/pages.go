package admin

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"rowhouse/billing/shop"
	"rowhouse/ui"
)

var (
	pagesPage = ui.Parse[pageList](files, ui.App, "pages.html", "parts.html")
	pagePage  = ui.Parse[pageSheet](files, ui.App, "page.html", "parts.html")
	blockPage = ui.Parse[blockSheet](files, ui.App, "block.html", "parts.html")
)

// pageRoutes are the pages about what visitors read.
func (p *Panel) pageRoutes() map[string]ui.Handler {
	return map[string]ui.Handler{
		"GET /admin/pages":                                p.pages,
		"POST /admin/pages":                               p.addPage,
		"GET /admin/pages/{slug}":                         p.page,
		"POST /admin/pages/{slug}":                        p.titlePage,
		"GET /admin/pages/{slug}/draft":                   p.draft,
		"POST /admin/pages/{slug}/publication":            p.pageAct("It is public now.", p.Shop.Publish),
		"POST /admin/pages/{slug}/draft/deletion":         p.pageAct("The draft is dropped.", p.Shop.Discard),
		"POST /admin/pages/{slug}/draft/undo":             p.undoPage,
		"POST /admin/pages/{slug}/deletion":               p.pageAct("The page is deleted.", p.Shop.RemovePage),
		"POST /admin/pages/{slug}/versions":               p.bringBackPage,
		"POST /admin/pages/{slug}/blocks":                 p.addBlock,
		"GET /admin/pages/{slug}/blocks/{id}":             p.showBlock,
		"POST /admin/pages/{slug}/blocks/{id}":            p.keepBlock,
		"POST /admin/pages/{slug}/blocks/{id}/position":   p.moveBlock,
		"POST /admin/pages/{slug}/blocks/{id}/visibility": p.hideBlock,
		"POST /admin/pages/{slug}/blocks/{id}/deletion":   p.dropBlock,
		"POST /admin/pages/{slug}/blocks/{id}/picture":    p.uploadPicture,
	}
}

type pageList struct {
	ui.Frame
	Rows []pageRow
	Form box
}

type pageRow struct {
	shop.PageState
	Title, Path string
}

func (p *Panel) pages(w http.ResponseWriter, r *http.Request) error {
	return p.pagesWith(w, r, http.StatusOK, nil)
}

func (p *Panel) pagesWith(w http.ResponseWriter, r *http.Request, status int, bad *refused) error {
	list := pageList{Frame: p.frame(w, r, "Pages", "/admin/pages")}
	states, err := p.Shop.PageStates(r.Context())
	if err != nil {
		return err
	}
	for _, s := range states {
		list.Rows = append(list.Rows, pageRow{s, pageTitle(list.Look, s.Page), pagePath(s.Slug)})
	}
	list.Form = pageForm(list.Look, bad)
	return pagesPage.ShowAs(w, r, status, list)
}

func pageForm(look *ui.Look, bad *refused) box {
	form := box{Look: look, ID: "page", Action: "/admin/pages", Label: "New page", Hint: "Such as “About us”. Nobody sees it before you publish it.", Button: look.T("Create"), Inputs: []input{
		{Name: "slug", Label: "Address", Required: true, Most: 60, Wide: true, Hint: "Small letters, digits and hyphens, as in about-us. It stands behind the name of your site."}}}
	form.Inputs = append(form.Inputs, titleInputs(nil)...)
	form.Inputs = append(form.Inputs, input{Name: "menu", Label: "In the navigation at the top", Kind: "check", Hint: "Else it stands at the foot of each page."})
	return form.again(bad)
}

// titleInputs are a page's titles, one for each language.
func titleInputs(titles map[string]string) []input {
	var list []input
	for _, language := range ui.Languages {
		list = append(list, input{Name: "title_" + language.Tag, Label: "Title", Unit: language.Name, Value: titles[language.Tag], Most: 100, Wide: true})
	}
	return list
}

// readTitles reads the titles of a page; one language must have one.
func readTitles(form url.Values) (map[string]string, error) {
	bad, titles := ui.Problems{}, map[string]string{}
	for _, language := range ui.Languages {
		name := "title_" + language.Tag
		title := strings.TrimSpace(form.Get(name))
		if title != "" {
			titles[language.Tag] = title
		}
		if err := shop.CheckLine(title, 100); err != nil {
			bad[name] = err
		}
	}
	if len(titles) == 0 {
		bad.Add("title_en", "Please enter a title in one language at least.")
	}
	return titles, bad.Err()
}

func (p *Panel) addPage(w http.ResponseWriter, r *http.Request) error {
	look := ui.LookOf(r)
	return p.take(w, r, post{right: mayWrite, form: "page", names: []string{"slug", "title_en", "title_de", "menu"}, page: p.pagesWith, act: func(form url.Values) (string, string, error) {
		slug := strings.TrimSpace(form.Get("slug"))
		titles, err := readTitles(form)
		if err != nil {
			return "", "", err
		}
		page := shop.Page{Slug: slug, Titles: titles, Menu: form.Get("menu") != "", Sections: []shop.Section{{ID: 1, Kind: "text", Words: map[string]shop.Words{}}}}
		err = p.Shop.AddPage(r.Context(), page, actor(r))
		return look.T("The page is made. Fill its block and publish it."), pagePath(slug), about("slug", err)
	}})
}

// pageTitle names a page in the panel.
func pageTitle(look *ui.Look, page shop.Page) string {
	if page.Slug == shop.Home {
		return look.T("Landing page")
	}
	return look.T(page.TitleIn(look.Tag))
}

// pagePath is the editor of a page, or with more of something below it.
func pagePath(slug string, more ...string) string {
	return "/admin/pages/" + strings.Join(append([]string{url.PathEscape(slug)}, more...), "/")
}

func blockPath(slug string, id int, more ...string) string {
	return pagePath(slug, append([]string{"blocks", strconv.Itoa(id)}, more...)...)
}

// publicPath is where visitors find a page.
func publicPath(slug string) string {
	if slug == shop.Home {
		return "/"
	}
	return "/" + slug
}
