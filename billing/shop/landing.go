package shop

import (
	"net/http"
	"slices"

	"rowhouse/data/fault"
	"rowhouse/ui"
)

// page is what every page of the shop stands on.
type page struct {
	ui.Frame
	Texts Texts
	Demo  bool
}

// newPage begins a page; title is an English sentence of ours.
func (s *Shop) newPage(w http.ResponseWriter, r *http.Request, title string) (page, error) {
	texts, err := s.Texts(r.Context())
	if err != nil {
		return page{}, err
	}
	p := page{Frame: ui.NewFrame(r, ""), Texts: texts, Demo: s.options.Demo}
	p.Title, p.Toast = p.T(title), ui.TakeToast(w, r)
	if err := s.navigate(r, &p); err != nil {
		return page{}, err
	}
	if r.URL.Path != "/sign-in" {
		p.Tabs = append([]ui.Item{{Label: p.T("Sign in"), URL: "/sign-in"}}, p.Tabs...)
	}
	if p.Demo {
		p.Tabs = append(p.Tabs, ui.Item{Label: p.T("Inbox of this demo"), URL: "/inbox"})
	}
	return p, nil
}

type landingPage struct {
	page
	Plans    []offer
	First    string // where "Start free" leads, or empty: nothing can be had now
	Sections []drawn
	Untitled bool    // no block says what the page is
	FAQ      []Block // the questions of the landing page, for the page with the prices
	Draft    string  // the editor of the draft that is shown, or empty
}

// OneFree tells whether there is one plan only, for nothing.
func (p *landingPage) OneFree() bool { return len(p.Plans) == 1 && p.Plans[0].Free() }

// Several tells whether there is something to compare.
func (p *landingPage) Several() bool { return len(p.Plans) > 1 }

// Lines are the features of all plans, each once.
func (p *landingPage) Lines() []string {
	var lines []string
	for _, o := range p.Plans {
		for _, f := range o.Features {
			if !slices.Contains(lines, f) && !slices.ContainsFunc(p.Plans, func(o offer) bool { return f == o.everything() }) {
				lines = append(lines, f)
			}
		}
	}
	return lines
}

var (
	landingView = ui.Parse[*landingPage](pages, ui.Site, "landing.html", "sections.html", "plans.html", "bar.html")
	pricesView  = ui.Parse[*landingPage](pages, ui.Site, "prices.html", "plans.html", "bar.html")
)

func (s *Shop) prices(w http.ResponseWriter, r *http.Request) error {
	p, err := s.shopWindow(w, r, "Prices")
	if err != nil {
		return err
	}
	home, err := s.Page(r.Context(), Home)
	if err != nil {
		return err
	}
	p.FAQ = home.questions(p.Tag)
	return pricesView.Show(w, r, p)
}

// shopWindow is a page with the public plans.
func (s *Shop) shopWindow(w http.ResponseWriter, r *http.Request, title string) (*landingPage, error) {
	base, err := s.newPage(w, r, title)
	if err != nil {
		return nil, err
	}
	plans, err := s.Plans(r.Context())
	if err != nil {
		return nil, err
	}
	p := &landingPage{page: base}
	for _, plan := range plans {
		o := p.page.offer(plan)
		o.below = p.Plans
		p.Plans = append(p.Plans, o)
	}
	for i, o := range p.Plans {
		p.Plans[i].Only = len(plans) == 1
		if o.Open() && o.Free() && p.First == "" {
			p.First = "/register?plan=" + o.Slug
		}
	}
	return p, nil
}

type planPage struct {
	*landingPage
	Plan offer
}

var planView = ui.Parse[planPage](pages, ui.Site, "plan.html", "bar.html")

func (s *Shop) plan(w http.ResponseWriter, r *http.Request) error {
	chosen, err := s.PlanBySlug(r.Context(), r.PathValue("slug"))
	if fault.Is(err, fault.Missing) {
		return fault.New(fault.Missing, "There is no such plan. All plans are on the page with the prices.")
	}
	if err != nil {
		return err
	}
	window, err := s.shopWindow(w, r, chosen.Name)
	if err != nil {
		return err
	}
	return planView.Show(w, r, planPage{window, window.page.offer(chosen)})
}
