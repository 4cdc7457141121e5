package admin

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"rowhouse/billing/shop"
	"rowhouse/data/fault"
	"rowhouse/ui"
)

// Announcement is what the host tells its tenants.
type Announcement struct {
	ID                int64
	Kind              string               // info, warn or bad
	Words             map[string]newsWords // by language
	Link              string               // where its button leads
	Starts, Ends      time.Time            // zero: at once; until it is ended
	Dismissible       bool
	Admins            bool     // only administrators see it
	Plans             []int64  // none is all
	Standings         []string // open, trialing, or the reason of a hold; none is all
	Letter            bool     // the owners are written to
	By                string
	Announced, Closed time.Time // zero: not yet
	Letters           int64     // how many letters were posted
	LetterDone        bool
	after             int64 // the last tenant whose owner was written to
}

// newsWords are what an announcement says in one language.
type newsWords struct {
	Text    string `json:"text"`
	Button  string `json:"button,omitempty"`
	Subject string `json:"subject,omitempty"` // of the letter
}

// in are the words in a language, or as far as they are missing there in whichever has them.
func (a Announcement) in(language string) newsWords {
	w := a.Words[language]
	for _, other := range ui.Languages {
		rest := a.Words[other.Tag]
		if w.Text == "" {
			w.Text = rest.Text
		}
		if w.Button == "" {
			w.Button = rest.Button
		}
		if w.Subject == "" {
			w.Subject = rest.Subject
		}
	}
	return w
}

// State is where an announcement stands: draft, set, running or ended.
func (a Announcement) State(now time.Time) string {
	switch {
	case !a.Closed.IsZero() || !a.Ends.IsZero() && !a.Ends.After(now):
		return "ended"
	case a.Announced.IsZero():
		return "draft"
	case a.Starts.After(now):
		return "set"
	}
	return "running"
}

// open tells whether it can still be edited: until it begins.
func (a Announcement) open(now time.Time) bool { s := a.State(now); return s == "draft" || s == "set" }

// check says what is wrong with which field.
func (a Announcement) check(now time.Time) error {
	p, text := ui.Problems{}, false
	for language, w := range a.Words {
		text = text || w.Text != ""
		for name, words := range map[string]string{"button": w.Button, "subject": w.Subject} {
			if err := shop.CheckLine(words, 200); err != nil {
				p[name+"_"+language] = err
			}
		}
		if err := shop.CheckText(w.Text, 1000); err != nil {
			p["text_"+language] = err
		}
	}
	if !text {
		p.Add("text_en", "Please say something in one language at least.")
	}
	if a.Link != "" && !shop.SafeLink(a.Link) {
		p.Add("link", "Please enter a path like /admin/billing, or an address that begins with https:, http: or mailto:.")
	}
	if a.Link != "" && a.in("en").Button == "" {
		p.Add("button_en", "Please say what stands on the button.")
	}
	if a.Letter && a.in("en").Subject == "" {
		p.Add("subject_en", "Please enter the subject of the letter.")
	}
	if !a.Ends.IsZero() && (!a.Ends.After(a.Starts) || !a.Ends.After(now)) {
		p.Add("ends", "It must end after it begins, and not in the past.")
	}
	if !slices.Contains([]string{"info", "warn", "bad"}, a.Kind) {
		p.Add("kind", "Please choose one of the list.")
	}
	for _, s := range a.Standings {
		if s != "open" && s != "trialing" && !slices.Contains(holdReasons, s) {
			p.Add("standings", "Please choose one of the list.")
		}
	}
	return p.Err()
}

const newsColumns = `id, kind, words, link, starts_at, ends_at, dismissible, admins, plans, standings, letter, created_by, announced_at, ended_at, letter_after, letters, letter_done`

func scanNews(row interface{ Scan(...any) error }) (Announcement, error) {
	var a Announcement
	var words, plans, standings string
	var starts, ends, announced, closed int64
	err := row.Scan(&a.ID, &a.Kind, &words, &a.Link, &starts, &ends, &a.Dismissible, &a.Admins, &plans, &standings, &a.Letter, &a.By, &announced, &closed, &a.after, &a.Letters, &a.LetterDone)
	if errors.Is(err, sql.ErrNoRows) {
		return a, fault.New(fault.Missing, "There is no such announcement.")
	}
	if err != nil {
		return a, err
	}
	for ms, at := range map[*int64]*time.Time{&starts: &a.Starts, &ends: &a.Ends, &announced: &a.Announced, &closed: &a.Closed} {
		if *ms > 0 {
			*at = time.UnixMilli(*ms).UTC()
		}
	}
	return a, errors.Join(json.Unmarshal([]byte(words), &a.Words), json.Unmarshal([]byte(plans), &a.Plans), json.Unmarshal([]byte(standings), &a.Standings))
}

func (p *Panel) announcement(ctx context.Context, id int64) (Announcement, error) {
	return scanNews(p.DB.QueryRow(ctx, `select `+newsColumns+` from announcement where id = ?`, id))
}

// news are announcements, the newest first. before is the last of the page before; 0 is the newest.
func (p *Panel) news(ctx context.Context, before int64, limit int) ([]Announcement, error) {
	rows, err := p.DB.Query(ctx, `select `+newsColumns+` from announcement where ?1 = 0 or id < ?1 order by id desc limit ?2`, before, limit)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []Announcement
	for rows.Next() {
		a, err := scanNews(rows)
		if err != nil {
			return nil, err
		}
		list = append(list, a)
	}
	return list, rows.Err()
}

// keepNews keeps an announcement that has not begun, and returns its number. One with the number 0 is a new one.
func (p *Panel) keepNews(ctx context.Context, a Announcement, actor string) (id int64, err error) {
	now := p.Clock.Now()
	if err := a.check(now); err != nil {
		return 0, err
	}
	words, plans, standings, err := a.written()
	if err != nil {
		return 0, err
	}
	err = p.DB.Tx(ctx, func(tx *sql.Tx) error {
		if a.ID == 0 {
			err := tx.QueryRowContext(ctx, `insert into announcement (kind, words, link, starts_at, ends_at, dismissible, admins, plans, standings, letter, created_at, created_by)
				values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) returning id`, a.Kind, words, a.Link, milli(a.Starts), milli(a.Ends), a.Dismissible, a.Admins, plans, standings, a.Letter, now.UnixMilli(), actor).Scan(&a.ID)
			return errors.Join(err, p.Tenants.Audit(ctx, tx, actor, "write announcement", "", strconv.FormatInt(a.ID, 10)))
		}
		kept, err := scanNews(tx.QueryRowContext(ctx, `select `+newsColumns+` from announcement where id = ?`, a.ID))
		if err != nil {
			return err
		}
		if !kept.open(now) {
			return fault.New(fault.Conflict, "This announcement has begun and cannot be changed any more. It can be ended.")
		}
		_, err = tx.ExecContext(ctx, `update announcement set kind = ?, words = ?, link = ?, starts_at = ?, ends_at = ?, dismissible = ?, admins = ?, plans = ?, standings = ?, letter = ? where id = ?`,
			a.Kind, words, a.Link, milli(a.Starts), milli(a.Ends), a.Dismissible, a.Admins, plans, standings, a.Letter, a.ID)
		if err != nil {
			return fmt.Errorf("keep announcement: %w", err)
		}
		return p.Tenants.Audit(ctx, tx, actor, "write announcement", "", strconv.FormatInt(a.ID, 10))
	})
	return a.ID, err
}

func milli(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

// written are the parts of an announcement that are kept as JSON.
func (a Announcement) written() (words, plans, standings string, err error) {
	var texts [3]string
	for n, part := range []any{a.Words, orNone(a.Plans), orNone(a.Standings)} {
		b, err := json.Marshal(part)
		if err != nil {
			return "", "", "", err
		}
		texts[n] = string(b)
	}
	return texts[0], texts[1], texts[2], nil
}

func orNone[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// changeNews does something with an announcement: announces, ends or deletes it.
func (p *Panel) changeNews(ctx context.Context, id int64, act, query, actor string) error {
	return p.DB.Tx(ctx, func(tx *sql.Tx) error {
		done, err := tx.ExecContext(ctx, query, id, p.Clock.Now().UnixMilli())
		if err != nil {
			return err
		}
		if n, err := done.RowsAffected(); err != nil || n == 0 {
			return fault.Because(err, fault.Conflict, "This announcement has been changed meanwhile. Please look at it again.")
		}
		return p.Tenants.Audit(ctx, tx, actor, act, "", strconv.FormatInt(id, 10))
	})
}
