package ui

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"rowhouse/data"
	"rowhouse/data/fault"
)

// Handler is a handler that may fail.
type Handler func(http.ResponseWriter, *http.Request) error

var statuses = map[fault.Kind]int{
	fault.Ours: http.StatusInternalServerError, fault.Invalid: http.StatusUnprocessableEntity, fault.SignIn: http.StatusUnauthorized,
	fault.Denied: http.StatusForbidden, fault.Missing: http.StatusNotFound, fault.Conflict: http.StatusConflict,
	fault.Limit: http.StatusPaymentRequired, fault.TooLarge: http.StatusRequestEntityTooLarge, fault.TooMany: http.StatusTooManyRequests,
	fault.Busy: http.StatusServiceUnavailable, fault.Damaged: http.StatusServiceUnavailable, fault.Gone: http.StatusGone,
}

// Status is the HTTP status of a kind of fault.
func Status(k fault.Kind) int { return statuses[k] }

var titles = map[fault.Kind]string{
	fault.Ours: "Something went wrong", fault.Invalid: "That did not work", fault.SignIn: "Please sign in",
	fault.Denied: "This is not open to you", fault.Missing: "Nothing here", fault.Conflict: "Somebody was faster",
	fault.Limit: "Not included in the plan", fault.TooLarge: "That is too large", fault.TooMany: "Too many tries",
	fault.Busy: "One moment, please", fault.Damaged: "Not available right now", fault.Gone: "No longer here",
}

var sorry = Parse[problem](layouts, "sorry", "sorry.html")

type problem struct {
	Frame
	Status int
	Text   string
}

// ServeHTTP is the only place where an error becomes a page.
func (h Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if err := h(w, r); err != nil {
		Fail(w, r, err)
	}
}

type alarmKey struct{}

// WithAlarm has ring called, beside the page that the visitor gets, when a request finds its data damaged.
func WithAlarm(ctx context.Context, ring func(error)) context.Context {
	return context.WithValue(ctx, alarmKey{}, ring)
}

// Fail answers with what went wrong: as a page, as JSON for a script, as the way to sign in.
func Fail(w http.ResponseWriter, r *http.Request, err error) {
	f := fault.Of(plain(err))
	look := LookOf(r)
	if f.Kind == fault.Ours || f.Kind == fault.Damaged {
		slog.Error("page failed", "request", look.Request, "host", r.Host, "method", r.Method, "route", route(r), "err", err)
	}
	if ring, ok := r.Context().Value(alarmKey{}).(func(error)); ok && f.Kind == fault.Damaged {
		ring(err)
	}
	if f.Retry > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(max(1, int(f.Retry.Seconds()))))
	}
	text := look.T(f.Format, f.Args...)
	if WantsJSON(r) {
		_ = JSON(w, Status(f.Kind), map[string]any{"message": text, "request": look.Request})
		return
	}
	if f.Kind == fault.SignIn && look.SignIn != "" {
		to := look.SignIn
		if r.Method == http.MethodGet {
			to += "?next=" + url.QueryEscape(r.URL.RequestURI())
		}
		http.Redirect(w, r, to, http.StatusSeeOther)
		return
	}
	page := problem{NewFrame(r, look.T(titles[f.Kind])), Status(f.Kind), text}
	part := "sorry"
	if r.Header.Get("Turbo-Frame") != "" {
		part = "content"
	}
	if err := sorry.draw(w, part, page.Status, page); err != nil {
		slog.Error("error page failed", "err", err)
	}
}

// route is what a request was for, without what an address may hold of secrets: the words of one-time links.
func route(r *http.Request) string {
	if r.Pattern != "" && r.Pattern != "/" {
		return r.Pattern
	}
	parts := strings.SplitN(r.URL.Path, "/", 4)
	return strings.Join(parts[:min(len(parts), 3)], "/")
}

// plain turns the errors of other packages that a person can do something about into faults.
func plain(err error) error {
	var big *http.MaxBytesError
	switch {
	case errors.As(err, &big):
		return fault.New(fault.TooLarge, "This is more than we can take at once: at most %d KB.", big.Limit>>10)
	case data.Full(err):
		return fault.Because(err, fault.Busy, "There is no room left to save this. Nothing was changed; please tell your provider.")
	case data.Damaged(err):
		return fault.Because(err, fault.Damaged, "Your data could not be read. Your provider has been told. Nothing you do now is lost, because nothing is accepted.")
	}
	return err
}

// JSON answers a script.
func JSON(w http.ResponseWriter, status int, v any) error {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	return json.NewEncoder(w).Encode(v)
}

// WantsJSON tells whether a script asks.
func WantsJSON(r *http.Request) bool {
	return strings.HasPrefix(r.Header.Get("Accept"), "application/json")
}

// InFrame tells whether only the Turbo frame called name is asked for.
func InFrame(r *http.Request, name string) bool { return r.Header.Get("Turbo-Frame") == name }

// requestID takes the browser's own number for a request, if it is harmless, or makes one.
func requestID(r *http.Request) string {
	id := r.Header.Get("X-Request-Id")
	if len(id) < 8 || len(id) > 40 || strings.Trim(id, "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-") != "" {
		return strings.ToLower(rand.Text()[:12])
	}
	return id
}

// NewRequestID is requestID for those who build a Look.
func NewRequestID(r *http.Request) string { return requestID(r) }

// Back redirects after a form was taken.
func Back(w http.ResponseWriter, r *http.Request, to string) error {
	http.Redirect(w, r, to, http.StatusSeeOther)
	return nil
}
