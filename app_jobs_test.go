package main

import (
	"testing"

	"rowhouse/admin/office"
)

func TestAllScheduledWorkIsNoted(t *testing.T) {
	a := newApp(t)
	a.found(t, "acme", 0)
	for _, work := range []func() error{func() error { return a.tick(t.Context()) }, func() error { return a.hourly(t.Context()) }, func() error { return a.tell(t.Context()) }, func() error { return a.nightly(t.Context()) }} {
		if err := work(); err != nil {
			t.Fatal(err)
		}
	}
	runs, err := a.board.Runs(t.Context())
	if err != nil || len(runs) != 6 {
		t.Fatal(runs, err)
	}
	for _, r := range runs {
		if !r.Began.Equal(a.clock.Now()) || !r.Next.After(r.Began) || r.Error != "" {
			t.Errorf("of %s is noted %+v", r.Name, r)
		}
	}
	if k := a.keptOf(t, "acme"); k.Count != 1 {
		t.Error("the night has not backed up:", k)
	}
	a.clockAdd(t, 60)
	if err := a.nightly(t.Context()); err != nil {
		t.Fatal(err)
	}
	if runs, err = a.board.Runs(t.Context()); err != nil || runs[5].Began.Equal(a.clock.Now()) {
		t.Error("a second night came after a minute", err)
	}
}

func TestOwnersAreWrittenToAndNobodyElse(t *testing.T) {
	a := newApp(t)
	desk, err := a.office(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range []office.Account{{Email: "olga@example.com", Role: office.Owner}, {Email: "sam@example.com", Role: office.Support}} { // the first is always an owner
		one.Name, one.Active = "X", true
		if _, err := desk.Create(t.Context(), one); err != nil {
			t.Fatal(err)
		}
	}
	if to, err := a.owners(t.Context()); err != nil || len(to) != 1 || to[0] != "olga@example.com" {
		t.Error(to, err)
	}
}
