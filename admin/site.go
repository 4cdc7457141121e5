package admin

import (
	"context"
	"database/sql"
	"net/http"

	"rowhouse/data/fault"
	"rowhouse/ui"
)

var (
	sitePage  = ui.Parse[siteForm](files, ui.App, "site.html")
	namesPage = ui.Parse[nameList](files, ui.App, "names.html")
)

// siteText is one of the site's texts that stand on every page. Those of the pages are edited as blocks.
type siteText struct {
	Key, Label, Hint string
	Lines            int // more than one: a large field
}

var siteTexts = []siteText{
	{"brand", "Name", "Stands on every page and in every letter.", 1},
	{"hue", "Colour", "A number from 0 to 359: the one colour of everything. 272 is violet, 155 green, 25 red.", 1},
	{"contact", "Contact address", "An e-mail address for questions.", 1},
}

type siteForm struct {
	ui.Frame
	Fields  []siteField
	Problem string
}

type siteField struct {
	siteText
	Value string
}

func (p *Panel) site(w http.ResponseWriter, r *http.Request) error {
	own, err := p.ownTexts(r.Context())
	if err != nil {
		return err
	}
	return p.siteWith(w, r, http.StatusOK, own, "")
}

// ownTexts are those that the host has written; the others are built in.
func (p *Panel) ownTexts(ctx context.Context) (map[string]string, error) {
	rows, err := p.DB.Query(ctx, `select key, value from site_text`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	own := map[string]string{}
	for rows.Next() {
		var key, value string
		if err := rows.Scan(&key, &value); err != nil {
			return nil, err
		}
		own[key] = value
	}
	return own, rows.Err()
}

func (p *Panel) siteWith(w http.ResponseWriter, r *http.Request, status int, values map[string]string, problem string) error {
	page := siteForm{Frame: p.frame(w, r, "Name and colour", "/admin/site"), Problem: problem}
	for _, t := range siteTexts {
		t.Label = page.T(t.Label)
		if t.Hint != "" {
			t.Hint = page.T(t.Hint)
		}
		page.Fields = append(page.Fields, siteField{t, values[t.Key]})
	}
	return sitePage.ShowAs(w, r, status, page)
}

func (p *Panel) saveSite(w http.ResponseWriter, r *http.Request) error {
	if err := may(r, mayWrite); err != nil {
		return err
	}
	var keys []string
	for _, t := range siteTexts {
		keys = append(keys, t.Key)
	}
	form, err := ui.Form(w, r, keys...)
	if err != nil {
		return err
	}
	texts, err := p.Shop.Texts(r.Context())
	if err != nil {
		return err
	}
	err = p.DB.Tx(r.Context(), func(tx *sql.Tx) error {
		for key := range form {
			if err := texts.Set(r.Context(), tx, key, form.Get(key)); err != nil {
				return err
			}
		}
		return p.Tenants.Audit(r.Context(), tx, visitOf(r).operator.Email, "public site changed", "", "")
	})
	if f := fault.Of(err); err != nil && f.Kind == fault.Invalid {
		typed := map[string]string{}
		for key := range form {
			typed[key] = form.Get(key)
		}
		return p.siteWith(w, r, http.StatusUnprocessableEntity, typed, ui.LookOf(r).T(f.Format, f.Args...))
	}
	if err != nil {
		return err
	}
	ui.Say(w, ui.LookOf(r).T("Saved"), "")
	return ui.Back(w, r, "/admin/site")
}

type nameList struct {
	ui.Frame
	Names          []string
	Typed, Problem string
}

func (p *Panel) names(w http.ResponseWriter, r *http.Request) error {
	return p.namesWith(w, r, http.StatusOK, "", "")
}

func (p *Panel) namesWith(w http.ResponseWriter, r *http.Request, status int, typed, problem string) error {
	list, err := p.Tenants.BlockedNames(r.Context())
	if err != nil {
		return err
	}
	return namesPage.ShowAs(w, r, status, nameList{p.frame(w, r, "Blocked names", "/admin/names"), list, typed, problem})
}

func (p *Panel) block(w http.ResponseWriter, r *http.Request) error {
	if err := may(r, mayWrite); err != nil {
		return err
	}
	form, err := ui.Form(w, r, "name")
	if err != nil {
		return err
	}
	err = p.Tenants.Block(r.Context(), form.Get("name"), visitOf(r).operator.Email)
	if f := fault.Of(err); err != nil && f.Kind == fault.Invalid {
		return p.namesWith(w, r, http.StatusUnprocessableEntity, form.Get("name"), ui.LookOf(r).T(f.Format, f.Args...))
	}
	if err != nil {
		return err
	}
	return ui.Back(w, r, "/admin/names")
}

func (p *Panel) unblock(w http.ResponseWriter, r *http.Request) error {
	if err := may(r, mayWrite); err != nil {
		return err
	}
	form, err := ui.Form(w, r, "name")
	if err != nil {
		return err
	}
	if err := p.Tenants.Unblock(r.Context(), form.Get("name")); err != nil {
		return err
	}
	return ui.Back(w, r, "/admin/names")
}
