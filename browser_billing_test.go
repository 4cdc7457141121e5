package main

import (
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// pick chooses an option of the select with an id.
func (w *window) pick(id, value string) {
	w.t.Helper()
	w.do(chromedp.SetValue(chromedp.ID(id), value))
}

// buy registers a company for Pro, from the prices to its first payment with a card that behaves in a way later.
func (w *window) buy(home, name, email, card string) {
	w.t.Helper()
	w.open(home + "/prices")
	w.sees("Pro")
	w.accessible()
	w.open(home + "/register?plan=pro")
	w.accessible()
	w.fill("company", "Lumen Design")
	w.do(chromedp.SetValue(chromedp.CSS("#name"), name))
	w.fill("person", "Grace Hopper", "email", email, "password", testPassword, "again", testPassword)
	w.pick("country", "DE")
	w.do(chromedp.Click(chromedp.CSS("#terms")), chromedp.Sleep(2*time.Second)) // nobody fills a form in less
	w.do(chromedp.Submit(chromedp.CSS("#person")))
	w.sees("€34.51")
	w.accessible()
	w.press("Confirm")
	w.sees("six digits")
	page := w.at()
	w.open(home + "/inbox")
	w.sees(email)
	letter, err := chromedp.Run(w.ctx, chromedp.Text(chromedp.CSS(".letter")))
	if err != nil {
		w.t.Fatal(err)
	}
	w.open(page)
	w.fill("code", sixDigits.FindString(letter)+"\n")
	w.sees("Pay €34.51")
	w.accessible()
	w.payBy(card)
}

// payBy pays what is on the payment page with the rehearsal.
func (w *window) payBy(card string) {
	w.t.Helper()
	w.do(chromedp.Click(chromedp.CSS(`input[value=rehearsal]`)))
	w.press("Pay €")
	w.sees("Rehearsal payment page")
	w.accessible()
	w.pick("card", card)
	w.do(chromedp.Click(chromedp.CSS(`button[value=pay]`)))
}

func (w *window) at() string {
	w.t.Helper()
	at, err := chromedp.Run(w.ctx, chromedp.Location())
	if err != nil {
		w.t.Fatal(err)
	}
	return at
}

// travel lets days go by with the time machine.
func (w *window) travel(home, days string) {
	w.t.Helper()
	w.open(home + "/time-machine")
	w.do(chromedp.SetValue(chromedp.CSS("#days"), days))
	w.press("Go")
	w.sees("gone by")
}

// TestACompanyBuysChangesFailsPaysAndLeaves is the life of a subscription, as its owner sees it.
func TestACompanyBuysChangesFailsPaysAndLeaves(t *testing.T) {
	t.Parallel()
	w := browser(t)
	a, home, site := openForBrowsers(t)
	if err := a.demoBilling(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.buy(home, "lumen", "grace@lumen.example", "works")
	w.sees("Thank you, it is paid")
	w.accessible()
	crm := site("lumen") + "/admin"
	w.open(crm)
	w.fill("email", "grace@lumen.example", "password", testPassword+"\n")
	w.sees("Hello Grace")

	w.open(crm + "/billing") // two more seats, for the days that are left
	w.sees("Everything is paid until")
	w.accessible()
	w.do(chromedp.SetValue(chromedp.CSS("#f-seats"), "2"))
	w.press("See what it costs")
	w.sees("To pay now")
	w.sees("€7.14")
	w.accessible()
	w.do(chromedp.Submit(chromedp.CSS(`input[name=total]`)))
	w.sees("1 of 12")

	w.open(crm + "/billing/plans") // down to Starter, at the end of the period, and back
	w.accessible()
	w.do(chromedp.Click(chromedp.CSS(`button[aria-label="See what it costs: Starter"]`)))
	w.sees("Nothing.")
	w.do(chromedp.Submit(chromedp.CSS(`input[name=total]`)))
	w.sees("Keep what I have")
	w.accessible()
	w.press("Keep what I have")
	w.open(crm + "/billing")
	w.sees("Everything is paid until")

	w.open(crm + "/billing/method") // another card, which will have no money
	w.accessible()
	w.do(chromedp.Submit(chromedp.CSS(`input[value=rehearsal]`)))
	w.sees("Rehearsal payment page")
	w.pick("card", "insufficient")
	w.do(chromedp.Click(chromedp.CSS(`button[value=pay]`)))
	w.sees("is saved")

	w.travel(home, "39") // a month, and a week of reminders
	w.open(crm + "/leads/new")
	w.fill("f-name", "Ines Keller\n")
	w.sees("can only be read")
	w.open(crm + "/billing")
	w.sees("€41.65")
	w.accessible()
	w.do(chromedp.Click(chromedp.CSS(`.bill-note a.btn.pri`)))
	w.sees("Pay €41.65")
	w.payBy("works")
	w.sees("Thank you, it is paid")
	w.open(crm + "/leads/new")
	w.fill("f-name", "Ines Keller\n")
	w.sees("Lead created")

	for n := range 2 { // cancel, undo, cancel
		w.open(crm + "/billing/cancellation")
		w.accessible()
		w.do(chromedp.Click(chromedp.CSS(`main form button.btn.danger, main form button.btn.bad, main form footer button`)))
		w.sees("Take the cancellation back")
		if n == 0 {
			w.press("Take the cancellation back")
			w.sees("Everything is paid until")
		}
	}
	w.travel(home, "31")
	w.open(crm + "/leads")
	w.sees("closed")
	w.open(crm + "/billing")
	w.sees("Start again")
	w.accessible()

	w.open(home + "/inbox")
	for _, subject := range []string{"Your code for", "Receipt for €34.51", "Welcome to", "Pro renews on", "A payment of €41.65 did not work", "is open", "can only be read", "is open again", "Pro ends on", "has ended"} {
		w.sees(subject)
	}
	var kinds []string
	rows, err := a.host.Query(t.Context(), `select substr(key, 1, instr(key || ':', ':') - 1) from outbox where recipient = 'grace@lumen.example' order by id`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var kind string
		if err := rows.Scan(&kind); err != nil {
			t.Fatal(err)
		}
		kinds = append(kinds, kind)
	}
	t.Log(strings.Join(kinds, " "))
	if red, err := a.billing.Audit(t.Context()); err != nil || len(red) > 0 {
		t.Error(red, err)
	}
}
