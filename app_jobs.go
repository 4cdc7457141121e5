package main

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"rowhouse/admin/hook"
	"rowhouse/admin/job"
	"rowhouse/admin/office"
	"rowhouse/tenant"
)

// jobs is the scheduled work beside billing's, and the programs of the host that are told of what happens.
func (a *app) jobs() {
	a.hooks = &hook.Hooks{DB: a.host, Clock: a.clock, Seal: a.billing.Seal, Local: a.demo, Alarm: a.billing.Alarm, Owners: a.owners, Home: a.tenants.Home()}
	a.board = &job.Board{DB: a.host, Clock: a.clock, Money: a.billing, Zone: a.zone, Jobs: []*job.Job{
		{Name: "provisioning", Every: 10 * time.Second, Do: a.tenants.ResumeAll, Beside: true},
		{Name: "letters", Every: 10 * time.Second, Do: a.send},
		{Name: "webhooks", Every: 5 * time.Second, Do: a.hooks.Run},
		{Name: "reservations", Every: time.Hour, Do: a.free},
		{Name: "tidying", Every: time.Hour, Do: a.tidyAll},
		{Name: "backups", Every: 24 * time.Hour, Daily: true, Hour: 1, Do: a.tenants.BackUpChanged},
	}}
}

// zone is the host's, in which its nights are counted.
func (a *app) zone(ctx context.Context) (*time.Location, error) {
	seller, err := a.billing.Seller(ctx)
	return seller.Location(), err
}

// owners are the addresses of those who may do everything.
func (a *app) owners(ctx context.Context) ([]string, error) {
	desk, err := a.office(ctx)
	if err != nil {
		return nil, err
	}
	all, err := desk.List(ctx)
	var to []string
	for _, o := range all {
		if o.Active && o.Role == office.Owner {
			to = append(to, o.Email)
		}
	}
	return to, err
}

// tell tells the host's own programs what has happened. It has a turn of its own: a receiver may be slow.
func (a *app) tell(ctx context.Context) error { return a.board.Do(ctx, "webhooks") }

// nightly backs tenants up, once a night.
func (a *app) nightly(ctx context.Context) error { return a.board.Tick(ctx, "backups") }

// free frees names of registrations that were never finished, and what the host's programs have heard of.
func (a *app) free(ctx context.Context) (done, failed int, err error) {
	return 0, 0, errors.Join(a.shop.Expire(ctx), a.tenants.ExpireReservations(ctx), a.hooks.Tidy(ctx), a.tenants.EmptyTrash())
}

// tidyAll tidies the files of the tenants. One bad file never stops the rest.
func (a *app) tidyAll(ctx context.Context) (done, failed int, err error) {
	for after := ""; ctx.Err() == nil; {
		list, err := a.tenants.List(ctx, tenant.Active, after, 100)
		if err != nil || len(list) == 0 {
			return done, failed, err
		}
		for _, t := range list {
			after, done = t.Name, done+1
			if err := a.tidy(ctx, t.Name); err != nil {
				slog.Warn("tenant not tidied", "tenant", t.Name, "err", err)
				failed++
			}
		}
	}
	return done, failed, nil
}
