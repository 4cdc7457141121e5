package main

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"log/slog"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"rowhouse/admin"
	"rowhouse/admin/hook"
	"rowhouse/admin/job"
	"rowhouse/admin/office"
	"rowhouse/billing"
	"rowhouse/billing/paper"
	"rowhouse/billing/rehearsal"
	"rowhouse/billing/shop"
	"rowhouse/billing/till"
	"rowhouse/crm"
	"rowhouse/crm/custom"
	"rowhouse/crm/settings"
	"rowhouse/crm/staff"
	"rowhouse/data"
	"rowhouse/data/clock"
	"rowhouse/data/fault"
	"rowhouse/tenant"
	"rowhouse/ui"
	"rowhouse/ui/live"
	"rowhouse/ui/mail"
	"rowhouse/ui/session"
)

// config is what the flags say.
type config struct {
	dir    string // where everything is kept
	domain string // example.com, with a port if visitors see one
	https  bool   // visitors come by https
	proxy  bool   // a proxy in front says who they are
	demo   bool   // letters stay in the built-in inbox, which everybody may read
	clock  clock.Clock
	given  map[string]admin.Given // which of these were said, and where
}

// app is the parts, put together.
type app struct {
	config
	host    *data.DB
	tenants *tenant.Tenants
	billing *billing.Billing
	ahead   *clock.Shifted // the clock of billing: the demo's time machine moves it, and nobody is signed out by that
	desk    *rehearsal.Desk
	desks   backOffice
	options *admin.Settings
	panel   *admin.Panel
	hooks   *hook.Hooks
	board   *job.Board
	shop    *shop.Shop
	crm     *crm.CRM
	shelf   *custom.Shelf
	handler http.Handler
	site    http.Handler // the CRM without the choice by host
	unlock  func() error
	wake    chan struct{}
	work    sync.WaitGroup
	stop    context.CancelFunc
}

// hostSchema is the schema of the host's file.
func hostSchema() data.Schema {
	return data.Schema{{Name: "mail", Files: mail.Schema}, {Name: "session", Files: session.Schema}, {Name: "tenant", Files: tenant.Schema},
		{Name: "billing", Files: billing.Schema}, {Name: "rehearsal", Files: rehearsal.Schema}, {Name: "shop", Files: shop.Schema}, {Name: "admin", Files: admin.Schema},
		{Name: "custom", Files: custom.Schema}, {Name: "hook", Files: hook.Schema}}
}

// build puts the parts together. It is the only function that knows all of them.
func build(ctx context.Context, c config) (*app, error) {
	a := &app{config: c, wake: make(chan struct{}, 1)}
	if a.clock == nil {
		a.clock = clock.Real{}
	}
	a.ahead = &clock.Shifted{Base: a.clock}
	if err := a.folders(); err != nil {
		return nil, err
	}
	var err error
	if a.unlock, err = data.Lock(c.dir); err != nil {
		return nil, err
	}
	if a.host, err = openHost(ctx, c.dir); err != nil {
		return nil, errors.Join(err, a.unlock())
	}
	if err := a.parts(); err != nil {
		return nil, errors.Join(err, a.host.Close(), a.unlock())
	}
	if err := errors.Join(a.mailbox(ctx), a.tenants.Tidy(ctx)); err != nil {
		return nil, errors.Join(err, a.close())
	}
	a.routes()
	return a, nil
}

func (a *app) folders() error {
	for _, name := range []string{"host", "tenants", "template", "backups", "archive", "trash"} {
		if err := os.MkdirAll(filepath.Join(a.dir, name), 0o700); err != nil {
			return fault.Because(err, fault.Invalid, "The folder %s cannot be written: %s", a.dir, errors.Unwrap(err))
		}
	}
	return nil
}

// openHost opens the host's file. It makes one only where there is nothing yet: a lost file beside tenants that
// are there must not become an empty list of them.
func openHost(ctx context.Context, dir string) (*data.DB, error) {
	path := filepath.Join(dir, "host", "data.db")
	db, err := data.Open(ctx, path)
	if errors.Is(err, fs.ErrNotExist) {
		left, readErr := os.ReadDir(filepath.Join(dir, "tenants"))
		if readErr != nil {
			return nil, readErr
		}
		if len(left) > 0 {
			return nil, fault.New(fault.Damaged, "%s is missing, but there are tenants. Put it back from a backup.", path)
		}
		db, err = data.Create(ctx, path)
	}
	if err != nil {
		return nil, err
	}
	return db, hostSchema().Migrate(ctx, db, func(ctx context.Context, _ []string) error {
		copied := db.CopyTo(ctx, filepath.Join(dir, "backups", "host-before-"+time.Now().UTC().Format("2006-01-02T150405.000Z")+".db"))
		return errors.Join(copied, office.DropViews(ctx, db)) // they would hinder changes of the tables that they show
	})
}

func (a *app) parts() error {
	a.crm = &crm.CRM{Clock: a.clock, Cookies: session.Cookies{HTTPS: a.https}, Hub: &live.Hub{}, Letters: a.forward}
	a.crm.Routes = append(a.crm.Routes, settings.Routes)
	a.crm.Public = append(a.crm.Public, func(mux *http.ServeMux) { mux.Handle("GET /logo/{hash}", ui.Handler(settings.Logo)) })
	schema := crm.Schema()
	a.tenants = &tenant.Tenants{DB: a.host, Dir: a.dir, Domain: a.domain, HTTPS: a.https, Clock: a.ahead,
		Template: &data.Template{Dir: filepath.Join(a.dir, "template"), Schema: schema, Fill: crm.Fill, Version: crm.FillVersion},
		CRM: tenant.CRM{Schema: schema, Identify: crm.Identify(a.clock), Seed: a.crm.Seed, Scrub: crm.Scrub, Carry: crm.Carry, Invite: func(ctx context.Context, db *data.DB) (string, error) {
			return staff.InviteOwner(ctx, db, a.clock.Now())
		}, Smoke: a.smoke}}
	a.tenants.Files = &data.Pool{Dir: filepath.Join(a.dir, "tenants"), Prepare: a.tenants.Prepare}
	a.shelf = &custom.Shelf{DB: a.host, Clock: a.clock, Builtin: crm.Entities(), Audit: func(ctx context.Context, tx *sql.Tx, actor, act, detail string) error {
		return a.tenants.Audit(ctx, tx, actor, act, "", detail)
	}}
	a.crm.Modules = a.shelf.Of
	a.crm.MayVisit = a.mayVisit
	a.crm.Use, a.crm.Home = a.tenants.Files.Use, a.tenants.Home()
	if err := a.till(); err != nil {
		return err
	}
	a.jobs()
	a.site = a.crm.Handler() // once all routes are known
	return nil
}

func (a *app) routes() {
	home := http.NewServeMux()
	home.Handle("/", a.shop)
	(&till.Till{Billing: a.billing, Brand: a.shop.BrandOf, Demo: a.demo, Draw: a.drawInvoice}).Routes(home)
	stage := &rehearsal.Stage{Desk: a.desk, Brand: a.shop.BrandOf}
	if a.demo {
		stage.Advance = a.advance
	}
	stage.Routes(home)
	a.panel = &admin.Panel{DB: a.host, Tenants: a.tenants, Billing: a.billing, Shop: a.shop, Cookies: session.Cookies{HTTPS: a.https}, Clock: a.clock, Wake: a.poke, Modules: crm.Entities(), Shelf: a.shelf, Forward: a.forward, Office: a.office, Lenient: a.demo, Settings: a.options, Hooks: a.hooks, Jobs: a.board,
		Try: func(ctx context.Context, m admin.Mailbox, l mail.Letter) error {
			return a.sender(m).Try(ctx, a.clock.Now(), l)
		}}
	a.crm.Notices = a.panel.Notices
	inside := a.panel.Handler()
	home.Handle("/admin", inside)
	home.Handle("/admin/", inside)
	home.Handle("/back-office/", a.panel.BackOffice())
	if a.demo {
		home.Handle("GET /inbox", ui.Handler(a.inbox))
	}
	all := http.NewServeMux()
	all.Handle("GET /static/", ui.Assets())
	all.Handle("GET /brand.css", http.HandlerFunc(ui.BrandSheet))
	all.Handle("/", a.tenants.ByHost(home, a.site))
	a.handler = ui.Guard(all, a.https)
	if a.proxy {
		a.handler = behindProxy(a.handler)
	}
}

// behindProxy takes the visitor's address from the proxy, which the operator has said to trust. The last entry is the one
// that the proxy itself has written.
func behindProxy(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		// Some proxies add a line of their own behind those that the visitor has sent, instead of to the first.
		list := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
		if last, err := netip.ParseAddr(strings.TrimSpace(list[len(list)-1])); err == nil {
			r.RemoteAddr = netip.AddrPortFrom(last.WithZone(""), 0).String()
		}
		next.ServeHTTP(w, r)
	})
}

func (a *app) drawInvoice(ctx context.Context, id int64) (string, []byte, error) {
	return paper.Invoice(ctx, a.billing, id)
}

// forward sends on the letters of a tenant's file. What fails stays there and goes with the next.
func (a *app) forward(ctx context.Context, db *data.DB, house string) {
	if err := mail.Forward(context.WithoutCancel(ctx), db, a.host, house); err != nil {
		slog.Error("letters not forwarded", "tenant", house, "err", err)
	}
}

// poke wakes the provisioning.
func (a *app) poke() {
	select {
	case a.wake <- struct{}{}:
	default:
	}
}

// close ends everything in the order in which nothing is lost.
func (a *app) close() error {
	if a.stop != nil {
		a.stop()
	}
	a.board.Close()
	a.tenants.EndBackups()
	a.work.Wait()
	return errors.Join(a.desks.close(), a.tenants.Files.Close(), a.host.Close(), a.unlock())
}
