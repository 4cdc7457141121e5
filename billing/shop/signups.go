package shop

import (
	"context"
	"strings"
	"time"

	"rowhouse/data/fault"
)

// Signup is a registration as the host sees it.
type Signup struct {
	ID                          int64
	State                       string // details, email_pending, verified, done or expired
	Email, Person, Company      string
	Name, Plan, Language        string
	IP, Decision, By, Note      string // Note is that of its invitation
	Created, Expires, DecidedAt time.Time
	Tenant                      bool   // its tenant is there
	Why                         string // which trap caught it: field, quick or net
}

// The lists of registrations.
const (
	Unfinished = "unfinished"
	Waiting    = "waiting"
	Spam       = "spam"
	Done       = "done"
)

// SignupWish is which registrations are wanted.
type SignupWish struct {
	Tab    string // Unfinished, Waiting, Spam or Done
	Find   string // in the names, the company and the e-mail address
	Before int64  // the last one of the page before; 0 is the newest
	Limit  int
}

// like is a search as a pattern in which nothing but its ends is a wildcard.
func (w SignupWish) like() string {
	return "%" + strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`).Replace(strings.TrimSpace(w.Find)) + "%"
}

// Signups returns registrations, the newest first.
func (s *Shop) Signups(ctx context.Context, w SignupWish) ([]Signup, error) {
	if w.Before == 0 {
		w.Before = 1 << 62
	}
	if w.Tab == Spam {
		return s.trapped(ctx, w)
	}
	rows, err := s.DB.Query(ctx, `select s.id, s.state, s.email, s.person, s.company, s.name, p.name, s.language, s.ip, s.decision, s.decided_by, coalesce(s.decided_at, 0), coalesce(i.note, ''),
		s.created_at, s.expires_at, exists (select 1 from tenant t where t.id = s.tenant and t.name = s.name) from signup s join plan p on p.id = s.plan left join invitation i on i.id = s.invitation
		where s.id < ?1 and case ?2 when 'waiting' then s.state = 'verified' when 'done' then s.state = 'done' or s.decision = 'refused'
		else s.state in ('details', 'email_pending', 'expired') and s.decision <> 'refused' end
		and (s.email like ?3 escape '\' or s.person like ?3 escape '\' or s.company like ?3 escape '\' or s.name like ?3 escape '\') order by s.id desc limit ?4`, w.Before, w.Tab, w.like(), w.Limit)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []Signup
	for rows.Next() {
		var u Signup
		var decided, created, expires int64
		err := rows.Scan(&u.ID, &u.State, &u.Email, &u.Person, &u.Company, &u.Name, &u.Plan, &u.Language, &u.IP, &u.Decision, &u.By, &decided, &u.Note, &created, &expires, &u.Tenant)
		if err != nil {
			return nil, err
		}
		u.DecidedAt, u.Created, u.Expires = time.UnixMilli(decided).UTC(), time.UnixMilli(created).UTC(), time.UnixMilli(expires).UTC()
		list = append(list, u)
	}
	return list, rows.Err()
}

func (s *Shop) trapped(ctx context.Context, w SignupWish) ([]Signup, error) {
	rows, err := s.DB.Query(ctx, `select id, at, why, email, person, company, name, ip from signup_trap where id < ?1
		and (email like ?2 escape '\' or person like ?2 escape '\' or company like ?2 escape '\' or name like ?2 escape '\') order by id desc limit ?3`, w.Before, w.like(), w.Limit)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []Signup
	for rows.Next() {
		var u Signup
		var at int64
		if err := rows.Scan(&u.ID, &at, &u.Why, &u.Email, &u.Person, &u.Company, &u.Name, &u.IP); err != nil {
			return nil, err
		}
		u.Created = time.UnixMilli(at).UTC()
		list = append(list, u)
	}
	return list, rows.Err()
}

// SignupCounts is how many registrations each list has.
func (s *Shop) SignupCounts(ctx context.Context) (map[string]int64, error) {
	var unfinished, waiting, spam, done int64
	err := s.DB.QueryRow(ctx, `select (select count(*) from signup where state in ('details', 'email_pending', 'expired') and decision <> 'refused'), (select count(*) from signup where state = 'verified'),
		(select count(*) from signup_trap), (select count(*) from signup where state = 'done' or decision = 'refused')`).Scan(&unfinished, &waiting, &spam, &done)
	return map[string]int64{Unfinished: unfinished, Waiting: waiting, Spam: spam, Done: done}, err
}

// ForgetSpam deletes one registration that a trap has caught, or with 0 all of them.
func (s *Shop) ForgetSpam(ctx context.Context, id int64) error {
	done, err := s.DB.Exec(ctx, `delete from signup_trap where ?1 = 0 or id = ?1`, id)
	if err != nil {
		return err
	}
	if n, err := done.RowsAffected(); err != nil || n > 0 || id == 0 {
		return err
	}
	return fault.New(fault.Missing, "This registration is not there any more.")
}
