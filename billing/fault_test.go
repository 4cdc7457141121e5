package billing_test

import (
	"context"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"rowhouse/billing"
	"rowhouse/billing/gateway"
	"rowhouse/billing/rehearsal"
	"rowhouse/data/clock"
	"rowhouse/data/fault"
)

func TestPaymentSaidSixtyTimesAtOnceIsBookedOnce(t *testing.T) {
	k := newBooks(t)
	b, err := k.order("acme", k.plan("pro"), "month", 0)
	must(t, err)
	page, err := k.Pay(t.Context(), b.Invoice.ID, rehearsal.Name)
	must(t, err)
	_, err = k.desk.Play(t.Context(), filepath.Base(page), rehearsal.DoPay, rehearsal.Works, rehearsal.Delivery{Times: 1})
	must(t, err)
	var bodies [][]byte
	var headers []http.Header
	k.desk.Send = func(_ context.Context, h http.Header, body []byte) error {
		for _, id := range []string{"one", "two", "three"} { // three events of one payment
			said := strings.Replace(string(body), `"ID":"re_`, `"ID":"`+id, 1)
			bodies, headers = append(bodies, []byte(said)), append(headers, k.desk.Sign([]byte(said)))
		}
		return nil
	}
	must(t, k.desk.Deliver(t.Context()))
	var all sync.WaitGroup
	failed := make(chan error, 200)
	for range 20 {
		for n := range bodies {
			all.Go(func() {
				failed <- k.Hear(context.Background(), rehearsal.Name, headers[n], bodies[n])
				failed <- k.Listen(context.Background())
			})
		}
	}
	all.Wait()
	close(failed)
	for err := range failed {
		must(t, err)
	}
	k.provision()
	if n := k.count(`select count(*) from payment`); n != 1 {
		t.Errorf("%d payments", n)
	}
	if n := k.count(`select count(*) from event where state = 'done'`); n != 3 {
		t.Errorf("%d events done", n)
	}
	if n := count(k.letters("acme"), "receipt:1:1"); n != 1 || len(k.letters("acme")) != 1 {
		t.Errorf("letters %q", k.letters("acme"))
	}
	if s := k.sub("acme"); s.End.String() != "2026-12-01" {
		t.Errorf("%+v", s)
	}
	k.green()
}

func TestMoneyThatNobodyAskedForIsKeptToTheGoodAndUsed(t *testing.T) {
	k := newBooks(t)
	b, err := k.order("acme", k.plan("pro"), "month", 0)
	must(t, err)
	k.play(b.Invoice.ID, rehearsal.DoTwice, rehearsal.Works)
	c, err := k.CustomerOf(t.Context(), k.sub("acme"))
	must(t, err)
	if good, err := k.ToTheGood(t.Context(), c); err != nil || good != eur(2900) {
		t.Fatal(good, err)
	}
	k.days(31)
	list := k.invoices("acme")
	if list[1].State != billing.InvoicePaid || k.count(`select count(*) from payment where gateway = 'rehearsal'`) != 2 || k.count(`select count(*) from alert where kind = 'A customer has paid too much'`) != 1 {
		t.Fatalf("%+v", list)
	}
	k.green()
}

func TestForgedMessagesAreRefusedAndForeignOnesAreNotOurs(t *testing.T) {
	k := newBooks(t)
	k.customer("acme", rehearsal.Works)
	body := []byte(`{"ID":"re_1","Type":"payment.succeeded","Topic":"attempt","Attempt":"nobody's"}`)
	for _, header := range []http.Header{{}, {"Rehearsal-Signature": {"00"}}, {"Rehearsal-Signature": {strings.Repeat("00", 32)}}} {
		if err := k.Hear(t.Context(), rehearsal.Name, header, body); !fault.Is(err, fault.Invalid) {
			t.Error("taken:", err)
		}
	}
	if err := k.Hear(t.Context(), "nothing", nil, body); !fault.Is(err, fault.Missing) {
		t.Error(err)
	}
	if n := k.count(`select count(*) from event where id = 're_1'`); n != 0 {
		t.Fatal("a forged message was kept")
	}
	must(t, k.Hear(t.Context(), rehearsal.Name, k.desk.Sign(body), body))
	foreign := []byte(`{"ID":"re_2","Type":"payment.succeeded","Topic":"attempt","Attempt":"theirs","Install":"another"}`)
	must(t, k.Hear(t.Context(), rehearsal.Name, k.desk.Sign(foreign), foreign))
	must(t, k.Listen(t.Context()))
	for id, want := range map[string]string{"re_1": "unmatched", "re_2": "foreign"} {
		if n := k.count(`select count(*) from event where id = ? and state = ?`, id, want); n != 1 {
			t.Errorf("%s is not %s", id, want)
		}
	}
	if n := k.count(`select count(*) from alert`); n != 1 {
		t.Errorf("%d alerts", n)
	}
	must(t, k.Replay(t.Context(), rehearsal.Name, "re_1", "host"))
	must(t, k.Listen(t.Context()))
}

func TestAnotherAmountOrCurrencyIsNeverTakenForTheWhole(t *testing.T) {
	k := newBooks(t)
	for what, query := range map[string]string{"short": `update rehearsal_act set amount = 1900`, "dollar": `update rehearsal_act set currency = 'USD'`} {
		b, err := k.order(what, k.plan("pro"), "month", 0)
		must(t, err)
		page, err := k.Pay(t.Context(), b.Invoice.ID, rehearsal.Name)
		must(t, err)
		_, err = k.DB.Exec(t.Context(), query+` where ref = ?`, filepath.Base(page))
		must(t, err)
		_, err = k.desk.Play(t.Context(), filepath.Base(page), rehearsal.DoPay, rehearsal.Works, rehearsal.Delivery{Times: 1})
		must(t, err)
		k.work()
		if s := k.sub(what); s.State != billing.Incomplete {
			t.Errorf("%s: %+v", what, s)
		}
	}
	if n := k.count(`select count(*) from payment where parked = 1`); n != 1 {
		t.Errorf("%d payments are parked", n)
	}
	i := k.invoices("short")[0]
	if i.Paid != 1900 || i.Open() != 1000 {
		t.Fatalf("%+v", i)
	}
	must(t, k.RecordPayment(t.Context(), i.ID, eur(1000), "BANK 1", "host", billing.DayOf(k.hand.Now(), time.UTC)))
	k.work()
	if s := k.sub("short"); s.State != billing.Active {
		t.Fatalf("%+v", s)
	}
}

func TestAnAbandonedCheckoutFreesItsNameAndItsCouponAndNeverPoisonsTheNext(t *testing.T) {
	k := newBooks(t)
	_, err := k.DB.Exec(t.Context(), `insert into coupon (code, percent, most, created_at) values ('once', 1000, 1, 1)`)
	must(t, err)
	coupon := func(p *billing.Purchase) { p.Coupon = "once" }
	b, err := k.order("acme", k.plan("pro"), "month", 0, coupon)
	must(t, err)
	first, err := k.Pay(t.Context(), b.Invoice.ID, rehearsal.Name)
	must(t, err)
	k.days(3)
	if n := k.count(`select count(*) from tenant where name = 'acme'`); n != 0 {
		t.Fatal("the name is still held")
	}
	if _, err := k.desk.Play(t.Context(), filepath.Base(first), rehearsal.DoPay, rehearsal.Works, rehearsal.Delivery{Times: 1}); err == nil {
		t.Error("the page of an order that has ended takes money")
	}
	b, err = k.order("acme", k.plan("pro"), "month", 0, coupon)
	must(t, err)
	k.play(b.Invoice.ID, rehearsal.DoPay, rehearsal.Works)
	if s := k.sub("acme"); s.State != billing.Active || k.count(`select count(*) from invoice where number is not null`) != 1 {
		t.Fatalf("%+v", s)
	}
	k.green()
}

func TestMoneyThatComesAfterTheOrderHasEndedIsKeptAndTold(t *testing.T) {
	k := newBooks(t)
	b, err := k.order("acme", k.plan("pro"), "month", 0)
	must(t, err)
	page, err := k.Pay(t.Context(), b.Invoice.ID, rehearsal.Name)
	must(t, err)
	must(t, k.Void(t.Context(), b.Invoice.ID, "a mistake", "host"))
	_, err = k.desk.Play(t.Context(), filepath.Base(page), rehearsal.DoPay, rehearsal.Works, rehearsal.Delivery{Times: 1})
	must(t, err)
	k.work()
	if n := k.count(`select sum(amount) from balance where kind = 'overpayment'`); n != 2900 {
		t.Errorf("%d to the good", n)
	}
	if n := k.count(`select count(*) from alert`); n != 1 {
		t.Error("the host was not told")
	}
	k.green()
}

func TestALostDisputeOpensTheInvoiceAgainAndAWonOneDoesNot(t *testing.T) {
	k := newBooks(t)
	k.customer("acme", rehearsal.Works)
	var ref string
	must(t, k.DB.QueryRow(t.Context(), `select ref from payment`).Scan(&ref))
	must(t, k.desk.Dispute(t.Context(), ref, eur(2900), gateway.Pending))
	k.work()
	if i := k.invoices("acme")[0]; i.State != billing.InvoicePaid || k.level("acme").String() != "full" {
		t.Fatalf("%+v", i)
	}
	if _, err := k.Preview(t.Context(), k.sub("acme").ID, wish(t, k.plan("pro"), "month", 2)); !fault.Is(err, fault.Conflict) {
		t.Error("a plan is changed under dispute:", err)
	}
	must(t, k.desk.Dispute(t.Context(), ref, eur(2900), gateway.Done))
	k.work()
	i := k.invoices("acme")[0]
	if i.State != billing.InvoiceOpen || i.Open() != 2900 {
		t.Fatalf("%+v", i)
	}
	k.green()
	k.days(8)
	if k.level("acme").String() != "read_only" {
		t.Error(k.level("acme"))
	}
	k.play(i.ID, rehearsal.DoPay, rehearsal.Works)
	if s := k.sub("acme"); s.State != billing.Active || s.End.String() != "2026-12-01" || k.level("acme").String() != "full" {
		t.Fatalf("%+v", s)
	}
	k.green()
}

func TestARefundIsAskedForOnceAndHasACreditNote(t *testing.T) {
	k := newBooks(t)
	k.customer("acme", rehearsal.Works)
	must(t, k.Refund(t.Context(), 1, eur(1000), "a day without service", "host"))
	if err := k.Refund(t.Context(), 1, eur(1901), "", "host"); err == nil {
		t.Error("without a reason")
	}
	if err := k.Refund(t.Context(), 1, eur(1901), "more", "host"); !fault.Is(err, fault.Invalid) {
		t.Error("more than was paid was given back:", err)
	}
	must(t, k.Refund(t.Context(), 1, eur(1900), "the rest", "host"))
	if n := k.count(`select count(*) from credit_note where number in ('CN-2026-0001', 'CN-2026-0002')`); n != 2 {
		t.Errorf("%d credit notes", n)
	}
	if i := k.invoices("acme")[0]; i.Refunded != 2900 || i.State != billing.InvoicePaid {
		t.Errorf("%+v", i)
	}
	k.green()
}

// TestKilledAtEveryStepTheEndIsTheSame kills the program between "event stored" and "receipt", at every write in turn.
func TestKilledAtEveryStepTheEndIsTheSame(t *testing.T) {
	if dir := os.Getenv("ROWHOUSE_KILL_DIR"); dir != "" {
		dieWithin(t, dir)
		return
	}
	rounds := 12
	if *long {
		rounds = 60
	}
	done := false
	for n := 1; n <= rounds && !done; n++ {
		done = killed(t, n)
		if done {
			t.Logf("the child came to its end after %d writes", n-1)
		}
	}
	if !*long {
		return
	}
	if !done {
		t.Errorf("after %d rounds the program was still killed before its end", rounds)
	}
}

// killed lets a child do the work and die at the n-th write of the host's file, and ends it here. It tells whether the child came to its end.
func killed(t *testing.T, n int) bool {
	t.Helper()
	dir := t.TempDir()
	k := openBooks(t, dir, clock.At(noon))
	b, err := k.order("acme", k.plan("pro"), "month", 0)
	must(t, err)
	page, err := k.Pay(t.Context(), b.Invoice.ID, rehearsal.Name)
	must(t, err)
	_, err = k.desk.Play(t.Context(), filepath.Base(page), rehearsal.DoPay, rehearsal.Works, rehearsal.Delivery{Times: 2})
	must(t, err)
	must(t, k.DB.Close())
	child := exec.CommandContext(t.Context(), os.Args[0], "-test.run", "TestKilledAtEveryStepTheEndIsTheSame")
	child.Env = append(os.Environ(), "ROWHOUSE_KILL_DIR="+dir, "ROWHOUSE_KILL_AT="+itoa(n))
	out, err := child.CombinedOutput()
	finished := err == nil
	if err != nil && !strings.Contains(err.Error(), "killed") {
		t.Fatalf("the child failed by itself: %v\n%s", err, out)
	}
	k = openBooks(t, dir, clock.At(noon.Add(time.Hour)))
	k.provision() // as a program does first that starts again
	for range 3 {
		k.turn()
		k.hand.Add(11 * time.Minute)
	}
	s := k.sub("acme")
	if s.State != billing.Active || s.End.String() != "2026-12-01" || k.count(`select count(*) from payment`) != 1 || count(k.letters("acme"), "receipt:1:1") != 1 || len(k.letters("acme")) != 1 {
		t.Errorf("killed at %d: %+v, letters %q", n, s, k.letters("acme"))
	}
	k.green()
	return finished
}

func TestEightTurnsAtOnceDoEverythingOnce(t *testing.T) {
	k := newBooks(t)
	k.customer("acme", rehearsal.Works)
	k.customer("late", rehearsal.Short)
	for range 50 {
		k.hand.Add(day)
		var all sync.WaitGroup
		failed := make(chan error, 8)
		for range 8 {
			all.Go(func() { failed <- k.Turn(context.Background()) })
		}
		all.Wait()
		close(failed)
		for err := range failed {
			must(t, err)
		}
		k.work()
	}
	if n := k.count(`select count(*) from rehearsal_act where mode = 'saved' and state = 'succeeded'`); n != 1 || len(k.invoices("acme")) != 2 || k.sub("acme").End.String() != "2027-01-01" {
		t.Errorf("%d charges, %d invoices, %+v", n, len(k.invoices("acme")), k.sub("acme"))
	}
	if s := k.sub("late"); s.State != billing.Unpaid || k.level("late").String() != "billing_only" {
		t.Errorf("%+v", s)
	}
	k.green()
}
