package admin

import (
	"net/http"
	"net/url"
	"slices"
	"time"

	"rowhouse/billing"
	"rowhouse/data/fault"
	"rowhouse/ui"
)

// runRoutes are the pages about what runs by itself: programs that are told, jobs, letters on their way, backups.
func (p *Panel) runRoutes() map[string]ui.Handler {
	return map[string]ui.Handler{
		"GET /admin/webhooks":                             p.webhooks,
		"POST /admin/webhooks":                            p.addWebhook,
		"GET /admin/webhooks/{id}":                        p.webhook,
		"POST /admin/webhooks/{id}":                       p.saveWebhook,
		"POST /admin/webhooks/{id}/state":                 p.turnWebhook,
		"POST /admin/webhooks/{id}/secret":                p.renewWebhook,
		"POST /admin/webhooks/{id}/test":                  p.testWebhook,
		"POST /admin/webhooks/{id}/deliveries/{delivery}": p.sendWebhook,
		"POST /admin/webhooks/{id}/deletion":              p.deleteWebhook,
		"POST /admin/jobs/{job}/run":                      p.runJob,
		"POST /admin/letters/again":                       p.sendLetters,
		"POST /admin/letters/{id}/again":                  p.sendLetter,
		"POST /admin/letters/{id}/drop":                   p.dropLetter,
		"GET /admin/backups":                              p.allBackups,
		"POST /admin/backups":                             p.backUpAll,
	}
}

// workWords say what the jobs beside billing's do.
var workWords = []struct{ Name, Label string }{
	{Name: "provisioning", Label: "Make tenants"},
	{Name: "letters", Label: "Send letters"},
	{Name: "webhooks", Label: "Tell your own programs"},
	{Name: "reservations", Label: "Free names of registrations that were not finished"},
	{Name: "tidying", Label: "Tidy the tenants' files"},
	{Name: "backups", Label: "Back up what has changed"},
}

// workWord is what a job does, in English.
func workWord(name string) string {
	for _, w := range workWords {
		if w.Name == name {
			return w.Label
		}
	}
	return name
}

// late is how long after its time a job is called late.
const late = 2 * time.Hour

// jobs are billing's, and the others behind them.
func (p *Panel) jobs(r *http.Request, page *healthSheet) error {
	list, err := p.Billing.Jobs(r.Context())
	if err != nil {
		return err
	}
	now := p.Billing.Clock.Now()
	for _, j := range list {
		row := newJobRow(j, now)
		row.Word = page.T(jobWords[j.Name])
		page.Jobs = append(page.Jobs, row)
	}
	if p.Jobs == nil {
		return nil
	}
	runs, err := p.Jobs.Runs(r.Context())
	if err != nil {
		return err
	}
	now = p.Jobs.Clock.Now()
	for _, j := range runs {
		page.Jobs = append(page.Jobs, jobRow{JobRun: billing.JobRun{Name: j.Name, Began: j.Began, Took: j.Took, Done: j.Done, Failed: j.Bad, Error: j.Error},
			Word: page.T(workWord(j.Name)), Next: j.Next, Late: !j.Began.IsZero() && now.After(j.Next.Add(late))})
	}
	page.May = may(r, mayRun) == nil
	running := p.Jobs.Running()
	if n := slices.IndexFunc(page.Jobs, func(j jobRow) bool { return j.Name == running }); n >= 0 {
		page.Running = page.Jobs[n].Word
	}
	return nil
}

// runJob has a turn of a job now, in the background.
func (p *Panel) runJob(w http.ResponseWriter, r *http.Request) error {
	return p.take(w, r, post{right: mayRun, act: func(url.Values) (string, string, error) {
		name := r.PathValue("job")
		page := healthSheet{Frame: ui.Frame{Look: ui.LookOf(r)}}
		if err := p.jobs(r, &page); err != nil {
			return "", "", err
		}
		if !slices.ContainsFunc(page.Jobs, func(j jobRow) bool { return j.Name == name }) || p.Jobs == nil {
			return "", "", fault.New(fault.Missing, "There is no such job.")
		}
		if err := p.Jobs.Begin(r.Context(), name); err != nil {
			return "", "", err
		}
		return page.T("The job runs now."), "/admin/health#jobs", p.audit(r, "run job", "", name)
	}})
}
