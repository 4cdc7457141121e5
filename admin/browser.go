package admin

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"rowhouse/admin/office"
	"rowhouse/data/fault"
	"rowhouse/ui"
)

var browserPage = ui.Parse[browserSheet](files, ui.App, "browser.html", "parts.html")

// browserSheet is a look at the host's tables, which changes nothing.
type browserSheet struct {
	ui.Frame
	Views        []tab
	View         office.View
	Rows         [][]string
	Total        int
	Filter, Sort string
	Problem      string
	Older, Newer string
}

// BackOffice serves /back-office/ to operators and their programs.
func (p *Panel) BackOffice() http.Handler {
	inside := http.NewServeMux()
	inside.Handle("GET /back-office/{$}", ui.Handler(p.browse))
	inside.Handle("GET /back-office/tables/{view}", ui.Handler(p.browse))
	inside.Handle("/", http.HandlerFunc(noDoor))
	pages := p.look(p.only(inside))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/back-office/api/") {
			ui.Handler(p.serveAPI).ServeHTTP(w, r)
			return
		}
		if r.URL.Path != "/back-office/" && !strings.HasPrefix(r.URL.Path, "/back-office/tables/") {
			noDoor(w, r)
			return
		}
		pages.ServeHTTP(w, r)
	})
}

// noDoor is the answer to every other address, to everybody: what is behind them is nobody's business.
func noDoor(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(http.StatusNotFound)
	_, _ = w.Write([]byte(`{"message":"There is nothing here.","status":404}` + "\n"))
}

// serveAPI answers an operator's program, or their browser.
func (p *Panel) serveAPI(w http.ResponseWriter, r *http.Request) error {
	a, err := p.bearer(r)
	if fault.Is(err, fault.TooMany) {
		w.Header().Set("Retry-After", "60")
		http.Error(w, `{"message":"Too many requests.","status":429}`, http.StatusTooManyRequests)
		return nil
	}
	if err == nil && a.Number == 0 {
		a, err = p.signedIn(r)
	}
	if err != nil {
		return err
	}
	if a.Number == 0 {
		noDoor(w, r)
		return nil
	}
	o, err := p.Office(r.Context())
	if err != nil {
		return err
	}
	o.Serve(w, r, a)
	return nil
}

// signedIn returns whose browser it is, or the zero Account.
func (p *Panel) signedIn(r *http.Request) (office.Account, error) {
	s, err := p.Cookies.Of(r.Context(), p.DB, r, p.Clock.Now())
	if err != nil || s.Pending {
		return office.Account{}, err
	}
	return p.operator(r, s.Person)
}

func (p *Panel) browse(w http.ResponseWriter, r *http.Request) error {
	o, err := p.Office(r.Context())
	if err != nil {
		return err
	}
	a := visitOf(r).operator
	page := browserSheet{Frame: p.frame(w, r, "Data browser", "/back-office/"), Filter: r.FormValue("filter"), Sort: r.FormValue("sort")}
	views := o.Views(a.Role)
	here := r.PathValue("view")
	if here == "" && len(views) > 0 {
		here = views[0].Name
	}
	for _, v := range views {
		page.Views = append(page.Views, tab{Label: v.Label, URL: "/back-office/tables/" + v.Name, Current: v.Name == here})
		if v.Name == here {
			page.View = v
		}
	}
	if page.View.Name == "" {
		return fault.New(fault.Missing, "Nothing is at this address.")
	}
	n, _ := strconv.Atoi(r.FormValue("page")) // no number is the first page
	n = max(n, 1)
	status := http.StatusOK
	page.Rows, page.Total, err = o.Rows(r.Context(), a, here, page.Filter, page.Sort, n)
	if f := fault.Of(err); err != nil && f.Kind == fault.Invalid {
		page.Problem, status = page.T(f.Format, f.Args...), http.StatusUnprocessableEntity
	} else if err != nil {
		return err
	}
	page.Newer, page.Older = page.turn(n)
	return browserPage.ShowAs(w, r, status, page)
}

// turn are the addresses of the pages beside the one of number n.
func (s browserSheet) turn(n int) (newer, older string) {
	at := func(n int) string {
		return "/back-office/tables/" + s.View.Name + "?" + url.Values{"filter": {s.Filter}, "sort": {s.Sort}, "page": {strconv.Itoa(n)}}.Encode()
	}
	if n > 1 {
		newer = at(n - 1)
	}
	if n*office.RowsPerPage < s.Total {
		older = at(n + 1)
	}
	return newer, older
}

// Columns are the headings; each sorts by its column.
func (s browserSheet) Columns() []tab {
	var list []tab
	for _, c := range s.View.Columns {
		sort := c
		if s.Sort == c {
			sort = "-" + c
		}
		list = append(list, tab{Label: c, URL: "?" + url.Values{"filter": {s.Filter}, "sort": {sort}}.Encode(), Current: s.Sort == c || s.Sort == "-"+c})
	}
	return list
}
