package billing_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"net/http"
	"net/url"
	"path/filepath"
	"testing"
	"time"

	"rowhouse/billing"
	"rowhouse/billing/gateway"
	"rowhouse/billing/rehearsal"
)

// flaky is a gateway whose line is cut now and then, before it has heard what was asked or after it has done it.
type flaky struct {
	*rehearsal.Desk
	rnd  *rand.Rand
	calm bool
}

var errLine = errors.New("the line was cut")

// cut does a call, and loses it or its answer one time in three each.
func cut[T any](f *flaky, call func() (T, error)) (T, error) {
	var none T
	if f.calm {
		return call()
	}
	switch f.rnd.IntN(3) {
	case 0:
		return none, errLine
	case 1:
		if _, err := call(); err != nil {
			return none, err
		}
		return none, errLine
	}
	return call()
}

func (f *flaky) Pay(ctx context.Context, o gateway.Order) (gateway.Page, error) {
	return cut(f, func() (gateway.Page, error) { return f.Desk.Pay(ctx, o) })
}

func (f *flaky) Charge(ctx context.Context, o gateway.Order, m gateway.Method) (gateway.Result, error) {
	return cut(f, func() (gateway.Result, error) { return f.Desk.Charge(ctx, o, m) })
}

func (f *flaky) Return(ctx context.Context, a gateway.Attempt, q url.Values) (gateway.Result, error) {
	return cut(f, func() (gateway.Result, error) { return f.Desk.Return(ctx, a, q) })
}

func (f *flaky) Fetch(ctx context.Context, a gateway.Attempt) (gateway.Result, error) {
	return cut(f, func() (gateway.Result, error) { return f.Desk.Fetch(ctx, a) })
}

func (f *flaky) Cancel(ctx context.Context, a gateway.Attempt) error {
	_, err := cut(f, func() (struct{}, error) { return struct{}{}, f.Desk.Cancel(ctx, a) })
	return err
}

func (f *flaky) Hear(ctx context.Context, h http.Header, body []byte) (gateway.Event, error) {
	return f.Desk.Hear(ctx, h, body)
}

// flakyBooks are books whose gateway is cut off now and then.
func flakyBooks(t *testing.T, seed uint64) (*books, *flaky) {
	k := newBooks(t)
	f := &flaky{Desk: k.desk, rnd: rand.New(rand.NewPCG(seed, 2)), calm: true}
	kind := k.desk.Kind()
	make := kind.New
	kind.New = func(keys gateway.Keys, o gateway.Options) (gateway.Gateway, error) {
		_, err := make(keys, o)
		return f, err
	}
	k.Kinds[0] = kind
	must(t, k.KeepGateway(t.Context(), rehearsal.Name, nil, true, "test"))
	return k, f
}

// TestACutLineNeverChargesTwiceAndNeverLosesAPayment lets customers check out and renew while the gateway's line is cut at random.
func TestACutLineNeverChargesTwiceAndNeverLosesAPayment(t *testing.T) {
	runs := 60
	if *long {
		runs = 2000
	}
	first := *seed
	if first == 0 {
		first = uint64(time.Now().UnixNano())
	}
	t.Log("seed", first)
	k, f := flakyBooks(t, first)
	for n := range runs {
		name := "the" + letters(n)
		b, err := k.order(name, k.plan("pro"), "month", 0)
		must(t, err)
		f.calm = false
		page := ""
		for try := 0; page == "" && try < 50; try++ {
			page, err = k.Pay(t.Context(), b.Invoice.ID, rehearsal.Name)
		}
		must(t, err)
		_, err = k.desk.Play(t.Context(), filepath.Base(page), rehearsal.DoPay, rehearsal.Works, rehearsal.Delivery{Times: f.rnd.IntN(3)})
		must(t, err)
		a, err := k.AttemptByURL(t.Context(), page)
		must(t, err)
		if _, err := k.Back(t.Context(), a.Key, nil); err != nil {
			t.Fatal(err)
		}
		must(t, k.desk.Deliver(t.Context()))
		must(t, k.Listen(t.Context()))
		_, _ = k.Pay(t.Context(), b.Invoice.ID, rehearsal.Name) // an impatient second click
		f.calm = true
	}
	for range 2 {
		k.hand.Add(11 * time.Minute)
		must(t, k.Turn(t.Context()))
		k.work()
	}
	if n := k.count(`select count(*) from subscription where state = 'active'`); int(n) != runs {
		t.Errorf("%d of %d have paid and are not at work after 22 minutes", runs-int(n), runs)
	}
	f.calm = false
	for range 40 { // the renewals, on a line that is cut all the time
		k.hand.Add(23 * time.Hour)
		_ = k.Turn(t.Context())
	}
	f.calm = true
	for range 3 {
		k.hand.Add(11 * time.Minute)
		must(t, k.Turn(t.Context()))
		k.work()
	}
	if n := k.count(`select count(*) from (select customer, count(*) n from rehearsal_act where state = 'succeeded' group by customer having n <> 2)`); n != 0 {
		t.Errorf("%d customers were not charged exactly twice", n)
	}
	if n := k.count(`select count(*) from payment`); int(n) != 2*runs {
		t.Errorf("%d payments of %d customers", n, runs)
	}
	k.green()
}

// TestAClockThatJumpsIssuesNothingTwiceAndClosesNobodyEarly moves the clock about as bad machines do.
func TestAClockThatJumpsIssuesNothingTwiceAndClosesNobodyEarly(t *testing.T) {
	rounds := 5
	if *long {
		rounds = 100 // of 100 jumps each
	}
	first := *seed
	if first == 0 {
		first = uint64(time.Now().UnixNano())
	}
	t.Log("seed", first)
	rnd := rand.New(rand.NewPCG(first, 3))
	for range rounds {
		k := newBooks(t)
		k.Patience = time.Hour // by the machine's own count: no leap of this test lasts so long
		k.bought("paying", k.plan("pro"), "month", 0)
		k.customer("late", rehearsal.Short)
		must(t, k.Turn(t.Context()))
		for range 100 {
			k.hand.Add(time.Duration(rnd.IntN(24)) * time.Hour)
			by := []time.Duration{2 * time.Hour, -2 * time.Hour, 400 * day, -56 * 365 * day, -50 * time.Minute, 26 * time.Hour}[rnd.IntN(6)]
			if rnd.IntN(2) == 0 {
				k.hand.Add(by)
				must(t, k.Turn(t.Context()))
				must(t, k.Turn(t.Context()))
				k.hand.Add(-by)
			}
			must(t, k.Turn(t.Context()))
			k.work()
			k.checkTime()
		}
		k.days(2)
		k.checkTime()
		for n, i := range k.invoices("paying") {
			if i.State != billing.InvoicePaid && i.Start <= billing.DayOf(k.hand.Now(), time.UTC) || n > 0 && i.Start != k.invoices("paying")[n-1].End && k.invoices("paying")[n-1].End != 0 {
				t.Fatalf("seed %d: a period is missing or unpaid: %+v", first, i)
			}
		}
		k.green()
	}
}

// checkTime fails if something was done before its day: the clock is right when it is called.
func (k *books) checkTime() {
	k.t.Helper()
	today := billing.DayOf(k.hand.Now(), time.UTC)
	if n := k.count(`select count(*) from invoice where kind = 'renewal' and period_start > ? + 8`, today); n != 0 {
		k.t.Fatalf("%d invoices were issued for a time that is far off", n)
	}
	if n := k.count(`select count(*) from invoice where step > 0 and step_on > ? + 1`, today); n != 0 {
		k.t.Fatal("a step was taken on a day that has not come")
	}
	due := k.count(`select coalesce(min(due_on), 99999) from invoice i join subscription s on s.id = i.subscription join tenant t on t.id = s.tenant where t.name = 'late' and i.kind = 'renewal'`)
	if k.level("late").String() != "full" && int64(today) < due+6 {
		k.t.Fatalf("closed on %s, %d days after the due day", today, int64(today)-due)
	}
}
