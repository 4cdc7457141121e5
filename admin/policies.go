package admin

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"rowhouse/billing"
	"rowhouse/data/fault"
	"rowhouse/ui"
)

var (
	policiesPage = ui.Parse[policyList](files, ui.App, "policies.html")
	policyPage   = ui.Parse[policySheet](files, ui.App, "policy.html", "parts.html")
)

type policyList struct {
	ui.Frame
	Rows []billing.PolicyRow
}

// Steps says the steps of a policy in a line.
func (l policyList) Steps(steps []billing.Step) string { return stepsLine(l.Look, steps) }

var actWords = map[billing.Act]string{billing.Remind: "reminder", billing.Restrict: "reading only", billing.Block: "closed", billing.Terminate: "ended"}

func stepsLine(look *ui.Look, steps []billing.Step) string {
	var words []string
	for _, s := range steps {
		words = append(words, look.T("day %d: %s", s.Day, look.T(actWords[s.Act])))
	}
	return strings.Join(words, ", ")
}

func (p *Panel) policies(w http.ResponseWriter, r *http.Request) error {
	page := policyList{Frame: p.frame(w, r, "Policies", "/admin/policies")}
	var err error
	if page.Rows, err = p.Billing.Policies(r.Context()); err != nil {
		return err
	}
	return policiesPage.Show(w, r, page)
}

type policySheet struct {
	ui.Frame
	Row     billing.PolicyRow
	Form    box
	Looked  bool // the preview was asked for
	Tonight []tonightRow
}

type tonightRow struct {
	billing.Tonight
	Word string
	Day  string
}

var tonightWords = map[string]string{"read_only": "can only be read", "billing_only": "is closed", "cancel": "ends", "warn": "is warned that its data will be put away", "archive": "is put away", "purge": "is deleted"}

func (p *Panel) policy(w http.ResponseWriter, r *http.Request) error {
	return p.policyWith(w, r, http.StatusOK, nil)
}

func (p *Panel) policyWith(w http.ResponseWriter, r *http.Request, status int, bad *refused) error {
	page, err := p.policySheet(w, r)
	if err != nil {
		return err
	}
	page.Form = page.Form.again(bad)
	return policyPage.ShowAs(w, r, status, page)
}

// policySheet begins the editor of the policy of the path; "new" is one that is still to be made.
func (p *Panel) policySheet(w http.ResponseWriter, r *http.Request) (policySheet, error) {
	page := policySheet{Frame: p.below(w, r, "New policy", "Policies", "/admin/policies")}
	id := number(r)
	if id == 0 && r.PathValue("id") != "new" {
		return page, fault.New(fault.Missing, "There is no such policy.")
	}
	var err error
	if page.Row, err = p.Billing.PolicyByID(r.Context(), id); err != nil {
		return page, err
	}
	if id > 0 {
		page.Title = page.Row.Name
	}
	page.Form = policyForm(page.Look, page.Row)
	return page, nil
}

func policyForm(look *ui.Look, row billing.PolicyRow) box {
	days := func(n int) string { return strconv.Itoa(n) }
	id := "new"
	if row.ID > 0 {
		id = strconv.FormatInt(row.ID, 10)
	}
	return box{Look: look, ID: "policy", Action: "/admin/policies/" + id, Inputs: []input{
		{Name: "name", Label: "Name", Value: row.Name, Required: true, Most: 60, Wide: true},
		{Name: "manual", Label: "Invoice so many days ahead if paid by hand", Kind: "number", Value: days(row.Manual)},
		{Name: "auto", Label: "And if a saved method is charged", Kind: "number", Value: days(row.Auto)},
		{Name: "retries", Label: "Charge again, days after the due day", Value: joined(row.Retries), Hint: "Such as 1, 3, 6, 13.", Wide: true},
		{Name: "steps", Label: "Steps after the due day", Kind: "area", Lines: 5, Most: 500, Value: stepsText(row.Steps), Hint: "One on each line: the day, then remind, read_only (reading only), billing_only (closed) or cancel (ended)."},
		{Name: "trial", Label: "Steps after a trial that nobody paid for", Kind: "area", Lines: 3, Most: 500, Value: stepsText(row.Trial)},
		{Name: "read", Label: "After the end, reading stays open for days", Kind: "number", Value: days(row.Read)},
		{Name: "closing", Label: "After the end: first warning, second warning, put away, deleted", Value: joined(row.Closing), Hint: "Four days, such as 30, 53, 60, 90.", Wide: true},
		{Name: "checkout", Label: "An order by bank transfer waits for days", Kind: "number", Value: days(row.Checkout)},
		{Name: "change", Label: "An unpaid change of plan waits for days", Kind: "number", Value: days(row.Change)},
		{Name: "open", Label: "Also for invoices that are open and not late yet", Kind: "check", Hint: "Others keep the rules under which they were written."}}}
}

func joined(days []int) string {
	var words []string
	for _, d := range days {
		words = append(words, strconv.Itoa(d))
	}
	return strings.Join(words, ", ")
}

func stepsText(steps []billing.Step) string {
	var lines []string
	for _, s := range steps {
		lines = append(lines, strconv.Itoa(s.Day)+" "+string(s.Act))
	}
	return strings.Join(lines, "\n")
}

// keepPolicy keeps a policy; or shows what it would do tonight, without keeping it.
func (p *Panel) keepPolicy(w http.ResponseWriter, r *http.Request) error {
	look := ui.LookOf(r)
	page, err := p.policySheet(w, r)
	if err != nil {
		return err
	}
	var preview *refused
	names := append(page.Form.names(), "look")
	f := post{right: maySell, form: "policy", names: names, page: p.policyWith, act: func(form url.Values) (string, string, error) {
		row, err := readPolicy(form)
		if err != nil {
			return "", "", err
		}
		row.ID = page.Row.ID
		if form.Get("look") != "" {
			preview = &refused{form: "policy", typed: form, fault: &fault.Fault{Kind: fault.Invalid}}
			if page.Tonight, err = p.tonight(r, look, row); err != nil {
				return "", "", err
			}
			return "", "", errShown
		}
		_, err = p.Billing.KeepPolicy(r.Context(), row, form.Get("open") != "", actor(r))
		return look.T("The policy is saved."), "/admin/policies", err
	}}
	err = p.take(w, r, f)
	if preview == nil || !errors.Is(err, errShown) {
		return err
	}
	page.Looked, page.Form = true, page.Form.again(preview)
	page.Form.Problem = ""
	return policyPage.ShowAs(w, r, http.StatusUnprocessableEntity, page) // nothing was done, and what was typed stays
}

func (p *Panel) tonight(r *http.Request, look *ui.Look, row billing.PolicyRow) ([]tonightRow, error) {
	found, err := p.Billing.WouldClose(r.Context(), row.ID, row.Policy)
	var rows []tonightRow
	for _, t := range found {
		rows = append(rows, tonightRow{t, look.T(tonightWords[t.Act]), look.Day(t.On.String())})
	}
	return rows, err
}

// readPolicy reads a policy's form. What is wrong in itself is a fault.Invalid; billing checks what it means.
func readPolicy(form url.Values) (billing.PolicyRow, error) {
	bad := ui.Problems{}
	day := func(name string) int { return int(readWhole(form, name, bad)) }
	row := billing.PolicyRow{Name: form.Get("name")}
	row.Policy = billing.Policy{Manual: day("manual"), Auto: day("auto"), Read: day("read"), Checkout: day("checkout"), Change: day("change"),
		Retries: readDays(form, "retries", bad), Closing: readDays(form, "closing", bad), Steps: readSteps(form, "steps", bad), Trial: readSteps(form, "trial", bad)}
	if err := bad.Err(); err != nil {
		return row, err
	}
	return row, row.Check()
}

func readDays(form url.Values, name string, bad ui.Problems) []int {
	days := []int{}
	for _, word := range strings.FieldsFunc(form.Get(name), func(c rune) bool { return c == ',' || c == ' ' || c == ';' }) {
		n, err := strconv.Atoi(word)
		if err != nil {
			bad.Add(name, "Please enter days as numbers with commas between.")
		}
		days = append(days, n)
	}
	return days
}

func readSteps(form url.Values, name string, bad ui.Problems) []billing.Step {
	var steps []billing.Step
	for line := range strings.Lines(form.Get(name)) {
		words := strings.Fields(line)
		if len(words) == 0 {
			continue
		}
		day, err := strconv.Atoi(strings.TrimSuffix(words[0], ":"))
		if err != nil || len(words) != 2 {
			bad.Add(name, "A step is a day after the due day and what happens then: remind, read_only, billing_only or cancel.")
			return nil
		}
		steps = append(steps, billing.Step{Day: day, Act: billing.Act(words[1])})
	}
	return steps
}
