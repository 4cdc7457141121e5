package shop

import (
	"net/http"

	"rowhouse/billing"
	"rowhouse/data/fault"
	"rowhouse/tenant"
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
	p.Menu = []ui.Group{{Items: []ui.Item{
		{Label: p.T("Features"), URL: "/#features"},
		{Label: p.T("Prices"), URL: "/prices", Current: r.URL.Path == "/prices"},
		{Label: p.T("Questions"), URL: "/#questions"},
	}}}
	p.Tabs = []ui.Item{{Label: p.T("Terms"), URL: "/terms"}, {Label: p.T("Privacy"), URL: "/privacy"}, {Label: p.T("Imprint"), URL: "/imprint"}}
	if p.Demo {
		p.Tabs = append(p.Tabs, ui.Item{Label: p.T("Inbox of this demo"), URL: "/inbox"})
	}
	return p, nil
}

// offer is a plan as pages show it.
type offer struct {
	billing.Plan
	page *page
	Flag string // over the card, or empty
}

// Open tells whether the plan can be had now. Plans with a price cannot be bought yet.
func (o offer) Open() bool { return o.Plan.Free() && !o.page.Texts.Closed }

// Sum is the price in big letters, Per what it is for.
func (o offer) Sum() string {
	switch {
	case o.Plan.Free():
		return o.page.T("Free")
	case len(o.Prices) == 0:
		return o.page.T("On request")
	}
	return o.page.Money(o.Prices[0].Amount.Minor, o.Prices[0].Amount.Currency)
}

// Per is what the price in big letters is for.
func (o offer) Per() string {
	switch {
	case o.Plan.Free():
		return o.page.T("without an end date")
	case len(o.Prices) == 0:
		return ""
	}
	return o.page.T(per[o.Prices[0].Interval])
}

var per = map[string]string{"month": "a month", "year": "a year", "once": "once"}

// Also are the other prices, each in a few words.
func (o offer) Also() []string {
	var more []string
	for i, p := range o.Prices {
		if i > 0 && !o.Plan.Free() {
			more = append(more, o.page.T("or %s %s", o.page.Money(p.Amount.Minor, p.Amount.Currency), o.page.T(per[p.Interval])))
		}
	}
	return more
}

// StaffText says how many people can work with the plan.
func (o offer) StaffText() string {
	if o.Staff == tenant.Unlimited {
		return o.page.T("Any number of colleagues")
	}
	return o.page.N("%d person can work in it", "%d people can work in it", int(o.Staff))
}

// RoomText says how much room the plan has for files.
func (o offer) RoomText() string {
	if o.Room == tenant.Unlimited {
		return o.page.T("Any amount of files")
	}
	return o.page.T("%s of room for files", o.page.Size(o.Room))
}

// Seats and Space are the same in a table.
func (o offer) Seats() string {
	if o.Staff == tenant.Unlimited {
		return o.page.T("unlimited")
	}
	return o.page.Number(o.Staff)
}

// Space is the room for files in a table.
func (o offer) Space() string {
	if o.Room == tenant.Unlimited {
		return o.page.T("unlimited")
	}
	return o.page.Size(o.Room)
}

type landingPage struct {
	page
	Plans []offer
	First string // where "Start free" leads, or empty: nothing can be had now
}

var (
	landing = ui.Parse[landingPage](pages, ui.Site, "landing.html", "plans.html", "bar.html")
	prices  = ui.Parse[landingPage](pages, ui.Site, "prices.html", "plans.html", "bar.html")
)

func (s *Shop) landing(w http.ResponseWriter, r *http.Request) error {
	p, err := s.shopWindow(w, r, "The CRM for small teams")
	if err != nil {
		return err
	}
	return landing.Show(w, r, *p)
}

func (s *Shop) prices(w http.ResponseWriter, r *http.Request) error {
	p, err := s.shopWindow(w, r, "Prices")
	if err != nil {
		return err
	}
	return prices.Show(w, r, *p)
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
		p.Plans = append(p.Plans, p.page.offer(plan))
	}
	for _, o := range p.Plans {
		if o.Open() && p.First == "" {
			p.First = "/register?plan=" + o.Slug
		}
	}
	return p, nil
}

// offer shows a plan on a page.
func (p *page) offer(plan billing.Plan) offer {
	o := offer{Plan: plan, page: p}
	if plan.Highlighted {
		o.Flag = p.T("Our suggestion")
	}
	return o
}

type planPage struct {
	landingPage
	Plan offer
}

var plan = ui.Parse[planPage](pages, ui.Site, "plan.html", "bar.html")

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
	return plan.Show(w, r, planPage{*window, window.page.offer(chosen)})
}
