package ui

import (
	"context"
	"net/http"
	"strconv"
	"time"
)

// Look is how pages are drawn for one reader: whose brand, which language, which time zone.
type Look struct {
	*Words
	Brand   Brand
	Theme   string // light, dark, or empty: as the reader's system is set
	Mirror  string // rtl or ltr where the reader wants another direction than the language's
	Zone    *time.Location
	Request string // names this request in logs and on error pages
	SignIn  string // where a stranger is sent
	Now     time.Time
	Path    string
}

// Brand is the name and the colour on a page.
type Brand struct {
	Name string
	Hue  int    // 0 to 359: the one number that colours everything
	Logo string // address of a picture, or empty: the first letter is drawn
	Home string // where the logo leads
	Host string // the address below the name
	Mark string // changes whenever the brand does, so that its sheet may be cached
}

// Letter is what stands in the logo's place.
func (b Brand) Letter() string {
	for _, r := range b.Name {
		return string(r)
	}
	return "R"
}

// Sheet is the address of the style sheet with the brand's hue.
func (b Brand) Sheet() string { return "/brand.css?h=" + strconv.Itoa(b.Hue) }

// Language is what the reader reads.
func (l *Look) Language() *Words { return l.Words }

// Dir is the direction of writing: ltr or rtl.
func (l *Look) Dir() string {
	if l.Mirror != "" {
		return l.Mirror
	}
	return l.Words.Dir()
}

type lookKey struct{}

// WithLook returns r with its look.
func WithLook(r *http.Request, l *Look) *http.Request {
	return r.WithContext(context.WithValue(r.Context(), lookKey{}, l))
}

// LookOf returns the look of a request. Outside any site it is plain English.
func LookOf(r *http.Request) *Look {
	if l, ok := r.Context().Value(lookKey{}).(*Look); ok {
		return l
	}
	return &Look{Words: English, Brand: Brand{Name: "Rowhouse", Hue: 272, Home: "/"}, Zone: time.UTC,
		Request: requestID(r), Now: time.Now().UTC(), Theme: themeOf(r), Path: r.URL.Path}
}

// themeOf reads the theme that the browser asked to remember.
func themeOf(r *http.Request) string {
	if c, err := r.Cookie("theme"); err == nil && (c.Value == "light" || c.Value == "dark") {
		return c.Value
	}
	return ""
}
