package ui

import (
	"bytes"
	"embed"
	"html/template"
	"io/fs"
	"net/http"
	"strconv"
	"sync"
)

//go:embed layout/*.html sorry.html
var layouts embed.FS

// The layouts a page can stand in.
const (
	App  = "app"  // the panels: navigation at the side
	Site = "site" // the public pages: a bar at the top
	Auth = "auth" // one card in the middle
)

// Page draws values of one type; a handler can hand it nothing else.
type Page[T Reader] struct {
	template *template.Template // as it was written, never drawn
	layout   string
	ready    *sync.Map // language to template
}

// Reader is the data of a page: it embeds a Frame, which knows the reader's language.
type Reader interface{ Language() *Words }

// Parse reads a page from the named files of dir, to stand in a layout. The first file defines "content".
// A mistake in it stops the program at its start.
func Parse[T Reader](dir fs.FS, layout string, files ...string) Page[T] {
	t := template.Must(template.New("").Funcs(functions).ParseFS(layouts, "layout/*.html"))
	if len(files) > 0 {
		t = template.Must(t.ParseFS(dir, files...))
	}
	return Page[T]{t, layout, &sync.Map{}}
}

// Template is the parsed page, for the tests that check it against T.
func (p Page[T]) Template() *template.Template {
	return template.Must(p.template.Clone()).Lookup(p.layout)
}

// Show draws the page.
func (p Page[T]) Show(w http.ResponseWriter, r *http.Request, data T) error {
	return p.ShowAs(w, r, http.StatusOK, data)
}

// ShowAs draws the page with a status: 422 for a form that must be corrected.
func (p Page[T]) ShowAs(w http.ResponseWriter, r *http.Request, status int, data T) error {
	return p.draw(w, p.layout, status, data)
}

// Part draws one defined template of the page alone, for a frame or a script that asked for it.
func (p Page[T]) Part(w http.ResponseWriter, name string, status int, data T) error {
	return p.draw(w, name, status, data)
}

// buffers are reused: a list's page is some 60 KB, and most of a request's garbage.
var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// draw sends nothing before all of the page is drawn, so a failing page is an error, not half a page.
func (p Page[T]) draw(w http.ResponseWriter, name string, status int, data T) error {
	b := buffers.Get().(*bytes.Buffer)
	defer func() {
		if b.Cap() < 1<<20 {
			b.Reset()
			buffers.Put(b)
		}
	}()
	t, err := p.in(data.Language())
	if err != nil {
		return err
	}
	if err := t.ExecuteTemplate(b, name, data); err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	if h.Get("Cache-Control") == "" {
		h.Set("Cache-Control", "no-store")
	}
	h.Set("Content-Length", strconv.Itoa(b.Len())) // in one piece; what compresses takes it off again
	w.WriteHeader(status)
	_, err = w.Write(b.Bytes())
	return err
}

// in returns the page in a language, with all that never changes put into its text.
func (p Page[T]) in(words *Words) (*template.Template, error) {
	if t, ok := p.ready.Load(words); ok {
		return t.(*template.Template), nil
	}
	t, err := p.template.Clone()
	if err != nil {
		return nil, err
	}
	settle(t, words)
	kept, _ := p.ready.LoadOrStore(words, t)
	return kept.(*template.Template), nil
}

// functions are what every template may call beside the methods of its data.
var functions = template.FuncMap{
	"icon":     func(name string) template.HTML { var h HTML; return h.Icon(name).String() },
	"avatar":   func(name string) template.HTML { var h HTML; return h.Avatar(name, false).String() },
	"emblem":   func(name string) template.HTML { var h HTML; return h.Avatar(name, true).String() },
	"list":     func(items ...any) []any { return items },
	"hue":      Hue,
	"with":     pair,
	"initials": Initials,
	"noteIcon": noteIcon,
	"rich":     Rich,
}

// With carries two values into a template that is called with one.
type With struct{ A, B any }

func pair(a, b any) With { return With{a, b} }

func noteIcon(kind string) string {
	switch kind {
	case "warn", "bad":
		return "triangle-alert"
	case "good":
		return "circle-check"
	}
	return "info"
}
