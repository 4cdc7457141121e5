package shop

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"net/http"
	"strings"
	"time"

	"rowhouse/data/fault"
	"rowhouse/ui"
	"rowhouse/ui/session"
)

// Invitation is a code with which somebody may register.
type Invitation struct {
	ID         int64
	Note       string
	Plan       int64  // 0 is any
	PlanName   string // of the plan, or empty
	Most, Used int64
	Until      time.Time // zero: without end
	Created    time.Time
	By         string
	Ended      bool // by the host
	Good       bool // it can be used now
}

// AddInvitation makes an invitation and returns its code, which is not kept.
func (s *Shop) AddInvitation(ctx context.Context, i Invitation, actor string) (code string, err error) {
	p, now := ui.Problems{}, s.Clock.Now()
	if err := CheckLine(i.Note, 200); err != nil {
		p["note"] = err
	}
	if i.Most < 1 || i.Most > 100000 {
		p.Add("most", "Please enter a number from 1 to %d.", 100000)
	}
	if !i.Until.IsZero() && !i.Until.After(now) {
		p.Add("until", "This day is over. Please choose a later one.")
	}
	if err := p.Err(); err != nil {
		return "", err
	}
	code = strings.ToLower(rand.Text())
	return code, s.DB.Tx(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `insert into invitation (hash, note, plan, most, until, created_at, created_by) values (?, ?, nullif(?, 0), ?, nullif(?, 0), ?, ?)`,
			digest(code), i.Note, i.Plan, i.Most, milli(i.Until), now.UnixMilli(), actor)
		if err != nil {
			return fault.Because(err, fault.Invalid, "There is no such plan.")
		}
		return s.Tenants.Audit(ctx, tx, actor, "make invitation", "", i.Note)
	})
}

func milli(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

// EndInvitation ends an invitation. Registrations that were begun with it can be finished.
func (s *Shop) EndInvitation(ctx context.Context, id int64, actor string) error {
	return s.DB.Tx(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `update invitation set ended_at = ? where id = ? and ended_at is null`, s.Clock.Now().UnixMilli(), id); err != nil {
			return err
		}
		return s.Tenants.Audit(ctx, tx, actor, "end invitation", "", "")
	})
}

// Invitations are the newest hundred.
func (s *Shop) Invitations(ctx context.Context) ([]Invitation, error) {
	rows, err := s.DB.Query(ctx, `select i.id, i.note, coalesce(i.plan, 0), coalesce(p.name, ''), i.most, (select count(*) from signup where invitation = i.id and state <> 'expired'),
		coalesce(i.until, 0), i.created_at, i.created_by, i.ended_at is not null from invitation i left join plan p on p.id = i.plan order by i.id desc limit 100`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []Invitation
	for rows.Next() {
		var i Invitation
		var until, created int64
		if err := rows.Scan(&i.ID, &i.Note, &i.Plan, &i.PlanName, &i.Most, &i.Used, &until, &created, &i.By, &i.Ended); err != nil {
			return nil, err
		}
		if i.Created = time.UnixMilli(created).UTC(); until > 0 {
			i.Until = time.UnixMilli(until).UTC()
		}
		i.Good = !i.Ended && i.Used < i.Most && (until == 0 || i.Until.After(s.Clock.Now()))
		list = append(list, i)
	}
	return list, rows.Err()
}

// invitePage asks for the code of an invitation.
type invitePage struct {
	page
	Code, Wrong string
}

var inviteView = ui.Parse[invitePage](pages, ui.Auth, "invite.html")

// invited reads the invitation of a request and returns the plan to register for: that of the invitation, or else the one that was asked for.
// Where one is needed and there is none that is good, it has shown a page that says so, and ok is false.
func (s *Shop) invited(w http.ResponseWriter, r *http.Request, slug string, status int) (plan string, ok bool, err error) {
	texts, err := s.Texts(r.Context())
	code := strings.TrimSpace(r.FormValue("invite"))
	if r.Method == http.MethodPost && code != "" {
		return slug, err == nil, err // it is used when the form is taken; if it is not good, the form comes back as it was typed
	}
	if err != nil || code == "" && (texts.Mode != Invite || r.PostFormValue("instead") != "") {
		return slug, err == nil, err
	}
	p := invitePage{Code: code}
	if p.page, err = s.newPage(w, r, "Registration is by invitation"); err != nil {
		return "", false, err
	}
	if code == "" {
		return "", false, inviteView.ShowAs(w, r, status, p)
	}
	if !s.asked.allow(session.Net(r), s.Clock.Now()) {
		return "", false, fault.New(fault.TooMany, "Too many questions at once. Please wait a minute.")
	}
	plan, err = s.planOfInvitation(r.Context(), code)
	if fault.Is(err, fault.Invalid) {
		f := fault.Of(err)
		p.Wrong = p.T(f.Format, f.Args...)
		return "", false, inviteView.ShowAs(w, r, http.StatusUnprocessableEntity, p)
	}
	if plan == "" {
		plan = slug
	}
	return plan, err == nil, err
}

// planOfInvitation is the plan of an invitation that is good, or empty for any.
func (s *Shop) planOfInvitation(ctx context.Context, code string) (slug string, err error) {
	err = s.DB.QueryRow(ctx, `select coalesce(p.slug, '') from invitation i left join plan p on p.id = i.plan where hash = ? and ended_at is null and (until is null or until > ?)
		and most > (select count(*) from signup where invitation = i.id and state <> 'expired')`, digest(code), s.Clock.Now().UnixMilli()).Scan(&slug)
	if errors.Is(err, sql.ErrNoRows) {
		return "", errInvitation
	}
	return slug, err
}
