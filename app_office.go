package main

import (
	"context"
	"errors"
	"sync"

	"rowhouse/admin"
	"rowhouse/admin/office"
)

// backOffice is opened when somebody asks for it: commands and tests that need no operator do without.
type backOffice struct {
	mu   sync.Mutex
	open *office.Office
}

// office opens the back office, or returns the open one.
func (a *app) office(ctx context.Context) (*office.Office, error) {
	a.desks.mu.Lock()
	defer a.desks.mu.Unlock()
	if a.desks.open != nil {
		return a.desks.open, nil
	}
	o, err := office.Open(context.WithoutCancel(ctx), a.dir, func(purpose string) []byte { return []byte(a.billing.Seal.Secret(purpose)) })
	if err != nil {
		return nil, err
	}
	if err := admin.Adopt(ctx, a.host, o); err != nil {
		return nil, errors.Join(err, o.Close())
	}
	a.desks.open = o
	return o, nil
}

// mayVisit tells whether an operator is still one of those who may sign in for a tenant's owner.
func (a *app) mayVisit(ctx context.Context, email string) (bool, error) {
	desk, err := a.office(ctx)
	if err != nil {
		return false, err
	}
	one, err := desk.ByEmail(ctx, email)
	return one.Active && admin.MayEnter(one.Role), err
}

func (b *backOffice) close() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.open == nil {
		return nil
	}
	return b.open.Close()
}
