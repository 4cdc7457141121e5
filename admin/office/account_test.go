package office

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"rowhouse/data/fault"
)

func TestFirstAccountIsTheOwners(t *testing.T) {
	o := house(t)
	a := hire(t, o, "Ann@Host.Example", ReadOnly)
	if a.Role != Owner || !a.Active || a.Number != 1 || a.Email != "ann@host.example" || a.Created.IsZero() {
		t.Errorf("%+v", a)
	}
	b := hire(t, o, "bob@host.example", Support)
	if b.Role != Support || b.Number != 2 {
		t.Errorf("%+v", b)
	}
	for _, email := range []string{"ann@host.example", " ANN@host.example "} {
		if got, err := o.ByEmail(t.Context(), email); err != nil || got.Number != 1 || got.Name != "Somebody" || !got.Created.Equal(a.Created) {
			t.Errorf("%q is %+v, %v", email, got, err)
		}
	}
	if got, err := o.ByEmail(t.Context(), "nobody@host.example"); err != nil || got.Number != 0 {
		t.Error(got, err)
	}
}

func TestAccountsAreChecked(t *testing.T) {
	o := house(t)
	hire(t, o, "ann@host.example", Owner)
	for field, a := range map[string]Account{
		"email": {Email: "ANN@host.example", Name: "Ann", Role: Owner},
		"name":  {Email: "b@host.example", Name: " \t ", Role: Owner},
		"role":  {Email: "b@host.example", Name: "B", Role: "root"},
	} {
		_, err := o.Create(t.Context(), a)
		if f := fault.Of(err); f.Kind != fault.Invalid || f.Fields[field] == nil {
			t.Errorf("%s: %v", field, err)
		}
	}
	for _, email := range []string{"", "b", "b@host", "b@host.example\nBcc: x@x.example", strings.Repeat("b", 300) + "@host.example", `"b c"@host.example`, "b@[1.2.3.4]"} {
		if _, err := o.Create(t.Context(), Account{Email: email, Name: "B", Role: Owner}); !fault.Is(err, fault.Invalid) {
			t.Errorf("%q: %v", email, err)
		}
	}
	if _, err := o.Create(t.Context(), Account{Number: 1, Email: "b@host.example", Name: "B", Role: Owner}); !fault.Is(err, fault.Invalid) {
		t.Error(err)
	}
}

func TestNumberIsNeverUsedAgain(t *testing.T) {
	o := house(t)
	hire(t, o, "ann@host.example", Owner)
	b := hire(t, o, "bob@host.example", Owner)
	if err := o.Delete(t.Context(), b.Number); err != nil {
		t.Fatal(err)
	}
	if c := hire(t, o, "cy@host.example", Owner); c.Number != 3 {
		t.Error("the number is", c.Number)
	}
	moved, err := o.Create(t.Context(), Account{Number: 70, Email: "d@host.example", Name: "D", Role: Support})
	if err != nil || moved.Number != 70 {
		t.Error(moved, err)
	}
	if e := hire(t, o, "e@host.example", Owner); e.Number != 71 {
		t.Error("the number is", e.Number)
	}
}

func TestSaveKeepsWhatWasChanged(t *testing.T) {
	o := house(t)
	hire(t, o, "ann@host.example", Owner)
	b := hire(t, o, "bob@host.example", Owner)
	nets, err := ParseNetworks("203.0.113.0/24\n2001:db8::/32")
	if err != nil {
		t.Fatal(err)
	}
	b.Name, b.Role, b.Active, b.Networks = "  Bob   Builder ", Billing, false, nets
	if err := o.Save(t.Context(), b); err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 11, 22, 10, 0, 0, 123e6, time.UTC)
	if err := o.NoteLogin(t.Context(), b.Number, now); err != nil {
		t.Fatal(err)
	}
	got, err := o.ByNumber(t.Context(), b.Number)
	if err != nil || got.Name != "Bob Builder" || got.Role != Billing || got.Active || fmt.Sprint(got.Networks) != fmt.Sprint(nets) || !got.LastLogin.Equal(now) {
		t.Errorf("%+v, %v", got, err)
	}
	if err := o.Save(t.Context(), Account{Number: 99, Name: "X", Role: Owner}); !fault.Is(err, fault.Missing) {
		t.Error(err)
	}
	if err := o.Delete(t.Context(), 99); !fault.Is(err, fault.Missing) {
		t.Error(err)
	}
}

func TestLastOwnerStaysHoweverManyLeaveAtOnce(t *testing.T) {
	o := house(t)
	var owners []Account
	for i := range 8 {
		owners = append(owners, hire(t, o, fmt.Sprintf("o%d@host.example", i), Owner))
	}
	var refused atomic.Int32
	var wg sync.WaitGroup
	for i, a := range owners {
		wg.Go(func() {
			var err error
			switch i % 3 {
			case 0:
				err = o.Delete(t.Context(), a.Number)
			case 1:
				a.Role = Support
				err = o.Save(t.Context(), a)
			default:
				a.Active = false
				err = o.Save(t.Context(), a)
			}
			if fault.Is(err, fault.Conflict) {
				refused.Add(1)
			} else if err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	left := 0
	all, err := o.List(t.Context())
	for _, a := range all {
		if a.Role == Owner && a.Active {
			left++
		}
	}
	if left != 1 || refused.Load() != 1 || err != nil {
		t.Errorf("%d owners are left, %d were refused, %v", left, refused.Load(), err)
	}
}

func TestPassword(t *testing.T) {
	t.Parallel()
	o := house(t)
	a := hire(t, o, "ann@host.example", Owner)
	hire(t, o, "bob@host.example", Owner)
	long := strings.Repeat("the same beginning of 72 bytes ", 3)
	for _, weak := range []string{"short", "passwordpass", strings.Repeat("ä", 100)} {
		if err := o.SetPassword(t.Context(), a.Number, weak); !fault.Is(err, fault.Invalid) {
			t.Errorf("%q: %v", weak, err)
		}
	}
	if _, ok, err := o.CheckPassword(t.Context(), a.Email, ""); ok || err != nil {
		t.Error("an account without a password lets in", err)
	}
	if err := o.SetPassword(t.Context(), a.Number, long+"A"); err != nil {
		t.Fatal(err)
	}
	for try, want := range map[[2]string]bool{
		{"ann@host.example", long + "A"}: true, {"ANN@host.example", long + "A"}: true, {"ann@host.example", long + "B"}: false,
		{"bob@host.example", long + "A"}: false, {"cy@host.example", long + "A"}: false, {"", ""}: false,
	} {
		got, ok, err := o.CheckPassword(t.Context(), try[0], try[1])
		if ok != want || err != nil || ok && got.Number != a.Number || !ok && got.Number != 0 {
			t.Errorf("%v: %v %v %v", try, got, ok, err)
		}
	}
	a.Active = false
	if err := o.Save(t.Context(), a); err != nil {
		t.Fatal(err)
	}
	if _, ok, err := o.CheckPassword(t.Context(), a.Email, long+"A"); ok || err != nil {
		t.Error("an inactive account lets in", err)
	}
	if err := o.SetPassword(t.Context(), 99, password); !fault.Is(err, fault.Missing) {
		t.Error(err)
	}
}

func TestPasswordNeedsTheHostsSecret(t *testing.T) {
	t.Parallel()
	dir := folder(t, opened)
	o := openIn(t, dir)
	a := hire(t, o, "ann@host.example", Owner)
	if err := o.SetPassword(t.Context(), a.Number, password); err != nil {
		t.Fatal(err)
	}
	other, err := Open(t.Context(), dir, func(string) []byte { return []byte("another secret of a host") })
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	if _, ok, err := other.CheckPassword(t.Context(), a.Email, password); ok || err != nil {
		t.Error("the file alone is enough", err)
	}
}

func TestUnknownAddressTakesAsLong(t *testing.T) {
	o := house(t)
	a := hire(t, o, "ann@host.example", Owner)
	if err := o.SetPassword(t.Context(), a.Number, password); err != nil {
		t.Fatal(err)
	}
	fastest := func(email string) time.Duration {
		best := time.Hour
		for range 2 {
			began := time.Now()
			if _, ok, err := o.CheckPassword(t.Context(), email, "wrong "+password); ok || err != nil {
				t.Fatal(ok, err)
			}
			best = min(best, time.Since(began))
		}
		return best
	}
	known, unknown := fastest(a.Email), fastest("nobody@host.example")
	if known < unknown*7/10 || unknown < known*7/10 {
		t.Errorf("a known address takes %v, an unknown one %v", known, unknown)
	}
}

func TestWaitingForACoreEndsWithTheRequest(t *testing.T) {
	o := house(t)
	for range cap(o.hashing) {
		o.hashing <- struct{}{}
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if _, ok, err := o.CheckPassword(ctx, "x@host.example", password); ok || !fault.Is(err, fault.Busy) {
		t.Error(ok, err)
	}
}
