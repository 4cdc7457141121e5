package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"rowhouse/data/fault"
	"rowhouse/tenant"
	"rowhouse/ui/mail"
)

// tenantCommand is one act on tenants.
type tenantCommand struct {
	name, args, about string
	flags             func(f *pflag.FlagSet, o *tenantOptions)
	run               func(ctx context.Context, a *app, args []string, o tenantOptions, out io.Writer) error
}

type tenantOptions struct {
	company, owner, email, note, plan string
	leads                             int
	json, readOnly                    bool
}

var tenantCommands = []tenantCommand{
	{"create", "NAME", "make a tenant; its owner gets a letter with a link to set a password", orderFlags, tenantCreate},
	{"list", "", "list all tenants", jsonFlag, tenantList},
	{"show", "NAME", "say everything about a tenant", jsonFlag, tenantShow},
	{"suspend", "NAME", "close a tenant's site", func(f *pflag.FlagSet, o *tenantOptions) {
		f.StringVar(&o.note, "note", "", "what the tenant's staff are told")
		f.BoolVar(&o.readOnly, "read-only", false, "leave reading open")
	}, tenantSuspend},
	{"resume", "NAME", "open a suspended tenant's site", nil, func(ctx context.Context, a *app, args []string, _ tenantOptions, out io.Writer) error {
		return said(out, a.tenants.Release(ctx, args[0], tenant.Manual, "command line"), "%s is open again.", args[0])
	}},
	{"copy", "FROM TO", "copy a tenant under another name, without sessions and links", nil, func(ctx context.Context, a *app, args []string, _ tenantOptions, out io.Writer) error {
		return said(out, a.tenants.Copy(ctx, args[0], args[1], "command line"), "%s is a copy of %s.", args[1], args[0])
	}},
	{"rename", "OLD NEW", "give a tenant another address; the old one leads to it for 90 days", nil, func(ctx context.Context, a *app, args []string, _ tenantOptions, out io.Writer) error {
		return said(out, a.tenants.Rename(ctx, args[0], args[1], "command line"), "%s is %s now.", args[0], args[1])
	}},
	{"export", "NAME FILE", "write a tenant as one file, .tar.gz", nil, tenantExport},
	{"import", "FILE [NAME]", "make a tenant of such a file", nil, tenantImport},
	{"adopt", "NAME", "take a folder that was put into tenants/ by hand for a tenant", orderFlags, tenantAdopt},
	{"verify", "[NAME]", "check a tenant's file, or all", jsonFlag, tenantVerify},
}

func orderFlags(f *pflag.FlagSet, o *tenantOptions) {
	f.StringVar(&o.company, "company", "", "name of the company")
	f.StringVar(&o.owner, "owner", "", "full name of the owner")
	f.StringVar(&o.email, "email", "", "e-mail address of the owner")
	f.StringVar(&o.plan, "plan", "starter", "plan, by its short name")
	f.IntVar(&o.leads, "example-leads", 0, "begin with so many example leads")
}

func jsonFlag(f *pflag.FlagSet, o *tenantOptions) {
	f.BoolVar(&o.json, "json", false, "answer as JSON")
}

func runTenant(ctx context.Context, args []string, out io.Writer) error {
	i := -1
	if len(args) > 0 {
		i = slices.IndexFunc(tenantCommands, func(c tenantCommand) bool { return c.name == args[0] })
	}
	if i < 0 {
		if len(args) > 0 && args[0] != "--help" && args[0] != "-h" {
			return &wordsError{fmt.Sprintf("there is no command tenant %q", args[0])}
		}
		fmt.Fprintln(out, "Usage: rowhouse tenant COMMAND [flags]\n\nCommands:")
		for _, c := range tenantCommands {
			fmt.Fprintf(out, "  %-18s %s\n", strings.TrimSpace(c.name+" "+c.args), c.about)
		}
		return nil
	}
	c := tenantCommands[i]
	f := flagSet("tenant "+strings.TrimSpace(c.name+" "+c.args), strings.ToUpper(c.about[:1])+c.about[1:]+".", out)
	dir := f.String("dir", defaultDir(), "where everything is kept")
	domain := f.String("domain", "example.com", "the host's domain, for addresses in letters")
	var o tenantOptions
	if c.flags != nil {
		c.flags(f, &o)
	}
	if err := parse(f, args[1:]); err != nil {
		return err
	}
	words := strings.Fields(c.args)
	needed := slices.IndexFunc(words, func(w string) bool { return strings.HasPrefix(w, "[") })
	if needed < 0 {
		needed = len(words)
	}
	if n := f.NArg(); n > len(words) || n < needed {
		return &wordsError{fmt.Sprintf("tenant %s takes: %s", c.name, c.args)}
	}
	a, err := openApp(ctx, *dir, *domain)
	if err != nil {
		return err
	}
	return errors.Join(c.run(ctx, a, f.Args(), o, out), a.close())
}

// said tells that an act was done.
func said(out io.Writer, err error, format string, args ...any) error {
	if err == nil {
		fmt.Fprintf(out, format+"\n", args...)
	}
	return err
}

func (a *app) order(ctx context.Context, name string, o tenantOptions) (tenant.Order, error) {
	email, err := mail.Address(o.email)
	if err != nil || o.company == "" || o.owner == "" {
		return tenant.Order{}, &wordsError{"please say --company, --owner and --email"}
	}
	plan, err := a.billing.PlanBySlug(ctx, o.plan)
	if err != nil {
		return tenant.Order{}, err
	}
	return tenant.Order{Name: name, Company: o.company, OwnerName: o.owner, OwnerEmail: email, Limits: plan.Limits(), Demo: o.leads, Until: a.clock.Now().Add(time.Hour)}, nil
}

func tenantCreate(ctx context.Context, a *app, args []string, o tenantOptions, out io.Writer) error {
	order, err := a.order(ctx, args[0], o)
	if err != nil {
		return err
	}
	err = a.host.Tx(ctx, func(tx *sql.Tx) error {
		id, err := a.tenants.Reserve(ctx, tx, order)
		if err != nil {
			return err
		}
		if err := a.tenants.Approve(ctx, tx, id); err != nil {
			return err
		}
		return a.tenants.Audit(ctx, tx, "command line", "create", order.Name, order.Company)
	})
	if err == nil {
		err = a.tenants.Provision(ctx, order.Name)
	}
	return said(out, err, "%s is at %s/admin. A letter with a link to set the password is in the outbox for %s.", order.Company, a.tenants.URL(order.Name), order.OwnerEmail)
}

func tenantSuspend(ctx context.Context, a *app, args []string, o tenantOptions, out io.Writer) error {
	level := tenant.Blocked
	if o.readOnly {
		level = tenant.ReadOnly
	}
	err := a.tenants.Hold(ctx, args[0], tenant.Hold{Reason: tenant.Manual, Level: level, Note: o.note}, "command line")
	return said(out, err, "%s is suspended (%s).", args[0], level)
}

func tenantAdopt(ctx context.Context, a *app, args []string, o tenantOptions, out io.Writer) error {
	order, err := a.order(ctx, args[0], o)
	if err != nil {
		return err
	}
	return said(out, a.tenants.Adopt(ctx, order, "command line"), "%s was adopted and is at %s/admin.", order.Company, a.tenants.URL(order.Name))
}

func tenantVerify(ctx context.Context, a *app, args []string, o tenantOptions, out io.Writer) error {
	type verdict struct {
		Name string `json:"name"`
		OK   bool   `json:"ok"`
		Why  string `json:"why,omitempty"`
	}
	names := args
	if len(names) == 0 {
		list, err := a.tenants.List(ctx, tenant.Active, "", 1<<30)
		if err != nil {
			return err
		}
		for _, t := range list {
			names = append(names, t.Name)
		}
	}
	verdicts, bad := []verdict{}, 0
	for _, name := range names {
		v := verdict{Name: name, OK: true}
		if err := a.tenants.Verify(ctx, name); err != nil {
			v.OK, v.Why = false, err.Error()
			bad++
		}
		verdicts = append(verdicts, v)
		if !o.json {
			word := "sound"
			if !v.OK {
				word = "DAMAGED  " + v.Why
			}
			fmt.Fprintf(out, "%-24s %s\n", name, word)
		}
	}
	if o.json {
		if err := writeJSON(out, verdicts); err != nil {
			return err
		}
	}
	if bad > 0 {
		return fault.New(fault.Damaged, "%d of %d files are damaged.", bad, len(names))
	}
	return nil
}
