package main

import (
	"context"
	"fmt"
	"net/http"

	"rowhouse/tenant"
)

// smoke asks a tenant's site for its login page, as a visitor would.
func (a *app) smoke(ctx context.Context, name string) error {
	db, done, err := a.tenants.Files.Use(ctx, name)
	if err != nil {
		return err
	}
	defer done()
	t, err := a.tenants.ByName(ctx, name)
	if err != nil {
		return err
	}
	ctx = tenant.With(ctx, tenant.Site{Tenant: t, DB: db, Folder: a.tenants.Folder(name), URL: a.tenants.URL(name)})
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, a.tenants.URL(name)+"/admin/login", nil)
	if err != nil {
		return err
	}
	w := &answer{header: http.Header{}}
	a.site.ServeHTTP(w, r)
	if w.status != http.StatusOK {
		return fmt.Errorf("the login page answered %d", w.status)
	}
	return nil
}

// answer keeps only the status of an answer.
type answer struct {
	header http.Header
	status int
}

func (w *answer) Header() http.Header { return w.header }

func (w *answer) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
	}
}

func (w *answer) Write(b []byte) (int, error) {
	w.WriteHeader(http.StatusOK)
	return len(b), nil
}
