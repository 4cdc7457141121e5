package crm

import (
	"context"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"rowhouse/crm/page"
	"rowhouse/crm/record"
	"rowhouse/crm/staff"
	"rowhouse/data/fault"
	"rowhouse/tenant"
	"rowhouse/ui"
	"rowhouse/ui/session"
)

type routes = *http.ServeMux

// Handler serves the CRM of the request's tenant.
func (c *CRM) Handler() http.Handler {
	open := http.NewServeMux()
	open.Handle("GET /{$}", http.RedirectHandler("/admin", http.StatusFound))
	open.Handle("GET /admin/login", ui.Handler(c.showLogin))
	open.Handle("POST /admin/login", ui.Handler(c.login))
	open.Handle("POST /admin/logout", ui.Handler(c.logout))
	open.Handle("GET /admin/second-factor", ui.Handler(c.showFactor))
	open.Handle("POST /admin/second-factor", ui.Handler(c.factor))
	open.Handle("GET /admin/password", ui.Handler(c.showForgot))
	open.Handle("POST /admin/password", ui.Handler(c.forgot))
	open.Handle("GET /admin/password/{secret}", ui.Handler(c.showChoose))
	open.Handle("POST /admin/password/{secret}", ui.Handler(c.choose))
	open.Handle("GET /admin/support/{secret}", ui.Handler(c.enterSupport))
	open.Handle("GET /robots.txt", http.HandlerFunc(noRobots))
	open.Handle("/admin", ui.Handler(c.inside))
	open.Handle("/admin/", ui.Handler(c.inside))
	open.Handle("/", ui.Handler(func(http.ResponseWriter, *http.Request) error {
		return fault.New(fault.Missing, "Nothing is at this address.")
	}))
	for _, add := range c.Public {
		add(open)
	}
	return ui.Handler(func(w http.ResponseWriter, r *http.Request) error {
		look, err := c.look(r)
		if err != nil {
			return err
		}
		open.ServeHTTP(w, ui.WithLook(r, look))
		return nil
	})
}

// A tenant's pages are nobody's business but the tenant's.
func noRobots(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = w.Write([]byte("User-agent: *\nDisallow: /\n"))
}

// look is how pages are drawn for a visitor of a tenant's site.
func (c *CRM) look(r *http.Request) (*ui.Look, error) {
	site := tenant.Of(r)
	settings, err := record.Settings(r.Context(), site.DB)
	if err != nil {
		return nil, err
	}
	look := *ui.LookOf(r)
	look.SignIn, look.Now = "/admin/login", c.Clock.Now()
	look.Zone = zone(settings["zone"])
	look.Words = ui.WordsOf(r)
	if r.Header.Get("Accept-Language") == "" {
		look.Words = ui.WordsFor(settings["language"])
	}
	look.Brand = ui.Brand{Name: site.Company, Hue: hue(settings["brand.hue"]), Home: "/admin", Host: strings.TrimPrefix(strings.TrimPrefix(site.URL, "https://"), "http://")}
	if name := settings["company.name"]; name != "" {
		look.Brand.Name = name
	}
	if logo := settings["brand.logo"]; logo != "" {
		look.Brand.Logo = "/logo/" + logo
	}
	return &look, nil
}

func hue(s string) int {
	n := 0
	for _, r := range s {
		if r < '0' || r > '9' || n > 360 {
			return 272
		}
		n = n*10 + int(r-'0')
	}
	if s == "" || n > 360 {
		return 272
	}
	return n
}

func zone(name string) *time.Location {
	if z, err := time.LoadLocation(name); err == nil {
		return z
	}
	return time.UTC
}

func (c *CRM) book(ctx context.Context, site tenant.Site) (*record.Book, error) {
	key, entities := c.entities(ctx, site)
	return record.Open(ctx, site.DB, key, entities)
}

// inside serves what only signed-in staff see: the routes of the modules that the plan includes.
func (c *CRM) inside(w http.ResponseWriter, r *http.Request) error {
	if path, slash := strings.CutSuffix(r.URL.Path, "/"); slash && r.Method == http.MethodGet && strings.Trim(path, "/") != "" {
		return ui.Back(w, r, "/"+strings.Trim(path, "/")) // people type it, and proxies add it
	}
	site := tenant.Of(r)
	s, err := c.Cookies.Of(r.Context(), site.DB, r, c.Clock.Now())
	if err != nil {
		return err
	}
	if s.Person == 0 || s.Pending {
		return fault.New(fault.SignIn, "Please sign in.")
	}
	p, err := staff.ByID(r.Context(), site.DB, s.Person)
	if err != nil {
		return err
	}
	// Support may come before the owner has chosen a password.
	if p.State != staff.Active && (s.Guest == "" || p.State != staff.Invited) {
		return fault.New(fault.SignIn, "Please sign in.")
	}
	if err := c.checkGuest(r, s); err != nil {
		return err
	}
	if s.Guest == "" { // support takes nobody's seat
		if err := staff.Seated(r.Context(), site.DB, site.Limits.Staff, p.ID); err != nil {
			return err
		}
	}
	d, err := c.desk(r, site, s, p)
	if err != nil {
		return err
	}
	mux, err := c.routesOf(site, d)
	if err != nil {
		return err
	}
	w.Header().Set("Cache-Control", "no-store") // also for what is no page: titles, files of rows, pieces of forms
	mux.ServeHTTP(w, page.With(ui.WithLook(r, d.Store.Look), d))
	if d.Store.Posted {
		c.Letters(r.Context(), site.DB, site.Name)
	}
	return nil
}

// routesOf returns the routes of a tenant's plan. They are made when its file is opened and kept with it.
func (c *CRM) routesOf(site tenant.Site, d *page.Desk) (*http.ServeMux, error) {
	kept, err := site.DB.Keep("routes/"+d.Store.Book.Key, func() (any, error) {
		mux := http.NewServeMux()
		mux.Handle("GET /admin", page.Handler(c.dashboard))
		mux.Handle("GET /admin/search", page.Handler(page.ShowSearch))
		mux.Handle("GET /admin/live", page.Handler(c.live))
		mux.Handle("POST /admin/notices/{key}/dismissal", page.Handler(c.dismiss))
		for _, e := range d.Store.Book.Entities {
			page.Routes(mux, e)
		}
		for _, add := range c.Routes {
			add(mux)
		}
		mux.Handle("/", ui.Handler(func(http.ResponseWriter, *http.Request) error {
			return fault.New(fault.Missing, "Nothing is at this address.")
		}))
		return mux, nil
	})
	if err != nil {
		return nil, err
	}
	return kept.(*http.ServeMux), nil
}

// desk puts together where a person works during a request.
func (c *CRM) desk(r *http.Request, site tenant.Site, s session.Session, p staff.Person) (*page.Desk, error) {
	ctx := r.Context()
	book, err := c.book(ctx, site)
	if err != nil {
		return nil, err
	}
	actor, err := p.Actor(ctx, site.DB)
	if err != nil {
		return nil, err
	}
	look := *ui.LookOf(r)
	switch {
	case p.Language != "":
		look.Words = ui.WordsFor(p.Language)
	case book.Settings["language"] != "":
		look.Words = ui.WordsFor(book.Settings["language"])
	}
	if p.Zone != "" {
		look.Zone = zone(p.Zone)
	}
	look.Mirror = p.Mirror
	store := &record.Store{DB: site.DB, Book: book, Actor: actor, Now: c.Clock.Now(), Request: look.Request, House: site.UID, Hub: c.Hub, Look: &look,
		IP: session.IP(r), Files: site.Folder + "/files", Room: site.Limits.Room, Records: site.Limits.Records, URL: site.URL}
	if s.Guest != "" {
		store.IP = s.Guest // the log must not take what support does for the owner's
	}
	d := &page.Desk{Site: site, Person: p, Session: s, Store: store, Menu: menu(book, actor)}
	d.Announced = c.announced(r, d)
	d.Letters = func(ctx context.Context) { c.Letters(ctx, site.DB, site.Name) }
	d.Later = func(name string, work func(context.Context, *record.Store) error) { c.later(site, store, name, work) }
	return d, nil
}

// later runs work after the answer, with the tenant's file kept open for it.
func (c *CRM) later(site tenant.Site, s *record.Store, name string, work func(context.Context, *record.Store) error) {
	go func() {
		ctx, cancel := context.WithTimeout(context.Background(), 30*time.Minute)
		defer cancel()
		db, done, err := c.Use(ctx, site.Name)
		if err == nil {
			defer done()
			own := *s
			own.DB, own.Request = db, ""
			err = work(ctx, &own)
		}
		if err != nil {
			slog.Error("work after a request failed", "tenant", site.Name, "work", name, "err", err)
		}
	}()
}

func menu(book *record.Book, actor record.Actor) []ui.Group {
	groups := []ui.Group{{Items: []ui.Item{{Label: "Dashboard", URL: "/admin", Icon: "layout-dashboard", Key: "d"}}}}
	for _, e := range book.Entities {
		if actor.Right(e).View == record.None {
			continue
		}
		item := ui.Item{Label: e.Many, URL: e.URL(), Icon: e.Icon, Key: e.Key}
		if last := &groups[len(groups)-1]; last.Label == e.Group {
			last.Items = append(last.Items, item)
		} else {
			groups = append(groups, ui.Group{Label: e.Group, Items: []ui.Item{item}})
		}
	}
	more := ui.Group{Label: "Company", Items: []ui.Item{{Label: "Trash", URL: "/admin/settings/trash", Icon: "trash-2", Key: "t"}}}
	if actor.Admin {
		more.Items = append([]ui.Item{{Label: "Staff", URL: "/admin/staff", Icon: "users-round", Key: "s"}, {Label: "Settings", URL: "/admin/settings", Icon: "settings", Key: "e"}}, more.Items...)
	}
	return append(groups, more)
}

// live streams what changes to an open page, as long as its session is good.
func (c *CRM) live(w http.ResponseWriter, r *http.Request, d *page.Desk) error {
	alive := func() bool {
		s, err := c.Cookies.Of(r.Context(), d.Site.DB, r, c.Clock.Now())
		return err == nil && s.Person == d.Person.ID && !s.Pending
	}
	may := func(topic string) bool { return d.Store.MayFollow(r.Context(), topic) }
	return c.Hub.Serve(w, r, d.Site.UID, d.Person.ID, may, alive)
}
