package billing_test

import (
	"fmt"
	"testing"

	"rowhouse/billing"
	"rowhouse/billing/rehearsal"
)

func TestPeriodsKeepTheirAnchorAndClampToTheMonth(t *testing.T) {
	for _, c := range []struct {
		from, interval string
		anchor         int
		want           []string
	}{
		{"2026-01-31", "month", 31, []string{"2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31"}},
		{"2023-12-31", "month", 31, []string{"2024-01-31", "2024-02-29", "2024-03-31"}},
		{"2024-02-29", "year", 29, []string{"2025-02-28", "2026-02-28", "2027-02-28", "2028-02-29"}},
		{"2026-12-15", "month", 15, []string{"2027-01-15"}},
		{"2026-01-30", "month", 30, []string{"2026-02-28", "2026-03-30"}},
	} {
		d := billing.MustDay(c.from)
		for _, want := range c.want {
			if d = d.Next(c.interval, c.anchor); d.String() != want {
				t.Errorf("%s by %s: %s, want %s", c.from, c.interval, d, want)
			}
		}
	}
}

func TestTaxIsRoundedOnceForEachRate(t *testing.T) {
	for _, c := range []struct {
		lines                     []billing.Line
		coupon                    *billing.Coupon
		net, tax, discount, total int64
	}{
		{[]billing.Line{{Kind: "plan", Amount: 2900, Rate: 1900}}, nil, 2900, 551, 0, 3451},
		{[]billing.Line{{Kind: "plan", Amount: 2900, Rate: 1900, Inclusive: true}}, nil, 2437, 463, 0, 2900},
		{[]billing.Line{{Kind: "plan", Amount: 2900}}, &billing.Coupon{Percent: 3333}, 1933, 0, 967, 1933},
		{[]billing.Line{{Kind: "plan", Amount: 33, Rate: 1900}, {Kind: "seats", Amount: 33, Rate: 1900}, {Kind: "setup", Amount: 33, Rate: 1900}}, nil, 99, 19, 0, 118},
		{[]billing.Line{{Kind: "plan", Amount: 1000, Rate: 700}, {Kind: "setup", Amount: 1000, Rate: 1900}}, &billing.Coupon{Amount: 5000}, 1000, 190, 1000, 1190},
		{[]billing.Line{{Kind: "plan", Amount: 3000, Rate: 1900}, {Kind: "credit", Amount: -4000, Rate: 1900}}, nil, 0, -190, 0, 0},
	} {
		q, err := billing.Sum("EUR", c.lines, c.coupon)
		must(t, err)
		if q.Tax != c.tax || q.Discount != c.discount || q.Total != c.total || q.Net+q.Tax != q.Total {
			t.Errorf("%+v: %+v", c.lines, q)
		}
		var net, tax int64
		for _, l := range q.Lines {
			net, tax = net+l.Net, tax+l.Tax
		}
		if net != q.Net || tax != q.Tax {
			t.Errorf("the lines of %+v sum up to %d and %d", q, net, tax)
		}
		if c.total > 0 && q.Net != c.net {
			t.Errorf("net %d, want %d", q.Net, c.net)
		}
	}
}

// price makes a plan with one price for a test.
func (k *books) price(slug string, staff, amount, seat int64, currency, interval string) billing.Plan {
	k.t.Helper()
	var id int64
	err := k.DB.QueryRow(k.t.Context(), `select coalesce((select id from plan where slug = ?), 0)`, slug).Scan(&id)
	must(k.t, err)
	if id == 0 {
		done, err := k.DB.Exec(k.t.Context(), `insert into plan (slug, name, visibility, staff_limit, created_at) values (?, ?, 'public', ?, 1)`, slug, slug, staff)
		must(k.t, err)
		id, err = done.LastInsertId()
		must(k.t, err)
	}
	var seats any
	if seat >= 0 {
		seats = seat
	}
	_, err = k.DB.Exec(k.t.Context(), `insert into price (plan, currency, interval, amount, seat_amount, created_at) values (?, ?, ?, ?, ?, 1)`, id, currency, interval, amount, seats)
	must(k.t, err)
	return k.plan(slug)
}

// bought orders a plan and pays it with a card that works.
func (k *books) bought(name string, plan billing.Plan, interval string, seats int64) billing.Subscription {
	k.t.Helper()
	b, err := k.order(name, plan, interval, seats)
	must(k.t, err)
	k.play(b.Invoice.ID, rehearsal.DoPay, rehearsal.Works)
	return k.sub(name)
}

// wish is a plan by an interval with seats.
func wish(t testing.TB, p billing.Plan, interval string, seats int64) billing.Wish {
	t.Helper()
	price, ok := p.PriceFor(interval)
	if !ok {
		t.Fatalf("%s has no price by %s", p.Slug, interval)
	}
	return billing.Wish{Plan: p, Price: price, Seats: seats}
}

func TestAnUpgradeIsProratedByDays(t *testing.T) {
	k := newBooks(t)
	k.hand.Add(181 * day) // 1 May 2027, a month of 31 days
	small, large := k.price("small", 3, 2000, -1, "EUR", "month"), k.price("large", 10, 4000, -1, "EUR", "month")
	s := k.bought("acme", small, "month", 0)
	k.days(10) // 11 May: 21 of 31 days are left, this one counts for the new plan
	p, err := k.Preview(t.Context(), s.ID, wish(t, large, "month", 0))
	must(t, err)
	if !p.Now || p.Quote.Total != 1355 || len(p.Quote.Lines) != 2 || p.Quote.Lines[0].Amount != 2710 || p.Quote.Lines[1].Amount != -1355 || p.Later.Total != 4000 || p.NextOn.String() != "2027-06-01" {
		t.Fatalf("%+v", p)
	}
	if _, err := k.Change(t.Context(), s.ID, p.Wish, 1354, "ada"); err == nil {
		t.Fatal("a total that nobody was shown is charged")
	}
	page, err := k.Change(t.Context(), s.ID, p.Wish, 1355, "ada")
	must(t, err)
	if s = k.sub("acme"); page != "" || s.Plan != large.ID || s.End.String() != "2027-06-01" {
		t.Fatalf("%q %+v", page, s)
	}
	if x, err := k.Tenants.ByName(t.Context(), "acme"); err != nil || x.Limits.Staff != 10 || x.Limits.Plan != "large" {
		t.Fatalf("%+v %v", x, err)
	}
	k.days(21)
	if list := k.invoices("acme"); len(list) != 3 || list[2].Total != 4000 || list[2].State != billing.InvoicePaid {
		t.Fatalf("%+v", list)
	}
	k.green()
}

func TestSeatsAreAddedForTheDaysThatAreLeft(t *testing.T) {
	k := newBooks(t)
	plan := k.price("team", 3, 2900, 900, "EUR", "month")
	s := k.bought("acme", plan, "month", 0) // November has 30 days
	k.days(20)
	p, err := k.Preview(t.Context(), s.ID, wish(t, plan, "month", 2))
	must(t, err)
	if p.Quote.Total != 600 || len(p.Quote.Lines) != 1 || p.Later.Total != 4700 {
		t.Fatalf("%+v", p)
	}
	_, err = k.Change(t.Context(), s.ID, p.Wish, 600, "ada")
	must(t, err)
	if x, err := k.Tenants.ByName(t.Context(), "acme"); err != nil || x.Limits.Staff != 5 {
		t.Fatalf("%+v %v", x, err)
	}
	p, err = k.Preview(t.Context(), s.ID, wish(t, plan, "month", 1))
	must(t, err)
	if p.Now || p.Quote.Total != 0 || p.On.String() != "2026-12-01" {
		t.Fatalf("%+v", p)
	}
	_, err = k.Change(t.Context(), s.ID, p.Wish, 0, "ada")
	must(t, err)
	k.days(10)
	if s = k.sub("acme"); s.Seats != 1 || k.invoices("acme")[2].Total != 3800 {
		t.Fatalf("%+v %+v", s, k.invoices("acme"))
	}
	k.green()
}

func TestAYearIsProratedByItsDays(t *testing.T) {
	k := newBooks(t)
	small, large := k.price("small", 3, 29000, -1, "EUR", "year"), k.price("large", 10, 49000, -1, "EUR", "year")
	s := k.bought("acme", small, "year", 0)
	k.days(265)
	p, err := k.Preview(t.Context(), s.ID, wish(t, large, "year", 0))
	must(t, err)
	if p.Quote.Total != 5480 {
		t.Fatalf("%+v", p.Quote)
	}
}

func TestFromMonthToYearThePeriodBeginsAnewAndTheRestIsGivenBack(t *testing.T) {
	k := newBooks(t)
	s := k.bought("acme", k.plan("pro"), "month", 0)
	k.days(20)
	p, err := k.Preview(t.Context(), s.ID, wish(t, k.plan("pro"), "year", 0))
	must(t, err)
	if !p.Anew || p.Quote.Total != 29000-967 || p.NextOn.String() != "2027-11-21" {
		t.Fatalf("%+v", p)
	}
	_, err = k.Change(t.Context(), s.ID, p.Wish, p.Quote.Total, "ada")
	must(t, err)
	if s = k.sub("acme"); s.Start.String() != "2026-11-21" || s.End.String() != "2027-11-21" || s.Anchor != 21 {
		t.Fatalf("%+v", s)
	}
	k.green()
}

func TestCreditIsOfWhatWasReallyPaidAndTheRestGoesToTheBalance(t *testing.T) {
	k := newBooks(t)
	_, err := k.DB.Exec(t.Context(), `insert into coupon (code, percent, cycles, created_at) values ('half', 5000, 1, 1)`)
	must(t, err)
	large, month := k.price("large", 10, 30000, -1, "EUR", "year"), k.price("large", 10, 6000, -1, "EUR", "month")
	b, err := k.order("acme", month, "month", 0, func(p *billing.Purchase) { p.Coupon = "HALF" })
	must(t, err)
	if b.Invoice.Total != 3000 || b.Invoice.Discount != 3000 {
		t.Fatalf("%+v", b.Invoice)
	}
	k.play(b.Invoice.ID, rehearsal.DoPay, rehearsal.Works)
	k.days(15)
	p, err := k.Preview(t.Context(), b.Subscription.ID, wish(t, large, "year", 0))
	must(t, err)
	if p.Quote.Total != 30000-1500 {
		t.Fatalf("the credit is not half of the half: %+v", p.Quote)
	}
	k.days(20)
	if list := k.invoices("acme"); list[1].Total != 6000 {
		t.Fatalf("the coupon was good more than once: %+v", list[1])
	}
	k.green()
}

func TestCurrenciesWithNoAndThreeDigitsAreBilledExactly(t *testing.T) {
	for currency, amount := range map[string]int64{"JPY": 2900, "BHD": 12345, "EUR": 2999} {
		k := newBooks(t)
		plan := k.price("there", 3, amount, -1, currency, "month")
		k.bought("acme", plan, "month", 0)
		k.days(31)
		list := k.invoices("acme")
		if len(list) != 2 || list[1].Total != amount || list[1].Currency != currency || list[1].State != billing.InvoicePaid {
			t.Errorf("%s: %+v", currency, list)
		}
		k.green()
	}
}

func TestRecurringRevenueIsCountedByTheMonth(t *testing.T) {
	k := newBooks(t)
	k.bought("acme", k.plan("pro"), "year", 0)
	if n := k.count(`select sum(mrr) from subscription_event`); n != 2417 {
		t.Errorf("%d", n)
	}
}

func TestPricesAreTakenFromTheBooksAndNeverFromOutside(t *testing.T) {
	k := newBooks(t)
	forged := k.plan("pro")
	forged.Prices[0].Amount.Minor = 1
	b, err := k.order("acme", forged, "month", 0)
	if err == nil && b.Invoice.Total != 2900 {
		t.Errorf("sold for %d", b.Invoice.Total)
	}
}

func TestWhatCannotBeOrderedIsRefusedWithWords(t *testing.T) {
	k := newBooks(t)
	_, err := k.DB.Exec(t.Context(), `insert into coupon (code, percent, ends_on, most, used, active, plans, created_at) values
		('old', 1000, 20000, null, 0, 1, '', 1), ('full', 1000, null, 1, 0, 1, '', 1), ('off', 1000, null, null, 0, 0, '', 1), ('other', 1000, null, null, 0, 1, '1', 1)`)
	must(t, err)
	hidden, contact := k.price("hidden", 3, 100, -1, "EUR", "month"), k.price("contact", 3, 100, -1, "EUR", "month")
	_, err = k.DB.Exec(t.Context(), `update plan set visibility = iif(slug = 'hidden', 'hidden', visibility), contact = (slug = 'contact') where slug in ('hidden', 'contact')`)
	must(t, err)
	for i, c := range []struct {
		change func(*billing.Purchase)
		plan   string
	}{
		{func(p *billing.Purchase) { p.Seats = -1 }, "pro"},
		{func(p *billing.Purchase) { p.Seats = 1 << 40 }, "pro"},
		{func(p *billing.Purchase) { p.Coupon = "old" }, "pro"},
		{func(p *billing.Purchase) { p.Coupon = "off" }, "pro"},
		{func(p *billing.Purchase) { p.Coupon = "other" }, "pro"},
		{func(p *billing.Purchase) { p.Coupon = "nothing" }, "pro"},
		{func(p *billing.Purchase) { p.Plan = hidden; p.Price = hidden.Prices[0] }, "pro"},
		{func(p *billing.Purchase) { p.Plan = contact; p.Price = contact.Prices[0] }, "pro"},
		{func(p *billing.Purchase) { p.Price.Active = true; p.Price.ID = 999 }, "pro"},
		{func(p *billing.Purchase) { p.Price = k.plan("starter").Prices[0] }, "pro"},
	} {
		if _, err := k.order(fmt.Sprintf("acme%d", i), k.plan(c.plan), "month", 0, c.change); err == nil {
			t.Errorf("order %d was taken", i)
		}
	}
	if n := k.count(`select (select count(*) from subscription) + (select count(*) from invoice) + (select count(*) from tenant) + (select count(*) from coupon_use)`); n != 0 {
		t.Errorf("%d rows of refused orders are left", n)
	}
}
