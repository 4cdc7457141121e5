// Package shop is the public site: what a visitor sees until they have their CRM.
package shop

import (
	"context"
	"crypto/rand"
	"embed"
	"math/big"
	"net/http"

	"rowhouse/billing"
	"rowhouse/data/fault"
	"rowhouse/ui"
)

// Schema holds the host's own texts and the registrations.
//
//go:embed *.sql
var Schema embed.FS

//go:embed *.html
var pages embed.FS

// Options are what main.go decides about the shop.
type Options struct {
	Demo  bool                          // letters go to the built-in inbox, and pages lead there
	Wake  func()                        // asks for provisioning at once; nil: the scheduler finds it
	Words func(*http.Request) *ui.Words // the language of a request; nil: what the browser prefers
}

// Shop is the public site.
type Shop struct {
	*billing.Billing
	options Options
	mux     *http.ServeMux
	key     [32]byte // signs what a form carries; forms of an earlier process must be sent twice
	asked   pace     // how often each net has asked for free names
	noted   pace     // how often something was caught

	secret func() string // 128 bits or more; tests replace it, and the next
	code   func() string // six digits
}

// New makes the public site.
func New(b *billing.Billing, o Options) *Shop {
	if o.Wake == nil {
		o.Wake = func() {}
	}
	if o.Words == nil {
		o.Words = ui.WordsOf
	}
	s := &Shop{Billing: b, options: o, mux: http.NewServeMux(), secret: rand.Text, code: sixDigits}
	if _, err := rand.Read(s.key[:]); err != nil {
		panic(err) // never happens: the system's randomness does not fail
	}
	for pattern, h := range s.routes() {
		s.mux.Handle(pattern, h)
	}
	return s
}

// Handler serves the host's own domain to visitors.
func Handler(b *billing.Billing, o Options) http.Handler { return New(b, o) }

func (s *Shop) routes() map[string]ui.Handler {
	return map[string]ui.Handler{
		"GET /{$}":                              s.page(Home),
		"GET /prices":                           s.prices,
		"GET /prices/{slug}":                    s.plan,
		"GET /sign-in":                          s.signIn,
		"GET /terms":                            s.page("terms"),
		"GET /privacy":                          s.page("privacy"),
		"GET /imprint":                          s.page("imprint"),
		"GET /{slug}":                           s.ownPage,
		"GET /pictures/{hash}":                  s.picture,
		"GET /robots.txt":                       robots,
		"GET /register":                         s.form,
		"POST /register":                        s.register,
		"GET /register/name":                    s.name,
		"GET /register/{token}":                 s.registration,
		"GET /register/{token}/details":         s.details,
		"POST /register/{token}/confirmation":   s.confirmation,
		"POST /register/{token}/letter":         s.letter,
		"POST /register/{token}/code":           s.typed,
		"GET /register/{token}/proof/{secret}":  s.link,
		"POST /register/{token}/proof/{secret}": s.followed,
		"/": func(http.ResponseWriter, *http.Request) error {
			return fault.New(fault.Missing, "There is no page at this address.")
		},
	}
}

// ServeHTTP gives the request its look, the host's brand in the visitor's language, and serves it.
func (s *Shop) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	ui.Handler(func(w http.ResponseWriter, r *http.Request) error {
		texts, err := s.Texts(r.Context())
		if err != nil {
			return err
		}
		look := *ui.LookOf(r)
		look.Words, look.Now = s.options.Words(r), s.Clock.Now()
		look.Brand = ui.Brand{Name: texts.Brand, Hue: texts.Hue, Logo: texts.Logo, Home: "/", Host: s.Tenants.Domain}
		s.mux.ServeHTTP(w, ui.WithLook(r, &look))
		return nil
	}).ServeHTTP(w, r)
}

// Brand is the host's name, for letters.
func (s *Shop) Brand(ctx context.Context) string {
	texts, err := s.Texts(ctx)
	if err != nil {
		return defaults().Brand // a letter without the host's name is better than none
	}
	return texts.Brand
}

func sixDigits() string {
	n, err := rand.Int(rand.Reader, big.NewInt(1_000_000))
	if err != nil {
		panic(err) // never happens: the system's randomness does not fail
	}
	digits := n.String()
	return "000000"[len(digits):] + digits
}
