package admin

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"rowhouse/admin/office"
	"rowhouse/data/fault"
	"rowhouse/ui"
)

var tokensPage = ui.Parse[tokenList](files, ui.App, "tokens.html", "parts.html")

const (
	tokenMark    = "rhb_" // begins each token, so that scanners for lost secrets find it
	tokenPace    = 100    // requests of one token in a minute
	mostTokens   = 20     // of one operator
	tokenUsedGap = 5 * time.Minute
)

// token is what a program of an operator shows.
type token struct {
	ID, Operator        int64
	Name                string
	Created, Used, Ends time.Time
}

// tokenList is an operator's own tokens.
type tokenList struct {
	ui.Frame
	Rows  []token
	Fresh string // one that was just made; shown this once
	Form  box
	Root  string
}

func (p *Panel) tokens(w http.ResponseWriter, r *http.Request) error {
	return p.tokensWith(w, r, http.StatusOK, nil, "")
}

func (p *Panel) tokensWith(w http.ResponseWriter, r *http.Request, status int, bad *refused, made string) error {
	page := tokenList{Frame: p.frame(w, r, "API tokens", "/admin/tokens"), Fresh: made, Root: p.Tenants.Home() + "/back-office/api/collections/tenants/records"}
	list, err := p.tokensOf(r.Context(), visitOf(r).operator.Number)
	if err != nil {
		return err
	}
	page.Rows = list
	page.Form = box{Look: page.Look, ID: "token", Action: "/admin/tokens", Label: "New token", Hint: "It reads what you may read, and changes nothing.", Button: page.T("Make it"), Answers: true,
		Inputs: []input{{Name: "name", Label: "What it is for", Required: true, Most: 60}, {Name: "days", Label: "Days until it ends", Kind: "number", Hint: "Empty: it has no end."}}}.again(bad)
	w.Header().Set("Cache-Control", "no-store")
	return tokensPage.ShowAs(w, r, status, page)
}

func (p *Panel) tokensOf(ctx context.Context, operator int64) ([]token, error) {
	rows, err := p.DB.Query(ctx, `select id, operator, name, created_at, coalesce(used_at, 0), coalesce(ends_at, 0) from api_token where operator = ? order by id desc`, operator)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []token
	for rows.Next() {
		var t token
		var created, used, ends int64
		if err := rows.Scan(&t.ID, &t.Operator, &t.Name, &created, &used, &ends); err != nil {
			return nil, err
		}
		t.Created, t.Used, t.Ends = kept(created), kept(used), kept(ends)
		list = append(list, t)
	}
	return list, rows.Err()
}

// kept is a moment of the tables; 0 is none.
func kept(at int64) time.Time {
	if at == 0 {
		return time.Time{}
	}
	return time.UnixMilli(at).UTC()
}

func (p *Panel) makeToken(w http.ResponseWriter, r *http.Request) error {
	form, err := ui.Form(w, r, "name", "days")
	if err != nil {
		return err
	}
	made, err := p.newToken(r, form)
	if f := fault.Of(err); err != nil && (f.Kind == fault.Invalid || f.Kind == fault.Limit) {
		return p.tokensWith(w, r, ui.Status(f.Kind), &refused{"token", form, f}, "")
	}
	if err != nil {
		return err
	}
	return p.tokensWith(w, r, http.StatusOK, nil, made)
}

func (p *Panel) newToken(r *http.Request, form url.Values) (string, error) {
	name, days, now := strings.TrimSpace(form.Get("name")), 0, p.Clock.Now()
	if name == "" || len([]rune(name)) > 60 {
		return "", about("name", fault.New(fault.Invalid, "Please enter a name of at most %d characters.", 60))
	}
	var ends any
	if form.Get("days") != "" {
		var err error
		if days, err = strconv.Atoi(form.Get("days")); err != nil || days < 1 || days > 3650 {
			return "", about("days", fault.New(fault.Invalid, "Please enter a whole number."))
		}
		ends = now.AddDate(0, 0, days).UnixMilli()
	}
	secret := tokenMark + rand.Text() + rand.Text()
	number := visitOf(r).operator.Number
	return secret, p.DB.Tx(r.Context(), func(tx *sql.Tx) error {
		var n int
		if err := tx.QueryRowContext(r.Context(), `select count(*) from api_token where operator = ?`, number).Scan(&n); err != nil {
			return err
		}
		if n >= mostTokens {
			return fault.New(fault.Limit, "You have %d tokens. Please end one first.", n)
		}
		_, err := tx.ExecContext(r.Context(), `insert into api_token (operator, name, hash, created_at, ends_at) values (?, ?, ?, ?, ?)`, number, name, sha(secret), now.UnixMilli(), ends)
		if err != nil {
			return err
		}
		return p.Tenants.Audit(r.Context(), tx, actor(r), "token made", "", name)
	})
}

func (p *Panel) endToken(w http.ResponseWriter, r *http.Request) error {
	return p.take(w, r, post{act: func(url.Values) (string, string, error) {
		return ui.LookOf(r).T("The token is ended."), "/admin/tokens", p.DB.Tx(r.Context(), func(tx *sql.Tx) error {
			if _, err := tx.ExecContext(r.Context(), `delete from api_token where id = ? and operator = ?`, number(r), visitOf(r).operator.Number); err != nil {
				return err
			}
			return p.Tenants.Audit(r.Context(), tx, actor(r), "token ended", "", "")
		})
	}})
}

func sha(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// bearer returns the operator whose token a request shows, or the zero Account. A token cannot do more than its operator can now, and not
// from elsewhere.
func (p *Panel) bearer(r *http.Request) (office.Account, error) {
	secret, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "+tokenMark)
	if !ok || len(secret) > 100 {
		return office.Account{}, nil
	}
	key, now := sha(tokenMark+secret), p.Clock.Now()
	var id, number, used, ends int64
	err := p.DB.QueryRow(r.Context(), `select id, operator, coalesce(used_at, 0), coalesce(ends_at, 0) from api_token where hash = ?`, key).Scan(&id, &number, &used, &ends)
	if errors.Is(err, sql.ErrNoRows) || err == nil && ends > 0 && ends < now.UnixMilli() {
		return office.Account{}, nil
	}
	if err != nil {
		return office.Account{}, err
	}
	if !p.pace.allow(id, now) {
		return office.Account{}, &fault.Fault{Kind: fault.TooMany, Format: "A token may ask %d times in a minute.", Args: []any{tokenPace}, Retry: time.Minute}
	}
	if now.Sub(kept(used)) > tokenUsedGap {
		if _, err := p.DB.Exec(r.Context(), `update api_token set used_at = ? where id = ?`, now.UnixMilli(), id); err != nil {
			return office.Account{}, err
		}
	}
	return p.operator(r, number)
}

// pace counts the requests of each token in the minute that runs.
type pace struct {
	mu     sync.Mutex
	minute int64
	counts map[int64]int
}

func (c *pace) allow(id int64, now time.Time) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if minute := now.Unix() / 60; c.counts == nil || minute != c.minute {
		c.minute, c.counts = minute, map[int64]int{}
	}
	c.counts[id]++
	return c.counts[id] <= tokenPace
}
