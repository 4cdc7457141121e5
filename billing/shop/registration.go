package shop

import (
	"net/http"
	"strconv"
	"time"

	"rowhouse/billing"
	"rowhouse/data/fault"
	"rowhouse/tenant"
	"rowhouse/ui"
)

// stage is one of the steps at the top of the form.
type stage struct {
	Label         string
	Done, Current bool
}

// stages are the steps of a registration; those before current are done.
func stages(look *ui.Look, current int) []stage {
	var list []stage
	for i, label := range []string{look.T("Plan"), look.T("Details"), look.T("Confirm"), look.T("E-mail"), look.T("Ready")} {
		list = append(list, stage{label, i < current, i == current})
	}
	return list
}

// registrationPage is every page of a registration after its form.
type registrationPage struct {
	page
	Plan    offer
	Signup  signup
	Token   string
	Secret  string // of the link in the letter
	Host    string // acme.example.com
	URL     string // https://acme.example.com
	Steps   []stage
	Refused string        // why the last act did not work
	Minutes int           // how long a code lasts
	Price   billing.Price // of a plan that has one
	Quote   billing.Quote
	Making  []making
	Ready   bool
	Failed  bool
}

// making is one step of setting up the CRM. State is done, running or empty.
type making struct{ Label, State, Took string }

var (
	confirmView  = ui.Parse[registrationPage](pages, ui.Auth, "confirm.html", "parts.html")
	codeView     = ui.Parse[registrationPage](pages, ui.Auth, "code.html", "parts.html")
	waitingView  = ui.Parse[registrationPage](pages, ui.Auth, "waiting.html", "parts.html")
	proofView    = ui.Parse[registrationPage](pages, ui.Auth, "proof.html", "parts.html")
	progressView = ui.Parse[registrationPage](pages, ui.Auth, "progress.html", "parts.html")
	endedView    = ui.Parse[page](pages, ui.Auth, "ended.html")
	closedView   = ui.Parse[page](pages, ui.Auth, "closed.html")
)

// errEnded says the same of every registration that is not there or cannot go on.
var errEnded = fault.New(fault.Gone, "This registration has run out or was begun anew. Please start again.")

// find returns the registration of a token, if it can still be finished or is finished.
func (s *Shop) find(r *http.Request, token string) (signup, error) {
	if u, ok := s.decoy(token); ok && u.open(s.Clock.Now()) {
		return u, nil
	}
	u, err := s.findSignup(r.Context(), s.DB.QueryRow, token)
	if err != nil {
		return u, err
	}
	if u.State != "done" && !u.open(s.Clock.Now()) {
		return u, errEnded
	}
	return u, nil
}

// registration shows how far a registration has come, and what is to be done next.
func (s *Shop) registration(w http.ResponseWriter, r *http.Request) error {
	token := r.PathValue("token")
	u, err := s.find(r, token)
	if err != nil {
		return s.ended(w, r, err)
	}
	return s.show(w, r, u, nil)
}

// show draws the page of a registration. refused is why the last act did not work, or nil.
func (s *Shop) show(w http.ResponseWriter, r *http.Request, u signup, refused error) error {
	status := http.StatusOK
	p, err := s.newRegistration(w, r, u)
	if err != nil {
		return err
	}
	if refused != nil {
		f := fault.Of(refused)
		if f.Kind == fault.Ours {
			return refused
		}
		p.Refused, status = p.T(f.Format, f.Args...), ui.Status(f.Kind)
	}
	switch u.State {
	case "details":
		p.Title, p.Steps = p.T("Is this right?"), stages(p.Look, 2)
		return confirmView.ShowAs(w, r, status, p)
	case "email_pending":
		p.Title, p.Steps = p.T("Prove your e-mail address"), stages(p.Look, 3)
		return codeView.ShowAs(w, r, status, p)
	case "verified":
		p.Title, p.Steps = p.T("We look at it and write to you"), stages(p.Look, 4)
		return waitingView.ShowAs(w, r, status, p)
	}
	return s.progress(w, r, p)
}

// Lines are what is to be paid, for the page that asks to confirm.
func (p registrationPage) Lines() []billing.Line { return p.Quote.Lines }

func (s *Shop) newRegistration(w http.ResponseWriter, r *http.Request, u signup) (registrationPage, error) {
	base, err := s.newPage(w, r, "Register")
	if err != nil {
		return registrationPage{}, err
	}
	base.Wide = true
	chosen, err := s.PlanByID(r.Context(), u.Plan)
	if err != nil {
		return registrationPage{}, err
	}
	p := registrationPage{page: base, Signup: u, Token: r.PathValue("token"), Secret: r.PathValue("secret"),
		Host: u.Name + "." + s.Tenants.Domain, URL: s.Tenants.URL(u.Name), Minutes: int(codeLife / time.Minute)}
	p.Plan = p.page.offer(chosen)
	if !chosen.Free() {
		p.Price, _ = chosen.PriceFor(u.Interval)
		p.Quote, err = s.QuoteFor(r.Context(), u.customer(), chosen, p.Price, 0, u.Coupon)
		if fault.Is(err, fault.Invalid) { // a coupon that has run out since is shown when it is used
			p.Quote, err = s.QuoteFor(r.Context(), u.customer(), chosen, p.Price, 0, "")
		}
	}
	return p, err
}

// progress shows how the CRM is being set up, and where it is once it is ready.
func (s *Shop) progress(w http.ResponseWriter, r *http.Request, p registrationPage) error {
	t, err := s.Tenants.ByName(r.Context(), p.Signup.Name)
	if err != nil && !fault.Is(err, fault.Missing) {
		return err
	}
	if t.ID == 0 || t.ID != p.Signup.Tenant {
		return s.ended(w, r, errEnded)
	}
	if t.State == tenant.Reserved {
		return s.toPay(w, r, p, t)
	}
	p.Ready, p.Failed = t.State == tenant.Active, t.State == tenant.ProvisionFailed
	p.Title, p.Steps = p.T("Setting up your CRM"), stages(p.Look, 4)
	if p.Ready {
		p.Title, p.Steps = p.T("Your CRM is ready"), stages(p.Look, 5)
	} else if p.Making, err = s.making(r, p, t); err != nil {
		return err
	}
	return progressView.Show(w, r, p)
}

// labels say what the steps of provisioning do, in words for the person who waits.
var labels = map[string]string{"folder": "A place on the server", "file": "Your database", "identity": "Your account and company",
	"seed": "Examples", "place": "Your address", "smoke": "A first look inside", "activate": "Opening the door"}

func (s *Shop) making(r *http.Request, p registrationPage, t tenant.Tenant) ([]making, error) {
	steps, err := s.Tenants.Steps(r.Context(), t.ID)
	if err != nil {
		return nil, err
	}
	var list []making
	running := !p.Failed
	for _, step := range steps {
		if step.Name == "seed" && t.Demo == 0 {
			continue // there is nothing to do, so there is nothing to show
		}
		m := making{Label: p.T(labels[step.Name])}
		switch {
		case step.State == "done":
			m.State = "done"
			if took := step.Ended.Sub(step.Began); took >= 100*time.Millisecond {
				m.Took = p.T("%s s", seconds(took))
			}
		case running:
			m.State, running = "running", false
		}
		list = append(list, m)
	}
	return list, nil
}

// seconds says a time with one digit behind the point.
func seconds(d time.Duration) string { return strconv.FormatFloat(d.Seconds(), 'f', 1, 64) }

// ended says that a registration cannot go on, or returns an error that is none of its own.
func (s *Shop) ended(w http.ResponseWriter, r *http.Request, err error) error {
	if !fault.Is(err, fault.Gone) {
		return err
	}
	p, err := s.newPage(w, r, "This registration has ended")
	if err != nil {
		return err
	}
	return endedView.ShowAs(w, r, http.StatusGone, p)
}

// closed says that nobody can register now.
func (s *Shop) closed(w http.ResponseWriter, r *http.Request, status int) error {
	p, err := s.newPage(w, r, "Registration is closed")
	if err != nil {
		return err
	}
	return closedView.ShowAs(w, r, status, p)
}
