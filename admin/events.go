package admin

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"rowhouse/billing"
	"rowhouse/ui"
)

var (
	eventsPage = ui.Parse[eventList](files, ui.App, "events.html", "parts.html")
	eventPage  = ui.Parse[eventSheet](files, ui.App, "event.html")
)

// tab is one of the states that a list can be narrowed to.
type tab struct {
	Label, URL string
	Current    bool
	Count      int64
}

// tabs makes the states of a list from pairs of state and English label.
func tabs(look *ui.Look, path, now string, pairs ...[2]string) []tab {
	var all []tab
	for _, pair := range pairs {
		to := path
		if pair[0] != "" {
			to += "?state=" + pair[0]
		}
		all = append(all, tab{Label: look.T(pair[1]), URL: to, Current: pair[0] == now})
	}
	return all
}

var eventStates = [][2]string{{"new", "New"}, {"unmatched", "Unmatched"}, {"dead", "Given up"}, {"foreign", "Not ours"}, {"ignored", "Ignored"}, {"done", "Done"}, {"", "All"}}

var eventWords = map[string]string{"new": "New", "unmatched": "Unmatched", "dead": "Given up", "foreign": "Not ours", "ignored": "Ignored", "done": "Done"}

var eventHues = map[string]int{"new": 7, "unmatched": 1, "dead": 0, "foreign": 11, "ignored": 11, "done": 4}

type eventList struct {
	ui.Frame
	States []tab
	Rows   []eventRow
	More   string
}

type eventRow struct {
	billing.Event
	URL, Word string
	Hue       int
}

func rowOf(look *ui.Look, e billing.Event) eventRow {
	return eventRow{Event: e, URL: "/admin/events/" + url.PathEscape(e.Gateway) + "/" + url.PathEscape(e.ID), Word: look.T(eventWords[e.State]), Hue: eventHues[e.State]}
}

// About names what an event is about.
func (e eventRow) About() string {
	for _, s := range []string{e.Said.Payment, e.Said.Ref, e.Said.Attempt} {
		if s != "" {
			return s
		}
	}
	return ""
}

func (p *Panel) events(w http.ResponseWriter, r *http.Request) error {
	state := r.FormValue("state")
	at, id, _ := strings.Cut(r.FormValue("before"), "~")
	ms, _ := strconv.ParseInt(at, 10, 64) // none is the first page
	var before time.Time
	if ms > 0 {
		before = time.UnixMilli(ms)
	}
	found, err := p.Billing.EventsBefore(r.Context(), state, before, id, pageSize)
	if err != nil {
		return err
	}
	counts, err := p.Billing.EventCounts(r.Context())
	if err != nil {
		return err
	}
	page := eventList{Frame: p.frame(w, r, "Events", "/admin/events")}
	page.States = tabs(page.Look, "/admin/events", state, eventStates...)
	for n := range page.States {
		if s := eventStates[n][0]; s == "new" || s == "unmatched" || s == "dead" {
			page.States[n].Count = counts[s]
		}
	}
	for _, e := range found {
		page.Rows = append(page.Rows, rowOf(page.Look, e))
	}
	if len(found) == pageSize {
		last := found[pageSize-1]
		page.More = "/admin/events?" + url.Values{"state": {state}, "before": {strconv.FormatInt(last.Received.UnixMilli(), 10) + "~" + last.ID}}.Encode()
	}
	return eventsPage.Show(w, r, page)
}

type eventSheet struct {
	ui.Frame
	E       eventRow
	Invoice int64
	Facts   [][2]string // what was understood, in words
}

func (p *Panel) event(w http.ResponseWriter, r *http.Request) error {
	e, err := p.Billing.EventByID(r.Context(), r.PathValue("gateway"), r.PathValue("id"))
	if err != nil {
		return err
	}
	page := eventSheet{Frame: p.below(w, r, "Events", "Events", "/admin/events")}
	page.Title, page.E = e.Type, rowOf(page.Look, e)
	if page.Invoice, err = p.Billing.InvoiceOfEvent(r.Context(), e); err != nil {
		return err
	}
	for _, fact := range [][2]string{{page.T("About"), string(e.Said.Topic)}, {page.T("Our attempt"), e.Said.Attempt}, {page.T("Reference at the gateway"), e.Said.Ref},
		{page.T("Payment at the gateway"), e.Said.Payment}, {page.T("Installation"), e.Said.Install}} {
		if fact[1] != "" {
			page.Facts = append(page.Facts, fact)
		}
	}
	return eventPage.Show(w, r, page)
}

func (p *Panel) replay(w http.ResponseWriter, r *http.Request) error {
	gateway, id := r.PathValue("gateway"), r.PathValue("id")
	return p.take(w, r, post{right: mayConnect, act: func(url.Values) (string, string, error) {
		to := "/admin/events/" + url.PathEscape(gateway) + "/" + url.PathEscape(id)
		return ui.LookOf(r).T("It is worked on again."), to, p.Billing.Replay(r.Context(), gateway, id, actor(r))
	}})
}
