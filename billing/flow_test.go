package billing_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"rowhouse/billing"
	"rowhouse/billing/rehearsal"
	"rowhouse/tenant"
)

func TestProIsBoughtPaidAndRenewed(t *testing.T) {
	k := newBooks(t)
	s := k.customer("acme", rehearsal.Works)
	if s.State != billing.Active || s.Start.String() != "2026-11-01" || s.End.String() != "2026-12-01" {
		t.Fatalf("%+v", s)
	}
	k.days(35)
	list := k.invoices("acme")
	if s = k.sub("acme"); len(list) != 2 || list[1].Number != "INV-2026-0002" || list[1].Total != 2900 || list[1].State != billing.InvoicePaid || s.End.String() != "2027-01-01" {
		t.Fatalf("%+v\n%+v", s, list)
	}
	if got := k.letters("acme"); !slices.Equal(got, []string{"receipt:1:1", "upcoming:2", "receipt:2:2"}) {
		t.Errorf("%q", got)
	}
	k.green()
}

func TestWhoDoesNotPayIsRemindedRestrictedClosedAndOpenedAgainByPaying(t *testing.T) {
	k := newBooks(t)
	k.customer("acme", rehearsal.Short)
	k.days(30 + 7)
	if k.level("acme") != tenant.ReadOnly || k.sub("acme").State != billing.PastDue {
		t.Fatalf("%v %+v", k.level("acme"), k.sub("acme"))
	}
	k.green()
	k.days(7)
	if k.level("acme") != tenant.BillingOnly || k.sub("acme").State != billing.Unpaid {
		t.Fatalf("%v %+v", k.level("acme"), k.sub("acme"))
	}
	k.green()
	open := k.invoices("acme")[1]
	k.play(open.ID, rehearsal.DoPay, rehearsal.Works)
	s := k.sub("acme")
	if k.level("acme") != tenant.FullAccess || s.State != billing.Active || s.Start.String() != "2026-12-15" || s.End.String() != "2027-01-15" {
		t.Fatalf("%v %+v", k.level("acme"), s)
	}
	for _, want := range []string{"remind:2:1", "remind:2:2", "soft:2:2", "hard:2:3", "restored:2:4"} {
		if n := count(k.letters("acme"), want); n != 1 {
			t.Errorf("%d letters %s in %q", n, want, k.letters("acme"))
		}
	}
	k.green()
}

func count(all []string, one string) (n int) {
	for _, s := range all {
		if s == one {
			n++
		}
	}
	return n
}

func TestWhoNeverPaysIsEndedPutAwayAndDeletedAfterTwoWarnings(t *testing.T) {
	k := newBooks(t)
	k.customer("acme", rehearsal.Stolen)
	k.folder("acme")
	k.days(30 + 30)
	if s := k.sub("acme"); s.State != billing.Canceled || k.level("acme") != tenant.BillingOnly {
		t.Fatalf("%+v", s)
	}
	if n := k.count(`select count(*) from credit_note`); n != 1 {
		t.Errorf("%d credit notes", n)
	}
	k.days(59)
	k.green()
	if x, err := k.Tenants.ByName(t.Context(), "acme"); err != nil || x.State != tenant.Active {
		t.Fatal(x.State, err)
	}
	k.days(1)
	if x, err := k.Tenants.ByName(t.Context(), "acme"); err != nil || x.State != tenant.Archived {
		t.Fatal(x.State, err)
	}
	k.days(30)
	if x, err := k.Tenants.ByName(t.Context(), "~1"); err != nil || x.State != tenant.Purged || k.exists("acme") {
		t.Fatal(x.State, err)
	}
	var kinds []string
	for _, l := range k.letters("acme") {
		kinds = append(kinds, strings.SplitN(l, ":", 2)[0])
	}
	want := []string{"receipt", "upcoming", "hard-failed", "remind", "remind", "soft", "hard", "nonpay", "archwarn", "archwarn", "archived", "purged"}
	if !slices.Equal(kinds, want) {
		t.Errorf("%q", kinds)
	}
	k.green()
}

func TestAStopOfThreeWeeksTakesNobodysDaysAway(t *testing.T) {
	k := newBooks(t)
	k.customer("acme", rehearsal.Short)
	k.days(29)
	k.hand.Add(21 * 24 * time.Hour)
	k.turn() // the clock has leapt: it is only looked at
	k.turn()
	if k.level("acme") != tenant.FullAccess {
		t.Fatal("closed on the first day after a stop")
	}
	k.days(5)
	if k.level("acme") != tenant.FullAccess {
		t.Fatal("closed before the days of the policy were over")
	}
	k.days(1)
	if k.level("acme") != tenant.ReadOnly {
		t.Fatal(k.level("acme"), k.letters("acme"))
	}
	k.green()
}

func TestACancellationEndsWithThePeriodAndCanBeTakenBack(t *testing.T) {
	k := newBooks(t)
	s := k.customer("acme", rehearsal.Works)
	must(t, k.Cancel(t.Context(), s.ID, "too much", "ada"))
	k.days(10)
	must(t, k.Resume(t.Context(), s.ID, "ada"))
	k.days(25)
	if s = k.sub("acme"); s.State != billing.Active || s.End.String() != "2027-01-01" {
		t.Fatalf("%+v", s)
	}
	must(t, k.Cancel(t.Context(), s.ID, "", "ada"))
	k.days(25)
	if k.level("acme") != tenant.FullAccess {
		t.Fatal("closed before the end of what is paid")
	}
	k.days(1)
	if s = k.sub("acme"); s.State != billing.Canceled || k.level("acme") != tenant.BillingOnly {
		t.Fatalf("%v %+v", k.level("acme"), s)
	}
	i, err := k.StartAgain(t.Context(), s.ID, billing.Wish{Plan: k.plan("pro"), Price: k.plan("pro").Prices[0]}, rehearsal.Name, "ada")
	must(t, err)
	k.play(i.ID, rehearsal.DoPay, rehearsal.Works)
	if s = k.sub("acme"); s.State != billing.Active || k.level("acme") != tenant.FullAccess || s.Start.String() != "2027-01-01" {
		t.Fatalf("%v %+v", k.level("acme"), s)
	}
	k.green()
}
