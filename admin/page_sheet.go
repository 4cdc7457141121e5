package admin

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"rowhouse/billing/shop"
	"rowhouse/ui"
)

// pageSheet is the editor of a page.
type pageSheet struct {
	ui.Frame
	Slug, Path, Public string
	Own                bool
	Steps              int // of the draft, that can be taken back
	Out                bool
	Blocks             []blockRow
	Kinds              []option
	Titles             box
	Versions           []versionRow
	Draft              shop.Edition
}

type blockRow struct {
	shop.Section
	Path, Icon, Label, Says string
	First, Last             bool
}

type versionRow struct {
	shop.Edition
	When string
	Now  bool
}

func (p *Panel) page(w http.ResponseWriter, r *http.Request) error {
	return p.pageWith(w, r, http.StatusOK, nil)
}

func (p *Panel) pageWith(w http.ResponseWriter, r *http.Request, status int, bad *refused) error {
	slug := r.PathValue("slug")
	e, steps, err := p.Shop.Draft(r.Context(), slug)
	if err != nil {
		return err
	}
	sheet := pageSheet{Frame: p.below(w, r, "Pages", "Pages", "/admin/pages"), Slug: slug, Path: pagePath(slug), Public: publicPath(slug), Steps: steps, Draft: e, Own: shop.IsOwn(slug)}
	sheet.Title = pageTitle(sheet.Look, e.Page)
	for n, b := range e.Page.Sections {
		sheet.Blocks = append(sheet.Blocks, blockLine(sheet.Look, slug, b, n, len(e.Page.Sections)))
	}
	for _, kind := range shop.SectionKinds {
		sheet.Kinds = append(sheet.Kinds, option{Value: kind.Name, Label: sheet.T(kind.Label)})
	}
	if sheet.Versions, err = p.versions(r.Context(), sheet.Look, slug); err != nil {
		return err
	}
	sheet.Out = len(sheet.Versions) > 0 || !sheet.Own
	sheet.Titles = box{Look: sheet.Look, ID: "titles", Action: sheet.Path, Label: "Title of the page", Button: sheet.T("Save"), Inputs: titleInputs(e.Page.Titles)}
	if sheet.Own {
		sheet.Titles.Inputs = append(sheet.Titles.Inputs, input{Name: "menu", Label: "In the navigation at the top", Kind: "check", On: e.Page.Menu})
	}
	sheet.Titles = sheet.Titles.again(bad)
	return pagePage.ShowAs(w, r, status, sheet)
}

func blockLine(look *ui.Look, slug string, b shop.Section, n, of int) blockRow {
	row := blockRow{Section: b, Path: blockPath(slug, b.ID), First: n == 0, Last: n == of-1}
	if kind, err := shop.KindOf(b.Kind); err == nil {
		row.Icon, row.Label = kind.Icon, look.T(kind.Label)
	}
	w := b.In(look.Tag)
	for _, words := range []string{w.Title, w.Text, w.Items, w.Alt} {
		if words != "" {
			line, _, _ := strings.Cut(look.T(words), "\n")
			row.Says = short(line, 90)
			break
		}
	}
	return row
}

// short cuts a line that is too long for its place.
func short(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}

func (p *Panel) versions(ctx context.Context, look *ui.Look, slug string) ([]versionRow, error) {
	editions, err := p.Shop.Editions(ctx, slug)
	if err != nil {
		return nil, err
	}
	var rows []versionRow
	for n, e := range editions {
		rows = append(rows, versionRow{e, look.Moment(e.At), n == 0})
	}
	return rows, nil
}

// draft shows a page as it will be. The panel's door is before it, so no stranger sees it.
func (p *Panel) draft(w http.ResponseWriter, r *http.Request) error {
	return p.Shop.ShowDraft(w, r, r.PathValue("slug"), pagePath(r.PathValue("slug")))
}

func (p *Panel) titlePage(w http.ResponseWriter, r *http.Request) error {
	look, slug := ui.LookOf(r), r.PathValue("slug")
	return p.take(w, r, post{right: mayWrite, form: "titles", names: []string{"title_en", "title_de", "menu"}, page: p.pageWith, act: func(form url.Values) (string, string, error) {
		titles, err := readTitles(form)
		if err != nil {
			return "", "", err
		}
		err = p.Shop.Edit(r.Context(), slug, actor(r), func(page *shop.Page) error {
			page.Titles, page.Menu = titles, form.Get("menu") != ""
			return nil
		})
		return look.T("Saved in the draft"), pagePath(slug), err
	}})
}

// pageAct is a button that does something with a whole page.
func (p *Panel) pageAct(done string, do func(ctx context.Context, slug, actor string) error) ui.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		look, slug := ui.LookOf(r), r.PathValue("slug")
		return p.take(w, r, post{right: mayWrite, act: func(url.Values) (string, string, error) {
			if err := do(r.Context(), slug, actor(r)); err != nil {
				return "", "", err
			}
			to := pagePath(slug)
			if _, _, err := p.Shop.Draft(r.Context(), slug); err != nil {
				to = "/admin/pages" // the page has ended with it
			}
			return look.T(done), to, nil
		}})
	}
}

func (p *Panel) undoPage(w http.ResponseWriter, r *http.Request) error {
	return p.pageAct("The last change is taken back.", func(ctx context.Context, slug, _ string) error { return p.Shop.Undo(ctx, slug) })(w, r)
}

func (p *Panel) bringBackPage(w http.ResponseWriter, r *http.Request) error {
	look, slug := ui.LookOf(r), r.PathValue("slug")
	return p.take(w, r, post{right: mayWrite, names: []string{"version"}, act: func(form url.Values) (string, string, error) {
		id, _ := strconv.ParseInt(form.Get("version"), 10, 64) // what is no number is no version
		err := p.Shop.BringBack(r.Context(), slug, id, actor(r))
		if form.Get("version") == "built-in" {
			err = p.Shop.BringBackBuiltIn(r.Context(), slug, actor(r))
		}
		return look.T("This version is the draft now. Publish it to bring it back."), pagePath(slug), err
	}})
}
