// Package admin is the host's own panel at example.com/admin: tenants, letters, the public site's words, and all pages about money.
// (A tenant's /admin is another thing: see crm.)
package admin

import (
	"context"
	"embed"
	"net/http"
	"sync"

	"rowhouse/admin/hook"
	"rowhouse/admin/job"
	"rowhouse/admin/office"
	"rowhouse/billing"
	"rowhouse/billing/shop"
	"rowhouse/crm/custom"
	"rowhouse/crm/entity"
	"rowhouse/data"
	"rowhouse/data/clock"
	"rowhouse/data/fault"
	"rowhouse/tenant"
	"rowhouse/ui"
	"rowhouse/ui/mail"
	"rowhouse/ui/session"
)

// Schema is the operators' accounts.
//
//go:embed *.sql
var Schema embed.FS

//go:embed *.html
var files embed.FS

// Panel serves the host's operators.
type Panel struct {
	DB      *data.DB
	Tenants *tenant.Tenants
	Billing *billing.Billing
	Shop    *shop.Shop
	Cookies session.Cookies
	Clock   clock.Clock
	Wake    func()                                                // sends provisioning on its way at once
	Forward func(ctx context.Context, db *data.DB, tenant string) // sends on the letters of a tenant's file; may be nil
	Modules []entity.Entity                                       // what a plan can include; none is what this program begins with
	Shelf   *custom.Shelf                                         // the modules that the host has uploaded
	Hooks   *hook.Hooks                                           // the host's own programs that are told
	Jobs    *job.Board                                            // the scheduled work beside billing's

	// Office opens the back office, or returns the open one.
	Office   func(ctx context.Context) (*office.Office, error)
	Settings *Settings
	Try      func(ctx context.Context, m Mailbox, l mail.Letter) error // sends a test letter
	Lenient  bool                                                      // in the demo: a second factor may be left out

	founding sync.Mutex // of the first account
	acts     []tenantAct
	reckoned fresh[reckoned]
	pace     pace
}

type visit struct {
	operator office.Account
	session  session.Session
}

type visitKey struct{}

func visitOf(r *http.Request) visit { return r.Context().Value(visitKey{}).(visit) }

// Handler serves /admin on the host's domain.
func (p *Panel) Handler() http.Handler {
	p.acts = p.tenantActs()
	inside := http.NewServeMux()
	for pattern, h := range p.routes() {
		inside.Handle(pattern, h)
	}
	mux := http.NewServeMux()
	mux.Handle("GET /admin/login", ui.Handler(p.showLogin))
	mux.Handle("POST /admin/login", ui.Handler(p.login))
	mux.Handle("POST /admin/logout", ui.Handler(p.logout))
	mux.Handle("GET /admin/second-factor", ui.Handler(p.showFactor))
	mux.Handle("POST /admin/second-factor", ui.Handler(p.factor))
	mux.Handle("GET /admin/first/{secret}", ui.Handler(p.showFirst))
	mux.Handle("POST /admin/first/{secret}", ui.Handler(p.makeFirst))
	mux.Handle("GET /admin/password/{secret}", ui.Handler(p.showChoose))
	mux.Handle("POST /admin/password/{secret}", ui.Handler(p.choose))
	mux.Handle("GET /admin/bundles/{secret}", ui.Handler(p.bundle))
	mux.Handle("/admin", p.only(inside))
	mux.Handle("/admin/", p.only(inside))
	return p.look(mux)
}

// look gives a request the host's brand.
func (p *Panel) look(next http.Handler) http.Handler {
	return ui.Handler(func(w http.ResponseWriter, r *http.Request) error {
		texts, err := p.Shop.Texts(r.Context())
		if err != nil {
			return err
		}
		seller, err := p.Billing.Seller(r.Context())
		if err != nil {
			return err
		}
		look := *ui.LookOf(r)
		look.Zone = seller.Location()
		look.Words, look.Now, look.SignIn = ui.WordsOf(r), p.Clock.Now(), "/admin/login"
		look.Brand = ui.Brand{Name: texts.Brand, Hue: texts.Hue, Logo: texts.Logo, Home: "/admin", Host: p.Tenants.Domain}
		next.ServeHTTP(w, ui.WithLook(r, &look))
		return nil
	})
}

// only lets signed-in operators through.
func (p *Panel) only(next http.Handler) http.Handler {
	return ui.Handler(func(w http.ResponseWriter, r *http.Request) error {
		s, err := p.Cookies.Of(r.Context(), p.DB, r, p.Clock.Now())
		if err != nil {
			return err
		}
		a, err := p.operator(r, s.Person)
		if err != nil {
			return err
		}
		if a.Number == 0 || s.Pending {
			return fault.New(fault.SignIn, "Please sign in.")
		}
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), visitKey{}, visit{a, s})))
		return nil
	})
}
