package rehearsal

import (
	"context"
	"embed"
	"net/http"
	"strconv"
	"time"

	"rowhouse/data/fault"
	"rowhouse/ui"
)

//go:embed *.html
var files embed.FS

// Stage is the pages of the rehearsal: the payment page, and the time machine.
type Stage struct {
	*Desk
	Brand   func(ctx context.Context) ui.Brand
	Advance func(ctx context.Context, days int) error // nil: there is no time machine
}

// Routes are the rehearsal's pages on the host's own domain.
func (s *Stage) Routes(mux *http.ServeMux) {
	mux.Handle("GET /rehearsal/{ref}", ui.Dressed(s.show, s.Brand, s.Clock.Now))
	mux.Handle("POST /rehearsal/{ref}", ui.Dressed(s.play, s.Brand, s.Clock.Now))
	if s.Advance != nil {
		mux.Handle("GET /time-machine", ui.Dressed(s.machine, s.Brand, s.Clock.Now))
		mux.Handle("POST /time-machine", ui.Dressed(s.travel, s.Brand, s.Clock.Now))
	}
}

type stagePage struct {
	ui.Frame
	Act   act
	Open  bool
	Cards []struct {
		Value Behaviour
		Label string
	}
	Refused string
	Card    string
}

var stageView = ui.Parse[stagePage](files, ui.Auth, "stage.html")

func (s *Stage) show(w http.ResponseWriter, r *http.Request) error {
	p, err := s.page(r)
	if err != nil {
		return err
	}
	return stageView.Show(w, r, p)
}

func (s *Stage) page(r *http.Request) (stagePage, error) {
	p := stagePage{Frame: ui.NewFrame(r, ""), Cards: Behaviours}
	a, err := s.find(r.Context(), `ref = ?`, r.PathValue("ref"))
	p.Act, p.Open = a, a.State == "open" || a.State == "requires_action"
	p.Title, p.Brand.Home = p.T("Rehearsal payment page"), "/"
	return p, err
}

// Sum is what is to be paid.
func (p stagePage) Sum() string { return p.Money(p.Act.Amount.Minor, p.Act.Amount.Currency) }

// play does what was pressed.
func (s *Stage) play(w http.ResponseWriter, r *http.Request) error {
	form, err := ui.Form(w, r, "play", "card", "times", "delay")
	if err != nil {
		return err
	}
	p, err := s.page(r)
	if err != nil {
		return err
	}
	minutes, _ := strconv.Atoi(form.Get("delay"))
	times, err := strconv.Atoi(form.Get("times"))
	if err != nil || times < 0 || times > 5 || minutes < 0 || minutes > 60*24*10 {
		times, minutes = 1, 0
	}
	to, err := s.Play(r.Context(), p.Act.Ref, Play(form.Get("play")), Behaviour(form.Get("card")), Delivery{times, time.Duration(minutes) * time.Minute})
	if f := fault.Of(err); err != nil && f.Kind == fault.Invalid {
		p.Refused, p.Card = p.T(f.Format, f.Args...), form.Get("card")
		return stageView.ShowAs(w, r, http.StatusUnprocessableEntity, p)
	}
	if err != nil {
		return err
	}
	if to == "" {
		to = "/rehearsal/" + p.Act.Ref
	}
	return ui.Back(w, r, to)
}

type machinePage struct {
	ui.Frame
	Today string
	Steps []int
}

var machineView = ui.Parse[machinePage](files, ui.Auth, "machine.html")

// mostDays is how far the machine goes at once.
const mostDays = 400

// machine shows what day it is, and lets days go by.
func (s *Stage) machine(w http.ResponseWriter, r *http.Request) error {
	p := machinePage{Frame: ui.NewFrame(r, ""), Steps: []int{1, 7, 14, 31, 90}}
	p.Title, p.Brand.Home, p.Toast = p.T("Time machine"), "/", ui.TakeToast(w, r)
	p.Today = p.Date(s.Clock.Now())
	return machineView.Show(w, r, p)
}

// travel lets days go by, one by one, with all that happens on each.
func (s *Stage) travel(w http.ResponseWriter, r *http.Request) error {
	form, err := ui.Form(w, r, "days")
	if err != nil {
		return err
	}
	days, err := strconv.Atoi(form.Get("days"))
	if err != nil || days < 1 || days > mostDays {
		return fault.New(fault.Invalid, "The machine goes from 1 to %d days ahead.", mostDays)
	}
	if err := s.Advance(r.Context(), days); err != nil {
		return err
	}
	look := ui.LookOf(r)
	ui.Say(w, look.N("%d day has gone by.", "%d days have gone by.", days), "")
	return ui.Back(w, r, "/time-machine")
}
