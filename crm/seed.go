package crm

import (
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"rowhouse/crm/entity"
	"rowhouse/crm/record"
	"rowhouse/crm/staff"
	"rowhouse/data"
	"rowhouse/data/money"
	"rowhouse/ui"
)

// seedBatch is how many example records one transaction makes.
const seedBatch = 500

// Seed fills a tenant's file with example data: so many leads, and customers and contacts in proportion.
// It is the same data for the same number. A file that has leads already is left alone.
func (c *CRM) Seed(ctx context.Context, db *data.DB, leads int) error {
	book, err := record.Open(ctx, db, "*", included(allModules))
	if err != nil {
		return err
	}
	var there int
	if err := db.QueryRow(ctx, `select count(*) from lead`).Scan(&there); err != nil || there > 0 {
		return err
	}
	if err := demoStaff(ctx, db, c.Clock.Now()); err != nil {
		return err
	}
	people, err := staff.List(ctx, db)
	if err != nil || len(people) == 0 {
		return err
	}
	s := &seeder{rand: rand.New(rand.NewPCG(7, uint64(leads))), book: book, now: c.Clock.Now()}
	for _, p := range people {
		s.staff = append(s.staff, p.ID)
	}
	s.store = &record.Store{DB: db, Book: book, Actor: record.Actor{ID: people[0].ID, Name: people[0].Name(), Admin: true}, Look: &ui.Look{Words: ui.English, Zone: time.UTC, Now: s.now}}
	customers := leads/10 + 4
	for _, part := range []struct {
		entity string
		count  int
		make   func(i int) record.Values
	}{{"lead", leads, s.lead}, {"customer", customers, s.customer}, {"contact", customers * 2, func(i int) record.Values { return s.contact(i, customers) }}} {
		if err := s.fill(ctx, book.Entity(part.entity), part.count, part.make); err != nil {
			return fmt.Errorf("example %s: %w", part.entity, err)
		}
	}
	return nil
}

type seeder struct {
	rand  *rand.Rand
	book  *record.Book
	store *record.Store
	staff []int64
	now   time.Time
}

func (s *seeder) fill(ctx context.Context, e *entity.Entity, count int, make func(int) record.Values) error {
	for start := 0; start < count; start += seedBatch {
		var batch []record.Seedling
		for i := start; i < min(start+seedBatch, count); i++ {
			// The oldest first, so that ids and times run the same way; the newest is some minutes old.
			age := time.Duration(float64(count-i) / float64(count+1) * float64(240*24*time.Hour))
			batch = append(batch, record.Seedling{Values: make(i), At: s.now.Add(-age - 3*time.Minute)})
		}
		if err := s.store.Sow(ctx, e, batch); err != nil {
			return err
		}
	}
	return nil
}

func pickOne[T any](s *seeder, list []T) T { return list[s.rand.IntN(len(list))] }

func (s *seeder) choice(list string, weights ...int) any {
	rows := s.book.Choices(list)
	total := 0
	for i := range rows {
		total += weights[min(i, len(weights)-1)]
	}
	n := s.rand.IntN(total)
	for i := range rows {
		if n -= weights[min(i, len(weights)-1)]; n < 0 {
			return rows[i].ID
		}
	}
	return nil
}

func (s *seeder) lead(i int) record.Values {
	first, last := pickOne(s, firstNames), pickOne(s, lastNames)
	company, domain := s.company(i)
	place := pickOne(s, places)
	v := record.Values{"name": first + " " + last, "company": company, "title": pickOne(s, positions), "status": s.choice("lead.status", 30, 22, 16, 10, 12, 8, 3),
		"source": s.choice("lead.source", 30, 20, 15, 10, 15, 8), "emails": []entity.Entry{{Value: mailName(first) + "." + mailName(last) + "@" + domain}},
		"phones":  []entity.Entry{{Value: fmt.Sprintf("+%s %d %d", place.code, 100+s.rand.IntN(800), 100000+s.rand.IntN(899999))}},
		"website": "https://www." + domain, "owner": pickOne(s, s.staff), "city": place.city, "country": place.country,
		"value": money.Amount{Minor: int64(2+s.rand.IntN(240)) * 250_00, Currency: s.book.Currency}, "language": place.language}
	if s.rand.IntN(10) < 4 {
		v["next_follow_up"] = s.now.AddDate(0, 0, s.rand.IntN(28)-6).Format(time.DateOnly)
		v["next_step"] = pickOne(s, nextSteps)
	}
	if s.rand.IntN(4) == 0 {
		v["tags"] = []string{pickOne(s, tagWords)}
	}
	if s.rand.IntN(8) == 0 {
		v["owner"] = nil
	}
	return v
}

func (s *seeder) company(i int) (name, domain string) {
	a, b := pickOne(s, companyNames), pickOne(s, trades)
	name = a + " " + b.name
	return name, fmt.Sprintf("%s-%s%d.example", mailName(a), mailName(b.name), i)
}

func (s *seeder) customer(i int) record.Values {
	name, domain := s.company(100_000 + i)
	place := pickOne(s, places)
	return record.Values{"name": name, "kind": "company", "emails": []entity.Entry{{Value: "office@" + domain}}, "website": "https://www." + domain,
		"phones": []entity.Entry{{Value: fmt.Sprintf("+%s %d %d", place.code, 100+s.rand.IntN(800), 100000+s.rand.IntN(899999))}},
		"owner":  pickOne(s, s.staff), "grp": s.choice("customer.group", 70, 20, 10), "active": s.rand.IntN(12) > 0, "city": place.city, "country": place.country,
		"street": fmt.Sprintf("%s %d", pickOne(s, streets), 1+s.rand.IntN(120)), "zip": fmt.Sprintf("%05d", 1000+s.rand.IntN(98000)), "currency": s.book.Currency}
}

func (s *seeder) contact(i, customers int) record.Values {
	first, last := pickOne(s, firstNames), pickOne(s, lastNames)
	return record.Values{"name": first + " " + last, "customer": entity.Ref{ID: int64(i%customers + 1)}, "title": pickOne(s, positions), "main": i < customers, "active": true,
		"emails": []entity.Entry{{Value: fmt.Sprintf("%s.%s%d@mail.example", mailName(first), mailName(last), i)}}, "owner": pickOne(s, s.staff)}
}

// demoStaff gives the owner of an example company three colleagues, who sign in with the owner's password.
// An example company is one whose owner's address ends in .example: nobody can own such an address.
func demoStaff(ctx context.Context, db *data.DB, now time.Time) error {
	return db.Tx(ctx, func(tx *sql.Tx) error {
		var email, hash string
		if err := tx.QueryRowContext(ctx, `select email, password_hash from staff where owner = 1`).Scan(&email, &hash); err != nil {
			return err
		}
		_, domain, _ := strings.Cut(email, "@")
		if !strings.HasSuffix(domain, ".example") || hash == "" {
			return nil
		}
		if _, err := tx.ExecContext(ctx, `insert into team (id, name) values (1, 'Sales')`); err != nil {
			return err
		}
		for _, p := range []struct {
			first, last string
			role        int
		}{{"Jonas", "Weber", 2}, {"Aisha", "Khan", 3}, {"Leo", "Tanaka", 3}} {
			_, err := tx.ExecContext(ctx, `insert into staff (email, first, last, role, team, state, password_hash, created_at) values (?, ?, ?, ?, 1, 'active', ?, ?)`,
				mailName(p.first)+"@"+domain, p.first, p.last, p.role, hash, now.UnixMilli())
			if err != nil {
				return err
			}
		}
		_, err := tx.ExecContext(ctx, `update staff set team = 1 where owner = 1`)
		return err
	})
}
