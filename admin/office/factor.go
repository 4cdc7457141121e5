package office

import (
	"context"
	"slices"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"rowhouse/ui/session"
)

// BeginFactor makes the secret of a second factor, which counts only after its first code. It returns the one
// that was begun before, if there is one, so that a reload does not spoil what the phone has read.
func (o *Office) BeginFactor(ctx context.Context, number int64, issuer string) (secret, picture string, err error) {
	err = o.edit(ctx, number, func(app core.App, r *core.Record) error {
		if secret, err = o.unseal(number, r.GetString("factor_new")); err != nil {
			return err
		}
		if secret != "" {
			picture = session.Picture(issuer, r.Email(), secret)
			return nil
		}
		if secret, picture, err = session.NewFactor(issuer, r.Email()); err != nil {
			return err
		}
		sealed, err := o.seal(number, secret)
		if err != nil {
			return err
		}
		r.Set("factor_new", sealed)
		return app.SaveWithContext(ctx, r)
	})
	if err != nil {
		return "", "", err
	}
	return secret, picture, nil
}

// ConfirmFactor turns the second factor that was begun on, and returns the recovery codes, which are shown this once.
func (o *Office) ConfirmFactor(ctx context.Context, number int64, code string, now time.Time) (recoveryCodes []string, err error) {
	codes, kept := session.RecoveryCodes()
	err = o.edit(ctx, number, func(app core.App, r *core.Record) error {
		secret, err := o.unseal(number, r.GetString("factor_new"))
		if err != nil {
			return err
		}
		step, ok := session.CheckFactor(secret, code, now)
		if secret == "" || !ok {
			return wrong("code", "This code is wrong. Please enter the one that your app shows now.")
		}
		r.Set("factor", r.GetString("factor_new"))
		r.Set("factor_new", "")
		r.Set("factor_step", step)
		r.Set("recovery", kept)
		return app.SaveWithContext(ctx, r)
	})
	if err != nil {
		return nil, err
	}
	return codes, nil
}

// CheckFactor tells whether a code of the second factor, or a recovery code, is right. Either counts once:
// of many tries with one code, one succeeds.
func (o *Office) CheckFactor(ctx context.Context, number int64, code string, now time.Time) (bool, error) {
	var right bool
	err := o.edit(ctx, number, func(app core.App, r *core.Record) error {
		secret, err := o.unseal(number, r.GetString("factor"))
		if err != nil || secret == "" || r.GetString("state") != "active" {
			return err
		}
		used, err := use(r, secret, code, now)
		if err != nil || !used {
			return err
		}
		right = true
		return app.SaveWithContext(ctx, r)
	})
	return right && err == nil, err
}

// use marks a code as used in the record, and tells whether it was right.
func use(r *core.Record, secret, code string, now time.Time) (bool, error) {
	step, ok := session.CheckFactor(secret, code, now)
	if ok && step > int64(r.GetInt("factor_step")) {
		r.Set("factor_step", step)
		return true, nil
	}
	var kept []string
	if err := r.UnmarshalJSONField("recovery", &kept); err != nil {
		return false, err
	}
	i := slices.Index(kept, session.KeptCode(code))
	if i < 0 {
		return false, nil
	}
	r.Set("recovery", slices.Delete(kept, i, i+1))
	return true, nil
}

// DropFactor turns the second factor off and forgets its recovery codes.
func (o *Office) DropFactor(ctx context.Context, number int64) error {
	return o.edit(ctx, number, func(app core.App, r *core.Record) error {
		r.Set("factor", "")
		r.Set("factor_new", "")
		r.Set("factor_step", 0)
		r.Set("recovery", []string{})
		return app.SaveWithContext(ctx, r)
	})
}
