package ui

import (
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"net/http"
	"runtime/debug"
	"strings"
	"sync"

	"rowhouse/data/fault"
)

const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; " +
	"font-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'"

// Guard stands before everything: it sets the headers that keep a browser safe, refuses writes that another
// site has caused, turns a panic into an error page and compresses what browsers accept.
// With https, browsers are told to come by https only.
func Guard(next http.Handler, https bool) http.Handler {
	var origin http.CrossOriginProtection
	inner := Handler(func(w http.ResponseWriter, r *http.Request) error {
		if err := origin.Check(r); err != nil {
			return fault.Because(err, fault.Denied, "This form was sent from another site, so it was not accepted.")
		}
		if r.Method == http.MethodGet || r.Method == http.MethodHead {
			r.Body = http.NoBody // what asks for a page brings none: FormValue would keep one of any size
		}
		return recovered(w, r, next)
	})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
		if https {
			h.Set("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
		}
		h.Add("Vary", "Accept-Encoding, Cookie, Turbo-Frame, Accept-Language")
		if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") && r.Method != http.MethodHead {
			zw := &zipped{ResponseWriter: w}
			defer zw.close()
			w = zw
		}
		inner.ServeHTTP(w, r)
	})
}

// recovered serves next; a panic in one handler is an error of that request only.
func recovered(w http.ResponseWriter, r *http.Request, next http.Handler) (err error) {
	defer func() {
		switch p := recover(); p {
		case nil:
		case http.ErrAbortHandler:
			panic(p)
		default:
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	next.ServeHTTP(w, r)
	return nil
}

// zipped compresses what is worth it: text, from a kilobyte on, unless the handler has done so or streams events.
type zipped struct {
	http.ResponseWriter
	zip     *gzip.Writer
	status  int // kept until the first bytes tell whether to compress
	decided bool
}

var zippers = sync.Pool{New: func() any {
	z, err := gzip.NewWriterLevel(io.Discard, gzip.BestSpeed)
	if err != nil {
		panic(err) // the level is a constant
	}
	return z
}}

func (z *zipped) WriteHeader(status int) {
	if z.status == 0 {
		z.status = status
	}
}

func (z *zipped) Write(b []byte) (int, error) {
	z.decide(len(b))
	if z.zip != nil {
		return z.zip.Write(b)
	}
	return z.ResponseWriter.Write(b)
}

func (z *zipped) decide(first int) {
	if z.decided {
		return
	}
	z.decided = true
	h := z.Header()
	kind := h.Get("Content-Type")
	if h.Get("Content-Encoding") == "" && first >= 1024 && strings.HasPrefix(kind, "text/") && !strings.HasPrefix(kind, "text/event-stream") {
		h.Set("Content-Encoding", "gzip")
		h.Del("Content-Length")
		z.zip = zippers.Get().(*gzip.Writer)
		z.zip.Reset(z.ResponseWriter)
	}
	if z.status != 0 {
		z.ResponseWriter.WriteHeader(z.status)
	}
}

func (z *zipped) close() {
	z.decide(0)
	if z.zip != nil {
		_ = z.zip.Close() // the reader has gone; there is nobody to tell
		zippers.Put(z.zip)
	}
}

// Unwrap lets http.ResponseController reach the connection behind.
func (z *zipped) Unwrap() http.ResponseWriter { return z.ResponseWriter }

// Flush sends what is there, for streams.
func (z *zipped) Flush() {
	z.decide(0)
	if z.zip != nil {
		_ = z.zip.Flush()
	}
	if err := http.NewResponseController(z.ResponseWriter).Flush(); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return
	}
}
