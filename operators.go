package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"rowhouse/admin"
)

func runOperator(ctx context.Context, args []string, out io.Writer) error {
	create := len(args) > 0 && args[0] == "create"
	if len(args) > 0 && !create && args[0] != "--help" && args[0] != "-h" {
		return &wordsError{fmt.Sprintf("there is no command operator %q", args[0])}
	}
	f := flagSet("operator create", "Makes an account for the host's panel and prints a link to choose its password, which works once, for 24 hours.\nFor an address that has an account, it prints a new link.", out)
	dir := f.String("dir", defaultDir(), "where everything is kept")
	domain := f.String("domain", "example.com", "the host's domain, for the link")
	name := f.String("name", "", "full name (required)")
	email := f.String("email", "", "e-mail address (required)")
	if !create {
		f.Usage()
		return nil
	}
	if err := parse(f, args[1:]); err != nil {
		return err
	}
	if *name == "" || *email == "" {
		return &wordsError{"please say --name and --email"}
	}
	a, err := openApp(ctx, *dir, *domain)
	if err != nil {
		return err
	}
	secret, err := admin.Create(ctx, a.host, a.clock.Now(), *name, *email)
	if err == nil {
		fmt.Fprintf(out, "Start the server and choose the password of %s here:\n\n  %s/admin/password/%s\n", *email, a.tenants.Home(), secret)
	}
	return errors.Join(err, a.close())
}
