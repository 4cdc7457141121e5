package account

import (
	"strings"
	"testing"

	"rowhouse/billing"
	"rowhouse/billing/rehearsal"
	"rowhouse/data/money"
)

// wanted is the address of the preview of a plan by an interval.
func (h *house) wanted(slug, interval string, seats int64) string {
	h.Helper()
	plan, err := h.PlanBySlug(h.Context(), slug)
	h.must(err)
	price, _ := plan.PriceFor(interval)
	return home + "/plan?" + query(billing.Wish{Plan: plan, Price: price, Seats: seats})
}

// agree posts what a preview shows.
func (h *house) agree(body string, status int, more ...string) string {
	h.Helper()
	pairs := []string{}
	for _, name := range []string{"plan", "price", "seats", "total"} {
		pairs = append(pairs, name, h.value(body, name))
	}
	for i := 0; i < len(more); i += 2 {
		for n := range pairs {
			if pairs[n] == more[i] && n%2 == 0 {
				pairs[n+1] = more[i+1]
			}
		}
	}
	return h.post(home+"/plan", status, pairs...)
}

func TestTheOwnerUpgradesForTheTotalThatHeSaw(t *testing.T) {
	h := newHouse(t)
	h.buy("acme", rehearsal.Works)
	h.days(10)
	h.says(h.get(home+"/plans?interval=year"), "Your plan", "€290", "a year", "Free", "Please write to your provider about this plan.")
	body := h.get(h.wanted("pro", "year", 0))
	h.says(body, "Pro, €290 a year", "It changes at once, and a new period begins today.", "Pro, yearly", "€290", "−€19.33", "To pay now", "€270.67", "The next invoice is on Nov 11, 2027 over €290.", "Change now for €270.67", "It is charged to")
	if h.value(body, "total") != "27067" {
		t.Errorf("agreed to %s", h.value(body, "total"))
	}
	if to := h.agree(body, 303); to != home {
		t.Errorf("it leads to %s", to)
	}
	h.work()
	if s := h.sub("acme"); s.End.String() != "2027-11-11" || h.count(`select total from invoice where kind = 'change' and state = 'paid'`) != 27067 {
		t.Errorf("%+v", s)
	}
	h.says(h.get(home), "€290 a year", "INV-2026-0002")
}

func TestATotalThatIsNotTheOneOfTheBooksIsRefusedWithWords(t *testing.T) {
	h := newHouse(t)
	h.buy("acme", rehearsal.Works)
	body := h.get(h.wanted("pro", "month", 3))
	h.says(body, "3 further seats", "You pay only for the days that are left until Dec 1, 2026.")
	h.days(3)
	body = h.agree(body, 422)
	h.says(body, "The amount has changed since the page was opened. Please look at it again.", "Change now for")
	h.agree(body, 422, "total", "1")
	if s := h.sub("acme"); s.Seats != 0 || h.count(`select count(*) from invoice`) != 1 {
		t.Fatalf("%+v", s)
	}
	h.agree(body, 303)
	if s := h.sub("acme"); s.Seats != 3 {
		t.Errorf("%+v", s)
	}
	h.post(home+"/plan", 422, "plan", "1", "price", "1", "seats", "0", "total", "x")
	h.post(home+"/plan", 422, "plan", "1", "owner", "1")
}

func TestWithoutASavedMethodAnUpgradeLeadsToThePaymentPage(t *testing.T) {
	h := newHouse(t)
	s := h.buy("acme", rehearsal.Works)
	h.must(h.ForgetMethod(t.Context(), s.ID, "test"))
	body := h.get(h.wanted("pro", "month", 1))
	h.says(body, "You are led to the payment page.")
	to := h.agree(body, 303)
	if !strings.HasPrefix(to, home+"/invoices/") {
		t.Fatalf("it leads to %s", to)
	}
	h.says(h.get(to), "Continue to the payment page", "https://example.com/pay/")
	if h.sub("acme").Seats != 0 {
		t.Error("it changed before it was paid")
	}
}

func TestADowngradeSaysWhatExceedsAndLetsTheOwnerChooseWhoStays(t *testing.T) {
	h := newHouse(t)
	h.buy("acme", rehearsal.Works)
	at := h.wanted("starter", "month", 0)
	body := h.get(at)
	h.says(body, "It changes on Dec 1, 2026. Until then everything stays as it is, and nothing is charged now.", "4 members of staff, Starter has 3.", "Nothing is deleted.", "Choose who stays", "Change on Dec 1, 2026")
	choose := strings.Replace(at, "/plan?", "/staff?", 1)
	h.says(h.get(choose), "3 people can go on working.", "Ada Ortiz", "Sam Weber", "Decide later")
	pairs := []string{"plan", h.value(body, "plan"), "price", h.value(body, "price"), "seats", "0", "keep[]", "2", "keep[]", "3"}
	h.says(h.post(home+"/staff", 422, append(pairs, "keep[]", "4")...), "You have chosen 4 people, and there are 3 seats.")
	if to := h.post(home+"/staff", 303, pairs...); to != at {
		t.Errorf("it leads to %s, not to %s", to, at)
	}
	var states string
	h.must(h.files["acme"].QueryRow(t.Context(), `select group_concat(state, ' ') from (select state from staff order by id)`).Scan(&states))
	if states != "active active active inactive" {
		t.Errorf("the people are %s", states)
	}
	h.agree(h.get(at), 303)
	h.says(h.get(home), "From Dec 1, 2026: Starter, Free", "Keep what I have")
	h.post(home+"/change/deletion", 303)
	if s := h.sub("acme"); s.NextOn != 0 {
		t.Errorf("%+v", s)
	}
}

func TestTheOwnerCannotBeChosenAway(t *testing.T) {
	h := newHouse(t)
	h.buy("acme", rehearsal.Works)
	h.exec(h.DB, `update tenant set staff_limit = 1`)
	h.exec(h.files["acme"], `update staff set role = 1 where id = 2`)
	h.says(h.get(home), "More people are in the CRM than the plan includes.", "Choose who stays")
	form := map[string][]string{"keep[]": {"2"}}
	if w := h.send("acme", seller, home+"/staff", form); w.Code != 422 {
		t.Errorf("two stay on one seat: %d", w.Code)
	}
	h.exec(h.DB, `update tenant set staff_limit = 2`)
	if w := h.send("acme", seller, home+"/staff", form); w.Code != 303 {
		t.Errorf("%d", w.Code)
	}
	var states string
	h.must(h.files["acme"].QueryRow(t.Context(), `select group_concat(state, ' ') from (select state from staff order by id)`).Scan(&states))
	if states != "active active inactive inactive" {
		t.Errorf("the people are %s", states)
	}
}

func TestWhatCannotBeHadIsRefusedWithTheReason(t *testing.T) {
	h := newHouse(t)
	h.buy("acme", rehearsal.Short)
	w := h.send("acme", owner, h.wanted("pro", "month", 0), nil)
	if w.Code != 422 {
		t.Fatal(w.Code)
	}
	h.says(words(w.Body.String()), "This is what you have already.", "Starter")
	h.days(33)
	w = h.send("acme", owner, h.wanted("pro", "month", 4), nil)
	h.says(words(w.Body.String()), "An invoice is open. Please pay it first, then the plan can be changed.")
	if w := h.send("acme", owner, home+"/plan?plan=1&price=1&seats=many", nil); w.Code != 422 {
		t.Errorf("many seats: %d", w.Code)
	}
	for _, path := range []string{"/plan?plan=99&price=1&seats=0", "/plan?plan=1&price=99&seats=0"} {
		if w := h.send("acme", owner, home+path, nil); w.Code != 404 {
			t.Errorf("%s: %d", path, w.Code)
		}
	}
}

func TestACancellationSaysTheDaysAndIsTakenBack(t *testing.T) {
	h := newHouse(t)
	s := h.buy("acme", rehearsal.Works)
	h.must(h.Grant(t.Context(), s.ID, money.Amount{Minor: 500, Currency: "EUR"}, "Sorry", "k1", "test"))
	h.says(h.get(home+"/cancellation"), "Until Dec 1, 2026 everything works as before.", "On Dec 1, 2026 the CRM is closed.", "The data is kept until Jan 30, 2027, and deleted on Mar 1, 2027.", "With Starter you keep your data", "/admin/billing/export.zip", "It is too expensive")
	h.says(h.post(home+"/cancellation", 422, "reason", "nonsense", "words", "Kept <words>"), "Please choose one of the reasons, or none.", "Kept &lt;words&gt;")
	h.says(h.post(home+"/cancellation", 422, "reason", "price", "words", strings.Repeat("x", mostWords+1)), "This is too long.")
	h.post(home+"/cancellation", 303, "reason", "price", "words", "Twice as much as the other")
	if s := h.sub("acme"); !s.CancelAtEnd || !strings.HasPrefix(s.CancelReason, "price: Twice as much") {
		t.Fatalf("%+v", s)
	}
	h.says(h.get(home), "Canceled: everything works as before until Dec 1, 2026 and is closed then.", "Take the cancellation back", "There is none to come.", "You have €5 to your good.")
	if w := h.send("acme", owner, h.wanted("pro", "year", 0), nil); w.Code != 409 {
		t.Errorf("what ends is changed: %d", w.Code)
	}
	if to := h.send("acme", owner, home+"/cancellation", nil); to.Code != 303 {
		t.Errorf("a second cancellation is offered: %d", to.Code)
	}
	h.post(home+"/cancellation/deletion", 303)
	if h.sub("acme").CancelAtEnd {
		t.Error("still canceled")
	}
	h.says(h.get(home), "€29 on Dec 1, 2026")
}

func TestATrialIsExplainedAndChangedForNothing(t *testing.T) {
	h := newHouse(t)
	s := h.buy("acme", rehearsal.Works)
	h.exec(h.DB, `update subscription set state = 'trialing', trial_end = period_end, period_start = null, period_end = null, standing = '[]' where id = ?`, s.ID)
	h.says(h.get(home), "You are trying it out until Dec 1, 2026. Nothing is charged before that day.")
	body := h.get(h.wanted("pro", "year", 2))
	h.says(body, "It changes at once. Your trial goes on until Dec 1, 2026, and nothing is charged now.", "The next invoice is on Dec 1, 2026 over €350.", "Nothing.")
	h.agree(body, 303)
	if s := h.sub("acme"); s.Seats != 2 || h.count(`select count(*) from invoice`) != 1 {
		t.Errorf("%+v", s)
	}
}
