package hook

import (
	"context"
	"database/sql"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestTriesAreMadeByTheClockAndEnd(t *testing.T) {
	h, r := newHouse(t), newReceiver(t)
	r.answers(broken)
	id, _ := h.add(r.URL, "tenant.created")
	h.happen(1)
	h.run()
	for n, pause := range pauses() {
		h.hand.Add(pause - time.Second)
		if h.run(); r.heard() != n+1 {
			t.Fatalf("before pause %d is over there are %d tries", n, r.heard())
		}
		h.hand.Add(time.Second)
		if h.run(); r.heard() != n+2 {
			t.Fatalf("after pause %d there are %d tries", n, r.heard())
		}
	}
	h.hand.Add(200 * time.Hour)
	h.run()
	list, err := h.Deliveries(t.Context(), id, 10)
	must(t, err)
	if r.heard() != 7 || list[0].State != "dead" || list[0].Tries != 7 {
		t.Fatalf("after the last try: %d heard, %+v", r.heard(), list[0])
	}
	r.answers(nil)
	h.tx(func(tx *sql.Tx) error { return h.Again(t.Context(), tx, id, list[0].ID) })
	if h.run(); h.count(`select count(*) from delivery where state = 'sent'`) != 1 {
		t.Error("what was given up is not sent by hand")
	}
}

func TestACrashBetweenSendingAndNotingSendsAgainUnderTheSameNumber(t *testing.T) {
	h, r := newHouse(t), newReceiver(t)
	h.add(r.URL, "tenant.created")
	h.happen(1)
	ctx, stop := context.WithCancel(t.Context())
	r.answers(func(w http.ResponseWriter) { stop(); time.Sleep(20 * time.Millisecond) })
	if _, _, err := h.Run(ctx); err != nil && ctx.Err() == nil {
		t.Fatal(err)
	}
	if r.heard() != 1 || h.count(`select count(*) from delivery where state = 'waiting' and tries = 0`) != 1 {
		t.Fatal("the try before the stop was noted")
	}
	r.answers(nil)
	h.run()
	if r.heard() != 2 || r.bodies[0] != r.bodies[1] || r.got[0].Header.Get("Rowhouse-Delivery") != r.got[1].Header.Get("Rowhouse-Delivery") {
		t.Error("after the start it is not the same message:", r.bodies)
	}
	if h.run(); r.heard() != 2 {
		t.Error("it is told a third time")
	}
}

func TestSixtyDeliveriesGoOutOnceEach(t *testing.T) {
	h, r := newHouse(t), newReceiver(t)
	h.add(r.URL, "tenant.created")
	h.happen(60)
	ends := make(chan error, 4)
	for range cap(ends) { // also when several turns begin at once
		go func() { _, _, err := h.Run(t.Context()); ends <- err }()
	}
	for range cap(ends) {
		must(t, <-ends)
	}
	h.run()
	seen := map[string]bool{}
	for _, req := range r.got {
		seen[req.Header.Get("Rowhouse-Delivery")] = true
	}
	if r.heard() != 60 || len(seen) != 60 || h.count(`select count(*) from delivery where state = 'sent' and tries = 1`) != 60 {
		t.Errorf("%d messages with %d numbers", r.heard(), len(seen))
	}
}

func TestALongAnswerIsCutOff(t *testing.T) {
	h, r := newHouse(t), newReceiver(t)
	r.answers(func(w http.ResponseWriter) { _, _ = io.WriteString(w, strings.Repeat("<b>\xff\x00", 1<<20)) })
	id, _ := h.add(r.URL, "tenant.created")
	h.happen(1)
	h.run()
	list, err := h.Deliveries(t.Context(), id, 10)
	must(t, err)
	if n := len(list[0].Answer); n == 0 || n > mostKept || list[0].State != "sent" || strings.ContainsRune(list[0].Answer, 0) {
		t.Errorf("%d bytes are kept of an answer, and the delivery is %s: %s", n, list[0].State, list[0].Error)
	}
}

func TestAWebhookMostOfWhoseDeliveriesFailIsTurnedOff(t *testing.T) {
	h, r := newHouse(t), newReceiver(t)
	alarms := 0
	h.Alarm = func(_ context.Context, _ *sql.Tx, _, _, link, _ string) error {
		alarms++
		if link != "/admin/webhooks/1" {
			t.Error("the alert leads to", link)
		}
		return nil
	}
	h.Owners = func(context.Context) ([]string, error) { return []string{"olga@example.com"}, nil }
	id, _ := h.add(r.URL, "tenant.created")
	h.happen(3)
	h.run() // three went well
	r.answers(broken)
	h.happen(7)
	h.run()
	on := func() bool { w, err := h.ByID(t.Context(), id); must(t, err); return w.Enabled }
	if !on() {
		t.Fatal("7 of 10 are not more than 70 %")
	}
	h.happen(1)
	h.run()
	if on() || alarms != 1 || h.count(`select count(*) from outbox where recipient = 'olga@example.com'`) != 1 {
		t.Fatalf("on: %v, %d alerts", on(), alarms)
	}
	h.happen(5)
	heard := r.heard()
	h.hand.Add(10 * time.Minute)
	if h.run(); r.heard() != heard {
		t.Error("it is told although it is off")
	}
	r.answers(nil)
	h.tx(func(tx *sql.Tx) error { return h.Turn(t.Context(), tx, id, true) })
	h.run()
	if h.count(`select count(*) from delivery where state = 'sent'`) != 16 {
		t.Error("what happened meanwhile is not told:", h.count(`select count(*) from delivery where state = 'sent'`))
	}
}

func TestAWebhookHearsOnlyWhatItHasChosenFromItsBeginning(t *testing.T) {
	h, r := newHouse(t), newReceiver(t)
	h.happen(1)
	id, _ := h.add(r.URL, "tenant.active", "subscription.*")
	h.happen(1)
	h.exec(`update tenant set state = 'active'`)
	h.exec(`insert into hold (tenant, reason, level, note, created_at) values (1, 'manual', 'blocked', 'owes Ada money', 1)`)
	h.exec(`delete from hold`)
	h.exec(`insert into happening (kind) values ('subscription.began'), ('subscriptions'), ('tenant.actives')`)
	h.tx(func(tx *sql.Tx) error { return h.Test(t.Context(), tx, id) })
	h.run()
	got := map[string]int{}
	for _, req := range r.got {
		got[req.Header.Get("Rowhouse-Event")]++
	}
	if got["tenant.active"] != 2 || got["subscription.began"] != 1 || got["test"] != 1 || len(got) != 3 {
		t.Error("it hears of", got)
	}
	if h.count(`select count(*) from happening where kind in ('tenant.suspended', 'tenant.resumed') and data not like '%Ada%'`) != 2 {
		t.Error("a hold and its end are not told, or with a note")
	}
}

func TestWhatIsOldIsRemoved(t *testing.T) {
	h, r := newHouse(t), newReceiver(t)
	h.add(r.URL, "tenant.created")
	h.happen(2)
	h.exec(`update tenant set state = 'active'`) // nobody listens
	h.run()
	must(t, h.Tidy(t.Context()))
	if h.count(`select count(*) from happening`) != 2 || h.count(`select count(*) from delivery`) != 2 {
		t.Error("what is shown was removed, or what nobody listens to is kept:", h.count(`select count(*) from happening`))
	}
	h.hand.Add(31 * 24 * time.Hour)
	must(t, h.Tidy(t.Context()))
	if h.count(`select count(*) from happening`)+h.count(`select count(*) from delivery`) != 0 {
		t.Error("what is older than 30 days is kept")
	}
	h.happen(1)
	if h.run(); r.heard() != 3 || !strings.Contains(r.bodies[2], `"evt_5"`) {
		t.Error("a number was used twice:", r.bodies)
	}
}
