package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"

	"rowhouse/admin"
	"rowhouse/data"
	"rowhouse/data/fault"
)

func runServe(ctx context.Context, args []string, out io.Writer) error {
	f := flagSet("serve", "Serves the public site at DOMAIN and every tenant at NAME.DOMAIN, as plain HTTP:\nfor development, or behind a proxy that does TLS.", out)
	c := config{}
	f.StringVar(&c.domain, "domain", "", "the host's domain: example.com, with the port if visitors see one (default what the panel has set, else localhost)")
	f.StringVar(&c.dir, "dir", defaultDir(), "where everything is kept")
	addr := f.String("http", "127.0.0.1:8080", "address to listen on")
	f.BoolVar(&c.https, "https", true, "visitors come by https through a proxy; --https=false for plain development")
	f.BoolVar(&c.proxy, "behind-proxy", false, "trust the proxy's X-Forwarded-For about who visits")
	f.String("smtp", "", "mail server: smtp://user:password@host:587; without it letters wait in the outbox")
	f.String("mail-from", "", "the address that letters come from")
	if err := parse(f, args); err != nil {
		return err
	}
	c.given = given(f)
	l, err := listen(*addr)
	if err != nil {
		return err
	}
	if c.domain == "" {
		if err := c.findDomain(ctx, l); err != nil {
			return errors.Join(err, l.Close())
		}
	}
	a, err := build(ctx, c)
	if err != nil {
		return errors.Join(err, l.Close())
	}
	first, err := a.first(ctx)
	if err != nil {
		return errors.Join(err, l.Close(), a.close())
	}
	fmt.Fprintf(out, "Rowhouse serves %s on http://%s\n%s", a.tenants.Home(), l.Addr(), first) // once it is ready: whoever starts it waits for this line
	return errors.Join(a.serve(ctx, l), a.close())
}

// findDomain takes the domain that the panel has set. Before there is one, everything is at localhost, without TLS: enough for the first set-up.
func (c *config) findDomain(ctx context.Context, l net.Listener) error {
	if err := (&app{config: *c}).folders(); err != nil {
		return err
	}
	unlock, err := data.Lock(c.dir)
	if err != nil {
		return err
	}
	host, err := openHost(ctx, c.dir)
	if err != nil {
		return errors.Join(err, unlock())
	}
	err = host.QueryRow(ctx, `select value from host_setting where key = 'domain'`).Scan(&c.domain)
	if errors.Is(err, sql.ErrNoRows) {
		_, port, splitErr := net.SplitHostPort(l.Addr().String())
		c.domain, err = "localhost:"+port, splitErr
		if _, said := c.given["https"]; !said {
			c.https = false
		}
	}
	return errors.Join(err, host.Close(), unlock())
}

// openApp puts the parts together for a command that works on the folder of a host.
func openApp(ctx context.Context, dir, domain string) (*app, error) {
	a, err := build(ctx, config{dir: dir, domain: domain, https: true})
	if fault.Is(err, fault.Busy) {
		return nil, fault.New(fault.Busy, "A server is running on %s. Stop it first, as two programs must not write the same files.", dir)
	}
	return a, err
}

// first says where the first operator makes their account, as long as there is none. It warns of what else is missing.
func (a *app) first(ctx context.Context) (string, error) {
	box, err := a.options.Mailbox(ctx)
	if err != nil {
		return "", err
	}
	if box.Server == nil {
		slog.Warn("no mail server is set: letters wait in the outbox until one is (in the panel, or --smtp)")
	}
	desk, err := a.office(ctx)
	if err != nil {
		return "", err
	}
	secret, err := admin.First(ctx, a.host, desk, a.clock.Now())
	if err != nil || secret == "" {
		return "", err
	}
	return fmt.Sprintf("\nNobody can sign in yet. Make the first account here; the link works once, for 7 days:\n\n  %s/admin/first/%s\n\n", a.tenants.Home(), secret), nil
}
