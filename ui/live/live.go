// Package live tells open pages that something they show has changed. It says what changed and never how:
// the page asks again, so nobody is told what they may not see.
package live

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"rowhouse/data/fault"
)

// Limits on listeners, so that a broken client cannot take all memory.
const (
	perHouse  = 200
	perPerson = 8
)

// Hub knows who listens.
type Hub struct {
	mu     sync.Mutex
	houses map[string]map[*listener]struct{}
}

type listener struct {
	person int64
	topics []string
	news   chan news
	end    chan struct{}
}

type news struct {
	Topic   string `json:"topic"`
	Request string `json:"request"`
}

// Publish says that topics of a house changed by a request. It never waits for a slow listener:
// one message on its way is as good as many.
func (h *Hub) Publish(house, request string, topics ...string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for l := range h.houses[house] {
		for _, topic := range topics {
			if slices.Contains(l.topics, topic) {
				select {
				case l.news <- news{topic, request}:
				default:
				}
				break
			}
		}
	}
}

// End closes the streams of a person: their session is over. Person 0 means everybody of the house.
func (h *Hub) End(house string, person int64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for l := range h.houses[house] {
		if person == 0 || l.person == person {
			delete(h.houses[house], l)
			close(l.end)
		}
	}
}

// Serve streams to one page what changes about its topics, until it goes. may tells whether the person may follow a
// topic (nil: any), alive, asked now and then, whether they may still listen.
func (h *Hub) Serve(w http.ResponseWriter, r *http.Request, house string, person int64, may func(topic string) bool, alive func() bool) error {
	topics := strings.Fields(r.FormValue("topics"))
	if len(topics) > 20 {
		return fault.New(fault.Invalid, "A page can follow at most %d things.", 20)
	}
	if may != nil {
		topics = slices.DeleteFunc(topics, func(t string) bool { return !may(t) })
	}
	l := &listener{person, topics, make(chan news, 4), make(chan struct{})}
	if !h.join(house, l) {
		return fault.New(fault.TooMany, "Too many pages are open at once. This one will not update by itself.")
	}
	defer h.leave(house, l)
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Accel-Buffering", "no")
	out := http.NewResponseController(w)
	_ = out.SetWriteDeadline(time.Time{}) // a stream may last; each write has its own deadline below
	tick := time.NewTicker(20 * time.Second)
	defer tick.Stop()
	text := []byte("retry: 3000\n\n: hello\n\n")
	for {
		_ = out.SetWriteDeadline(time.Now().Add(10 * time.Second))
		if _, err := w.Write(text); err != nil {
			return nil // the page has gone
		}
		if err := out.Flush(); err != nil {
			return nil
		}
		select {
		case <-r.Context().Done():
			return nil
		case <-l.end:
			return nil
		case n := <-l.news:
			b, err := json.Marshal(n)
			if err != nil {
				return err
			}
			text = []byte("data: " + string(b) + "\n\n")
		case <-tick.C:
			if !alive() {
				return nil
			}
			text = []byte(": still here\n\n")
		}
	}
}

func (h *Hub) join(house string, l *listener) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.houses == nil {
		h.houses = map[string]map[*listener]struct{}{}
	}
	own := 0
	for o := range h.houses[house] {
		if o.person == l.person {
			own++
		}
	}
	if len(h.houses[house]) >= perHouse || own >= perPerson {
		return false
	}
	if h.houses[house] == nil {
		h.houses[house] = map[*listener]struct{}{}
	}
	h.houses[house][l] = struct{}{}
	return true
}

func (h *Hub) leave(house string, l *listener) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.houses[house], l)
	if len(h.houses[house]) == 0 {
		delete(h.houses, house)
	}
}

// EndAll closes every stream: the server stops, and the pages come back by themselves.
func (h *Hub) EndAll() {
	h.mu.Lock()
	houses := make([]string, 0, len(h.houses))
	for house := range h.houses {
		houses = append(houses, house)
	}
	h.mu.Unlock()
	for _, house := range houses {
		h.End(house, 0)
	}
}
