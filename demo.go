package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"

	"rowhouse/admin/office"
	"rowhouse/ui/session"
)

// demoPassword opens every account of the demo. It is no secret: the demo listens on this machine only.
const demoPassword = "three small houses"

// demoOperator is the account of the host's panel.
const demoOperator = "olga@rowhouse.example"

// demoCompany is an example company.
type demoCompany struct {
	name, company, owner, email string
	leads                       int
	plan, country               string
}

// demoCompanies are the example companies.
var demoCompanies = []demoCompany{
	{"acme", "Acme Studio", "Maya Ortiz", "maya@acme.example", 10000, "pro", "DE"},
	{"harbour", "Harbour Foods", "Henrik Larsen", "henrik@harbour.example", 240, "pro", "DK"},
	{"nordlicht", "Nordlicht GmbH", "Greta Vogel", "greta@nordlicht.example", 60, "pro", "DE"},
}

func runDemo(ctx context.Context, args []string, out io.Writer) error {
	f := flagSet("demo", "Shows the whole product on this machine: three example companies, a built-in inbox for every letter.\nNothing leaves the machine.", out)
	addr := f.String("http", "127.0.0.1:8080", "address to listen on")
	dir := f.String("dir", "", "where everything is kept (default a temporary folder, removed at the end)")
	keep := f.Bool("keep", false, "do not remove the temporary folder")
	if err := parse(f, args); err != nil {
		return err
	}
	l, err := listen(*addr)
	if err != nil {
		return err
	}
	temporary := *dir == ""
	if temporary {
		if *dir, err = os.MkdirTemp("", "rowhouse-demo-"); err != nil {
			return errors.Join(err, l.Close())
		}
	}
	slog.SetLogLoggerLevel(slog.LevelWarn)
	a, err := build(ctx, config{dir: *dir, domain: demoDomain(l.Addr()), demo: true})
	if err != nil {
		return errors.Join(err, l.Close())
	}
	if err := a.seedDemo(ctx, out); err != nil {
		return errors.Join(err, a.close(), l.Close())
	}
	a.sayDemo(out)
	err = errors.Join(a.serve(ctx, l), a.close())
	switch {
	case temporary && !*keep:
		err = errors.Join(err, os.RemoveAll(*dir))
	default:
		fmt.Fprintf(out, "Everything is kept in %s\n", *dir)
	}
	return err
}

func demoDomain(addr net.Addr) string {
	_, port, err := net.SplitHostPort(addr.String())
	if err != nil || port == "80" {
		return "rowhouse.localhost"
	}
	return "rowhouse.localhost:" + port
}

// seedDemo makes the example companies that are not there yet.
func (a *app) seedDemo(ctx context.Context, out io.Writer) error {
	hash, err := session.HashPassword(ctx, demoPassword)
	if err != nil {
		return err
	}
	if err := errors.Join(a.demoOperator(ctx), a.demoBilling(ctx)); err != nil {
		return err
	}
	for _, c := range demoCompanies {
		if _, err := a.tenants.ByName(ctx, c.name); err == nil {
			continue
		}
		fmt.Fprintf(out, "Making %s with %d leads …\n", c.company, c.leads)
		if err := a.demoOrder(ctx, c, hash); err != nil {
			return err
		}
		if err := a.tenants.Provision(ctx, c.name); err != nil {
			return err
		}
	}
	return nil
}

// demoOperator makes the account of the host.
func (a *app) demoOperator(ctx context.Context) error {
	desk, err := a.office(ctx)
	if err != nil {
		return err
	}
	known, err := desk.ByEmail(ctx, demoOperator)
	if err != nil || known.Number > 0 {
		return err
	}
	if known, err = desk.Create(ctx, office.Account{Name: "Olga Host", Email: demoOperator, Role: office.Owner, Active: true}); err != nil {
		return err
	}
	return desk.SetPassword(ctx, known.Number, demoPassword)
}

func (a *app) sayDemo(out io.Writer) {
	home := a.tenants.Home()
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	line("\nRowhouse is ready. Open one of these in a browser on this machine:\n")
	line("  %-46s the public site: prices, registration", home)
	line("  %-46s every letter that was sent", home+"/inbox")
	line("  %-46s the host's panel", home+"/admin")
	line("  %-46s lets days go by for billing", home+"/time-machine")
	for _, c := range demoCompanies {
		line("  %-46s the CRM of %s", a.tenants.URL(c.name)+"/admin", c.company)
	}
	line("\nAccounts, all with the password  %s", demoPassword)
	for _, c := range demoCompanies {
		domain := c.email[strings.IndexByte(c.email, '@'):]
		line("  %-24s administrator    jonas%s manager    aisha%s, leo%s representatives", c.email, domain, domain, domain)
	}
	line("  %-24s host", demoOperator)
	abs, err := filepath.Abs(a.dir)
	if err != nil {
		abs = a.dir
	}
	line("\nThe files are in %s\nStop with Ctrl C.\n", abs)
	fmt.Fprint(out, b.String())
}
