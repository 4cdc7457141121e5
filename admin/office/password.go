package office

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"rowhouse/data/fault"
	"rowhouse/ui/session"
)

// passwordCost is the cost of one check: 2 to the power of it rounds of bcrypt.
const passwordCost = 11

// nobody is a hash of that cost, of a password that was thrown away. Accounts without a password have it, as PocketBase wants one,
// and unknown addresses are checked against it, so that they take as long as known ones.
const nobody = "$2a$11$p7Chty.OH.NOmODsFxAeauef194dJiFu8SbOabwkUsoKWxl3dtv0."

// mixed is what bcrypt gets of a password: always 44 characters, as it looks at no more than 72 bytes,
// and of no use to whoever has the file alone.
func (o *Office) mixed(password string) string {
	mac := hmac.New(sha256.New, o.pepper[:])
	mac.Write([]byte(password))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// Strong refuses a password that is easily guessed, for this account above all.
func (a Account) Strong(password string) error {
	user, _, _ := strings.Cut(a.Email, "@")
	if err := session.Strong(password, append(strings.Fields(a.Name), user, a.Email)...); err != nil {
		return &fault.Fault{Kind: fault.Invalid, Format: fault.Of(err).Format, Args: fault.Of(err).Args, Fields: map[string]error{"password": err}}
	}
	return nil
}

// SetPassword gives an operator a password. PocketBase's tokens that were made before end.
func (o *Office) SetPassword(ctx context.Context, number int64, password string) error {
	a, err := o.ByNumber(ctx, number)
	if err != nil {
		return err
	}
	if a.Number == 0 {
		return fault.New(fault.Missing, "There is no such operator.")
	}
	if err := a.Strong(password); err != nil {
		return err
	}
	hash, err := o.hash(ctx, password)
	if err != nil {
		return err
	}
	return o.edit(ctx, number, func(app core.App, r *core.Record) error {
		r.SetRaw("password", &core.PasswordFieldValue{Hash: hash})
		r.RefreshTokenKey()
		return app.SaveWithContext(ctx, r)
	})
}

// hash makes the hash before the transaction: it takes longer than a writer may be held.
func (o *Office) hash(ctx context.Context, password string) (string, error) {
	leave, err := o.enter(ctx)
	if err != nil {
		return "", err
	}
	defer leave()
	c, err := o.app.FindCachedCollectionByNameOrId(operators)
	if err != nil {
		return "", err
	}
	done, err := o.compute(ctx)
	if err != nil {
		return "", err
	}
	defer done()
	r := core.NewRecord(c)
	r.SetPassword(o.mixed(password))
	return r.GetString("password:hash"), nil
}

// CheckPassword tells whether an active operator has this address and password, and who it is.
// It takes the same time whether or not there is such an address.
func (o *Office) CheckPassword(ctx context.Context, email, password string) (Account, bool, error) {
	a, err := o.ByEmail(ctx, email)
	if err != nil {
		return Account{}, false, err
	}
	kept, err := o.kept(ctx, a.Number)
	if err != nil {
		return Account{}, false, err
	}
	done, err := o.compute(ctx)
	if err != nil {
		return Account{}, false, err
	}
	defer done()
	right := core.PasswordFieldValue{Hash: kept}.Validate(o.mixed(password))
	if !right || kept == nobody || !a.Active || len(password) > session.MaxPassword {
		return Account{}, false, nil
	}
	return a, true, nil
}

// kept reads the hash of an operator's password, or nobody's if there is no such operator.
func (o *Office) kept(ctx context.Context, number int64) (string, error) {
	leave, err := o.enter(ctx)
	if err != nil {
		return "", err
	}
	defer leave()
	var hash string
	err = o.app.NonconcurrentDB().NewQuery(`select coalesce(max(password), {:nobody}) from operators where number = {:number}`).
		Bind(dbx.Params{"number": number, "nobody": nobody}).WithContext(ctx).Row(&hash)
	return hash, err
}

// compute waits until a core is free: a flood of logins may make logins slow, and nothing else.
func (o *Office) compute(ctx context.Context) (done func(), err error) {
	select {
	case o.hashing <- struct{}{}:
		return func() { <-o.hashing }, nil
	case <-ctx.Done():
		return nil, fault.Because(ctx.Err(), fault.Busy, "Too many people are signing in at once. Please try again.")
	}
}
