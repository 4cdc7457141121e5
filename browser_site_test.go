package main

import (
	"testing"

	"github.com/chromedp/chromedp"
)

// TestACompanyEditsItsSiteInABrowser goes the way of an operator through the pages about the public site.
func TestACompanyEditsItsSiteInABrowser(t *testing.T) {
	onlyLong(t)
	t.Parallel()
	w := browser(t)
	a, home, _ := openForBrowsers(t)
	if err := a.demoOperator(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.open(home + "/admin/login")
	w.fill("email", demoOperator, "password", demoPassword+"\n")
	w.sees("Sign-ups")
	for _, path := range []string{"/pages", "/pages/home", "/pages/home/blocks/1", "/signups", "/signups?tab=spam", "/registration", "/announcements", "/announcements/new", "/site"} {
		w.open(home + "/admin" + path)
		w.accessible()
	}
	w.open(home + "/admin/pages/home/blocks/6")
	w.fill("block-words_en_title", "What you pay\n")
	w.sees("This is a draft")
	w.accessible()
	w.open(home + "/")
	w.sees("The CRM that stays out of your way")
	w.open(home + "/admin/pages/home/draft")
	w.sees("What you pay")
	w.accessible()
	w.open(home + "/admin/pages/home")
	w.press("Publish")
	w.sees("It is public now.")
	w.open(home + "/")
	w.sees("What you pay")
	w.accessible()
	w.open(home + "/admin/announcements/new")
	w.fill("announcement-text_en", "Hello", "announcement-button_en", "Read", "announcement-link", "/admin/billing\n")
	w.sees("So it looks")
	w.accessible()
	w.do(chromedp.Click(chromedp.CSS(`form[action$="/start"] button`)))
	w.sees("Running")
	w.open(home + "/admin/registration")
	w.fill("invitation-note", "Friends\n")
	w.sees("it is shown only now")
	w.accessible()
}
