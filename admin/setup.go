package admin

import (
	"context"
	"database/sql"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"rowhouse/data/fault"
	"rowhouse/ui"
)

var setupPage = ui.Parse[setupSheet](files, ui.App, "setup.html", "parts.html")

// setupSheet is one step of the first set-up, beside the list of all.
type setupSheet struct {
	ui.Frame
	Steps []setupRow
	Here  setupRow
	Form  *box
	Facts []tab  // what is there already, with where to change it
	Over  bool   // nothing is left
	Next  string // the step behind this one
}

type setupRow struct {
	setupStep
	Done, Skipped, Current bool
	URL                    string
}

// setupStep is one step. Each can be left out, done later, and done again.
type setupStep struct {
	Key, Label, Hint string // in English
	done             func(*Panel, context.Context) (bool, error)
	form             func(*Panel, *http.Request, *setupSheet) error
	do               func(*Panel, *http.Request, url.Values) error
}

const skippedSteps = "setup.skipped"

// Left is how many steps are not done.
func (s setupSheet) Left() int {
	n := 0
	for _, row := range s.Steps {
		if !row.Done {
			n++
		}
	}
	return n
}

// rows are all steps with where they stand.
func (p *Panel) setupRows(ctx context.Context, here string) ([]setupRow, error) {
	kept, _, err := p.Settings.Get(ctx, skippedSteps)
	if err != nil {
		return nil, err
	}
	skipped := strings.Fields(kept)
	var rows []setupRow
	for _, s := range setupSteps {
		row := setupRow{setupStep: s, Skipped: slices.Contains(skipped, s.Key), Current: s.Key == here, URL: "/admin/setup/" + s.Key}
		if row.Done, err = s.done(p, ctx); err != nil {
			return nil, err
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// left is how many steps wait.
func left(rows []setupRow) (n int, first string) {
	for _, row := range rows {
		if !row.Done && !row.Skipped {
			if n++; first == "" {
				first = row.URL
			}
		}
	}
	return n, first
}

// setup leads to the first step that waits.
func (p *Panel) setup(w http.ResponseWriter, r *http.Request) error {
	rows, err := p.setupRows(r.Context(), "")
	if err != nil {
		return err
	}
	if _, first := left(rows); first != "" {
		return ui.Back(w, r, first)
	}
	return ui.Back(w, r, "/admin/setup/over")
}

func (p *Panel) showSetup(w http.ResponseWriter, r *http.Request) error {
	return p.setupWith(w, r, http.StatusOK, nil)
}

func (p *Panel) setupWith(w http.ResponseWriter, r *http.Request, status int, bad *refused) error {
	if err := may(r, mayRule); err != nil {
		return err
	}
	here := r.PathValue("step")
	page := setupSheet{Frame: p.frame(w, r, "Set-up", "/admin/setup"), Over: here == "over", Next: "/admin/setup/over"}
	var err error
	if page.Steps, err = p.setupRows(r.Context(), here); err != nil {
		return err
	}
	at := slices.IndexFunc(page.Steps, func(s setupRow) bool { return s.Current })
	if page.Over {
		return setupPage.ShowAs(w, r, status, page)
	}
	if at < 0 {
		return fault.New(fault.Missing, "Nothing is at this address.")
	}
	page.Here = page.Steps[at]
	if at+1 < len(page.Steps) {
		page.Next = page.Steps[at+1].URL
	}
	if err := page.Here.form(p, r, &page); err != nil {
		return err
	}
	if page.Form != nil {
		form := page.Form.again(bad)
		page.Form = &form
	}
	return setupPage.ShowAs(w, r, status, page)
}

// doSetup does a step's form and leads to the next step.
func (p *Panel) doSetup(w http.ResponseWriter, r *http.Request) error {
	at := slices.IndexFunc(setupSteps, func(s setupStep) bool { return s.Key == r.PathValue("step") })
	if at < 0 {
		return fault.New(fault.Missing, "Nothing is at this address.")
	}
	s, next := setupSteps[at], "/admin/setup/over"
	if at+1 < len(setupSteps) {
		next = "/admin/setup/" + setupSteps[at+1].Key
	}
	sheet := setupSheet{Frame: p.frame(w, r, "Set-up", "/admin/setup")}
	if err := s.form(p, r, &sheet); err != nil {
		return err
	}
	if sheet.Form == nil {
		return ui.Back(w, r, next)
	}
	if s.Key == "mail" && sheet.Form.ID == "mail" {
		next = "/admin/setup/mail" // there its code is asked for
	}
	return p.take(w, r, post{right: mayRule, form: sheet.Form.ID, names: sheet.Form.names(), page: p.setupWith, act: func(form url.Values) (string, string, error) {
		return ui.LookOf(r).T("Saved."), next, s.do(p, r, form)
	}})
}

// skipSetup leaves a step out, or all that wait.
func (p *Panel) skipSetup(w http.ResponseWriter, r *http.Request) error {
	return p.take(w, r, post{right: mayRule, names: []string{"next"}, act: func(form url.Values) (string, string, error) {
		kept, _, err := p.Settings.Get(r.Context(), skippedSteps)
		if err != nil {
			return "", "", err
		}
		skipped := strings.Fields(kept)
		for _, s := range setupSteps {
			if key := r.PathValue("step"); (key == s.Key || key == "all") && !slices.Contains(skipped, s.Key) {
				skipped = append(skipped, s.Key)
			}
		}
		return "", ui.LocalPath(form.Get("next"), "/admin"), p.DB.Tx(r.Context(), func(tx *sql.Tx) error {
			return p.Settings.Set(r.Context(), tx, skippedSteps, strings.Join(skipped, " "))
		})
	}})
}
