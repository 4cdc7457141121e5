package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/pflag"

	"rowhouse/admin"
	"rowhouse/admin/office"
)

// operatorOptions are the flags of the commands about operators.
type operatorOptions struct {
	name, email, role string
	json              bool
}

// operatorCommand is one of the words behind operator.
type operatorCommand struct {
	name, about string
	flags       func(*pflag.FlagSet, *operatorOptions)
	run         func(ctx context.Context, a *app, o operatorOptions, out io.Writer) error
}

var operatorCommands = []operatorCommand{
	{"create", "make an account for the host's panel and print a link to choose its password, which works once, for 24 hours; for an address that has an account, print a new link",
		func(f *pflag.FlagSet, o *operatorOptions) {
			f.StringVar(&o.name, "name", "", "full name (required)")
			f.StringVar(&o.email, "email", "", "e-mail address (required)")
			f.StringVar(&o.role, "role", "owner", "owner, billing, support or read_only")
		}, operatorCreate},
	{"reset", "take an operator's second factor away, end their sessions, and print a link to choose a new password", func(f *pflag.FlagSet, o *operatorOptions) {
		f.StringVar(&o.email, "email", "", "e-mail address (required)")
	}, operatorReset},
	{"list", "list the operators", func(f *pflag.FlagSet, o *operatorOptions) { f.BoolVar(&o.json, "json", false, "answer as JSON") }, operatorList},
}

func runOperator(ctx context.Context, args []string, out io.Writer) error {
	for _, c := range operatorCommands {
		if len(args) == 0 || args[0] != c.name {
			continue
		}
		var o operatorOptions
		f := flagSet("operator "+c.name, strings.ToUpper(c.about[:1])+c.about[1:]+".", out)
		dir := f.String("dir", defaultDir(), "where everything is kept")
		domain := f.String("domain", "example.com", "the host's domain, for the link")
		c.flags(f, &o)
		if err := parse(f, args[1:]); err != nil {
			return err
		}
		a, err := openApp(ctx, *dir, *domain)
		if err != nil {
			return err
		}
		return errors.Join(c.run(ctx, a, o, out), a.close())
	}
	if len(args) > 0 && args[0] != "--help" && args[0] != "-h" {
		return &wordsError{fmt.Sprintf("there is no command operator %q", args[0])}
	}
	fmt.Fprintln(out, "Usage: rowhouse operator COMMAND [flags]\n\nCommands:")
	for _, c := range operatorCommands {
		fmt.Fprintf(out, "  %-8s %s\n", c.name, c.about)
	}
	return nil
}

func operatorCreate(ctx context.Context, a *app, o operatorOptions, out io.Writer) error {
	if o.name == "" || o.email == "" {
		return &wordsError{"please say --name and --email"}
	}
	desk, err := a.office(ctx)
	if err != nil {
		return err
	}
	secret, err := admin.Invite(ctx, a.host, desk, a.clock.Now(), office.Account{Name: o.name, Email: o.email, Role: office.Role(o.role), Active: true})
	return a.sayLink(out, o.email, secret, err)
}

func operatorReset(ctx context.Context, a *app, o operatorOptions, out io.Writer) error {
	if o.email == "" {
		return &wordsError{"please say --email"}
	}
	desk, err := a.office(ctx)
	if err != nil {
		return err
	}
	secret, err := admin.Reset(ctx, a.host, desk, a.clock.Now(), o.email)
	return a.sayLink(out, o.email, secret, err)
}

func (a *app) sayLink(out io.Writer, email, secret string, err error) error {
	return said(out, err, "Start the server and choose the password of %s here:\n\n  %s/admin/password/%s", email, a.tenants.Home(), secret)
}

func operatorList(ctx context.Context, a *app, o operatorOptions, out io.Writer) error {
	desk, err := a.office(ctx)
	if err != nil {
		return err
	}
	all, err := desk.List(ctx)
	if err != nil {
		return err
	}
	if o.json {
		return json.NewEncoder(out).Encode(all)
	}
	for _, one := range all {
		state := "active"
		if !one.Active {
			state = "inactive"
		}
		fmt.Fprintf(out, "%-32s %-10s %-9s %s\n", one.Email, one.Role, state, one.Name)
	}
	return nil
}
