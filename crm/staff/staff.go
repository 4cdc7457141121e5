// Package staff is the people of a tenant who sign in at /admin, their roles and their teams.
package staff

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"strings"
	"time"

	"rowhouse/crm/entity"
	"rowhouse/crm/record"
	"rowhouse/data"
	"rowhouse/data/fault"
	"rowhouse/ui/mail"
)

// Schema is the staff, their roles and teams.
//
//go:embed *.sql
var Schema embed.FS

// State is whether a person may sign in.
type State string

// The states of a person.
const (
	Invited  State = "invited"  // has not chosen a password yet
	Active   State = "active"   // takes one of the plan's seats
	Inactive State = "inactive" // cannot sign in; what they made stays
)

// Person is one member of staff.
type Person struct {
	ID          int64
	Email       string
	First, Last string
	Role, Team  int64
	State       State
	Owner       bool
	Language    string
	Mirror      string
	Zone        string
	LastLogin   time.Time
	Factor      bool // signs in with a second factor
	RoleName    string
	TeamName    string
	Admin       bool
}

// Name is the whole name.
func (p Person) Name() string { return strings.TrimSpace(p.First + " " + p.Last) }

const selectPerson = `select s.id, s.email, s.first, s.last, s.role, coalesce(s.team, 0), s.state, s.owner, s.language, s.mirror, s.zone,
	coalesce(s.last_login_at, 0), s.factor <> '', r.name, coalesce(t.name, ''), r.admin from staff s join role r on r.id = s.role left join team t on t.id = s.team `

func scan(row interface{ Scan(...any) error }) (Person, error) {
	var p Person
	var login int64
	err := row.Scan(&p.ID, &p.Email, &p.First, &p.Last, &p.Role, &p.Team, &p.State, &p.Owner, &p.Language, &p.Mirror, &p.Zone,
		&login, &p.Factor, &p.RoleName, &p.TeamName, &p.Admin)
	if login > 0 {
		p.LastLogin = time.UnixMilli(login).UTC()
	}
	return p, err
}

// ByID returns one member of staff. It is asked for every request, so the answer is kept until the file changes.
func ByID(ctx context.Context, db *data.DB, id int64) (Person, error) {
	found, err := db.Memo(fmt.Sprint("staff/", id), func() (any, error) {
		return scan(db.QueryRow(ctx, selectPerson+`where s.id = ?`, id))
	})
	if errors.Is(err, sql.ErrNoRows) {
		return Person{}, fault.New(fault.Missing, "This member of staff does not exist.")
	}
	if err != nil {
		return Person{}, err
	}
	return found.(Person), nil
}

// List returns everybody, the active first, by name.
func List(ctx context.Context, db *data.DB) ([]Person, error) {
	rows, err := db.Query(ctx, selectPerson+`order by s.state = 'inactive', s.first, s.last`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []Person
	for rows.Next() {
		p, err := scan(rows)
		if err != nil {
			return nil, err
		}
		list = append(list, p)
	}
	return list, rows.Err()
}

// Actor is what the person may do, as records ask it.
func (p Person) Actor(ctx context.Context, db *data.DB) (record.Actor, error) {
	kept, err := db.Memo(fmt.Sprint("actor/", p.ID), func() (any, error) {
		a := record.Actor{ID: p.ID, Name: p.Name(), Admin: p.Admin}
		var err error
		if a.Rights, err = Rights(ctx, db, p.Role); err != nil {
			return a, err
		}
		a.Mates, err = mates(ctx, db, p)
		return a, err
	})
	if err != nil {
		return record.Actor{}, fmt.Errorf("rights of staff %d: %w", p.ID, err)
	}
	return kept.(record.Actor), nil
}

// mates are the members of a person's team, and the person.
func mates(ctx context.Context, db *data.DB, p Person) ([]int64, error) {
	rows, err := db.Query(ctx, `select id from staff where id = ? or (team = ? and team is not null)`, p.ID, p.Team)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var ids []int64
	for rows.Next() {
		var id int64
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	return ids, rows.Err()
}

// Seats is how many of the plan's seats are taken: active and invited staff.
func Seats(ctx context.Context, db *data.DB) (int64, error) {
	n, err := db.Memo("seats", func() (any, error) {
		var n int64
		err := db.QueryRow(ctx, `select count(*) from staff where state <> 'inactive'`).Scan(&n)
		return n, err
	})
	if err != nil {
		return 0, err
	}
	return n.(int64), nil
}

// seatFree refuses when the plan has no seat left. It is asked inside the transaction that takes the seat,
// so of many who take the last one at once, one does.
func seatFree(ctx context.Context, tx *sql.Tx, limit int64) error {
	if limit < 0 {
		return nil
	}
	var n int64
	if err := tx.QueryRowContext(ctx, `select count(*) from staff where state <> 'inactive'`).Scan(&n); err != nil {
		return err
	}
	if n >= limit {
		return fault.New(fault.Limit, "Your plan includes %d staff, and all seats are taken. Deactivate somebody, or choose a larger plan.", limit)
	}
	return nil
}

// New is a person to invite.
type New struct {
	Email, First, Last string
	Role, Team         int64
	Language           string
}

// clean checks what was typed about a person.
func (n *New) clean() error {
	problems := map[string]error{}
	var err error
	if n.Email, err = mail.Address(n.Email); err != nil {
		problems["email"] = err
	}
	n.First, n.Last = strings.TrimSpace(n.First), strings.TrimSpace(n.Last)
	for name, v := range map[string]*string{"first": &n.First, "last": &n.Last} {
		parsed, err := entity.Line{Max: 100}.Parse([]string{*v}, nil)
		if err != nil {
			problems[name] = err
			continue
		}
		*v = parsed.(string)
		if low := strings.ToLower(*v); strings.Contains(low, "://") || strings.Contains(low, "www.") {
			problems[name] = fault.New(fault.Invalid, "A name cannot hold a web address.") // it stands in letters to strangers
		}
	}
	if n.First == "" {
		problems["first"] = fault.New(fault.Invalid, "Please fill this in.")
	}
	if len(problems) > 0 {
		return &fault.Fault{Kind: fault.Invalid, Format: "Please correct the marked fields.", Fields: problems}
	}
	return nil
}

// roleExists refuses a role or team that was deleted meanwhile.
func (n *New) check(ctx context.Context, tx *sql.Tx) error {
	var ok bool
	if err := tx.QueryRowContext(ctx, `select exists (select 1 from role where id = ?)`, n.Role).Scan(&ok); err != nil || !ok {
		return fault.Because(err, fault.Invalid, "Please choose a role.")
	}
	return nil
}

func orNull(id int64) any {
	if id == 0 {
		return nil
	}
	return id
}

// note enters what was done about a person into the activity log.
func note(ctx context.Context, tx *sql.Tx, now time.Time, by int64, act string, id int64, title, ip string) error {
	return record.Log(ctx, tx, now, record.Act{Staff: by, Act: act, Entity: "staff", Record: id, Title: title, IP: ip})
}

// Presence tells when somebody was in a CRM last, and how many were in the 30 days before now. The visits of support do not count.
func Presence(ctx context.Context, db *data.DB, now time.Time) (last time.Time, people int64, err error) {
	var at int64
	err = db.QueryRow(ctx, `with seen as (select person, seen_at from session where guest = '' union all select id, last_login_at from staff where last_login_at is not null)
		select coalesce(max(seen_at), 0), count(distinct iif(seen_at > ?, person, null)) from seen`, now.AddDate(0, 0, -30).UnixMilli()).Scan(&at, &people)
	if at > 0 {
		last = time.UnixMilli(at).UTC()
	}
	return last, people, err
}
