package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"strconv"

	"github.com/spf13/pflag"

	"rowhouse/admin"
	"rowhouse/billing/gateway"
	"rowhouse/data/fault"
	"rowhouse/ui/mail"
)

// setupOptions are the flags of the set-up without a browser. What is left out stays as it is.
type setupOptions struct {
	domain, smtp, from, brand, contact, transfer, example string
	hue                                                   int
	rehearsal, plans                                      bool
}

func (o *setupOptions) flags(f *pflag.FlagSet) {
	f.StringVar(&o.domain, "domain", "", "the host's domain")
	f.StringVar(&o.smtp, "smtp", "", "mail server: smtp://user:password@host:587")
	f.StringVar(&o.from, "mail-from", "", "the address that letters come from")
	f.StringVar(&o.transfer, "bank-transfer", "", "bank data, which turns payment by transfer on")
	f.BoolVar(&o.rehearsal, "rehearsal", false, "turn the gateway on that takes no real money")
	f.BoolVar(&o.plans, "plans", false, "the plans are right as they are")
	f.StringVar(&o.brand, "brand", "", "the name on every page and in every letter")
	f.IntVar(&o.hue, "hue", -1, "the one colour of everything, 0 to 359")
	f.StringVar(&o.contact, "contact", "", "an e-mail address for questions")
	f.StringVar(&o.example, "example", "", "make the company \"sample\" with example data, owned by this e-mail address")
}

func runSetup(ctx context.Context, args []string, out io.Writer) error {
	var o setupOptions
	f := flagSet("setup", "Does the steps of the first set-up without a browser; each that is left out can still be done in the panel.", out)
	dir := f.String("dir", defaultDir(), "where everything is kept")
	o.flags(f)
	if err := parse(f, args); err != nil {
		return err
	}
	if o.smtp != "" && o.from == "" {
		return &wordsError{"please say with --mail-from who letters are from"}
	}
	domain := o.domain
	if domain == "" {
		domain = "example.com"
	}
	a, err := openApp(ctx, *dir, domain)
	if err != nil {
		return err
	}
	return errors.Join(said(out, a.setUp(ctx, o), "The set-up is kept. Start the server to make the first account."), a.close())
}

// setUp does what was asked for, one step after the other.
func (a *app) setUp(ctx context.Context, o setupOptions) error {
	if err := a.host.Tx(ctx, func(tx *sql.Tx) error { return errors.Join(a.keepSettings(ctx, tx, o), a.keepBrand(ctx, tx, o)) }); err != nil {
		return err
	}
	if o.transfer != "" {
		if err := a.billing.KeepGateway(ctx, "offline", gateway.Keys{"instructions": o.transfer}, true, "command line"); err != nil {
			return err
		}
	}
	if o.rehearsal {
		if err := a.billing.KeepGateway(ctx, "rehearsal", nil, true, "command line"); err != nil {
			return err
		}
	}
	if o.example == "" {
		return nil
	}
	return tenantCreate(ctx, a, []string{"sample"}, tenantOptions{company: "Sample Company", owner: "Sample Owner", email: o.example, plan: "pro", leads: 50}, io.Discard)
}

func (a *app) keepSettings(ctx context.Context, tx *sql.Tx, o setupOptions) error {
	values := map[string]string{"domain": o.domain, "smtp": o.smtp, "mail-from": o.from}
	if o.smtp != "" {
		server, err := admin.ParseServer(o.smtp)
		if err != nil {
			return err
		}
		if _, err := mail.Address(o.from); err != nil {
			return fault.New(fault.Invalid, "Please say with --mail-from who letters are from.")
		}
		values["mail.proven"] = o.from + " " + server.Host // who sets it up unattended has tried it
	}
	if o.plans {
		values["setup.plans"] = "seen"
	}
	for key, value := range values {
		if value == "" {
			continue
		}
		if err := a.options.Set(ctx, tx, key, value); err != nil {
			return fmt.Errorf("keep %s: %w", key, err)
		}
	}
	return a.tenants.Audit(ctx, tx, "command line", "set up", "", "")
}

func (a *app) keepBrand(ctx context.Context, tx *sql.Tx, o setupOptions) error {
	texts, err := a.shop.Texts(ctx)
	if err != nil {
		return err
	}
	values := map[string]string{"brand": o.brand, "contact": o.contact}
	if o.hue >= 0 {
		values["hue"] = strconv.Itoa(o.hue)
	}
	for key, value := range values {
		if value == "" {
			continue
		}
		if err := texts.Set(ctx, tx, key, value); err != nil {
			return err
		}
	}
	return nil
}
