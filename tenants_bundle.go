package main

import (
	"context"
	"errors"
	"io"
	"os"

	"rowhouse/data/fault"
)

func tenantExport(ctx context.Context, a *app, args []string, _ tenantOptions, out io.Writer) error {
	f, err := os.OpenFile(args[1], os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, os.ErrExist) {
		return fault.New(fault.Conflict, "The file %s is there already.", args[1])
	}
	if err != nil {
		return fault.Because(err, fault.Invalid, "The file %s cannot be written.", args[1])
	}
	if err := errors.Join(a.tenants.Export(ctx, args[0], f), f.Sync(), f.Close()); err != nil {
		return errors.Join(err, os.Remove(args[1]))
	}
	return said(out, nil, "%s is in %s.", args[0], args[1])
}

func tenantImport(ctx context.Context, a *app, args []string, _ tenantOptions, out io.Writer) error {
	f, err := os.Open(args[0])
	if err != nil {
		return fault.Because(err, fault.Missing, "There is no file %s.", args[0])
	}
	name := ""
	if len(args) > 1 {
		name = args[1]
	}
	m, err := a.tenants.Import(ctx, f, name, "command line")
	if name == "" {
		name = m.Name
	}
	return said(out, errors.Join(err, f.Close()), "%s is at %s/admin.", m.Company, a.tenants.URL(name))
}
