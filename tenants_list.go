package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"rowhouse/tenant"
)

// tenantRow is a tenant as commands show it.
type tenantRow struct {
	Name    string        `json:"name"`
	Company string        `json:"company"`
	Owner   string        `json:"owner"`
	State   tenant.State  `json:"state"`
	Access  string        `json:"access"`
	Plan    string        `json:"plan"`
	Damaged string        `json:"damaged,omitempty"`
	Created time.Time     `json:"created"`
	URL     string        `json:"url"`
	Holds   []string      `json:"holds,omitempty"`
	Steps   []tenant.Step `json:"steps,omitempty"`
}

func (a *app) row(t tenant.Tenant) tenantRow {
	level, _ := t.Access()
	r := tenantRow{Name: t.Name, Company: t.Company, Owner: t.OwnerEmail, State: t.State, Access: level.String(), Plan: t.Limits.Plan, Damaged: t.Damaged, Created: t.Created, URL: a.tenants.URL(t.Name)}
	for _, h := range t.Holds {
		r.Holds = append(r.Holds, strings.TrimSpace(h.Reason+" "+h.Note))
	}
	return r
}

func tenantList(ctx context.Context, a *app, _ []string, o tenantOptions, out io.Writer) error {
	rows := []tenantRow{}
	for after := ""; ; {
		list, err := a.tenants.List(ctx, "", after, 500)
		if err != nil {
			return err
		}
		if len(list) == 0 {
			break
		}
		for _, t := range list {
			after = t.Name
			full, err := a.tenants.ByName(ctx, t.Name)
			if err != nil {
				return err
			}
			rows = append(rows, a.row(full))
		}
	}
	if o.json {
		return writeJSON(out, rows)
	}
	w := tabwriter.NewWriter(out, 0, 4, 2, ' ', 0)
	fmt.Fprintln(w, "NAME\tCOMPANY\tSTATE\tACCESS\tPLAN\tOWNER\tCREATED")
	for _, r := range rows {
		state := string(r.State)
		if r.Damaged != "" {
			state += ", damaged"
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", r.Name, r.Company, state, r.Access, r.Plan, r.Owner, r.Created.Format(time.DateOnly))
	}
	return w.Flush()
}

func writeJSON(out io.Writer, v any) error {
	e := json.NewEncoder(out)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

func tenantShow(ctx context.Context, a *app, args []string, o tenantOptions, out io.Writer) error {
	t, err := a.tenants.ByName(ctx, args[0])
	if err != nil {
		return err
	}
	r := a.row(t)
	if r.Steps, err = a.tenants.Steps(ctx, t.ID); err != nil {
		return err
	}
	if o.json {
		return writeJSON(out, r)
	}
	fmt.Fprintf(out, "%s  %s\n  address   %s/admin\n  owner     %s\n  state     %s, access %s\n  plan      %s\n  created   %s\n", r.Name, r.Company, r.URL, r.Owner, r.State, r.Access, r.Plan, r.Created.Format(time.DateTime))
	for _, h := range r.Holds {
		fmt.Fprintf(out, "  hold      %s\n", h)
	}
	if r.Damaged != "" {
		fmt.Fprintf(out, "  damaged   %s\n", r.Damaged)
	}
	for _, s := range r.Steps {
		fmt.Fprintf(out, "  step      %-9s %s %s\n", s.Name, s.State, s.Error)
	}
	return nil
}
