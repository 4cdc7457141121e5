package billing_test

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"rowhouse/billing"
	"rowhouse/billing/rehearsal"
	"rowhouse/data/clock"
	"rowhouse/data/fault"
)

var (
	long = flag.Bool("long", false, "run the long tests: 20,000 histories, kills")
	seed = flag.Uint64("seed", 1, "the seed of the first batch of histories, and of other things that are left to chance; 0 is a new one")
)

const perBatch = 100

// batch is many histories in one set of books.
type batch struct {
	*books
	rnd     *rand.Rand
	seed    uint64
	models  []*model
	plans   map[int64]billing.Wish // by amount
	crashes int
	seen    time.Time
	acts    map[string]int
}

func TestRandomHistoriesEndAsTheModelSays(t *testing.T) {
	batches, first := 2, *seed
	if *long {
		batches = 20000 / perBatch
	}
	if first == 0 {
		first = uint64(time.Now().UnixNano())
	}
	t.Logf("%d histories over 400 days, seeds %d to %d", batches*perBatch, first, first+uint64(batches)-1)
	for n := range batches {
		t.Run(fmt.Sprint(first+uint64(n)), func(t *testing.T) {
			t.Parallel()
			histories(t, first+uint64(n))
		})
	}
}

// memory is a folder in memory where there is one: what is tested here is not the disk.
func memory(t testing.TB) string {
	if dir, err := os.MkdirTemp("/dev/shm", "rowhouse"); err == nil {
		t.Cleanup(func() { must(t, os.RemoveAll(dir)) })
		return dir
	}
	return t.TempDir()
}

func histories(t *testing.T, seed uint64) {
	b := &batch{books: openBooks(t, memory(t), clock.At(noon)), rnd: rand.New(rand.NewPCG(seed, 1)), seed: seed, plans: map[int64]billing.Wish{}, acts: map[string]int{}}
	// What is put away is another test's: here a tenant that has ended can begin again on any day.
	_, err := b.DB.Exec(t.Context(), `update policy set rules = '{"closing": [2000, 2010, 2020, 2030]}'`)
	must(t, err)
	for _, p := range []struct {
		slug         string
		amount, seat int64
		interval     string
	}{{"a", 2000, 300, "month"}, {"b", 4111, 500, "month"}, {"a", 20000, 3000, "year"}, {"b", 41000, 5000, "year"}} {
		plan := b.price(p.slug, 3, p.amount, p.seat, "EUR", p.interval)
		b.plans[p.amount] = wish(t, plan, p.interval, 0)
	}
	for n := range perBatch {
		d := b.deal()
		card := b.behaviour()
		w := b.plans[d.amount]
		bought, err := b.order(name(n), w.Plan, w.Price.Interval, d.seats)
		must(t, err)
		b.play(bought.Invoice.ID, rehearsal.DoPay, card)
		b.models = append(b.models, begun(d, b.today(), card))
	}
	for b.hand.Now().Before(noon.Add(400 * day)) {
		b.step()
	}
	b.compare("at the end")
	b.money()
	if b.seed%50 == 0 {
		t.Logf("%d crashes, acts %v", b.crashes, b.acts)
	}
}

// name has no letters and digits that look alike: such names are refused.
func name(n int) string {
	const letters = "abcdefghkmnpqrtuxyz"
	return "the" + string(letters[n/len(letters)]) + string(letters[n%len(letters)])
}

func (b *batch) today() billing.Day { return billing.DayOf(b.hand.Now(), time.UTC) }

func (b *batch) deal() deal {
	list := []deal{{2000, 300, false, 0}, {4111, 500, false, 0}, {20000, 3000, true, 0}, {41000, 5000, true, 0}}
	d := list[b.rnd.IntN(len(list))]
	d.seats = int64(b.rnd.IntN(4))
	return d
}

func (b *batch) behaviour() rehearsal.Behaviour {
	return []rehearsal.Behaviour{rehearsal.Works, rehearsal.Works, rehearsal.Works, rehearsal.Short, rehearsal.Stolen, rehearsal.Asks, rehearsal.Slow, rehearsal.Mute}[b.rnd.IntN(8)]
}

// step lets some time go by, runs the books, perhaps with a crash in the midst, and lets some customers act.
func (b *batch) step() {
	gone := time.Duration(1+b.rnd.IntN(4)) * day
	if b.rnd.IntN(25) == 0 {
		gone = time.Duration(4+b.rnd.IntN(12)) * day // a stop
	}
	b.hand.Add(gone - b.hand.Now().Sub(b.hand.Now().Truncate(day)) + 8*time.Hour) // minutes add up: no day ends in the midst of a step
	if b.rnd.IntN(10) == 0 {
		b.crash()
	}
	for range 2 { // what was lost in the first run is known in the second; a step is taken in one of them
		b.run()
		for _, m := range b.models {
			m.turn(b.today())
		}
		b.hand.Add(11 * time.Minute)
	}
	for n := range b.models {
		if b.rnd.IntN(12) == 0 {
			b.act(n)
		}
	}
	if b.rnd.IntN(20) == 0 {
		b.compare("on " + b.today().String())
	}
}

// run is a turn with all that follows. A clock that has leapt is looked at twice.
func (b *batch) run() {
	b.t.Helper()
	ctx := context.Background()
	must(b.t, b.Turn(ctx))
	if now := b.hand.Now(); now.Sub(b.seen) > day {
		must(b.t, b.Turn(ctx))
	}
	b.seen = b.hand.Now()
	b.work()
}

// crash stops a turn in its midst, at any point between two transactions or in one, and starts the program again.
func (b *batch) crash() {
	b.crashes++
	ctx, stop := context.WithCancel(context.Background())
	left := b.rnd.IntN(40)
	b.Billing.Fail = func() {
		if left--; left == 0 {
			stop()
		}
	}
	_ = b.Turn(ctx) // what it says does not matter: the program is gone
	_ = b.Turn(ctx)
	b.Billing.Fail = nil
	stop()
	b.hand.Add(11 * time.Minute)
}

// act lets a customer do something.
func (b *batch) act(n int) {
	b.t.Helper()
	m := b.models[n]
	s := b.sub(name(n))
	today := b.today()
	kind := []string{"change", "change", "change", "cancel", "resume", "pay", "pay", "pay", "again", "again", "refund", "card", "keep", "twice"}[b.rnd.IntN(14)]
	b.acts[kind]++
	switch kind {
	case "change":
		b.change(s, m, today)
	case "cancel":
		err := b.Cancel(context.Background(), s.ID, "", "test")
		refused := m.state == billing.Canceled || m.open != nil && m.open.known > 0 && !m.cancel
		b.agree(n, "cancel", err, refused && !(m.cancel && m.state != billing.Canceled))
		if !refused && !m.cancel && m.end <= today {
			m.stop(today)
		} else if !refused && !m.cancel {
			if m.cancel = true; !m.prepaid() {
				m.next, m.nextOn = nil, 0
			}
			m.takeBack()
		}
	case "resume":
		b.agree(n, "resume", b.Resume(context.Background(), s.ID, "test"), m.state == billing.Canceled)
		m.cancel = false
	case "pay", "twice":
		b.pay(n, m, kind == "twice")
	case "again":
		b.again(n, s, m, today)
	case "refund":
		b.refund(s, m)
	case "card":
		b.card(n, s, m, today)
	case "keep":
		b.keep(n, s, m)
	}
}

// agree fails unless the books refuse what the model refuses, and take what it takes.
func (b *batch) agree(n int, what string, err error, refused bool) {
	b.t.Helper()
	if (err != nil) != refused {
		b.t.Fatalf("seed %d: %s of %s on %s: %v, the model has %v; %+v", b.seed, what, name(n), b.today(), err, refused, b.models[n])
	}
}

func (b *batch) change(s billing.Subscription, m *model, today billing.Day) {
	b.t.Helper()
	d := b.deal()
	w := b.plans[d.amount]
	w.Seats = d.seats
	if m.card != rehearsal.Works && m.card != rehearsal.Short || m.open != nil && m.open.known > 0 {
		return // it would wait on a page, which another test looks at
	}
	p, err := b.Preview(context.Background(), s.ID, w)
	refused := m.state != billing.Active || d == m.now && m.next == nil || m.prepaid()
	if (err != nil) != refused {
		b.t.Fatalf("seed %d: preview of %+v: %v; %+v", b.seed, d, err, m)
	}
	if refused {
		return
	}
	total, now, anew := m.price(d, today)
	if p.Now != now || p.Anew != anew || p.Quote.Total != max(total, 0) || p.Quote.ToBalance != max(-total, 0) {
		b.t.Fatalf("seed %d: a change to %+v is %d, %v, %v; the model has %d, %v, %v: %+v %+v", b.seed, d, p.Quote.Total, p.Now, p.Anew, total, now, anew, m, p.Quote)
	}
	_, err = b.Change(context.Background(), s.ID, w, p.Quote.Total, "test")
	b.work()
	switch {
	case !now:
		early := today < m.start && d != m.now
		if (err != nil) != early {
			b.t.Fatalf("seed %d: schedule: %v %+v", b.seed, err, m)
		}
		if early {
			return
		}
		m.next, m.nextOn = &d, m.end
		if d == m.now {
			m.next, m.nextOn = nil, 0
		}
		m.takeBack()
	case m.card == rehearsal.Short && total > m.good:
		if !fault.Is(err, fault.Invalid) {
			b.t.Fatalf("seed %d: a card without money paid a change: %v", b.seed, err)
		}
	default:
		if err != nil {
			b.t.Fatalf("seed %d: change: %v %+v", b.seed, err, m)
		}
		m.change(d, today, total, anew)
	}
}

// pay pays what is open on a page, in one of the ways that things go.
func (b *batch) pay(n int, m *model, twice bool) {
	b.t.Helper()
	if m.open == nil || m.open.known > 0 {
		return
	}
	open := b.openInvoice(n)
	page, err := b.Pay(context.Background(), open.ID, rehearsal.Name)
	must(b.t, err)
	card, how := b.behaviour(), rehearsal.Delivery{Times: b.rnd.IntN(3), Delay: time.Duration(b.rnd.IntN(2)*b.rnd.IntN(200)) * time.Minute}
	p := rehearsal.DoPay
	if twice {
		p = rehearsal.DoTwice
	}
	_, err = b.desk.Play(context.Background(), filepath.Base(page), p, card, how)
	must(b.t, err)
	b.work()
	m.paid += m.open.rest
	if twice {
		m.paid += m.open.rest
	}
	late := how.Times == 0 || how.Delay > 0
	if late && b.rnd.IntN(2) == 0 { // the customer comes back in the browser
		a, err := b.AttemptByURL(context.Background(), page)
		must(b.t, err)
		_, err = b.Back(context.Background(), a.Key, nil)
		must(b.t, err)
		late = false
	}
	if late { // the pages are asked before anything is done against the customer
		b.hand.Add(11 * time.Minute)
		b.run()
	}
	if twice {
		m.good += m.open.rest
	}
	m.card = card
	m.settle(b.today())
	if late { // all others had a turn too
		for _, m := range b.models {
			m.turn(b.today())
		}
	}
}

func (b *batch) openInvoice(n int) billing.Invoice {
	b.t.Helper()
	for _, i := range b.invoices(name(n)) {
		if i.State == billing.InvoiceOpen {
			return i
		}
	}
	b.t.Fatalf("seed %d: %s has nothing to pay; %+v", b.seed, name(n), b.models[n].open)
	return billing.Invoice{}
}

func (b *batch) again(n int, s billing.Subscription, m *model, today billing.Day) {
	b.t.Helper()
	d := b.deal()
	w := b.plans[d.amount]
	w.Seats = d.seats
	i, err := b.StartAgain(context.Background(), s.ID, w, rehearsal.Name, "test")
	refused := m.state != billing.Canceled && m.state != billing.Unpaid || m.open != nil && m.open.known > 0
	b.agree(n, "start again", err, refused)
	if refused {
		return
	}
	if m.open != nil {
		m.lastUnpaid = m.open.from
	}
	m.takeBack()
	use := min(m.good, d.total())
	m.good -= use
	if b.rnd.IntN(3) == 0 && use < d.total() { // thinks better of it; the offer ends by itself
		b.leave(n, m, use)
		return
	}
	if use < d.total() {
		card := b.behaviour()
		b.play(i.ID, rehearsal.DoPay, card)
		m.card = card
		m.paid += d.total() - use
	}
	m.restart(d, today)
}

// leave lets days go by until an offer that nobody pays has ended.
func (b *batch) leave(n int, m *model, use int64) {
	b.t.Helper()
	i := b.openInvoice(n)
	must(b.t, b.Void(context.Background(), i.ID, "a test", "test"))
	m.good += use
}

func (b *batch) refund(s billing.Subscription, m *model) {
	b.t.Helper()
	if m.good != 0 {
		return
	}
	id := b.count(`select coalesce(max(p.id), 0) from payment p join invoice i on i.id = p.invoice where i.subscription = ? and p.gateway = 'rehearsal' and p.kind = 'payment' and
		not exists (select 1 from refund where payment = p.id)`, s.ID)
	if id > 0 {
		amount := b.count(`select amount from payment where id = ?`, id)
		back := 1 + b.rnd.Int64N(amount)
		must(b.t, b.Refund(context.Background(), id, eur(back), "test", "test"))
		i, err := b.Invoice(context.Background(), b.count(`select invoice from payment where id = ?`, id))
		must(b.t, err)
		m.refund(i.Kind != billing.Change, i.End, billing.DayOf(i.PaidAt, time.UTC), back, i.Total)
	}
}

// card saves another card without paying: what is open is charged with it.
func (b *batch) card(n int, s billing.Subscription, m *model, today billing.Day) {
	b.t.Helper()
	page, err := b.SaveMethod(context.Background(), s, rehearsal.Name)
	must(b.t, err)
	card := b.behaviour()
	_, err = b.desk.Play(context.Background(), filepath.Base(page), rehearsal.DoPay, card, rehearsal.Delivery{Times: 1 + b.rnd.IntN(2)})
	must(b.t, err)
	b.work()
	m.card = card
	if m.open != nil {
		m.open.chargeOn = max(m.open.from, today)
	}
}

func (b *batch) keep(n int, s billing.Subscription, m *model) {
	b.t.Helper()
	err := b.KeepPlan(context.Background(), s.ID, "test")
	refused := m.next != nil && (m.late() || m.prepaid() || m.open != nil && m.open.known > 0)
	b.agree(n, "keep plan", err, refused)
	if m.next != nil && !refused {
		m.next, m.nextOn = nil, 0
		m.takeBack()
	}
}

// compare fails unless the books are where the models are.
func (b *batch) compare(when string) {
	b.t.Helper()
	b.green()
	for n, m := range b.models {
		s := b.sub(name(n))
		price := b.plans[m.now.amount].Price.ID
		level := b.level(name(n)).String()
		good := b.count(`select coalesce(sum(amount), 0) from balance where customer = ?`, s.Customer)
		same := s.State == m.state && s.Price == price && s.Seats == m.now.seats && s.Start == m.start && s.End == m.end && s.CancelAtEnd == m.cancel &&
			s.EndedOn == m.ended && level == m.level() && good == m.good && s.NextOn == m.nextOn
		if !same {
			b.t.Fatalf("seed %d, %s, %s:\nbooks %+v\nlevel %s, to the good %d\nmodel %+v open %+v level %s", b.seed, name(n), when, s, level, good, m, m.open, m.level())
		}
	}
}

// money fails unless the books have booked what the gateway has taken, each payment once.
func (b *batch) money() {
	b.t.Helper()
	for _, gone := range []time.Duration{49 * time.Hour, 49 * time.Hour, 11 * time.Minute} { // the last is for an answer that was lost
		b.hand.Add(gone)
		b.run()
		for _, m := range b.models {
			m.turn(b.today())
		}
	}
	b.compare("after all is quiet")
	for n, m := range b.models {
		s := b.sub(name(n))
		taken := b.count(`select coalesce(sum(amount * iif(second = '', 1, 2)), 0) from rehearsal_act where customer = ? and state = 'succeeded' and mode <> 'setup'`, s.Customer)
		booked := b.count(`select coalesce(sum(p.amount), 0) from payment p join invoice i on i.id = p.invoice where i.customer = ? and p.gateway = 'rehearsal' and p.kind = 'payment'`, s.Customer)
		if taken != booked || taken != m.paid {
			b.dump(s.Customer)
			b.t.Fatalf("seed %d, %s: the gateway has taken %d, the books have %d, the model %d", b.seed, name(n), taken, booked, m.paid)
		}
	}
}

// dump shows what the gateway and the books know of a customer.
func (b *batch) dump(customer int64) {
	for _, q := range []string{`select 'act', key, mode, state, amount, payment, second, made_at from rehearsal_act where customer = ? order by made_at`,
		`select 'attempt', key, mode, state, amount, coalesce(ref, ''), code, created_at from payment_attempt where customer = ? order by id`,
		`select 'invoice', coalesce(number, id), kind, state, total, paid, coalesce(subscription, 0), issued_at from invoice where customer = ? order by id`,
		`select 'event', type || ' ' || state, tries, error, said, '', 0, received_at from event where said like '%' || (select key from rehearsal_act where customer = ? order by made_at desc limit 1) || '%'`} {
		rows, err := b.DB.Query(context.Background(), q, customer)
		must(b.t, err)
		for rows.Next() {
			var v [8]any
			must(b.t, rows.Scan(&v[0], &v[1], &v[2], &v[3], &v[4], &v[5], &v[6], &v[7]))
			at, _ := v[7].(int64)
			b.t.Log(v[:7], time.UnixMilli(at).UTC().Format(time.DateTime))
		}
		must(b.t, rows.Close())
	}
}
