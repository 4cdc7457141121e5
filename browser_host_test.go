package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/pquerna/otp/totp"

	"rowhouse/admin"
	"rowhouse/crm/custom"
)

// menu opens a tenant's menu on its page and takes one of its lines.
func (w *window) menu(line string) {
	w.t.Helper()
	w.do(chromedp.Click(chromedp.CSS(`header.top button[popovertarget=tenant-menu]`)), chromedp.WaitVisible(chromedp.CSS(`#tenant-menu`)))
	w.do(chromedp.Click(chromedp.Search(`//*[@id="tenant-menu"]//*[self::a or self::button][normalize-space(.)="` + line + `"]`)))
}

// send presses the button of the form in the dialog.
func (w *window) send(act string) {
	w.t.Helper()
	w.do(chromedp.WaitVisible(chromedp.CSS(`dialog.modal form#`+act)), chromedp.Click(chromedp.CSS(`dialog.modal form#`+act+` footer button`)))
}

// enterFirst makes the first operator with the link of the console, second factor and all.
func (w *window) enterFirst(a *app, home string) {
	w.t.Helper()
	a.panel.Lenient = false // as outside the demo
	desk, err := a.office(w.t.Context())
	if err != nil {
		w.t.Fatal(err)
	}
	secret, err := admin.First(w.t.Context(), a.host, desk, a.clock.Now())
	if err != nil {
		w.t.Fatal(err)
	}
	w.open(home + "/admin/first/" + secret)
	w.accessible()
	w.fill("name", "Olga Host", "email", "olga@rowhouse.example", "password", testPassword, "again", testPassword+"\n")
	w.sees("Second factor")
	w.accessible()
	key, err := chromedp.Run(w.ctx, chromedp.Text(chromedp.CSS("code.mono")))
	if err != nil {
		w.t.Fatal(err)
	}
	code, err := totp.GenerateCode(strings.TrimSpace(key), time.Now())
	if err != nil {
		w.t.Fatal(err)
	}
	w.fill("code", code+"\n")
	w.sees("Recovery codes")
	w.press("I have kept them")
	if again, err := admin.First(w.t.Context(), a.host, desk, a.clock.Now()); err != nil || again != "" {
		w.t.Error("a second first operator could be made:", err)
	}
}

// setUp goes through the first set-up.
func (w *window) setUp() {
	w.t.Helper()
	w.sees("Under which name visitors find you")
	w.accessible()
	w.press("Skip this for now")
	w.sees("From where letters are sent")
	w.accessible()
	w.press("Skip this for now")
	w.sees("How customers pay")
	w.do(chromedp.SetValue(chromedp.ID("gateways-offline"), "IBAN XX00 0000"), chromedp.Click(chromedp.CSS(`input[name=rehearsal]`)))
	w.press("Save")
	w.sees("What you sell")
	w.press("These are right")
	w.sees("Your name and colour")
	w.do(chromedp.SetValue(chromedp.ID("brand-brand"), "Harbour CRM"))
	w.press("Save")
	w.sees("A company with example data")
	w.press("Make it")
	w.sees("That is enough to begin")
	w.accessible()
	w.press("To the dashboard")
	w.sees("Every month (MRR)")
	w.accessible()
}

// sellModule uploads a module and makes a plan that has it.
func (w *window) sellModule(home string) {
	w.t.Helper()
	w.open(home + "/admin/modules/new")
	w.do(chromedp.SetValue(chromedp.ID("module-text"), custom.Example))
	w.press("Upload")
	w.sees("Who has it")
	w.open(home + "/admin/plans/new")
	w.do(chromedp.SetValue(chromedp.ID("plan-name"), "Fleet"), chromedp.SetValue(chromedp.ID("plan-slug"), "fleet"), chromedp.Click(chromedp.CSS(`input[name="modules[]"][value=x_fleet]`)))
	w.do(chromedp.Submit(chromedp.ID("plan-name")))
	w.sees("The plan is saved")
	w.accessible()
}

// order makes a tenant by hand.
func (w *window) order(home, name, plan string) {
	w.t.Helper()
	w.open(home + "/admin/tenants/new")
	w.do(chromedp.SetValue(chromedp.ID("new-company"), name+" Ltd"), chromedp.SetValue(chromedp.ID("new-name"), name), chromedp.SetValue(chromedp.ID("new-owner"), "Ada Owner"), chromedp.SetValue(chromedp.ID("new-email"), "ada@"+name+".example"))
	w.do(chromedp.Evaluate[chromedp.Void](`{ const s = document.getElementById("new-plan"); s.value = [...s.options].find(o => o.text === "` + plan + `").value }`))
	w.press("Set it up")
	w.sees(name + " Ltd")
}

// TestACompanyIsRunByItsHost is the panel in one go, as its owner uses it.
func TestACompanyIsRunByItsHost(t *testing.T) {
	onlyLong(t)
	t.Parallel()
	w := browser(t)
	a, home, site := openForBrowsers(t)
	w.enterFirst(a, home)
	w.setUp()
	w.sellModule(home)
	w.order(home, "lorry", "Fleet")
	w.open(home + "/admin/tenants/lorry")
	w.sees("It is free of charge")
	w.accessible()

	w.menu("Log in as the owner") // and use the module there
	w.do(chromedp.WaitVisible(chromedp.CSS(`dialog.modal #entry-reason`)))
	w.accessible()
	w.fill("entry-reason", "To show how the module works")
	w.send("entry")
	w.sees("The link works once")
	w.do(chromedp.Evaluate[chromedp.Void](`document.querySelector("a[target=_blank]").removeAttribute("target")`))
	w.press("Enter now")
	w.sees("is signed in here for Ada Owner")
	w.accessible()
	w.open(site("lorry") + "/admin/x-fleet-vehicles/new?template=1")
	w.sees("Number plate")
	w.fill("f-name", "White van", "f-plate", "B-RH 7")
	w.press("Save")
	w.sees("Attach a file")

	w.open(home + "/admin/tenants/lorry")
	w.menu("Associate package")
	w.do(chromedp.WaitVisible(chromedp.CSS(`dialog.modal #give-offer`)))
	w.do(chromedp.Evaluate[chromedp.Void](`{ const s = document.getElementById("give-offer"); s.value = [...s.options].find(o => o.text.startsWith("Starter")).value }`))
	w.press("See what it costs")
	w.do(chromedp.WaitReady(chromedp.CSS(`dialog.modal input[name=total]`)))
	w.press("Give it")
	w.sees("The plan is given")
	w.open(site("lorry") + "/admin/x-fleet-vehicles")
	w.sees("Nothing is at this address")

	w.open(home + "/admin/tenants/lorry")
	w.menu("Suspend")
	w.send("suspension")
	w.sees("Nobody gets in")
	w.open(site("lorry") + "/admin/login")
	w.sees("This CRM is closed")
	w.open(home + "/admin/tenants/lorry")
	w.menu("Resume")
	w.sees("It is open.")

	w.repairBothWays(a, home)

	w.open(home + "/admin/tenants/lorry/instructions")
	w.sees("rowhouse tenant import lorry.tar.gz")
	w.accessible()
	for _, tab := range []string{"invoices", "limits", "staff", "set-up", "backups", "log"} {
		w.open(home + "/admin/tenants/lorry/" + tab)
		w.sees("lorry Ltd")
		w.accessible()
	}
	for _, path := range []string{"/admin/tenants", "/admin/operators", "/admin/operators/1", "/admin/own", "/admin/tokens", "/admin/settings", "/admin/log?verify=1", "/admin/updates", "/admin/modules", "/admin/tenants/new", "/back-office/"} {
		w.open(home + path)
		w.accessible()
	}
	w.open(home + "/admin/tenants/lorry")
	w.menu("Delete for good")
	w.do(chromedp.WaitVisible(chromedp.CSS(`dialog.modal #deletion-name`)))
	w.fill("deletion-name", "lorry")
	w.send("deletion")
	w.sees("The tenant is deleted")
	w.open(site("lorry") + "/admin/login")
	w.sees("There is nobody at this address")
	if n, err := a.tenants.VerifyLog(t.Context()); err != nil || n < 10 {
		t.Error(n, err)
	}
}

// repairBothWays breaks the provisioning of two tenants: in the place of each stands a folder already.
func (w *window) repairBothWays(a *app, home string) {
	w.t.Helper()
	for _, name := range []string{"again", "mark"} {
		if err := os.Mkdir(a.tenants.Folder(name), 0o700); err != nil {
			w.t.Fatal(err)
		}
		w.order(home, name, "Starter")
		w.open(home + "/admin/tenants/" + name + "/set-up")
		w.sees("There is a folder tenants/" + name + " already")
		w.accessible()
		if err := os.Remove(a.tenants.Folder(name)); err != nil {
			w.t.Fatal(err)
		}
	}
	w.open(home + "/admin/tenants/again/set-up")
	w.do(chromedp.Click(chromedp.CSS(`.panel header form button`)))
	w.waitsActive(a, "again")

	made, err := filepath.Glob(filepath.Join(a.dir, "tenants", ".new-*")) // what the host can do by hand
	if err != nil || len(made) != 1 {
		w.t.Fatal(made, err)
	}
	if err := os.Rename(made[0], a.tenants.Folder("mark")); err != nil {
		w.t.Fatal(err)
	}
	w.open(home + "/admin/tenants/mark/set-up")
	w.do(chromedp.Click(chromedp.CSS(`.panel header a[href$="/activation"]`)), chromedp.WaitVisible(chromedp.CSS(`dialog.modal #activation-name`)))
	w.fill("activation-name", "mark")
	w.send("activation")
	w.sees("It is open.")
}

// waitsActive waits until a tenant is served.
func (w *window) waitsActive(a *app, name string) {
	w.t.Helper()
	for range 100 {
		if t, err := a.tenants.ByName(w.t.Context(), name); err == nil && t.State == "active" {
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
	w.t.Fatalf("%s is never ready", name)
}
