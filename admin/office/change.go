package office

import (
	"context"
	"database/sql"
	"errors"
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/pocketbase/dbx"
	validation "github.com/pocketbase/ozzo-validation/v4"
	"github.com/pocketbase/pocketbase/core"

	"rowhouse/data/fault"
)

// Create makes an active account without a password. The first account of a host is always an owner's.
// With a Number it gets that one, which must be free: so accounts kept elsewhere can move in.
func (o *Office) Create(ctx context.Context, a Account) (Account, error) {
	email, err := address(a.Email)
	if err != nil {
		return Account{}, err
	}
	var made Account
	err = o.change(ctx, func(app core.App) error {
		others, err := all(app.DB())
		if err != nil {
			return err
		}
		if len(others) == 0 {
			a.Role = Owner
		}
		if a, err = a.checked(); err != nil {
			return err
		}
		if slices.ContainsFunc(others, func(b Account) bool { return strings.EqualFold(b.Email, email) }) {
			return wrong("email", "There is an operator with this address already.")
		}
		if a.Number, err = number(app, a.Number, others); err != nil {
			return err
		}
		a.Email, a.Active = email, true
		made, err = insert(ctx, app, a)
		return err
	})
	if err != nil {
		return Account{}, err
	}
	return made, nil
}

func insert(ctx context.Context, app core.App, a Account) (Account, error) {
	c, err := app.FindCachedCollectionByNameOrId(operators)
	if err != nil {
		return Account{}, err
	}
	r := core.NewRecord(c)
	r.Set("number", a.Number)
	r.SetEmail(a.Email)
	r.SetVerified(true)
	r.SetRaw("password", &core.PasswordFieldValue{Hash: nobody}) // until the first link is used
	put(r, a)
	if err := app.SaveWithContext(ctx, r); err != nil {
		var invalid validation.Errors
		if errors.As(err, &invalid) && invalid["email"] != nil {
			return Account{}, wrong("email", "Please enter an e-mail address like name@company.com.")
		}
		return Account{}, err
	}
	a.Created = r.GetDateTime("created").Time().Truncate(time.Millisecond) // as the file keeps it
	a.Factor, a.LastLogin = false, time.Time{}
	return a, nil
}

// put sets what can be changed by Save.
func put(r *core.Record, a Account) {
	r.Set("name", a.Name)
	r.Set("role", string(a.Role))
	r.Set("state", "inactive")
	if a.Active {
		r.Set("state", "active")
	}
	r.Set("networks", append([]netip.Prefix{}, a.Networks...)) // an empty list, not null
}

// number returns the number of a new account. The last one given is kept in the file's meta,
// because the account that had it may have been deleted since.
func number(app core.App, wish int64, others []Account) (int64, error) {
	var last int64
	err := app.DB().NewQuery(`select cast(value as integer) from meta where key = 'office.number'`).Row(&last)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return 0, err
	}
	for _, b := range others {
		last = max(last, b.Number)
		if b.Number == wish {
			return 0, wrong("number", "There is an operator with the number %d already.", wish)
		}
	}
	if wish <= 0 {
		wish = last + 1
	}
	_, err = app.DB().NewQuery(`insert into meta (key, value) values ('office.number', cast({:n} as text))
		on conflict (key) do update set value = excluded.value`).Bind(dbx.Params{"n": max(wish, last)}).Execute()
	return wish, err
}

// Save keeps the name, role, state and networks of an account. It refuses to take away the last active owner.
func (o *Office) Save(ctx context.Context, a Account) error {
	a, err := a.checked()
	if err != nil {
		return err
	}
	return o.edit(ctx, a.Number, func(app core.App, r *core.Record) error {
		if a.Role != Owner || !a.Active {
			if err := owned(app, a.Number); err != nil {
				return err
			}
		}
		put(r, a)
		return app.SaveWithContext(ctx, r)
	})
}

// Delete removes an account for good. It refuses to take away the last active owner.
func (o *Office) Delete(ctx context.Context, number int64) error {
	return o.edit(ctx, number, func(app core.App, r *core.Record) error {
		if err := owned(app, number); err != nil {
			return err
		}
		return app.DeleteWithContext(ctx, r)
	})
}

// NoteLogin keeps when an operator signed in last.
func (o *Office) NoteLogin(ctx context.Context, number int64, now time.Time) error {
	return o.edit(ctx, number, func(app core.App, r *core.Record) error {
		r.Set("last_login", now.UTC())
		return app.SaveWithContext(ctx, r)
	})
}

// owned refuses if there is no active owner but the one with this number.
func owned(app core.App, without int64) error {
	accounts, err := all(app.DB())
	if err != nil {
		return err
	}
	owner := func(a Account) bool { return a.Role == Owner && a.Active }
	if slices.ContainsFunc(accounts, func(a Account) bool { return owner(a) && a.Number != without }) {
		return nil
	}
	if !slices.ContainsFunc(accounts, owner) {
		return nil
	}
	return fault.New(fault.Conflict, "This is the last active owner. Please make somebody else an owner first.")
}

// edit does work on an account's record in one transaction.
func (o *Office) edit(ctx context.Context, number int64, work func(app core.App, r *core.Record) error) error {
	return o.change(ctx, func(app core.App) error {
		r, err := app.FindFirstRecordByData(operators, "number", number)
		if errors.Is(err, sql.ErrNoRows) {
			return fault.New(fault.Missing, "There is no such operator.")
		}
		if err != nil {
			return err
		}
		return work(app, r)
	})
}
