package ui

import (
	"context"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"rowhouse/data/fault"
)

// MaxBody is the most that a plain form may hold, in bytes.
const MaxBody = 1 << 20

const maxValues = 1000

// Form reads a form that may have only the named fields, each once. A name that ends in [] may come
// several times. What else a stranger sends is refused, so no handler can take a field by accident.
func Form(w http.ResponseWriter, r *http.Request, names ...string) (url.Values, error) {
	if err := ParseForm(w, r, MaxBody); err != nil {
		return nil, err
	}
	return Only(r.PostForm, names...)
}

// Only returns v if it has no other fields than names.
func Only(v url.Values, names ...string) (url.Values, error) {
	for name, values := range v {
		if !slices.Contains(names, name) {
			return nil, fault.New(fault.Invalid, "This form has no field %q.", short(name))
		}
		if len(values) > 1 && !strings.HasSuffix(name, "[]") {
			return nil, fault.New(fault.Invalid, "The field %q came %d times. Please send it once.", name, len(values))
		}
	}
	return v, nil
}

// ParseForm reads a form of at most limit bytes into r.PostForm; files come to r.MultipartForm.
func ParseForm(w http.ResponseWriter, r *http.Request, limit int64) error {
	r.Body = http.MaxBytesReader(w, r.Body, limit)
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	var err error
	switch kind {
	case "application/x-www-form-urlencoded", "":
		err = r.ParseForm()
	case "multipart/form-data":
		if err = r.ParseMultipartForm(256 << 10); err == nil {
			r.PostForm = url.Values(r.MultipartForm.Value)
			// The server removes the files of its own request, and not those of the copies that handlers get.
			context.AfterFunc(r.Context(), func() { _ = r.MultipartForm.RemoveAll() })
		}
	default:
		return fault.New(fault.Invalid, "Please send a form.")
	}
	if err != nil {
		if plain(err) != err {
			return err
		}
		return fault.Because(err, fault.Invalid, "This form could not be read. Please go back and try again.")
	}
	n := 0
	for name, values := range r.PostForm {
		n += len(values)
		for _, v := range append(values, name) {
			if !utf8.ValidString(v) || strings.ContainsRune(v, 0) {
				return fault.New(fault.Invalid, "The form holds signs that cannot be kept.")
			}
		}
	}
	if n > maxValues {
		return fault.New(fault.TooLarge, "A form may have at most %d values.", maxValues)
	}
	return nil
}

func short(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}

// Problems collects what is wrong with which field of a form.
type Problems map[string]error

// Add notes that a field is wrong.
func (p Problems) Add(field, format string, args ...any) {
	if p[field] == nil {
		p[field] = fault.New(fault.Invalid, format, args...)
	}
}

// Err is nil if nothing is wrong.
func (p Problems) Err() error {
	if len(p) == 0 {
		return nil
	}
	return &fault.Fault{Kind: fault.Invalid, Format: "Please correct the marked fields.", Fields: p}
}

// Wrong returns what is wrong with the fields of a form, or nil if err is something else.
func Wrong(err error) Problems {
	if f := fault.Of(err); f.Kind == fault.Invalid && f.Fields != nil {
		return f.Fields
	}
	return nil
}

// Say returns what is wrong with field, in the reader's language, or nothing.
func (p Problems) Say(words *Look, field string) string {
	err := p[field]
	if err == nil {
		return ""
	}
	f := fault.Of(err)
	return words.T(f.Format, f.Args...)
}
