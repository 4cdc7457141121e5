package billing_test

import (
	"math/big"

	"rowhouse/billing"
	"rowhouse/billing/rehearsal"
)

// model says what must be true of a subscription, in the fewest words that do: no rows, no attempts, no messages, only what a
// customer would write down. It knows the day, the price list and what the customer's card will do.
type model struct {
	state      billing.SubscriptionState
	now        deal
	next       *deal
	nextOn     billing.Day
	start, end billing.Day
	anchor     int
	cancel     bool
	ended      billing.Day
	standing   []paidFor
	card       rehearsal.Behaviour // empty: none that can be charged
	open       *claim
	good       int64       // to the customer's good
	paid       int64       // all that the gateway has taken
	lastUnpaid billing.Day // the due day of a claim that was taken back for an offer
}

// deal is what can be had: a price and a number of seats.
type deal struct {
	amount, seat int64 // of the price, and for one more seat
	year         bool
	seats        int64
}

func (d deal) total() int64 { return d.amount + d.seat*d.seats }

func (d deal) monthly() int64 {
	if d.year {
		return half(d.total(), 1, 12)
	}
	return d.total()
}

func (d deal) after(from billing.Day, anchor int) billing.Day {
	if d.year {
		return from.Next("year", anchor)
	}
	return from.Next("month", anchor)
}

// paidFor is an amount for days to come.
type paidFor struct {
	seats    bool
	amount   int64
	from, to billing.Day
}

// claim is a renewal that is not paid.
type claim struct {
	deal
	from, to billing.Day
	rest     int64
	step     int
	stepOn   billing.Day
	chargeOn billing.Day // 0: never
	known    billing.Day // the day from which a payment that is on its way is known; 0: none is
	wayFrom  billing.Day
	on       bool // it is of another deal than before
}

// half is a × part ÷ whole, rounded half away from zero, by another way than the books.
func half(a, part, whole int64) int64 {
	r := new(big.Rat).SetFrac(new(big.Int).Mul(big.NewInt(a), big.NewInt(part)), big.NewInt(whole))
	two := new(big.Rat).Add(r, big.NewRat(1, 2))
	if r.Sign() < 0 {
		two = new(big.Rat).Sub(r, big.NewRat(1, 2))
	}
	return new(big.Int).Quo(two.Num(), two.Denom()).Int64()
}

var (
	stepDays  = []billing.Day{1, 3, 7, 14, 30}
	retryDays = []billing.Day{1, 3, 6, 13}
)

func begun(d deal, today billing.Day, card rehearsal.Behaviour) *model {
	m := &model{card: card}
	m.restart(d, today)
	m.paid = d.total()
	return m
}

// restart begins a first period today.
func (m *model) restart(d deal, today billing.Day) {
	m.state, m.now, m.next, m.nextOn, m.cancel, m.ended, m.open = billing.Active, d, nil, 0, false, 0, nil
	m.start, m.anchor = today, today.Of()
	m.end = d.after(today, m.anchor)
	m.standing = pays(d, m.start, m.end)
}

func pays(d deal, from, to billing.Day) []paidFor {
	list := []paidFor{{false, d.amount, from, to}}
	if d.seats > 0 {
		list = append(list, paidFor{true, d.seat * d.seats, from, to})
	}
	return list
}

// turn is what a run of the books must lead to on a day.
func (m *model) turn(today billing.Day) {
	if c := m.open; c != nil && c.known > 0 && c.known <= today {
		m.paid += c.rest
		m.settle(today)
	}
	if m.next != nil && m.nextOn <= today && m.end > today && m.state != billing.Canceled {
		m.now, m.next, m.nextOn = *m.next, nil, 0
	}
	m.renew(today)
	m.charge(today)
	m.chase(today)
	if m.cancel && m.state != billing.Canceled && (m.end <= today || m.late() && m.end <= today) {
		m.stop(today)
	}
}

// prepaid tells whether the next period is paid for another deal.
func (m *model) prepaid() bool { return m.next != nil && m.end > m.nextOn }

func (m *model) late() bool { return m.state == billing.PastDue || m.state == billing.Unpaid }

func (m *model) renew(today billing.Day) {
	if m.state != billing.Active && m.state != billing.PastDue || m.cancel || m.open != nil && m.open.from == m.end {
		return
	}
	lead := billing.Day(7)
	if m.card != "" {
		lead = 3
	}
	if today < m.end-lead {
		return
	}
	d := m.now
	if m.next != nil {
		d = *m.next
	}
	c := &claim{deal: d, from: m.end, to: d.after(m.end, m.anchor), on: m.next != nil}
	c.rest = d.total() - min(m.good, d.total())
	m.good -= d.total() - c.rest
	if m.card != "" {
		c.chargeOn = max(c.from, today)
	}
	m.open = c
	if c.rest == 0 {
		m.settle(today)
	}
}

func (m *model) charge(today billing.Day) {
	c := m.open
	if c == nil || c.chargeOn == 0 || c.chargeOn > today || c.known > 0 {
		return
	}
	c.chargeOn = 0
	switch m.card {
	case rehearsal.Works:
		m.paid += c.rest
		m.settle(today)
	case rehearsal.Short, rehearsal.Asks:
		for _, days := range retryDays {
			if c.from+days > today {
				c.chargeOn = c.from + days
				return
			}
		}
	case rehearsal.Stolen:
		m.card = ""
	case rehearsal.Slow:
		c.known, c.wayFrom = today+2, today
	case rehearsal.Mute:
		c.known, c.wayFrom = today, today // known to the next run
	}
}

// chase takes the steps against who has not paid.
func (m *model) chase(today billing.Day) {
	c := m.open
	if c == nil {
		if m.state == billing.Unpaid && today >= m.lastUnpaid+30 {
			m.stop(today)
		}
		return
	}
	if c.from > today || c.known > 0 && (c.wayFrom == today || c.wayFrom+10 >= today && c.wayFrom <= c.from+10) {
		return
	}
	if m.state == billing.Active && c.from < today {
		m.state = billing.PastDue
	}
	on := c.from + stepDays[c.step]
	if c.step > 0 {
		on = max(on, c.stepOn+stepDays[c.step]-stepDays[c.step-1])
	}
	if on > today || c.step == 4 && c.known > 0 {
		return
	}
	c.step, c.stepOn = c.step+1, today
	switch c.step {
	case 4:
		m.state = billing.Unpaid
	case 5:
		m.stop(today)
	}
}

func (m *model) stop(today billing.Day) {
	if m.open != nil {
		m.good += m.open.total() - m.open.rest
	}
	m.state, m.ended, m.cancel, m.open, m.standing, m.next, m.nextOn = billing.Canceled, today, false, nil, nil, nil, 0
}

// settle is a claim that is paid.
func (m *model) settle(today billing.Day) {
	c := m.open
	m.open = nil
	from, to := c.from, c.to
	if m.state == billing.Unpaid && today > from {
		to += today - from
		from = today
		m.anchor = today.Of()
	}
	m.start, m.end, m.state = from, to, billing.Active
	m.drop(today)
	m.standing = append(m.standing, pays(c.deal, from, to)...)
	if c.on && today >= c.from {
		m.now, m.next, m.nextOn = c.deal, nil, 0
	}
}

func (m *model) drop(today billing.Day) {
	var some []paidFor
	for _, p := range m.standing {
		if p.to > today {
			some = append(some, p)
		}
	}
	m.standing = some
}

// level is how far the site is open.
func (m *model) level() string {
	switch {
	case m.state == billing.Canceled || m.state == billing.Unpaid:
		return "billing_only"
	case m.open != nil && m.open.step >= 3:
		return "read_only"
	}
	return "full"
}

// price is what a change costs today, and whether it holds at once.
func (m *model) price(d deal, today billing.Day) (total int64, now, anew bool) {
	if d.year && !m.now.year {
		return d.total() - m.unused(today), true, true
	}
	if d.year != m.now.year || d.monthly() <= m.now.monthly() {
		return 0, false, false
	}
	sum := int64(0)
	plain := d.amount != m.now.amount
	for _, p := range m.standing {
		if p.seats || p.to <= today {
			continue
		}
		if plain {
			sum += share(d.amount, p, today) + share(d.seat*d.seats, p, today)
		} else {
			sum += share(d.seat*(d.seats-m.now.seats), p, today)
		}
	}
	if plain {
		sum -= m.unused(today)
	}
	return sum, true, false
}

func (m *model) unused(today billing.Day) (sum int64) {
	for _, p := range m.standing {
		if p.to > today {
			sum += share(p.amount, p, today)
		}
	}
	return sum
}

func share(amount int64, p paidFor, today billing.Day) int64 {
	if p.from >= today {
		return amount
	}
	return half(amount, int64(p.to-today), int64(p.to-p.from))
}

// change carries out a change that was paid.
func (m *model) change(d deal, today billing.Day, total int64, anew bool) {
	if total >= 0 {
		use := min(m.good, total)
		m.good -= use
		m.paid += total - use
	} else {
		m.good -= total
	}
	plain := anew || d.amount != m.now.amount
	old := m.standing
	m.drop(today)
	if anew {
		m.start, m.anchor = today, today.Of()
		m.end = d.after(today, m.anchor)
		m.standing = pays(d, m.start, m.end)
	} else {
		var fresh []paidFor
		for _, p := range old {
			if p.seats || p.to <= today {
				continue
			}
			q := paidFor{from: max(p.from, today), to: p.to}
			if plain {
				q.amount = share(d.amount, p, today)
				fresh = append(fresh, q)
			}
			if seats := d.seats - m.now.seats; plain && d.seats > 0 || !plain && seats > 0 {
				if plain {
					seats = d.seats
				}
				q.seats, q.amount = true, share(d.seat*seats, p, today)
				fresh = append(fresh, q)
			}
		}
		if plain {
			m.standing = fresh
		} else {
			m.standing = append(m.standing, fresh...)
		}
	}
	m.now, m.next, m.nextOn = d, nil, 0
	m.takeBack()
}

// refund takes what was given back off what is paid for the days to come.
func (m *model) refund(counts bool, end, first billing.Day, back, total int64) {
	for n, p := range m.standing {
		if counts && (end > 0 && p.to == end || end == 0 && p.from == first) {
			m.standing[n].amount -= half(p.amount, min(back, total), total)
		}
	}
}

// takeBack ends a claim for later days; what was paid of it from the balance goes back there.
func (m *model) takeBack() {
	if m.open != nil {
		m.good += m.open.total() - m.open.rest
		m.open = nil
	}
}
