package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"

	"rowhouse/admin"
	"rowhouse/data/fault"
)

func runServe(ctx context.Context, args []string, out io.Writer) error {
	f := flagSet("serve", "Serves the public site at DOMAIN and every tenant at NAME.DOMAIN, as plain HTTP:\nfor development, or behind a proxy that does TLS.", out)
	c := config{}
	f.StringVar(&c.domain, "domain", "", "the host's domain: example.com (required; with the port if visitors see one)")
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
	if c.domain == "" {
		return &wordsError{"please say --domain example.com"}
	}
	l, err := listen(*addr)
	if err != nil {
		return err
	}
	a, err := build(ctx, c)
	if err != nil {
		return errors.Join(err, l.Close())
	}
	fmt.Fprintf(out, "Rowhouse serves %s on http://%s\n", a.tenants.Home(), l.Addr())
	if err := a.sayFirst(ctx, out); err != nil {
		return errors.Join(err, l.Close(), a.close())
	}
	return errors.Join(a.serve(ctx, l), a.close())
}

// openApp puts the parts together for a command that works on the folder of a host.
func openApp(ctx context.Context, dir, domain string) (*app, error) {
	a, err := build(ctx, config{dir: dir, domain: domain, https: true})
	if fault.Is(err, fault.Busy) {
		return nil, fault.New(fault.Busy, "A server is running on %s. Stop it first, as two programs must not write the same files.", dir)
	}
	return a, err
}

// sayFirst says where the first operator makes their account, as long as there is none, and what else is missing.
func (a *app) sayFirst(ctx context.Context, out io.Writer) error {
	box, err := a.options.Mailbox(ctx)
	if err != nil {
		return err
	}
	if box.Server == nil {
		slog.Warn("no mail server is set: letters wait in the outbox until one is (in the panel, or --smtp)")
	}
	desk, err := a.office(ctx)
	if err != nil {
		return err
	}
	secret, err := admin.First(ctx, a.host, desk, a.clock.Now())
	if err == nil && secret != "" {
		fmt.Fprintf(out, "\nNobody can sign in yet. Make the first account here; the link works once, for 7 days:\n\n  %s/admin/first/%s\n\n", a.tenants.Home(), secret)
	}
	return err
}
