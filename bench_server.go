package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"time"

	"rowhouse/tenant"
	"rowhouse/ui/session"
)

// bench is a running server with one company of 10,000 leads and contacts, and the floor beside it.
type bench struct {
	app    *app
	served *http.Server
	floor  *http.Server
	plain  *sql.DB
	at     string // the server's address
	base   string // the floor's
	client *http.Client
	cookie string
}

const benchLeads = 10000

func newBench(ctx context.Context, dir string) (*bench, error) {
	a, err := build(ctx, config{dir: dir, domain: "rowhouse.localhost", demo: true})
	if err != nil {
		return nil, err
	}
	b := &bench{app: a, client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64, DisableCompression: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
	if err := b.company(ctx, "acme", benchLeads); err != nil {
		return nil, err
	}
	if err := b.contacts(ctx); err != nil {
		return nil, err
	}
	if err := b.startFloor(ctx, filepath.Join(dir, "floor.db")); err != nil {
		return nil, err
	}
	if b.served, b.at, err = serveOn(a.handler); err != nil {
		return nil, err
	}
	return b, b.signIn()
}

func serveOn(h http.Handler) (*http.Server, string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, "", err
	}
	s := &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = s.Serve(l) }() // ends with close
	return s, "http://" + l.Addr().String(), nil
}

func (b *bench) close() error {
	return errors.Join(b.served.Close(), b.floor.Close(), b.plain.Close(), b.app.close())
}

// company registers and provisions a company, as a registration does after its proof.
func (b *bench) company(ctx context.Context, name string, leads int) error {
	hash, err := session.HashPassword(ctx, demoPassword)
	if err != nil {
		return err
	}
	if err := b.order(ctx, name, hash, leads); err != nil {
		return err
	}
	return b.app.tenants.Provision(ctx, name)
}

func (b *bench) order(ctx context.Context, name, hash string, leads int) error {
	a := b.app
	return a.host.Tx(ctx, func(tx *sql.Tx) error {
		id, err := a.tenants.Reserve(ctx, tx, tenant.Order{Name: name, Company: name, OwnerName: "Maya Ortiz", OwnerEmail: "maya@" + name + ".example", PasswordHash: hash,
			Limits: tenant.Limits{Plan: "Bench", Staff: tenant.Unlimited, Room: tenant.Unlimited}, Demo: leads, Until: a.clock.Now().Add(time.Hour)})
		if err != nil {
			return err
		}
		return a.tenants.Approve(ctx, tx, id)
	})
}

// contacts brings the company to as many contacts as leads; the example data has fewer.
func (b *bench) contacts(ctx context.Context) error {
	db, done, err := b.app.tenants.Files.Use(ctx, "acme")
	if err != nil {
		return err
	}
	defer done()
	return db.Tx(ctx, func(tx *sql.Tx) error {
		for _, q := range []string{
			`insert into contact (name, emails, customer, owner, created_at, updated_at) select name, emails, null, owner, created_at, updated_at from lead limit 10000 - (select count(*) from contact)`,
			`insert into contact_search (rowid, title, body) select id, name, emails from contact where id not in (select rowid from contact_search)`,
		} {
			if _, err := tx.ExecContext(ctx, q); err != nil {
				return err
			}
		}
		return nil
	})
}

func (b *bench) signIn() error {
	r, err := b.request("POST", "acme", "/admin/login", url.Values{"email": {"maya@acme.example"}, "password": {demoPassword}})
	if err != nil {
		return err
	}
	answer, err := b.client.Do(r)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	for _, c := range answer.Cookies() {
		if strings.HasSuffix(c.Name, "rowhouse") {
			b.cookie = c.Name + "=" + c.Value
			return nil
		}
	}
	return fmt.Errorf("signing in answered %d", answer.StatusCode)
}

func (b *bench) request(method, company, path string, form url.Values) (*http.Request, error) {
	r, err := http.NewRequest(method, b.at+path, strings.NewReader(form.Encode()))
	if err != nil {
		return nil, err
	}
	r.Host = company + "." + b.app.domain
	r.Header.Set("Cookie", b.cookie)
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	return r, nil
}

// page asks for a page of the company and reads all of it.
func (b *bench) page(path string) func() error {
	return func() error {
		r, err := b.request("GET", "acme", path, nil)
		if err != nil {
			return err
		}
		return b.send(r, http.StatusOK)
	}
}

func (b *bench) send(r *http.Request, status int) error {
	answer, err := b.client.Do(r)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if _, err := io.Copy(io.Discard, answer.Body); err != nil {
		return err
	}
	if answer.StatusCode != status {
		return fmt.Errorf("%s %s answered %d", r.Method, r.URL.Path, answer.StatusCode)
	}
	return nil
}

func (b *bench) create() error {
	r, err := b.request("POST", "acme", "/admin/leads", url.Values{"name": {"Bench Lead"}, "company": {"Bench"}, "status": {"1"}, "owner": {"1"}})
	if err != nil {
		return err
	}
	return b.send(r, http.StatusSeeOther)
}
