package admin

import (
	"net/http"
	"net/url"
	"time"

	"rowhouse/billing"
	"rowhouse/ui"
)

var healthPage = ui.Parse[healthSheet](files, ui.App, "health.html")

// healthSheet is how the machinery does.
type healthSheet struct {
	ui.Frame
	Alerts   []billing.Alert
	Jobs     []jobRow
	Checks   []checkRow
	Red      int
	Gateways []lightRow
	May      bool   // the operator may run a job now
	Running  string // the job that somebody has asked for
}

type jobRow struct {
	billing.JobRun
	Word string
	Next time.Time
	Late bool // it should have run long ago
}

type checkRow struct{ Text, Link string } // Link empty: green

type lightRow struct {
	Label, Light string
	Enabled      bool
	Last         time.Time
}

var jobWords = map[string]string{"pages": "Look at open payment pages", "reconcile": "Find out about lost answers", "switch": "Change plans as planned", "renewals": "Write invoices for new periods", "charges": "Charge saved methods",
	"refunds": "Send refunds", "trials": "Remind of the end of trials", "overdue": "Remind and close", "abandoned": "End what nobody pays for", "ends": "End cancelled subscriptions", "offers": "End offers", "orders": "End orders that were not paid",
	"cards": "Warn of cards that expire", "unpaid orders": "Remind of orders that wait", "delayed": "Tell of CRMs that are not ready", "closing": "Put data away", "levels": "Close what was left to read", "agreements": "End agreed limits whose time is over"}

func (p *Panel) health(w http.ResponseWriter, r *http.Request) error {
	page := healthSheet{Frame: p.frame(w, r, "Health", "/admin/health")}
	var err error
	if page.Alerts, err = p.Billing.Alerts(r.Context(), 100); err != nil {
		return err
	}
	if err := p.jobs(r, &page); err != nil {
		return err
	}
	if err := p.audits(r, &page); err != nil {
		return err
	}
	if page.Gateways, err = p.lights(r, page.Look); err != nil {
		return err
	}
	return healthPage.Show(w, r, page)
}

// audits runs all audits now.
func (p *Panel) audits(r *http.Request, page *healthSheet) error {
	red, err := p.Billing.Audit(r.Context())
	if err != nil {
		return err
	}
	bad := map[string]billing.Red{}
	for _, x := range red {
		bad[x.Name] = x
	}
	page.Red = len(red)
	for _, name := range billing.Audits() {
		row := checkRow{Text: page.T("Nothing %s", page.T(billing.AuditText(name)))}
		if x, ok := bad[name]; ok {
			row = checkRow{x.Text, x.Link}
		}
		page.Checks = append(page.Checks, row)
	}
	return nil
}

// newJobRow works out when a job runs next.
func newJobRow(j billing.JobRun, now time.Time) jobRow {
	row := jobRow{JobRun: j}
	if !j.Began.IsZero() {
		// One that finds nothing to do is noted once an hour only.
		row.Next = j.Began.Add(max(j.Every, time.Hour))
		row.Late = now.After(row.Next.Add(2 * time.Hour))
	}
	return row
}

func (p *Panel) lights(r *http.Request, look *ui.Look) ([]lightRow, error) {
	all, err := p.Billing.Gateways(r.Context())
	var rows []lightRow
	for _, t := range all {
		rows = append(rows, lightRow{look.T(t.Label), p.Billing.Light(t), t.Enabled, t.LastEvent})
	}
	return rows, err
}

func (p *Panel) closeAlert(w http.ResponseWriter, r *http.Request) error {
	return p.take(w, r, post{right: mayMoney, act: func(url.Values) (string, string, error) {
		return ui.LookOf(r).T("The alert is closed."), "/admin/health", p.Billing.CloseAlert(r.Context(), number(r), actor(r))
	}})
}
