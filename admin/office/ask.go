package office

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/search"

	"rowhouse/data/fault"
)

// tokenLife is how long PocketBase believes a token: one question.
const tokenLife = time.Minute

// errRefused is what happens to who was an active operator a moment ago, and is none any more.
var errRefused = fault.New(fault.Missing, "There is nothing here.")

// ask puts one question to PocketBase in the name of an operator and returns its answer.
func (o *Office) ask(ctx context.Context, a Account, v View, id string, asked url.Values) (int, []byte, error) {
	leave, err := o.enter(ctx)
	if err != nil {
		return 0, nil, err
	}
	defer leave()
	ctx, cancel := context.WithTimeout(ctx, o.patience)
	defer cancel()
	select {
	case o.asking <- struct{}{}:
		defer func() { <-o.asking }()
	case <-ctx.Done():
		return 0, nil, fault.Because(ctx.Err(), fault.Busy, "Too many questions are being answered. Please try again.")
	}
	token, err := o.token(a.Number)
	if err != nil {
		return 0, nil, err
	}
	path := "/api/collections/" + v.Name + "/records"
	if id != "" {
		path += "/" + id
	}
	// Made anew: nothing of what the client sent goes in but the parameters that were let through.
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, path+"?"+v.sorted(asked).Encode(), http.NoBody)
	if err != nil {
		return 0, nil, err
	}
	r.Header.Set("Authorization", token)
	r.RemoteAddr = fmt.Sprintf("[fd00::%x]:1", a.Number%0x10000) // by it, PocketBase slows down who guesses with filters
	var got reply
	o.inner.ServeHTTP(&got, r)
	switch {
	case got.status == http.StatusBadRequest && id == "":
		return 0, nil, o.why(v, asked)
	case got.status == http.StatusForbidden:
		return 0, nil, fault.New(fault.Invalid, "This filter cannot be read: it may use the columns of this table only.")
	}
	if got.status >= http.StatusInternalServerError {
		return 0, nil, fmt.Errorf("PocketBase answered %d: %s", got.status, got.Bytes())
	}
	return got.status, got.Bytes(), nil
}

// sorted returns the question with an order that is always the same, and that SQLite has to find all rows for before it
// returns the first one: the driver can end a query that takes too long only until then. Nothing is ever left to chance,
// as ids differ, but without the last word SQLite could do without sorting.
func (v View) sorted(asked url.Values) url.Values {
	asked = maps.Clone(asked)
	by := asked.Get("sort")
	if by == "" {
		by = v.Sort
	}
	asked.Set("sort", strings.Trim(by, ", ")+",-id,@random")
	return asked
}

// token makes a token for one question.
func (o *Office) token(number int64) (string, error) {
	var r core.Record
	err := o.app.RecordQuery(operators).AndWhere(dbx.HashExp{"number": number, "state": "active"}).One(&r)
	if errors.Is(err, sql.ErrNoRows) {
		return "", errRefused
	}
	if err != nil {
		return "", err
	}
	return r.NewStaticAuthToken(tokenLife)
}

// why says what is wrong with a question that PocketBase did not answer: it keeps the reason to itself.
func (o *Office) why(v View, asked url.Values) error {
	c, err := o.app.FindCachedCollectionByNameOrId(v.Name)
	if err != nil {
		return err
	}
	known := core.NewRecordFieldResolver(o.app, c, &core.RequestInfo{Context: core.RequestInfoContextDefault}, false)
	if filter := asked.Get("filter"); filter != "" {
		if _, err := search.FilterData(filter).BuildExpr(known); err != nil {
			return fault.New(fault.Invalid, "This filter cannot be read: %s.", reason(err))
		}
	}
	for _, field := range search.ParseSortFromString(asked.Get("sort")) {
		if _, err := field.BuildExpr(known); err != nil {
			return fault.New(fault.Invalid, "This sorting cannot be read: %s.", reason(err))
		}
	}
	// Most likely it took too long. What else it may be, such as a damaged file, is not told apart here.
	slog.Warn("the back office did not answer a question", "view", v.Name, "filter", asked.Get("filter"), "sort", asked.Get("sort"))
	return fault.New(fault.Invalid, "This could not be answered within %d seconds. Please narrow the filter.", int(o.patience.Seconds()))
}

// reason is an error's first line, short enough for a sentence.
func reason(err error) string {
	line, _, _ := strings.Cut(err.Error(), "\n")
	r := []rune(strings.TrimSuffix(line, "."))
	return string(r[:min(len(r), 200)])
}

// reply is PocketBase's answer. Its headers go nowhere.
type reply struct {
	bytes.Buffer
	status int
	header http.Header
}

// Header returns the headers, for PocketBase to set.
func (r *reply) Header() http.Header {
	if r.header == nil {
		r.header = http.Header{}
	}
	return r.header
}

// WriteHeader keeps the status; the first one counts.
func (r *reply) WriteHeader(status int) {
	if r.status == 0 {
		r.status = status
	}
}

// Write keeps what is written.
func (r *reply) Write(b []byte) (int, error) {
	r.WriteHeader(http.StatusOK)
	return r.Buffer.Write(b)
}
