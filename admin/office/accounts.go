package office

import (
	"context"
	"slices"
	"strings"
	"sync"
)

// memory is the accounts as they were read last: every page of the panel asks for one.
type memory struct {
	mu       sync.Mutex
	accounts []Account
	read     bool
}

// forget lets the accounts be read again. It is called after each change, so it waits for a reading that began before.
func (m *memory) forget() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.accounts, m.read = nil, false
}

// List returns all accounts, by number.
func (o *Office) List(ctx context.Context) ([]Account, error) {
	leave, err := o.enter(ctx)
	if err != nil {
		return nil, err
	}
	defer leave()
	o.known.mu.Lock()
	defer o.known.mu.Unlock()
	if !o.known.read {
		// On the writer's connection: those of the readers may be busy with somebody's long query.
		if o.known.accounts, err = all(o.app.NonconcurrentDB()); err != nil {
			return nil, err
		}
		o.known.read = true
	}
	return slices.Clone(o.known.accounts), nil
}

// ByNumber returns an account, or the zero Account if there is none.
func (o *Office) ByNumber(ctx context.Context, number int64) (Account, error) {
	return o.first(ctx, func(a Account) bool { return a.Number == number })
}

// ByEmail returns the account of an address, however it is capitalised, or the zero Account.
func (o *Office) ByEmail(ctx context.Context, email string) (Account, error) {
	email = strings.TrimSpace(email)
	return o.first(ctx, func(a Account) bool { return strings.EqualFold(a.Email, email) })
}

func (o *Office) first(ctx context.Context, is func(Account) bool) (Account, error) {
	accounts, err := o.List(ctx)
	if err != nil {
		return Account{}, err
	}
	if i := slices.IndexFunc(accounts, is); i >= 0 {
		return accounts[i], nil
	}
	return Account{}, nil
}
