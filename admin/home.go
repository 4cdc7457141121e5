package admin

import (
	"context"
	"html/template"
	"net/http"
	"strings"
	"time"

	"rowhouse/billing"
	"rowhouse/data"
	"rowhouse/data/fault"
	"rowhouse/ui"
	"rowhouse/ui/mail"
)

var homePage = ui.Parse[homeSheet](files, ui.App, "home.html")

// homeSheet is the panel's first page: numbers that lead to what they count.
type homeSheet struct {
	ui.Frame
	billing.Figures
	MRR, ARR, Owed string
	Churn          string
	Red            int
	People         int64 // of all tenants, in 30 days
	States         []tab
	Alerts         []billing.Alert
	Gateways       []lightRow
	Jobs           jobSummary
	Disk           string
	Full           bool // less than a tenth of the disk is free
	Revenue        template.HTML
	Arrivals       template.HTML
}

// jobSummary is how the jobs do, in one line.
type jobSummary struct {
	All, Bad   int
	Last, Next time.Time
}

// LateCount is how many invoices are overdue.
func (s homeSheet) LateCount() int { return int(s.Late) }

// reckoned is what the first page says that is worked out once a minute only.
type reckoned struct {
	figures  billing.Figures
	months   []billing.Month
	currency string
	red      int
	people   int64
	arrivals []arrival
}

// arrival is a day, and how many tenants have come on it.
type arrival struct {
	day string
	n   int64
}

const arrivalDays = 30

func (p *Panel) reckon(ctx context.Context) (reckoned, error) {
	var k reckoned
	seller, err := p.Billing.Seller(ctx)
	if err != nil {
		return k, err
	}
	k.currency = seller.Currency
	if k.figures, err = p.Billing.Figures(ctx); err != nil {
		return k, err
	}
	if k.months, err = p.Billing.Months(ctx, k.currency, 12); err != nil {
		return k, err
	}
	red, err := p.Billing.Audit(ctx)
	if err != nil {
		return k, err
	}
	k.red = len(red)
	if err := p.DB.QueryRow(ctx, `select coalesce(sum(people), 0) from tenant where state = 'active'`).Scan(&k.people); err != nil {
		return k, err
	}
	k.arrivals, err = p.arrivals(ctx, seller.Location())
	return k, err
}

// arrivals counts the tenants that have come on each of the last days.
func (p *Panel) arrivals(ctx context.Context, zone *time.Location) ([]arrival, error) {
	now := p.Billing.Clock.Now().In(zone)
	days, at := make([]arrival, arrivalDays), map[string]int{}
	for i := range days {
		days[i].day = now.AddDate(0, 0, i+1-arrivalDays).Format(time.DateOnly)
		at[days[i].day] = i
	}
	rows, err := p.DB.Query(ctx, `select created_at from tenant where created_at >= ? and state <> 'purged'`, now.AddDate(0, 0, -arrivalDays).UnixMilli())
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var created int64
		if err := rows.Scan(&created); err != nil {
			return nil, err
		}
		if i, ok := at[time.UnixMilli(created).In(zone).Format(time.DateOnly)]; ok {
			days[i].n++
		}
	}
	return days, rows.Err()
}

func (p *Panel) home(w http.ResponseWriter, r *http.Request) error {
	page := homeSheet{Frame: p.frame(w, r, "Dashboard", "/admin")}
	k, err := p.reckoned.get(p.Billing.Clock.Now(), func() (reckoned, error) { return p.reckon(r.Context()) })
	if err != nil {
		return err
	}
	page.fill(k)
	if page.Alerts, err = p.Billing.Alerts(r.Context(), 5); err != nil {
		return err
	}
	if page.Gateways, err = p.lights(r, page.Look); err != nil {
		return err
	}
	if page.Jobs, err = p.jobSummary(r.Context()); err != nil {
		return err
	}
	if err := p.sayMail(r, &page); err != nil {
		return err
	}
	if may(r, mayRule) == nil && !p.Lenient { // the demo needs no set-up
		rows, err := p.setupRows(r.Context(), "")
		if err != nil {
			return err
		}
		if n, first := left(rows); n > 0 {
			page.Notices = append(page.Notices, ui.Notice{Text: page.N("%d step of the set-up is left.", "%d steps of the set-up are left.", n), Link: ui.Item{Label: page.T("Go on"), URL: first}})
		}
	}
	free, size, err := data.Disk(p.Tenants.Dir)
	if err != nil {
		return err
	}
	page.Disk, page.Full = page.T("%s free of %s", page.Size(int64(free)), page.Size(int64(size))), free < size/10
	return homePage.Show(w, r, page)
}

// sayMail tells that letters wait because no mail server is set, or none has proven itself.
func (p *Panel) sayMail(r *http.Request, page *homeSheet) error {
	m, err := p.Settings.Mailbox(r.Context())
	if err != nil && fault.Of(err).Kind == fault.Ours {
		return err
	}
	if m.Proven || p.Lenient {
		return nil
	}
	waiting, _, err := mail.Counts(r.Context(), p.DB)
	if err != nil || waiting == 0 {
		return err
	}
	page.Alerts = append([]billing.Alert{{Kind: page.T("Letters wait"), Link: "/admin/settings", At: p.Clock.Now(),
		Text: page.N("%d letter waits, because no mail server is set or none has proven itself.", "%d letters wait, because no mail server is set or none has proven itself.", int(waiting))}}, page.Alerts...)
	return nil
}

// fill puts what was reckoned into the reader's words.
func (s *homeSheet) fill(k reckoned) {
	s.Figures, s.Red, s.People = k.figures, k.red, k.people
	var months, years, owed []string
	for _, a := range s.Monthly {
		months, years = append(months, s.Money(a.Minor, a.Currency)), append(years, s.Money(12*a.Minor, a.Currency))
	}
	for _, a := range s.Overdue {
		owed = append(owed, s.Money(a.Minor, a.Currency))
	}
	s.MRR, s.ARR, s.Owed = sums(months), sums(years), sums(owed)
	for _, state := range states {
		if n := s.Tenants[string(state)]; n > 0 || state == "active" {
			s.States = append(s.States, tab{Label: s.T(stateWords[state]), URL: "/admin/tenants?state=" + string(state), Count: n})
		}
	}
	s.Churn = s.Percent(k.months[len(k.months)-1].Churn())
	s.Revenue, s.Arrivals = s.revenueBars(k), s.arrivalBars(k)
}

func (s *homeSheet) revenueBars(k reckoned) template.HTML {
	var bars []ui.Bar
	for i, m := range k.months {
		sum := s.Money(m.Monthly, k.currency)
		text := s.T("%s: %s a month, %s new, %s lost", m.Begin.Format("2006-01"), sum, s.Number(m.New), s.Number(m.Lost))
		bars = append(bars, ui.Bar{Label: m.Begin.Format("01"), Text: text, Value: m.Monthly, Dim: i == len(k.months)-1})
	}
	return ui.Bars(s.T("What comes in a month, by month"), bars)
}

func (s *homeSheet) arrivalBars(k reckoned) template.HTML {
	var bars []ui.Bar
	for i, a := range k.arrivals {
		b := ui.Bar{Text: s.N("%d sign-up", "%d sign-ups", int(a.n)) + ", " + s.Day(a.day), Value: a.n, Dim: i == len(k.arrivals)-1}
		if i%5 == 4 {
			b.Label = a.day[8:]
		}
		bars = append(bars, b)
	}
	return ui.Bars(s.T("Sign-ups by day"), bars)
}

func (p *Panel) jobSummary(ctx context.Context) (jobSummary, error) {
	var sum jobSummary
	jobs, err := p.Billing.Jobs(ctx)
	now := p.Billing.Clock.Now()
	for _, j := range jobs {
		row := newJobRow(j, now)
		sum.All++
		if j.Error != "" || j.Failed > 0 || row.Late {
			sum.Bad++
		}
		if j.Began.After(sum.Last) {
			sum.Last = j.Began
		}
		if sum.Next.IsZero() || !row.Next.IsZero() && row.Next.Before(sum.Next) {
			sum.Next = row.Next
		}
	}
	return sum, err
}

// sums says amounts in several currencies; none is a zero.
func sums(all []string) string {
	if len(all) == 0 {
		return "0"
	}
	return strings.Join(all, " + ")
}
