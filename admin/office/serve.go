package office

import (
	"encoding/json"
	"log/slog"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"rowhouse/data/fault"
)

// root is where the back office's addresses begin.
const root = "/back-office/api/collections/"

// The most that a question may ask for.
const (
	maxPerPage = 200
	maxPage    = 1000
	maxFilter  = 1000 // bytes, for the sorting too
	maxSort    = 6    // columns to sort by
	maxAsking  = 2    // at once
)

// nothing is the answer to everything that is not on the list: that PocketBase is here is nobody's business.
const nothing = `{"message":"There is nothing here.","status":404}` + "\n"

// recordID is how ids of views look, those made of several columns included.
var recordID = regexp.MustCompile(`^[A-Za-z0-9_]+([.-][A-Za-z0-9_]+)*$`)

// Serve answers an operator's script. Only reading the records of a view exists, and only of those that the operator's role
// may see. The caller has made sure who it is.
func (o *Office) Serve(w http.ResponseWriter, r *http.Request, a Account) {
	h := w.Header()
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Type", "application/json")
	h.Set("X-Content-Type-Options", "nosniff")
	status, body := o.answer(r, a)
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(body) // whoever has gone needs no answer
	}
}

func (o *Office) answer(r *http.Request, a Account) (int, []byte) {
	v, id, ok := o.target(r, a)
	if !ok {
		return http.StatusNotFound, []byte(nothing)
	}
	asked, err := limited(r.URL.Query())
	if err != nil {
		return sentence(err)
	}
	status, body, err := o.ask(r.Context(), a, v, id, asked)
	switch {
	case err != nil && !fault.Is(err, fault.Missing):
		if fault.Of(err).Kind == fault.Ours {
			slog.Error("the back office could not answer", "view", v.Name, "operator", a.Number, "error", err)
		}
		return sentence(err)
	case status == http.StatusOK:
		return status, body
	}
	return http.StatusNotFound, []byte(nothing)
}

// target returns what a request is about. An address is taken as it is written or not at all: nothing in it is cleaned up.
func (o *Office) target(r *http.Request, a Account) (v View, id string, ok bool) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead || r.URL.RawPath != "" || len(r.URL.RawQuery) > 8*maxFilter {
		return View{}, "", false
	}
	rest, below := strings.CutPrefix(r.URL.Path, root)
	parts := strings.Split(rest, "/")
	if !below || len(parts) < 2 || len(parts) > 3 || parts[1] != "records" {
		return View{}, "", false
	}
	if len(parts) == 3 {
		if id = parts[2]; len(id) > 200 || !recordID.MatchString(id) {
			return View{}, "", false
		}
	}
	v, ok = o.view(parts[0], a.Role)
	return v, id, ok && a.Active
}

// limited returns those parameters of a question that are passed on.
func limited(q url.Values) (url.Values, error) {
	asked := url.Values{}
	for _, name := range []string{"page", "perPage", "skipTotal", "sort", "filter", "fields"} {
		if q.Get(name) != "" {
			asked.Set(name, q.Get(name))
		}
	}
	for _, name := range []string{"sort", "filter", "fields"} {
		if len(asked.Get(name)) > maxFilter {
			return nil, fault.New(fault.Invalid, "The parameter %s has more than %d characters.", name, maxFilter)
		}
	}
	if strings.Count(asked.Get("sort"), ",") >= maxSort {
		return nil, fault.New(fault.Invalid, "Please sort by at most %d columns.", maxSort)
	}
	if n, err := whole(asked, "page"); err != nil || n > maxPage {
		return nil, fault.New(fault.Invalid, "The page is a number from 1 to %d. Please use a filter to reach what comes later.", maxPage)
	}
	n, err := whole(asked, "perPage")
	if err != nil {
		return nil, fault.New(fault.Invalid, "The parameter perPage is a number from 1 to %d.", maxPerPage)
	}
	if n > maxPerPage {
		asked.Set("perPage", strconv.Itoa(maxPerPage))
	}
	return asked, nil
}

// whole reads a number above 0; one that is absent counts as 1.
func whole(q url.Values, name string) (int, error) {
	if q.Get(name) == "" {
		return 1, nil
	}
	n, err := strconv.ParseUint(q.Get(name), 10, 31)
	if err == nil && n == 0 {
		err = strconv.ErrRange
	}
	return int(n), err
}

// sentence is a fault as a script gets it.
func sentence(err error) (int, []byte) {
	f := fault.Of(err)
	status := http.StatusInternalServerError
	switch f.Kind {
	case fault.Invalid:
		status = http.StatusBadRequest
	case fault.Busy:
		status = http.StatusServiceUnavailable
	}
	f = &fault.Fault{Format: f.Format, Args: f.Args} // without its cause, which is for the log
	body, err := json.Marshal(map[string]any{"message": f.Error(), "status": status})
	if err != nil {
		return http.StatusInternalServerError, nil
	}
	return status, append(body, '\n')
}
