package page

import (
	"net/http"
	"strings"

	"rowhouse/crm/entity"
	"rowhouse/ui"
)

var searchPage = ui.Parse[Search](files, ui.App, "search.html")

// Search is the page of what a search found, and the part of it that the palette shows.
type Search struct {
	ui.Frame
	Q      string
	Groups []SearchGroup
}

// SearchGroup is what was found of one entity.
type SearchGroup struct {
	Label, Icon string
	Hits        []Hit
}

// Hit is one record.
type Hit struct{ Title, Subtitle, URL string }

// ShowSearch answers a search over all entities.
func ShowSearch(w http.ResponseWriter, r *http.Request, d *Desk) error {
	q := []rune(strings.TrimSpace(r.FormValue("q")))
	p := Search{Q: string(q[:min(len(q), 100)])}
	limit := 25
	palette := ui.InFrame(r, "palette")
	if palette {
		limit = 6
	}
	found, err := d.Store.Search(r.Context(), p.Q, limit)
	if err != nil {
		return err
	}
	for _, f := range found {
		label := d.Store.Look.T(f.Entity.Many)
		if n := len(p.Groups); n == 0 || p.Groups[n-1].Label != label {
			p.Groups = append(p.Groups, SearchGroup{Label: label, Icon: f.Entity.Icon})
		}
		g := &p.Groups[len(p.Groups)-1]
		g.Hits = append(g.Hits, Hit{f.Title, f.Subtitle, f.Entity.URL() + "/" + itoa(f.ID)})
	}
	if palette {
		p.Frame = ui.NewFrame(r, "")
		return searchPage.Part(w, "palette-found", http.StatusOK, p)
	}
	p.Frame = d.Frame(w, r, d.Store.Look.T("Search"), "/admin/search")
	return searchPage.Show(w, r, p)
}

// titles answers the picker of a link with records whose titles fit.
func titles(w http.ResponseWriter, r *http.Request, d *Desk, e *entity.Entity) error {
	found, err := d.Store.SearchIn(r.Context(), e, r.FormValue("q"), 12)
	if err != nil {
		return err
	}
	var h ui.HTML
	for _, f := range found {
		h.Tag(`<option value="`).Text(f.Title + " #" + itoa(f.ID)).Tag(`">`)
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, err = w.Write([]byte(h.String()))
	return err
}
