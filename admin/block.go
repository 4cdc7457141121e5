package admin

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"rowhouse/billing/shop"
	"rowhouse/data/fault"
	"rowhouse/ui"
)

// blockSheet is the form of one block of a page.
type blockSheet struct {
	ui.Frame
	Form, Upload box
	Path, Page   string
	Block        shop.Section
	Picture      bool
	Source       string // where its picture is, or empty
}

func (p *Panel) showBlock(w http.ResponseWriter, r *http.Request) error {
	return p.blockWith(w, r, http.StatusOK, nil)
}

// blockOf is the block that a request is about.
func (p *Panel) blockOf(r *http.Request) (shop.Page, shop.Section, error) {
	e, _, err := p.Shop.Draft(r.Context(), r.PathValue("slug"))
	if err != nil {
		return e.Page, shop.Section{}, err
	}
	id, _ := strconv.Atoi(r.PathValue("id")) // what is no number is no block
	b, err := e.Page.Section(id)
	return e.Page, b, err
}

func (p *Panel) blockWith(w http.ResponseWriter, r *http.Request, status int, bad *refused) error {
	page, b, err := p.blockOf(r)
	if err != nil {
		return err
	}
	kind, err := shop.KindOf(b.Kind)
	if err != nil {
		return err
	}
	slug := r.PathValue("slug")
	sheet := blockSheet{Frame: p.below(w, r, "Pages", "Pages", "/admin/pages"), Path: blockPath(slug, b.ID), Page: pagePath(slug), Block: b, Picture: kind.Picture}
	sheet.Crumbs = append(sheet.Crumbs, ui.Item{Label: pageTitle(sheet.Look, page), URL: sheet.Page})
	sheet.Title = sheet.T(kind.Label)
	sheet.Form = blockForm(sheet.Look, sheet.Path, kind, b).again(bad)
	if bad != nil && bad.form == "picture" {
		sheet.Upload.Problem = sheet.T(bad.fault.Format, bad.fault.Args...)
	}
	switch b.Picture {
	case "":
	case shop.ProductPicture:
		sheet.Source = "/static/product.webp"
	default:
		sheet.Source = "/pictures/" + b.Picture
	}
	return blockPage.ShowAs(w, r, status, sheet)
}

// blockForm has each text once for each language.
func blockForm(look *ui.Look, path string, kind shop.SectionKind, b shop.Section) box {
	form := box{Look: look, ID: "block", Action: path, Label: "What it says", Hint: "What is empty in one language is shown as in English; the built-in sentences are translated.", Button: look.T("Save in the draft")}
	for _, f := range kind.Fields {
		for _, language := range ui.Languages {
			words := b.Words[language.Tag]
			i := input{Name: "words_" + language.Tag + "_" + f.Name, Label: look.T(f.Label) + " · " + language.Name, Hint: f.Hint, Value: *words.Field(f.Name)}
			if f.Lines > 1 {
				i.Kind, i.Lines, i.Most = "area", f.Lines, 20000
			}
			form.Inputs = append(form.Inputs, i)
		}
	}
	for n := range kind.Buttons {
		link := ""
		if n < len(b.Links) {
			link = b.Links[n]
		}
		label := "Where the button leads"
		if n == 1 {
			label = "Where the second button leads"
		}
		form.Inputs = append(form.Inputs, input{Name: "link" + strconv.Itoa(n+1), Label: label, Value: link, Most: 1000, Hint: "A path like /prices, or a whole address. /register leads to the free plan."})
	}
	if kind.Picture {
		options := []option{{Value: "", Label: look.T("None")}, {Value: shop.ProductPicture, Label: look.T("The product, built in")}}
		if b.Picture != "" && b.Picture != shop.ProductPicture {
			options = append(options, option{Value: b.Picture, Label: look.T("The one that you have uploaded")})
		}
		form.Inputs = append(form.Inputs, input{Name: "picture", Label: "Picture", Kind: "select", Value: b.Picture, Options: choose(options, b.Picture)})
	}
	if kind.Name != "hero" && kind.Name != "call" {
		form.Inputs = append(form.Inputs, input{Name: "soft", Label: "On a tinted ground", Kind: "check", On: b.Soft})
	}
	return form
}

func (p *Panel) keepBlock(w http.ResponseWriter, r *http.Request) error {
	_, b, err := p.blockOf(r)
	if err != nil {
		return err
	}
	kind, err := shop.KindOf(b.Kind)
	if err != nil {
		return err
	}
	look, slug := ui.LookOf(r), r.PathValue("slug")
	names := blockForm(look, "", kind, b).names()
	return p.take(w, r, post{right: mayWrite, form: "block", names: names, page: p.blockWith, act: func(form url.Values) (string, string, error) {
		err := p.Shop.EditSection(r.Context(), slug, b.ID, actor(r), func(b *shop.Section) error {
			readBlock(form, kind, b)
			return nil
		})
		return look.T("Saved in the draft"), pagePath(slug), err
	}})
}

// readBlock puts what was typed into a block. What is wrong with it, EditSection says.
func readBlock(form url.Values, kind shop.SectionKind, b *shop.Section) {
	b.Words = map[string]shop.Words{}
	for _, language := range ui.Languages {
		var words shop.Words
		for _, f := range kind.Fields {
			*words.Field(f.Name) = strings.TrimSpace(strings.ReplaceAll(form.Get("words_"+language.Tag+"_"+f.Name), "\r\n", "\n"))
		}
		if words != (shop.Words{}) {
			b.Words[language.Tag] = words
		}
	}
	b.Links = nil
	for n := range kind.Buttons {
		b.Links = append(b.Links, strings.TrimSpace(form.Get("link"+strconv.Itoa(n+1))))
	}
	b.Picture, b.Soft = form.Get("picture"), form.Get("soft") != ""
}

func (p *Panel) addBlock(w http.ResponseWriter, r *http.Request) error {
	look, slug := ui.LookOf(r), r.PathValue("slug")
	return p.take(w, r, post{right: mayWrite, names: []string{"kind"}, act: func(form url.Values) (string, string, error) {
		id := 0
		err := p.Shop.Edit(r.Context(), slug, actor(r), func(page *shop.Page) (err error) {
			id, err = page.Add(form.Get("kind"))
			return err
		})
		return look.T("The block stands at the end. Say what it shall say."), blockPath(slug, id), err
	}})
}

// blockButton is a button that does something with one block.
func (p *Panel) blockButton(w http.ResponseWriter, r *http.Request, names []string, said string, do func(page *shop.Page, at int, form url.Values) error) error {
	look, slug := ui.LookOf(r), r.PathValue("slug")
	return p.take(w, r, post{right: mayWrite, names: names, act: func(form url.Values) (string, string, error) {
		id, _ := strconv.Atoi(r.PathValue("id")) // what is no number is no block
		err := p.Shop.Edit(r.Context(), slug, actor(r), func(page *shop.Page) error {
			at := slices.IndexFunc(page.Sections, func(b shop.Section) bool { return b.ID == id })
			if at < 0 {
				return fault.New(fault.Missing, "This block is not on the page any more.")
			}
			return do(page, at, form)
		})
		return look.T(said), pagePath(slug), err
	}})
}

func (p *Panel) moveBlock(w http.ResponseWriter, r *http.Request) error {
	return p.blockButton(w, r, []string{"by"}, "Moved", func(page *shop.Page, at int, form url.Values) error {
		to := at + 1
		if form.Get("by") == "-1" {
			to = at - 1
		}
		if to >= 0 && to < len(page.Sections) {
			page.Sections[at], page.Sections[to] = page.Sections[to], page.Sections[at]
		}
		return nil
	})
}

func (p *Panel) hideBlock(w http.ResponseWriter, r *http.Request) error {
	return p.blockButton(w, r, []string{"on"}, "Saved in the draft", func(page *shop.Page, at int, form url.Values) error {
		page.Sections[at].Hidden = form.Get("on") != "1"
		return nil
	})
}

func (p *Panel) dropBlock(w http.ResponseWriter, r *http.Request) error {
	return p.blockButton(w, r, nil, "The block is deleted. “Undo” brings it back.", func(page *shop.Page, at int, _ url.Values) error {
		page.Sections = slices.Delete(page.Sections, at, at+1)
		return nil
	})
}
