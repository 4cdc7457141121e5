package main

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"rowhouse/ui/session"
)

// median runs work so often and returns the middle of how long it took, in milliseconds.
func median(rounds int, work func() error) (float64, error) {
	took := make([]time.Duration, 0, rounds)
	for i := range rounds + rounds/10 {
		began := time.Now()
		if err := work(); err != nil {
			return 0, err
		}
		if i >= rounds/10 { // the first ones warm up
			took = append(took, time.Since(began))
		}
	}
	slices.Sort(took)
	return float64(took[len(took)/2].Microseconds()) / 1000, nil
}

// rate is how many times a second so many clients at once get work done.
func rate(clients, rounds int, work func() error) (float64, error) {
	var wait sync.WaitGroup
	failures := make(chan error, clients)
	began := time.Now()
	for range clients {
		wait.Add(1)
		go func() {
			defer wait.Done()
			for range rounds {
				if err := work(); err != nil {
					failures <- err
					return
				}
			}
		}()
	}
	wait.Wait()
	close(failures)
	return float64(clients*rounds) / time.Since(began).Seconds(), <-failures
}

// requests measures pages of one company.
func (b *bench) requests(ctx context.Context, rounds int) ([]figure, error) {
	var figures []figure
	var failed error
	mid := func(what string, limit, times float64, work, floor func() error) {
		if failed != nil {
			return
		}
		x := figure{What: what, Unit: "ms"}
		if floor != nil {
			x.Floor, failed = median(rounds, floor)
		}
		if failed == nil {
			x.Value, failed = median(rounds, work)
		}
		x.Met = (limit == 0 || x.Value <= limit) && (times == 0 || x.Value <= times*x.Floor)
		x.Target = target(limit, times)
		figures = append(figures, x)
	}
	mid("list page, 50 of 10,000 leads, 1 client", 2, 4, b.page("/admin/leads"), b.floorOf("GET", "/list"))
	mid("one lead's page", 1.5, 0, b.page("/admin/leads/5000"), nil)
	mid("search, 10,000 leads and 10,000 contacts", 5, 0, b.page("/admin/search?q=anna+m"), nil)
	mid("create a lead, fsynced", 0, 2, b.create, b.floorOf("POST", "/create"))
	if failed != nil {
		return nil, failed
	}
	perSecond, err := rate(8, max(rounds, 100), b.page("/admin/leads"))
	if err != nil {
		return nil, err
	}
	floor, err := rate(8, max(rounds, 100), b.floorOf("GET", "/list"))
	figures = append(figures, figure{What: "list page, 8 clients", Value: perSecond, Unit: "req/s", Floor: floor, Target: "≥ 1500 req/s", Met: perSecond >= 1500})
	return figures, err
}

func target(limit, times float64) string {
	var parts []string
	if limit > 0 {
		parts = append(parts, fmt.Sprintf("≤ %g ms", limit))
	}
	if times > 0 {
		parts = append(parts, fmt.Sprintf("≤ %g × floor", times))
	}
	return strings.Join(parts, ", ")
}

// lives measures the making and the opening of companies.
func (b *bench) lives(ctx context.Context, rounds int) ([]figure, error) {
	hash, err := session.HashPassword(ctx, demoPassword)
	if err != nil {
		return nil, err
	}
	n := 0
	provision, err := median(rounds, func() error {
		n++
		name := fmt.Sprintf("house-%d", n)
		if err := b.order(ctx, name, hash, 0); err != nil {
			return err
		}
		return b.app.tenants.Provision(ctx, name)
	})
	if err != nil {
		return nil, err
	}
	cold, err := b.cold(ctx, rounds)
	return []figure{{What: "provision a tenant", Value: provision, Unit: "ms", Target: "≤ 30 ms", Met: provision <= 30},
		{What: "first request to a closed tenant", Value: cold, Unit: "ms", Target: "≤ 15 ms", Met: cold <= 15}}, err
}

// cold is how long the login page of a closed company takes.
func (b *bench) cold(ctx context.Context, rounds int) (float64, error) {
	took := make([]time.Duration, 0, rounds)
	for i := range rounds {
		name := fmt.Sprintf("house-%d", i%rounds+1)
		if err := b.app.tenants.Files.Alone(ctx, name, func(string) error { return nil }); err != nil {
			return 0, err
		}
		r, err := b.request("GET", name, "/admin/login", nil)
		if err != nil {
			return 0, err
		}
		began := time.Now()
		if err := b.send(r, http.StatusOK); err != nil {
			return 0, err
		}
		took = append(took, time.Since(began))
	}
	slices.Sort(took)
	return float64(took[len(took)/2].Microseconds()) / 1000, nil
}
