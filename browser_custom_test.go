package main

import (
	"testing"

	"github.com/chromedp/chromedp"
)

// TestACompanyUsesAModuleOfItsHost uploads the example, ticks it in a plan, and uses it as a tenant does.
func TestACompanyUsesAModuleOfItsHost(t *testing.T) {
	onlyLong(t)
	t.Parallel()
	w := browser(t)
	a, home, site := openForBrowsers(t)
	a.found(t, "acme", 0)
	if err := a.demoOperator(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.open(home + "/admin/login")
	w.fill("email", demoOperator, "password", demoPassword+"\n")
	w.sees("Dashboard")
	w.open(home + "/admin/modules")
	w.accessible()
	w.press("Begin with an example")
	w.sees("The description")
	w.accessible()
	w.do(chromedp.SetValue(chromedp.ID("module-text"), `{"rowhouse_module": 1, "name": "Fleet", "wheels": 4}`))
	w.press("Upload")
	w.sees("Please correct this")
	w.accessible()
	w.open(home + "/admin/modules/new?example=1")
	w.press("Upload")
	w.sees("Who has it")
	w.accessible()
	a.have(t, "acme", "*,x_fleet")
	w.open(site("acme") + "/admin/login")
	w.do(chromedp.SendKeys(chromedp.ID("email"), "ada@acme.example"), chromedp.SendKeys(chromedp.ID("password"), testPassword))
	w.press("Sign in")
	w.sees("Inspections overdue")
	w.open(site("acme") + "/admin/x-fleet-vehicles")
	w.sees("All vehicles")
	w.open(site("acme") + "/admin/x-fleet-vehicles/new")
	w.sees("Delivery van")
	w.open(site("acme") + "/admin/x-fleet-vehicles/new?template=1")
	w.sees("Number plate")
	w.accessible()
	w.fill("f-name", "White van", "f-plate", "B-RH 7")
	w.press("Save")
	w.sees("Attach a file")
	w.open(site("acme") + "/admin/x-fleet-vehicles/board")
	w.sees("White van")
	w.accessible()
	w.open(site("acme") + "/admin/x-fleet-vehicles")
	w.sees("White van")
	w.accessible()
}
