package office

import (
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"rowhouse/data/fault"
)

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

func code(t *testing.T, secret string, at time.Time) string {
	t.Helper()
	c, err := totp.GenerateCode(secret, at)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// armed is an operator with a second factor, its secret and recovery codes.
func armed(t *testing.T, o *Office) (a Account, secret string, codes []string) {
	t.Helper()
	a = hire(t, o, "ann@host.example", Owner)
	secret, picture, err := o.BeginFactor(t.Context(), a.Number, "Host")
	if err != nil || !strings.HasPrefix(picture, "data:image/png") {
		t.Fatal(err, picture)
	}
	if again, _, err := o.BeginFactor(t.Context(), a.Number, "Host"); err != nil || again != secret {
		t.Fatal("a reload made another secret", err)
	}
	if codes, err = o.ConfirmFactor(t.Context(), a.Number, code(t, secret, noon), noon); err != nil {
		t.Fatal(err)
	}
	return a, secret, codes
}

func TestSecondFactor(t *testing.T) {
	o := house(t)
	a, secret, codes := armed(t, o)
	check := func(code string, at time.Time) bool {
		ok, err := o.CheckFactor(t.Context(), a.Number, code, at)
		if err != nil {
			t.Error(err)
		}
		return ok
	}
	if got, err := o.ByNumber(t.Context(), a.Number); err != nil || !got.Factor {
		t.Error(got, err)
	}
	if check(code(t, secret, noon), noon) {
		t.Error("the code that confirmed the factor signs in too")
	}
	later := noon.Add(time.Minute)
	if !check(code(t, secret, later), later) || check(code(t, secret, later), later) {
		t.Error("a code does not count exactly once")
	}
	if check(code(t, secret, later.Add(-30*time.Second)), later) {
		t.Error("an earlier code counts after a later one")
	}
	if !check(" "+strings.ToUpper(codes[3]), later) || check(codes[3], later) || !check(codes[4], later) || check("", later) || check("00000-00000", later) {
		t.Error("a recovery code does not count exactly once")
	}
	a.Active = false
	hire(t, o, "other@host.example", Owner)
	if err := o.Save(t.Context(), a); err != nil {
		t.Fatal(err)
	}
	if check(codes[5], later) {
		t.Error("an inactive account lets in")
	}
	if err := o.DropFactor(t.Context(), a.Number); err != nil {
		t.Fatal(err)
	}
	if got, err := o.ByNumber(t.Context(), a.Number); err != nil || got.Factor || check(codes[6], later) {
		t.Error("the factor is still there", err)
	}
}

func TestWrongFirstCodeTurnsNothingOn(t *testing.T) {
	o := house(t)
	a := hire(t, o, "ann@host.example", Owner)
	for range 2 {
		if _, err := o.ConfirmFactor(t.Context(), a.Number, "000000", noon); !fault.Is(err, fault.Invalid) {
			t.Error(err)
		}
		if _, _, err := o.BeginFactor(t.Context(), a.Number, "Host"); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := o.ByNumber(t.Context(), a.Number); err != nil || got.Factor {
		t.Error(got, err)
	}
	if ok, err := o.CheckFactor(t.Context(), 99, "000000", noon); ok || !fault.Is(err, fault.Missing) {
		t.Error(ok, err)
	}
}

func TestOneOfFiftyTriesWithOneCodeWins(t *testing.T) {
	o := house(t)
	a, secret, codes := armed(t, o)
	later := noon.Add(time.Minute)
	for name, c := range map[string]string{"of the app": code(t, secret, later), "of recovery": codes[0]} {
		var won atomic.Int32
		var wg sync.WaitGroup
		for range 50 {
			wg.Go(func() {
				ok, err := o.CheckFactor(t.Context(), a.Number, c, later)
				if err != nil {
					t.Error(err)
				}
				if ok {
					won.Add(1)
				}
			})
		}
		wg.Wait()
		if won.Load() != 1 {
			t.Errorf("a code %s won %d times", name, won.Load())
		}
	}
}

func TestSecretsAreSealedToTheirOperator(t *testing.T) {
	o := house(t)
	a, secret, codes := armed(t, o)
	b := hire(t, o, "bob@host.example", Owner)
	var kept struct{ Factor, Recovery string }
	if err := o.app.DB().NewQuery(`select factor, recovery from operators where number = 1`).One(&kept); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(kept.Factor, secret) || strings.Contains(kept.Recovery, codes[0]) || len(kept.Recovery) < 10*64 {
		t.Error("a secret can be read in the file")
	}
	if _, err := o.unseal(b.Number, kept.Factor); err == nil {
		t.Error("it opens for another operator")
	}
	if got, err := o.unseal(a.Number, kept.Factor); err != nil || got != secret {
		t.Error(err)
	}
	if _, err := o.app.NonconcurrentDB().NewQuery(`update operators set factor = 'AAAA' where number = 1`).Execute(); err != nil {
		t.Fatal(err)
	}
	if ok, err := o.CheckFactor(t.Context(), a.Number, codes[1], noon); ok || err == nil {
		t.Error("a damaged secret lets in", err)
	}
}
