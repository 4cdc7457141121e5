package admin

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"time"

	"rowhouse/tenant"
)

// tenantWish is which tenants the list shows.
type tenantWish struct {
	State, Hold, Plan, Owed, Seen, Version, Find string
	Sort                                         string // name, created or seen
	After                                        string // the last row of the page before, as its place says
}

// listed is a tenant with what the list tells of it.
type listed struct {
	tenant.Tenant
	Late    bool
	Reasons string // of its holds, with commas between
	Seen    time.Time
	People  int64
	place   string // where the row stands in the order
}

// wishOf reads a wish from an address.
func wishOf(q url.Values) tenantWish {
	w := tenantWish{State: q.Get("state"), Hold: q.Get("hold"), Plan: q.Get("plan"), Owed: q.Get("owed"), Seen: q.Get("seen"), Version: q.Get("version"),
		Find: strings.TrimSpace(q.Get("q")), Sort: q.Get("sort"), After: q.Get("after")}
	if w.Sort != "created" && w.Sort != "seen" {
		w.Sort = ""
	}
	return w
}

// values is the wish as an address has it.
func (w tenantWish) values() url.Values {
	v := url.Values{}
	for name, value := range map[string]string{"state": w.State, "hold": w.Hold, "plan": w.Plan, "owed": w.Owed, "seen": w.Seen, "version": w.Version, "q": w.Find, "sort": w.Sort} {
		if value != "" {
			v.Set(name, value)
		}
	}
	return v
}

// narrow tells whether the wish leaves anybody out, the choice of a state aside.
func (w tenantWish) narrow() bool {
	w.State, w.Sort, w.After = "", "", ""
	return w != tenantWish{}
}

const wanted = `select t.id, t.name, t.company, t.owner_email, t.state, t.plan, t.level, t.damaged, t.created_at, t.seen_at, t.people, t.version, t.failure,
	exists (select 1 from subscription s join invoice i on i.subscription = s.id where s.tenant = t.id and i.state = 'open' and i.due_on < ?1) as late,
	coalesce((select group_concat(reason) from hold h where h.tenant = t.id and h.level <> 'full'), '')
	from tenant t where (?2 = '' and t.state <> 'purged' or t.state = ?2)
	and (?3 = '' or exists (select 1 from hold h where h.tenant = t.id and (?3 = 'any' or h.reason = ?3)))
	and (?4 = '' or t.plan = ?4) and (?5 = '' or late = (?5 = 'late'))
	and (?6 = '' or t.seen_at < ?6) and (?7 = '' or ?7 = 'failed' and t.failure <> '' or ?7 <> 'failed' and t.version = cast(?7 as integer))
	and (?8 = '' or instr(t.name, lower(?8)) or instr(lower(t.company), lower(?8)) or instr(t.owner_email, lower(?8))) `

// orders are the ways to sort, each with where the next page begins.
var orders = map[string]string{
	"":        `and t.name > ?9 order by t.name limit ?10`,
	"created": `and (?9 = '' or (t.created_at, t.id) < (cast(substr(?9, 1, 15) as integer), cast(substr(?9, 17) as integer))) order by t.created_at desc, t.id desc limit ?10`,
	"seen":    `and (?9 = '' or (t.seen_at, t.id) < (cast(substr(?9, 1, 15) as integer), cast(substr(?9, 17) as integer))) order by t.seen_at desc, t.id desc limit ?10`,
}

// tenantRows finds the tenants of a wish.
func (p *Panel) tenantRows(ctx context.Context, w tenantWish, limit int) ([]listed, error) {
	today, err := p.Billing.Today(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := p.DB.Query(ctx, wanted+orders[w.Sort], today, w.State, w.Hold, w.Plan, w.Owed, since(p.Clock.Now(), w.Seen), w.Version, w.Find, w.After, limit)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []listed
	for rows.Next() {
		l, err := scanListed(rows, w.Sort)
		if err != nil {
			return nil, err
		}
		list = append(list, l)
	}
	return list, rows.Err()
}

func scanListed(row interface{ Scan(...any) error }, sort string) (listed, error) {
	var l listed
	var level string
	var created, seen int64
	err := row.Scan(&l.ID, &l.Name, &l.Company, &l.OwnerEmail, &l.State, &l.Limits.Plan, &level, &l.Damaged, &created, &seen, &l.People, &l.Version, &l.Failure, &l.Late, &l.Reasons)
	l.Level = tenant.LevelOf(level)
	l.Created = time.UnixMilli(created).UTC()
	if seen > 0 {
		l.Seen = time.UnixMilli(seen).UTC()
	}
	switch sort {
	case "created":
		l.place = place(created, l.ID)
	case "seen":
		l.place = place(seen, l.ID)
	default:
		l.place = l.Name
	}
	return l, err
}

// since is the moment before which staff must have been there last, in unix milliseconds, or "" for any.
func since(now time.Time, days string) any {
	switch days {
	case "7", "30", "90":
		n := map[string]int{"7": 7, "30": 30, "90": 90}[days]
		return now.AddDate(0, 0, -n).UnixMilli()
	case "never":
		return 1
	}
	return ""
}

// place is where a row of a number stands among those of its moment.
func place(at, id int64) string { return fmt.Sprintf("%015d.%d", at, id) }
