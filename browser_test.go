package main

import (
	"context"
	"encoding/json"
	"net"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// browserNeeded makes a missing browser an error: the pipeline sets it. Elsewhere the tests are skipped and say so.
const browserNeeded = "ROWHOUSE_NEED_BROWSER"

// window is one tab of a browser.
type window struct {
	t   *testing.T
	ctx context.Context
	axe string
}

// browser starts Chromium, which ends with the test.
func browser(t *testing.T) *window {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		if os.Getenv(browserNeeded) != "" {
			t.Fatal("Chromium is missing:", err)
		}
		t.Skip("Chromium is not installed (apt-get install chromium), so no browser was driven")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox)
	ctx, stop := chromedp.NewExecAllocator(t.Context(), options...)
	t.Cleanup(stop)
	ctx, close := chromedp.NewContext(ctx)
	t.Cleanup(close)
	ctx, cancel := context.WithTimeout(ctx, 2*time.Minute)
	t.Cleanup(cancel)
	axe, err := os.ReadFile("ui/vendoring/testdata/axe.min.js")
	if err != nil {
		t.Fatal(err)
	}
	return (&window{t, ctx, string(axe)}).begin()
}

// onlyLong leaves a test to the pipeline: two cores drive three browsers within the time that a quick run may take, and not six.
func onlyLong(t *testing.T) {
	t.Helper()
	if !*long {
		t.Skip("drives a browser through many pages; the pipeline runs it, and so does go test -long")
	}
}

// begin starts the tab. It lives as long as the context of the first call, so that one has no deadline of its own.
func (w *window) begin() *window {
	if err := chromedp.Do(w.ctx, chromedp.EmulateViewport(1440, 900)); err != nil {
		w.t.Fatal(err)
	}
	// What still fades in has no contrast yet, so nothing does.
	still := []*emulation.MediaFeature{{Name: "prefers-reduced-motion", Value: "reduce"}}
	if _, err := chromedp.Call(w.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: still}); err != nil {
		w.t.Fatal(err)
	}
	return w
}

// another opens a second tab of the same browser: the same cookies, another page.
func (w *window) another() *window {
	ctx, close := chromedp.NewContext(w.ctx)
	w.t.Cleanup(close)
	return (&window{w.t, ctx, w.axe}).begin()
}

// do takes steps, each within a deadline. Chromium numbers a page's nodes anew when it has loaded whole, so a step may
// hold a number that is gone: it has done nothing yet and is taken again.
func (w *window) do(steps ...chromedp.Action[chromedp.Void]) {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.ctx, 20*time.Second)
	defer cancel()
	for _, step := range steps {
		err := chromedp.Do(ctx, step)
		for err != nil && strings.Contains(err.Error(), "ode with given id") && ctx.Err() == nil {
			time.Sleep(50 * time.Millisecond)
			err = chromedp.Do(ctx, step)
		}
		if err != nil {
			at, _ := chromedp.Run(w.ctx, chromedp.Location())
			seen, _ := chromedp.Run(w.ctx, chromedp.Evaluate[string](`document.body.innerText.slice(0, 1500)`))
			w.t.Fatalf("at %s: %v\n%s", at, err, seen)
		}
	}
}

func (w *window) open(address string) { w.t.Helper(); w.do(chromedp.Navigate(address)) }

// fill types into the fields with these ids.
func (w *window) fill(pairs ...string) {
	w.t.Helper()
	for i := 0; i < len(pairs); i += 2 {
		w.do(chromedp.SendKeys(chromedp.ID(pairs[i]), pairs[i+1]))
	}
}

// press clicks the button or link that says words.
func (w *window) press(words string) {
	w.t.Helper()
	w.do(chromedp.Click(chromedp.Search(`(//main | //body)//*[self::button or self::a][contains(normalize-space(.), "` + words + `")]`)))
}

// sees waits until the page has loaded whole and says words.
func (w *window) sees(words string) {
	w.t.Helper()
	quoted, err := json.Marshal(words)
	if err != nil {
		w.t.Fatal(err)
	}
	for range 100 {
		found, err := chromedp.Run(w.ctx, chromedp.Evaluate[bool](`document.readyState === "complete" && document.body.innerText.includes(`+string(quoted)+`)`))
		if err == nil && found {
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
	seen, _ := chromedp.Run(w.ctx, chromedp.Evaluate[string](`location.href + "\n" + document.body.innerText.slice(0, 2000)`))
	w.t.Fatalf("the page never says %q:\n%s", words, seen)
}

// accessible runs axe-core on the page as it is.
func (w *window) accessible() {
	w.t.Helper()
	w.do(chromedp.Evaluate[chromedp.Void](w.axe))
	found, err := chromedp.Run(w.ctx, chromedp.Evaluate[[]string](`axe.run(document, {resultTypes: ['violations']}).then(r => r.violations.map(v => v.id + ': ' + v.nodes.slice(0, 3).map(n => n.html).join(' | ')))`, chromedp.EvalAwaitPromise))
	if err != nil {
		w.t.Fatal(err)
	}
	at, _ := chromedp.Run(w.ctx, chromedp.Location())
	for _, v := range found {
		w.t.Errorf("%s: %.600s", at, v)
	}
}

// openForBrowsers serves the demo's product on a port of its own, for browsers.
func openForBrowsers(t *testing.T) (a *app, home string, site func(name string) string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	a, err = build(t.Context(), config{dir: t.TempDir(), domain: demoDomain(l.Addr()), demo: true})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- a.serve(ctx, l) }()
	t.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
		if err := a.close(); err != nil {
			t.Error(err)
		}
	})
	return a, a.tenants.Home(), a.tenants.URL
}

var sixDigits = regexp.MustCompile(`\b\d{6}\b`)

// signUp registers a company in the browser, from the prices to the link into the CRM.
func (w *window) signUp(home, name, company, email string, look func()) {
	w.t.Helper()
	w.open(home + "/prices")
	w.sees("Starter")
	look()
	w.open(home + "/register?plan=starter")
	w.fill("company", company)
	w.do(chromedp.SetValue(chromedp.CSS("#name"), name))
	w.fill("person", "Grace Hopper", "email", email, "password", testPassword, "again", testPassword)
	w.do(chromedp.Click(chromedp.CSS("#terms")), chromedp.Sleep(2*time.Second)) // nobody fills a form in less
	look()
	w.do(chromedp.Submit(chromedp.CSS("#person")))
	w.sees(company)
	look()
	w.press("Confirm and create")
	w.sees("six digits")
	look()
	form, err := chromedp.Run(w.ctx, chromedp.Location())
	if err != nil {
		w.t.Fatal(err)
	}
	w.open(home + "/inbox")
	w.sees(email)
	look()
	letter, err := chromedp.Run(w.ctx, chromedp.Text(chromedp.CSS(".letter")))
	if err != nil {
		w.t.Fatal(err)
	}
	w.open(form)
	w.fill("code", sixDigits.FindString(letter)+"\n")
}

// TestACompanyRegistersAndWorks is the product in one go, as its users see it.
func TestACompanyRegistersAndWorks(t *testing.T) {
	t.Parallel()
	w := browser(t)
	a, home, site := openForBrowsers(t)
	w.open(home)
	w.accessible()
	w.signUp(home, "lumen", "Lumen Design", "grace@lumen.example", w.accessible)
	w.sees("Your CRM is ready")
	w.accessible()
	crm := site("lumen") + "/admin"
	w.open(crm)
	w.accessible()
	w.fill("email", "grace@lumen.example", "password", testPassword+"\n")
	w.sees("Hello Grace")
	w.accessible()

	w.open(crm + "/leads/new")
	w.accessible()
	w.fill("f-name", "Ines Keller", "f-company", "Sigma Pharma", "f-emails", "ines@sigma.example", "f-value", "1250\n")
	w.sees("Lead created")
	w.accessible()

	w.open(crm + "/leads/board")
	w.sees("Sigma Pharma")
	w.accessible()
	second := w.another()
	second.open(crm + "/leads/board")
	second.sees("Sigma Pharma")
	w.do(chromedp.Sleep(500 * time.Millisecond)) // the second window's stream must be open
	w.do(chromedp.DragAndDrop(chromedp.CSS("#lead-1"), chromedp.CSS(`section.col:nth-of-type(3) .cards`)))
	w.sees("Moved to Qualified")
	if got := ask[string](t, a, "lumen", `select label from choice where id = (select status from lead where id = 1)`); got != "Qualified" {
		t.Errorf("after the drag the lead is %q", got)
	}
	second.waits(`document.querySelector("section.col:nth-of-type(3) #lead-1") !== null`)
	w.press("Undo")
	second.waits(`document.querySelector("section.col:nth-of-type(1) #lead-1") !== null`)

	for _, path := range []string{"/leads", "/customers", "/contacts", "/contacts/new", "/leads/1", "/leads/1/edit", "/search?q=ines", "/leads/import", "/settings/company", "/settings/brand",
		"/settings/localisation", "/settings/lists", "/settings/fields", "/settings/fields/lead/new", "/settings/duplicates", "/staff", "/staff/new", "/settings/roles", "/settings/roles/2", "/settings/teams",
		"/settings/log", "/settings/trash", "/profile", "/profile/second-factor"} {
		w.open(crm + path)
		w.accessible()
	}
	w.open(crm + "/leads")
	w.do(chromedp.Click(chromedp.CSS(`tbody tr td.nm a`)), chromedp.WaitVisible(chromedp.CSS(`.peek .ph`)))
	w.accessible()
	w.do(chromedp.Click(chromedp.CSS(`.me`)), chromedp.WaitVisible(chromedp.CSS(`#me-menu`)))
	w.press("Sign out")
	w.sees("Forgotten your password?")
	w.open(crm + "/leads")
	w.sees("Forgotten your password?")
}

// TestACompanyRegistersWithoutScripts does the same where no script runs.
func TestACompanyRegistersWithoutScripts(t *testing.T) {
	t.Parallel()
	w := browser(t)
	_, home, site := openForBrowsers(t)
	if _, err := chromedp.Call(w.ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true}); err != nil {
		t.Fatal(err)
	}
	w.signUp(home, "plain", "Plain Paper", "paula@plain.example", func() {})
	for range 50 {
		if seen, err := chromedp.Run(w.ctx, chromedp.Text(chromedp.CSS("body"))); err == nil && strings.Contains(seen, "Your CRM is ready") {
			break
		}
		w.do(chromedp.Sleep(100*time.Millisecond), chromedp.Reload())
	}
	w.sees("Your CRM is ready")
	crm := site("plain") + "/admin"
	w.open(crm)
	w.fill("email", "paula@plain.example", "password", testPassword+"\n")
	w.sees("Hello Grace")
	w.open(crm + "/leads/new")
	w.fill("f-name", "Without Scripts\n")
	w.sees("Without Scripts")
	w.open(crm + "/leads/1")
	w.do(chromedp.Click(chromedp.CSS(`.stages button:nth-of-type(2)`)))
	w.sees("Contacted")
}

// waits waits until an expression is true.
func (w *window) waits(expression string) {
	w.t.Helper()
	for range 100 {
		if ok, err := chromedp.Run(w.ctx, chromedp.Evaluate[bool](expression)); err == nil && ok {
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
	seen, _ := chromedp.Run(w.ctx, chromedp.Evaluate[string](`location.href + "\n" + document.body.innerText.slice(0, 1500)`))
	w.t.Fatalf("never true: %s\n%s", expression, seen)
}
