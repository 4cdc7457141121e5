// Package page draws any entity: its list, its board, its detail, its forms, its import and export.
package page

import (
	"context"
	"embed"
	"net/http"
	"strconv"

	"rowhouse/crm/entity"
	"rowhouse/crm/record"
	"rowhouse/crm/staff"
	"rowhouse/data/fault"
	"rowhouse/tenant"
	"rowhouse/ui"
	"rowhouse/ui/session"
)

//go:embed *.html
var files embed.FS

// Desk is where one person works during one request: who they are, what they may see, how it is drawn.
type Desk struct {
	Site      tenant.Site
	Person    staff.Person
	Session   session.Session
	Store     *record.Store
	Menu      []ui.Group
	Announced []ui.Notice                                                        // by the host
	Letters   func(ctx context.Context)                                          // sends what a request has posted on its way
	Later     func(name string, work func(context.Context, *record.Store) error) // runs work after the request
}

type deskKey struct{}

// With returns a request with its desk.
func With(r *http.Request, d *Desk) *http.Request {
	return r.WithContext(context.WithValue(r.Context(), deskKey{}, d))
}

// Of returns the request's desk. Only handlers behind the sign-in may ask.
func Of(r *http.Request) *Desk { return r.Context().Value(deskKey{}).(*Desk) }

// Handler is a handler for somebody who is signed in.
type Handler func(w http.ResponseWriter, r *http.Request, d *Desk) error

// ServeHTTP hands the desk over.
func (h Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	ui.Handler(func(w http.ResponseWriter, r *http.Request) error { return h(w, r, Of(r)) }).ServeHTTP(w, r)
}

// Frame begins a page of the CRM. Of the navigation, here is the address that is marked.
func (d *Desk) Frame(w http.ResponseWriter, r *http.Request, title, here string) ui.Frame {
	f := ui.NewFrame(r, title)
	look := f.Look
	for _, g := range d.Menu {
		group := ui.Group{Label: look.T(g.Label)}
		for _, item := range g.Items {
			item.Label = look.T(item.Label)
			item.Current = item.URL == here
			group.Items = append(group.Items, item)
		}
		f.Menu = append(f.Menu, group)
	}
	for _, g := range f.Menu {
		f.Tabs = append(f.Tabs, g.Items...)
	}
	f.Tabs = f.Tabs[:min(len(f.Tabs), 4)]
	f.Search = "/admin/search"
	f.Person = &ui.Person{Name: d.Person.Name(), URL: "/admin/profile", SignOut: "/admin/logout", Items: []ui.Item{{Label: look.T("My profile"), URL: "/admin/profile", Icon: "user-round"}}}
	f.Meter = d.meter(r.Context(), look)
	f.Toast = ui.TakeToast(w, r)
	if d.Session.Guest != "" {
		f.Notices = append(f.Notices, ui.Notice{Kind: "bad", Text: look.T("Support: %s is signed in here for %s, until %s. What is changed is noted.", d.Session.Guest, d.Person.Name(), look.Moment(d.Session.Ends))})
	}
	f.Notices = append(f.Notices, d.Announced...)
	if d.Site.Access == tenant.ReadOnly {
		text := look.T("Reading only: what you change now is not kept.")
		if d.Site.Hold.Note != "" {
			text = look.T("Reading only: %s", d.Site.Hold.Note)
		}
		f.Notices = append(f.Notices, ui.Notice{Kind: "warn", Text: text})
	}
	return f
}

// meter is how many seats and how much room of the plan are used.
func (d *Desk) meter(ctx context.Context, look *ui.Look) *ui.Meter {
	seats, err := staff.Seats(ctx, d.Site.DB)
	if err != nil {
		return nil // the page is worth more than its meter
	}
	room, err := d.Store.UsedRoom(ctx)
	if err != nil {
		return nil
	}
	l := d.Site.Limits
	m := &ui.Meter{Plan: l.Plan, Used: seats, Of: max(l.Staff, seats)}
	if l.Staff < 0 {
		m.Text = look.N("%d seat used", "%d seats used", int(seats))
	} else {
		m.Text = look.T("%d of %d seats", seats, l.Staff)
	}
	if l.Room >= 0 {
		m.Text += " · " + look.T("%s of %s", look.Size(room), look.Size(l.Room))
	}
	return m
}

// house is what letters say about the site.
func (d *Desk) House() staff.House {
	return staff.House{Name: d.Site.Company, URL: d.Site.URL, Seats: d.Site.Limits.Staff}
}

// entityOf returns the entity that a route is for, as this tenant has it now.
func (d *Desk) entityOf(name string) (*entity.Entity, error) {
	if e := d.Store.Book.Entity(name); e != nil {
		return e, nil
	}
	return nil, fault.New(fault.Missing, "Nothing is at this address.")
}

// id reads a number from the path.
func id(r *http.Request, name string) (int64, error) {
	n, err := strconv.ParseInt(r.PathValue(name), 10, 64)
	if err != nil || n <= 0 {
		return 0, fault.New(fault.Missing, "Nothing is at this address.")
	}
	return n, nil
}

// one wraps a handler for one record of an entity.
func one(name string, h func(w http.ResponseWriter, r *http.Request, d *Desk, e *entity.Entity, id int64) error) Handler {
	return func(w http.ResponseWriter, r *http.Request, d *Desk) error {
		e, err := d.entityOf(name)
		if err != nil {
			return err
		}
		n, err := id(r, "id")
		if err != nil {
			return err
		}
		return h(w, r, d, e, n)
	}
}

// all wraps a handler for the records of an entity.
func all(name string, h func(w http.ResponseWriter, r *http.Request, d *Desk, e *entity.Entity) error) Handler {
	return func(w http.ResponseWriter, r *http.Request, d *Desk) error {
		e, err := d.entityOf(name)
		if err != nil {
			return err
		}
		return h(w, r, d, e)
	}
}

// Routes registers the pages of an entity. What has no route does not exist, whatever somebody sends.
func Routes(mux *http.ServeMux, e *entity.Entity) {
	at, n, jobs := e.URL(), e.Name, jobsURL(e)
	mux.Handle("GET "+at, all(n, showList))
	mux.Handle("POST "+at, all(n, create))
	mux.Handle("GET "+at+"/new", all(n, showNew))
	mux.Handle("GET "+at+"/titles", all(n, titles))
	mux.Handle("GET "+at+"/filter-row", all(n, filterRowPart))
	mux.Handle("POST "+at+"/bulk", all(n, bulk))
	mux.Handle("POST "+at+"/export", all(n, export))
	mux.Handle("POST "+at+"/views", all(n, saveView))
	mux.Handle("POST /admin/views/"+e.Path+"/{id}/deletion", one(n, deleteView))
	mux.Handle("GET "+at+"/import", all(n, showUpload))
	mux.Handle("POST "+at+"/import", all(n, upload))
	mux.Handle("GET "+jobs+"/{id}", one(n, showJob))
	mux.Handle("POST "+jobs+"/{id}", one(n, startJob))
	mux.Handle("GET "+jobs+"/{id}/failed", one(n, failedRows))
	mux.Handle("GET "+at+"/{id}", one(n, show))
	mux.Handle("POST "+at+"/{id}", one(n, update))
	mux.Handle("GET "+at+"/{id}/edit", one(n, showEdit))
	mux.Handle("POST "+at+"/{id}/deletion", one(n, remove))
	mux.Handle("POST "+at+"/{id}/restoration", one(n, restore))
	mux.Handle("GET "+at+"/{id}/fields/{field}/edit", one(n, showInline))
	mux.Handle("POST "+at+"/{id}/fields/{field}", one(n, saveInline))
	mux.Handle("POST "+at+"/{id}/contact", one(n, contacted))
	mux.Handle("POST "+at+"/{id}/notes", one(n, addNote))
	mux.Handle("POST "+at+"/{id}/notes/{note}/deletion", one(n, deleteNote))
	mux.Handle("GET "+at+"/{id}/files/{file}", one(n, file))
	mux.Handle("POST "+at+"/{id}/files/{file}/deletion", one(n, deleteFile))
	if e.Board.By != "" {
		mux.Handle("GET "+at+"/board", all(n, showBoard))
		mux.Handle("POST "+at+"/{id}/position", one(n, move))
	}
}

// jobsURL is where an entity's imports are.
func jobsURL(e *entity.Entity) string { return "/admin/imports/" + e.Path }
