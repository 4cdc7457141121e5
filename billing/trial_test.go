package billing_test

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"rowhouse/billing"
	"rowhouse/billing/rehearsal"
)

// trial gives Pro a trial, with or without a method first.
func (k *books) trial(days int, method bool) billing.Plan {
	k.t.Helper()
	_, err := k.DB.Exec(k.t.Context(), `update plan set trial_days = ?, trial_method = ? where slug = 'pro'`, days, method)
	must(k.t, err)
	return k.plan("pro")
}

func (k *books) kinds(name string) []string {
	var kinds []string
	for _, l := range k.letters(name) {
		kinds = append(kinds, strings.SplitN(l, ":", 2)[0])
	}
	return kinds
}

func TestATrialWithoutACardEndsInReadingThenClosingThenTheEnd(t *testing.T) {
	k := newBooks(t)
	b, err := k.order("acme", k.trial(14, false), "month", 0)
	must(t, err)
	k.provision()
	if s := k.sub("acme"); b.Invoice.ID != 0 || s.State != billing.Trialing || s.TrialEnd.String() != "2026-11-15" {
		t.Fatalf("%+v", s)
	}
	for _, c := range []struct {
		days  int
		state billing.SubscriptionState
		level string
	}{{13, billing.Trialing, "full"}, {1, billing.PastDue, "read_only"}, {6, billing.PastDue, "read_only"}, {1, billing.Unpaid, "billing_only"}, {23, billing.Canceled, "billing_only"}} {
		k.days(c.days)
		if s := k.sub("acme"); s.State != c.state || k.level("acme").String() != c.level {
			t.Fatalf("after %d days more: %s %s, want %s %s", c.days, s.State, k.level("acme"), c.state, c.level)
		}
		k.green()
	}
	if got := k.kinds("acme"); !slices.Equal(got, []string{"trial", "trial", "soft", "hard", "nonpay"}) {
		t.Errorf("%q", got)
	}
}

func TestATrialThatIsPaidForGoesOnFromItsLastDay(t *testing.T) {
	k := newBooks(t)
	_, err := k.order("acme", k.trial(14, false), "month", 0)
	must(t, err)
	k.provision()
	k.days(20)
	open := k.invoices("acme")[0]
	k.play(open.ID, rehearsal.DoPay, rehearsal.Works)
	if s := k.sub("acme"); s.State != billing.Active || s.Start.String() != "2026-11-15" || s.End.String() != "2026-12-15" || k.level("acme").String() != "full" {
		t.Fatalf("%+v", s)
	}
	k.days(30)
	if s := k.sub("acme"); s.End.String() != "2027-01-15" {
		t.Fatalf("%+v", s)
	}
	k.green()
}

func TestATrialWithACardWaitsForItAndIsChargedOnItsLastDay(t *testing.T) {
	k := newBooks(t)
	b, err := k.order("acme", k.trial(7, true), "month", 0)
	must(t, err)
	k.provision()
	if s := k.sub("acme"); !b.Method || s.State != billing.Incomplete {
		t.Fatalf("%+v", s)
	}
	page, err := k.SaveMethod(t.Context(), k.sub("acme"), rehearsal.Name)
	must(t, err)
	_, err = k.desk.Play(t.Context(), filepath.Base(page), rehearsal.DoPay, rehearsal.Works, rehearsal.Delivery{Times: 2})
	must(t, err)
	k.work()
	if s := k.sub("acme"); s.State != billing.Trialing || s.TrialEnd.String() != "2026-11-08" {
		t.Fatalf("%+v", s)
	}
	k.days(6)
	if n := k.count(`select count(*) from payment`); n != 0 {
		t.Fatal("charged in the trial")
	}
	k.days(1)
	if s := k.sub("acme"); s.State != billing.Active || s.End.String() != "2026-12-08" || k.count(`select sum(amount) from payment`) != 2900 {
		t.Fatalf("%+v", s)
	}
	k.green()
}

func TestATrialIsCanceledWithoutACost(t *testing.T) {
	k := newBooks(t)
	_, err := k.order("acme", k.trial(14, false), "month", 0)
	must(t, err)
	k.provision()
	must(t, k.Cancel(t.Context(), k.sub("acme").ID, "", "ada"))
	k.days(13)
	if k.level("acme").String() != "full" {
		t.Error("closed before its last day")
	}
	k.days(1)
	if s := k.sub("acme"); s.State != billing.Canceled || k.count(`select count(*) from invoice`) != 0 {
		t.Fatalf("%+v", s)
	}
	k.green()
}

func TestOrdersThatWereNeverFinishedEndByThemselves(t *testing.T) {
	k := newBooks(t)
	_, err := k.order("acme", k.trial(7, true), "month", 0)
	must(t, err)
	k.days(3)
	if n := k.count(`select count(*) from tenant where name = 'acme'`); n != 0 {
		t.Error("the name is still held")
	}
	k.green()
}

func TestTheKeyOfTheSealIsNeverReplaced(t *testing.T) {
	dir := t.TempDir()
	first, err := billing.OpenSeal(dir)
	must(t, err)
	again, err := billing.OpenSeal(dir)
	must(t, err)
	if first.Token("pay", 7) != again.Token("pay", 7) {
		t.Error("another key after a restart")
	}
	for _, forged := range []string{"7", "7-", "7-aaaa", "8-" + first.Token("pay", 7)[2:], "07" + first.Token("pay", 7)[1:], first.Token("invoice", 7)} {
		if _, ok := first.Redeem("pay", forged); ok {
			t.Errorf("%q opens a page", forged)
		}
	}
}
