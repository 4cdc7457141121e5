package admin

import (
	"context"
	"database/sql"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"rowhouse/ui"
	"rowhouse/ui/mail"
)

var lettersPage = ui.Parse[letterList](files, ui.App, "letters.html", "parts.html")

var letterStates = [][2]string{{"waiting", "Waiting"}, {"dead", "Given up"}, {"sent", "Sent"}, {"", "All"}}

// letterList is the outbox.
type letterList struct {
	ui.Frame
	States  []tab
	State   string
	Find    string
	Letters []letterRow
	Open    *letterRow
	Dead    int64 // how many were given up
	May     bool  // the operator may send and drop
	More    string
}

type letterRow struct {
	mail.Kept
	Word, URL string
}

var letterWords = map[string]string{"waiting": "Waiting", "dead": "Given up", "sent": "Sent", "moved": "Sent"}

// letters shows the outbox. What a letter says is shown as long as it waits: a letter that was sent may hold a link that
// opens somebody's door.
func (p *Panel) letters(w http.ResponseWriter, r *http.Request) error {
	page := letterList{Frame: p.frame(w, r, "Letters", "/admin/letters"), State: r.FormValue("state"), Find: strings.TrimSpace(r.FormValue("q")), May: may(r, mayRun) == nil}
	before, _ := strconv.ParseInt(r.FormValue("before"), 10, 64) // none is the first page
	list, err := mail.List(r.Context(), p.DB, mail.Wish{State: page.State, To: page.Find, Before: before, Limit: pageSize})
	if err != nil {
		return err
	}
	waiting, dead, err := mail.Counts(r.Context(), p.DB)
	if err != nil {
		return err
	}
	page.Dead, page.States = dead, tabs(page.Look, "/admin/letters", page.State, letterStates...)
	page.States[0].Count, page.States[1].Count = waiting, dead
	here := url.Values{"state": {page.State}, "q": {page.Find}}
	for _, k := range list {
		page.Letters = append(page.Letters, page.row(k, here, before))
	}
	if len(list) == pageSize {
		here.Set("before", strconv.FormatInt(list[pageSize-1].ID, 10))
		page.More = "/admin/letters?" + here.Encode()
	}
	if err := p.openLetter(r, &page); err != nil {
		return err
	}
	return lettersPage.Show(w, r, page)
}

func (page *letterList) row(k mail.Kept, here url.Values, before int64) letterRow {
	to := url.Values{"state": here["state"], "q": here["q"], "letter": {strconv.FormatInt(k.ID, 10)}}
	if before > 0 {
		to.Set("before", strconv.FormatInt(before, 10))
	}
	row := letterRow{k, page.T(letterWords[k.State]), "/admin/letters?" + to.Encode()}
	if k.Dropped() {
		row.Word = page.T("Dropped")
	}
	return row
}

// openLetter shows the chosen letter.
func (p *Panel) openLetter(r *http.Request, page *letterList) error {
	chosen, _ := strconv.ParseInt(r.FormValue("letter"), 10, 64)
	for n := range page.Letters {
		if page.Letters[n].ID != chosen {
			continue
		}
		open := page.Letters[n]
		switch {
		case may(r, mayRule) != nil:
			open.Text = page.T("Only an owner can read a letter: it may hold a link that opens somebody's door.")
		case open.Dropped():
			open.Text = page.T("This letter was dropped; its text is not kept.")
		case open.State == "sent" || open.State == "moved":
			open.Text = page.T("This letter was sent; its text is not shown any more.")
		}
		open.Text = strings.TrimSpace(open.Text)
		page.Open = &open
	}
	return nil
}

// Waits tells whether the letter can still be dropped.
func (l letterRow) Waits() bool { return l.State == "waiting" }

// Sendable tells whether it can be sent again.
func (l letterRow) Sendable() bool { return l.State == "waiting" || l.State == "dead" && !l.Dropped() }

// letterAct does something with one letter, and notes who did.
func (p *Panel) letterAct(w http.ResponseWriter, r *http.Request, act, said string, do func(ctx context.Context, tx *sql.Tx, now time.Time) (detail string, err error)) error {
	return p.take(w, r, post{right: mayRun, act: func(url.Values) (string, string, error) {
		return said, "/admin/letters?state=waiting", p.DB.Tx(r.Context(), func(tx *sql.Tx) error {
			detail, err := do(r.Context(), tx, p.Clock.Now())
			if err != nil {
				return err
			}
			return p.Tenants.Audit(r.Context(), tx, actor(r), act, "", detail)
		})
	}})
}

func (p *Panel) sendLetter(w http.ResponseWriter, r *http.Request) error {
	return p.letterAct(w, r, "send letter again", ui.LookOf(r).T("It goes out with the next turn, within seconds."), func(ctx context.Context, tx *sql.Tx, now time.Time) (string, error) {
		return mail.Again(ctx, tx, now, number(r))
	})
}

func (p *Panel) dropLetter(w http.ResponseWriter, r *http.Request) error {
	return p.letterAct(w, r, "drop letter", ui.LookOf(r).T("The letter is dropped."), func(ctx context.Context, tx *sql.Tx, _ time.Time) (string, error) {
		return mail.Drop(ctx, tx, number(r))
	})
}

func (p *Panel) sendLetters(w http.ResponseWriter, r *http.Request) error {
	return p.letterAct(w, r, "send all letters again", ui.LookOf(r).T("They go out with the next turns, within seconds."), func(ctx context.Context, tx *sql.Tx, now time.Time) (string, error) {
		n, err := mail.AgainAll(ctx, tx, now)
		return strconv.FormatInt(n, 10), err
	})
}
